"""Python's side of notebooks: the text as which they are stored, their title, their order."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

from offline import answer, connect

connect()
warnings.simplefilter("ignore")


def texts():
    """Takes notebooks as a list from standard input."""
    from lamindb.core._finish import check_consecutiveness, notebook_to_script
    from lamindb.integrations.jupyter import get_title, read_notebook

    path = Path(tempfile.mkdtemp()) / "notebook.ipynb"
    results = []
    for notebook in json.load(sys.stdin):
        path.write_text(json.dumps(notebook))
        read = read_notebook(path)
        title = get_title(read)
        consecutive = check_consecutiveness(read, calling_statement=".finish(")
        results.append([title, notebook_to_script(title, path), consecutive])
    return results


answer({"texts": texts}[sys.argv[1]]())
