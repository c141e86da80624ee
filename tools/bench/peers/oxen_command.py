"""The commands of Oxen that are measured, over its Python library: oxen_command.py COMMAND [PATH]."""

import sys

import oxen

command, paths = sys.argv[1], sys.argv[2:]
if command == "version":
    print(oxen.__version__)
elif command == "init":
    from oxen.user import config_user

    config_user("bench", "bench@example.com")
    oxen.Repo(".").init()
elif command == "status":
    print(oxen.Repo(".").status())
elif command == "add":
    repository = oxen.Repo(".")
    for path in paths:
        repository.add(path)
    try:
        repository.commit("bench")
    except ValueError as error:
        if "no changes" not in str(error).lower() and "nothing" not in str(error).lower():
            raise
else:
    sys.exit(f"'{command}' is not known")
