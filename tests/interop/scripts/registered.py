"""Says how LaminDB sees what lamin registered in a bucket."""

from offline import answer, connect

ln = connect()

from lamindb_setup.core.upath import get_stat_dir_cloud  # noqa: E402

one = ln.Artifact.get(key="data/a.csv")
folder = ln.Artifact.get(key="set")
again = ln.Artifact(one.path, key="again.csv")
answer(
    {
        "rows": len(one.load()),
        "path": str(one.path),
        "recorded": [folder.size, folder.hash, folder._hash_type, folder.n_files],
        "derived": list(get_stat_dir_cloud(folder.path)),
        "row": [one.size, one.hash, one._hash_type, one.storage.uid, one.suffix, one.otype],
        "again": [
            again.size,
            again.hash,
            again._hash_type,
            again.storage.uid,
            again.suffix,
            again.otype,
        ],
    }
)
