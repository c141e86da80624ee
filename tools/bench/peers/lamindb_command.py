"""What is measured of LaminDB, each in a process of its own.

lamindb_command.py cli WORD...           its own command line
lamindb_command.py query KIND SUBJECT    a question, asked and printed as its Python does
lamindb_command.py register LIST         a row for each line of a file, by Django's bulk_create

The question whether the instance is on LaminDB's hub is answered here, since it goes to a server.
"""

import sys

import lamindb_setup.core._settings_instance as settings_instance

settings_instance.InstanceSettings.is_on_hub = property(lambda self: False)


def command_line(words):
    from lamin_cli.__main__ import main

    sys.argv = ["lamin", *words]
    sys.exit(main())


def query(kind, subject):
    import lamindb as ln

    if kind == "show":
        ln.Artifact.get(key=subject).describe()
        return
    if kind == "lineage":
        artifact = ln.Artifact.get(key=subject)
        print(artifact.view_lineage(with_children=False, return_graph=True).source)
        return
    if kind == "why":
        from lamindb_setup.core.hashing import hash_file

        artifact = ln.Artifact.get(hash=hash_file(subject)[1])
        artifact.describe()
        print(artifact.run.transform, artifact.run.started_at, artifact.run.created_by)
        print(artifact.run.input_artifacts.to_dataframe())
        return
    rows = {
        "newest": lambda: ln.Artifact.filter().order_by("-created_at"),
        "prefix": lambda: ln.Artifact.filter(key__startswith=subject),
        "suffix": lambda: ln.Artifact.filter(suffix=subject),
        "label": lambda: ln.Artifact.filter(ulabels__name=subject).order_by("-created_at"),
        "history": lambda: ln.Artifact.filter(key=subject),
    }[kind]()
    frame = rows.to_dataframe(limit=20)
    print(frame)
    if len(frame) == 0:
        sys.exit("nothing was found")


def register(path):
    import lamindb as ln
    from django.db.models import Model

    storage = ln.Storage.objects.first()
    with open(path) as lines:
        keys = [line.rstrip("\n") for line in lines]
    for start in range(0, len(keys), 10_000):
        rows = []
        for index, key in enumerate(keys[start : start + 10_000], start):
            row = ln.Artifact.__new__(ln.Artifact)
            Model.__init__(
                row,
                uid=f"{index:016}0000",
                key=key,
                suffix=".bin",
                size=10,
                hash=f"{index:022}",
                storage_id=storage.id,
                _key_is_virtual=False,
                _overwrite_versions=False,
                created_by_id=1,
                is_latest=True,
                branch_id=1,
                space_id=1,
            )
            rows.append(row)
        ln.Artifact.objects.bulk_create(rows, batch_size=500)


verbs = {"cli": lambda *words: command_line(words), "query": query, "register": register}
verbs[sys.argv[1]](*sys.argv[2:])
