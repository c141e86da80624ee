"""Python's side of branches: what is current, recording on a branch, merging, the tables it moves."""

import sys
import tempfile
from pathlib import Path

from offline import answer, artifact_facts, connect

ln = connect()


def outside_file(name, text):
    path = Path(tempfile.mkdtemp()) / name
    path.write_text(text)
    return path


def state():
    artifacts = ln.Artifact.filter(branch=None).order_by("id")
    return {
        "current": ln.setup.settings.branch.name,
        "branches": [[b.id, b.uid, b.name, b.status] for b in ln.Branch.filter().order_by("id")],
        "artifacts": [artifact_facts(a) for a in artifacts],
        "shown": sorted(a.key for a in ln.Artifact.filter(is_latest=True)),
    }


def record():
    """Something of every kind, with texts about them, on the current branch."""
    ln.Artifact(outside_file("a.csv", "a of python\n"), key="a.csv").save()
    new = ln.Artifact(outside_file("python.txt", "python\n"), key="python.txt").save()
    label = ln.ULabel(name="a label").save()
    new.ulabels.add(label)
    feature = ln.Feature(name="a_feature", dtype=str).save()
    ln.Schema([feature], name="a schema").save()
    ln.Project(name="a project").save()
    ln.Record(name="a record").save()
    transform = ln.Transform(key="a.py", kind="script").save()
    ln.Run(transform).save()
    ln.Collection([new], key="a collection").save()
    from lamindb.models.block import ArtifactBlock, BranchBlock

    ArtifactBlock(artifact=new, content="first", kind="readme").save()
    ArtifactBlock(artifact=new, content="second", kind="readme").save()
    BranchBlock(branch=ln.setup.settings.branch, content="why", kind="readme").save()
    return state()


def tables():
    """The tables of which LaminDB's merge moves rows."""
    from django.apps import apps
    from lamindb.models import SQLRecord
    from lamindb.models.sqlrecord import BRANCH_SENSITIVE_BLOCK_MODEL_NAMES

    records = [m for m in apps.get_models() if issubclass(m, SQLRecord) and not m._meta.abstract]
    blocks = [apps.get_model("lamindb", name) for name in BRANCH_SENSITIVE_BLOCK_MODEL_NAMES]
    return sorted({m._meta.db_table for m in [*records, *blocks]})


def switch(name, create=""):
    from lamindb_setup import switch as switch_

    switch_(name, create=create == "create")
    return state()


def merge(name):
    from lamindb_setup import merge as merge_

    merge_(name)
    return state()


def trash(key):
    ln.Artifact.get(key=key).delete()
    return state()


action, *arguments = sys.argv[1:]
answer({f.__name__: f for f in (state, record, tables, switch, merge, trash)}[action](*arguments))
