"""Which instance Python finds from the working directory, and what it reads there."""

import sys

from offline import answer, connect

ln = connect()
settings = ln.setup.settings
answer({
    "slug": settings.instance.slug,
    "root": settings.instance.storage.root_as_str,
    "modules": sorted(settings.instance.modules),
    "storages": [storage.root for storage in ln.Storage.filter()],
    "texts": [ln.Artifact.get(key=key).path.read_text() for key in sys.argv[1:]],
})
