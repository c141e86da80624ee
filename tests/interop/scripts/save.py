"""Python's `lamin save`, and what it led to."""

import os
import sys
from pathlib import Path

from offline import answer, connect

ln = connect()
os.environ["LAMIN_TESTING"] = "true"  # Answers yes to all questions.


def facts():
    transforms = ln.Transform.filter(branch=None).order_by("id")
    runs = ln.Run.filter(branch=None).order_by("id")
    names = ["uid", "key", "description", "kind", "source_code", "hash", "is_latest", "reference"]
    return {
        "transforms": [{name: getattr(t, name) for name in names} for t in transforms],
        "runs": [
            {
                "transform": r.transform.key,
                "status": r._status_code,
                "finished": r.finished_at is not None,
                "consecutive": r._is_consecutive,
                "report": r.report and [r.report.description, r.report.kind, r.report.key],
                "text": r.report and r.report.path.exists() and r.report.path.read_text(),
                "environment": r.environment and r.environment.description,
            }
            for r in runs
        ],
    }


def save(*paths):
    from lamin_cli._save import save as save_path

    for path in paths:
        save_path(Path(path))
    return facts()


answer({"facts": facts, "save": save}[sys.argv[1]](*sys.argv[2:]))
