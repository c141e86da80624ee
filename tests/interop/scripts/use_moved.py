"""Uses an instance whose rows lamin moved to another database, and saves into it."""

import sys
import tempfile
from pathlib import Path

from offline import answer, connect

ln = connect()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
leaves = executor.loader.graph.leaf_nodes()
path = Path(tempfile.mkdtemp()) / "of_python.txt"
path.write_text("of python, with " + sys.argv[1] + "\n")
keys = sorted(a.key for a in ln.Artifact.filter() if (a.key or "").endswith(".txt"))
texts = {key: ln.Artifact.get(key=key).path.read_text() for key in keys}
saved = ln.Artifact(path, key="of_" + sys.argv[1] + ".txt").save()
label = ln.ULabel(name="of " + sys.argv[1]).save()
saved.ulabels.add(label)
feature = ln.Feature(name="f_" + sys.argv[1], dtype=str).save()
answer({
    "engine": ln.setup.settings.instance.dialect,
    "pending": [str(step) for step in executor.migration_plan(leaves)],
    "texts": texts,
    "uid": saved.uid,
    "labels": sorted(one.name for one in ln.ULabel.filter()),
    "feature": feature.uid,
})
