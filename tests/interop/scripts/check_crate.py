"""Opens an RO-Crate with rocrate and validates it, with the context of RO-Crate from a file: no
server is asked."""

import io
import json
import sys
from email.message import Message
from urllib.response import addinfourl

import rdflib.parser
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

crate, context_file = sys.argv[1:3]
context_url = "https://w3id.org/ro/crate/1.1/context"
with open(context_file, "rb") as file:
    context = file.read()


class Answer:
    def __init__(self, url):
        self.status_code = 200 if url == context_url else 504
        self.headers = {"Content-Type": "application/ld+json"}
        self.text = context.decode()

    def json(self):
        return json.loads(context)


def open_url(request):
    if request.full_url != context_url:
        raise OSError(f"no server is asked for {request.full_url}")
    headers = Message()
    headers["Content-Type"] = "application/ld+json"
    return addinfourl(io.BytesIO(context), headers, request.full_url, 200)


rdflib.parser._urlopen = open_url
for name in ("get", "head"):
    setattr(HttpRequester, name, lambda self, url, **_: Answer(url))

result = services.validate(
    ValidationSettings(
        rocrate_uri=crate,
        profile_identifier="process-run-crate-0.5",
        requirement_severity=Severity.RECOMMENDED,
        abort_on_first=False,
        skip_availability_check=True,
    )
)
issues = [
    {
        "severity": issue.severity.name,
        "check": issue.check.identifier,
        "message": issue.message,
        "entity": str(issue.violatingEntity or ""),
    }
    for issue in result.get_issues(Severity.RECOMMENDED)
]
opened = ROCrate(crate)


def ids(value):
    return [one.id for one in (value if isinstance(value, list) else [value] if value else [])]


answer = {
    "issues": issues,
    "data": sorted(entity.id for entity in opened.data_entities),
    "actions": [
        {
            "id": entity.id,
            "type": entity.type,
            "instrument": entity["instrument"].id,
            "object": ids(entity.get("object")),
            "result": ids(entity.get("result")),
        }
        for entity in opened.contextual_entities
        if "Action" in str(entity.type)
    ],
}
print("ANSWER " + json.dumps(answer))
