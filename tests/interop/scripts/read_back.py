"""What Python sees of an instance that it made, after lamin worked in it."""

import sys

from offline import answer, artifact_facts, connect

ln = connect()
answer({
    "artifacts": [artifact_facts(a) for a in ln.Artifact.objects.order_by("id")],
    "texts": {key: ln.Artifact.get(key=key).path.read_text() for key in sys.argv[1:]},
    "trash": sorted(a.key for a in ln.Artifact.filter(branch_id=-1) if a.key),
    "heads": [
        [a.uid, a.branch_id] for a in ln.Artifact.objects.filter(is_latest=True).order_by("id")
    ],
    "described": ln.Artifact.filter().count(),
    "labels": sorted(label.name for label in ln.ULabel.filter()),
})
