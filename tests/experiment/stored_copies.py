"""Copies of stored results with another manifest, for tests of what is noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.experiment.store.manifest import MANIFEST_FILE

Manifest = dict[str, Any]


def manifest_of(folder: Path) -> Manifest:
    found = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def linked(folder: Path, root: Path, manifest: Manifest | str) -> Path:
    """Return a copy of a result with another manifest; its tables are the very same files."""
    above = folder.parents[2 if folder.parents[1].name == "sweeps" else 1]
    copy = root / folder.relative_to(above)
    copy.mkdir(parents=True)
    for path in folder.iterdir():
        if path.name != MANIFEST_FILE:
            (copy / path.name).hardlink_to(path)
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    (copy / MANIFEST_FILE).write_text(text, "utf-8")
    return copy
