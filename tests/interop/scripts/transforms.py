"""Python's side of transforms: versions by source, and which secrets are taken out of it."""

import json
import os
import sys
from pathlib import Path

from offline import answer, connect

ln = connect()
os.environ["LAMIN_TESTING"] = "true"  # Takes what a renamed file is asked about for renamed.


def rows():
    columns = ["uid", "key", "description", "kind", "source_code", "hash", "is_latest", "branch_id"]
    transforms = ln.Transform.filter(branch=None).order_by("id")
    return [{name: getattr(t, name) for name in columns} for t in transforms]


def ensure():
    """Takes steps from standard input: writes each file and gives its code a transform."""
    for step in json.load(sys.stdin):
        path = Path(step["key"])
        if "gone" in step:
            Path(step["gone"]).unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step["source"])
        if "draft" in step:
            ln.Transform(key=step["key"], kind="script").save()
        key, kind, _, _ = ln.Transform._infer_from_file_metadata(path=path.resolve())
        transform, _ = ln.Transform._create_or_load_from_source(
            path=path,
            key=key,
            transform_kind=kind,
            uid=step.get("uid"),
            description=step.get("description"),
        )
        ln.Transform._persist_source_code_from_path(
            transform=transform, path=path, kind=kind, description=None
        )
    return rows()


def redact():
    """Takes sources from standard input and gives what would be stored."""
    from lamindb.core._secret_redaction import redact_secrets_in_source_code

    return [redact_secrets_in_source_code(source)[0] for source in json.load(sys.stdin)]


answer({"rows": rows, "ensure": ensure, "redact": redact}[sys.argv[1]]())
