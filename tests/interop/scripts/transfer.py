"""Transfers an artifact as Python does, or only looks: SLUG KEY, or `look` KEY…"""

import sys

from offline import answer, connect

ln = connect()

storage_fields = ["uid", "root", "type", "region", "instance_uid", "description"]
artifact_fields = [
    "uid",
    "key",
    "suffix",
    "size",
    "hash",
    "_hash_type",
    "n_files",
    "_real_key",
    "_key_is_virtual",
    "_overwrite_versions",
    "is_latest",
]


def facts(artifact):
    return {
        "artifact": {name: getattr(artifact, name) for name in artifact_fields},
        "storage": {name: getattr(artifact.storage, name) for name in storage_fields},
        "path": str(artifact.path),
        "text": artifact.cache().read_text() if artifact.n_files is None else None,
    }


if sys.argv[1] != "look":
    for key in sys.argv[2:]:
        ln.Artifact.connect(sys.argv[1]).get(key=key).save()
answer({key: facts(ln.Artifact.get(key=key)) for key in sys.argv[2:]})
