"""Connect real Python LaminDB to a local instance without asking its hub.

LaminDB asks over the network whether an instance is registered, even for local anonymous ones. The
answer is given here, and nothing else of it is changed.
"""

import json
import os
import sys


def connect():
    """The lamindb module, connected to the instance of the working directory."""
    import lamindb_setup.core._settings_instance as settings_instance

    settings_instance.InstanceSettings.is_on_hub = property(lambda self: False)
    import lamindb as ln

    ln.settings.verbosity = "error"
    return ln


def artifact_facts(artifact):
    return {
        "uid": artifact.uid,
        "key": artifact.key,
        "suffix": artifact.suffix,
        "otype": artifact.otype,
        "size": artifact.size,
        "hash": artifact.hash,
        "hash_type": artifact._hash_type,
        "n_files": artifact.n_files,
        "is_latest": artifact.is_latest,
        "branch_id": artifact.branch_id,
        "exists": artifact.path.exists(),
    }


def answer(value):
    """Print the result as the last line, whatever LaminDB printed before."""
    sys.stdout.flush()
    print("\nANSWER " + json.dumps(value, default=str))
