"""Works on an instance whose bytes, and maybe its database, are in a bucket; TEXT KEY [HOLD].

Reads every artifact, saves one of its own, and leaves the instance as `lamin disconnect` does. With
HOLD it says so while it still holds the instance, and waits for a line.
"""

import sys

from offline import answer, connect

ln = connect()

text, key = sys.argv[1:3]
if len(sys.argv) > 3:
    # As `ln.connect` does, which asks the hub first; `import lamindb` alone takes no lock.
    ln.setup.settings.instance._update_local_sqlite_file()
read = {}
for artifact in ln.Artifact.filter().order_by("key"):
    with open(artifact.cache()) as file:
        read[artifact.key] = file.read()
with open("from_python.txt", "w") as file:
    file.write(text)
own = ln.Artifact("from_python.txt", key=key).save()
value = {"read": read, "path": own.path.as_posix(), "hash_type": own._hash_type}
if len(sys.argv) > 3:
    print("holding", flush=True)
    sys.stdin.readline()
ln.setup.disconnect()
answer(value)
