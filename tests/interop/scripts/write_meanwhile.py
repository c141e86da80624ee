"""Writes to an instance while others do: artifacts, versions, trash, labels; NAME COUNT.

Django waits five seconds for a lock and not at all where it read first, so what is refused for a
lock is tried again, as a Python user would.
"""

import sys
import tempfile
import time
from pathlib import Path

from offline import answer, connect

ln = connect()
from django.db.utils import OperationalError

name, count = sys.argv[1], int(sys.argv[2])
folder = Path(tempfile.mkdtemp())
locked = 0


def patiently(work):
    global locked
    for _ in range(100):
        try:
            return work()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            locked += 1
            time.sleep(0.05)
    raise TimeoutError("always locked")


def save(key, text):
    path = folder / key
    path.write_text(text)
    return patiently(lambda: ln.Artifact(path, key=f"{name}/{key}").save())


print("ready", flush=True)
sys.stdin.readline()
written = {}
for number in range(count):
    first = save(f"{number}.txt", f"{name} {number} first")
    second = save(f"{number}.txt", f"{name} {number} second")
    assert second.uid == first.uid[:-4] + "0001", (first.uid, second.uid)
    label = patiently(lambda: ln.ULabel(name=f"{name} {number}").save())
    patiently(lambda: second.ulabels.add(label))
    if number % 3 == 1:
        patiently(lambda: second.delete())
    written[first.uid] = f"{name} {number} first"
    written[second.uid] = f"{name} {number} second"
answer({"written": written, "locked": locked})
