"""Changes an instance as Python users do: a new version, a label and a description."""

import tempfile
from pathlib import Path

from offline import answer, connect

ln = connect()
path = Path(tempfile.mkdtemp()) / "notes.txt"
path.write_text("of python\n")
new = ln.Artifact(path, key="notes.txt").save()
label = ln.ULabel(name="of python").save()
new.ulabels.add(label)
answer({"root": ln.setup.settings.storage.root_as_str, "uid": new.uid})
