"""What a Python user does with an instance that lamin made: look, load, version, label, delete."""

import tempfile
from pathlib import Path

from offline import answer, artifact_facts, connect

ln = connect()
import bionty as bt
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def outside_file(name, text):
    path = Path(tempfile.mkdtemp()) / name
    path.write_text(text)
    return path


executor = MigrationExecutor(connection)
facts = {
    "slug": ln.setup.settings.instance.slug,
    "sources": bt.Source.filter().count(),
    "pending_migrations": [
        str(step) for step in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ],
    "artifacts": [artifact_facts(a) for a in ln.Artifact.filter().order_by("id")],
    "csv": list(ln.Artifact.get(key="tables/iris.csv").load().shape),
    "parquet": list(ln.Artifact.get(key="tables/iris_zstd.parquet").load().shape),
    "h5ad": list(ln.Artifact.get(key="pbmc.h5ad").load().shape),
    "zarr": list(ln.Artifact.get(key="pbmc.zarr").load().shape),
}

# Versions: the old one of lamin's, then a new one of Python's on top.
versions = ln.Artifact.get(key="notes.txt").versions.order_by("uid")
facts["versions"] = [v.uid for v in versions]
facts["version_texts"] = [v.path.read_text() for v in versions]
new = ln.Artifact(outside_file("notes.txt", "from python\n"), key="notes.txt").save()
facts["new_version"] = artifact_facts(new)

# A new version of a folder whose versions lamin keeps apart.
folder = Path(tempfile.mkdtemp()) / "tiles"
folder.mkdir()
(folder / "a.txt").write_text("a of python")
facts["new_folder"] = artifact_facts(ln.Artifact(folder, key="tiles").save())
facts["old_folder_text"] = (
    ln.Artifact.get(key="tiles", is_latest=False).path / "a.txt"
).read_text()

# The same content again is recognised by its hash.
again = ln.Artifact(outside_file("copy.csv", Path("tables/iris.csv").read_text()), key="tables/iris.csv")
facts["recognised"] = again.uid == ln.Artifact.get(key="tables/iris.csv").uid

# Labels, and a query by one.
label = ln.ULabel(name="checked").save()
ln.Artifact.get(key="pbmc.h5ad").ulabels.add(label)
cell_type = bt.CellType(name="my cell").save()
ln.Artifact.get(key="pbmc.h5ad").cell_types.add(cell_type)
facts["labelled"] = [a.key for a in ln.Artifact.filter(ulabels__name="checked")]

# Trash and back, rename.
ln.Artifact.get(key="tables/iris_zstd.parquet").delete(permanent=False)
trashed = ln.Artifact.filter(key="rename_me.txt").one()
trashed.delete(permanent=False)
trashed.restore()
trashed.key = "renamed.txt"
trashed.save()
facts["renamed"] = artifact_facts(ln.Artifact.get(key="renamed.txt"))
answer(facts)
