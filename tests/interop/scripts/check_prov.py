"""Reads a PROV-JSON document with W3C PROV's library and says what is in it."""

import json
import sys

from prov.model import ProvDocument

document = ProvDocument.deserialize(sys.argv[1], format="json")
again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
answer = {
    "same": document == again,
    "records": sorted(
        [record.get_type().localpart, *[str(value) for _, value in record.formal_attributes]]
        for record in document.get_records()
    ),
    "labels": sorted(str(record.label) for record in document.get_records()),
}
print("ANSWER " + json.dumps(answer))
