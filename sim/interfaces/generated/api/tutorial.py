"""The tutorial, docs/tutorial.ipynb: its cells are written by hand, its outputs by running them.

``make docs`` runs it; a test runs it too, and holds the outputs and the figures in its text to what
comes out.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

TUTORIAL = "docs/tutorial.ipynb"
_VERSION = 4
# What a notebook needs to say of its kernel; versions would differ between machines.
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# A busy machine is slow to start Python; cells have no limit.
_PATIENCE_SECONDS = 600
# A result that has one of these loses its plain text, which names the version of the code.
_RICH = ("text/html", "image/svg+xml")


def executed(text: str) -> str:
    """Return the text of a notebook with the outputs of its cells, run in an empty folder.

    Parameters
    ----------
    text : str
        The notebook as JSON.

    Raises
    ------
    CellExecutionError
        If a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    notebook = nbformat.reads(text, as_version=_VERSION)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as sockets:
        where = {"metadata": {"path": folder}}
        # Files serve as sockets, where a system has such: nothing passes through the network.
        place = {} if os.name == "nt" else {"transport": "ipc", "ip": f"{sockets}/kernel"}
        client = NotebookClient(
            notebook,
            config=Config({"ConnectionFileMixin": place}),
            kernel_name="python3",
            timeout=None,
            startup_timeout=_PATIENCE_SECONDS,
            record_timing=False,
            resources=where,
        )
        client.execute()
        _check_anywhere(notebook, Path(folder))
    notebook.metadata.clear()
    notebook.metadata.update(_METADATA)
    for cell in notebook.cells:
        cell.metadata.clear()
        for output in cell.get("outputs", ()):
            _keep_richest(output)
    return str(nbformat.writes(notebook, version=_VERSION)) + "\n"


def _keep_richest(output: NotebookNode) -> None:
    data = output.get("data", {})
    if any(kind in data for kind in _RICH):
        data.pop("text/plain", None)


def _check_anywhere(notebook: NotebookNode, folder: Path) -> None:
    """Refuse outputs that name a folder of this machine."""
    for cell in notebook.cells:
        text = "\n".join(cell_texts(cell))
        assert str(folder) not in text, f"an output names the folder that it ran in: {text[:200]}"


def cell_texts(cell: Any) -> list[str]:
    """Return the texts that a code cell shows: what it prints, and its results as HTML or plain.

    Parameters
    ----------
    cell : NotebookNode
        Of a notebook that was run; pictures are left out.
    """
    found: list[str] = []
    for output in cell.get("outputs", ()):
        found.append(output.get("text", ""))
        found += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return [text for text in found if text]
