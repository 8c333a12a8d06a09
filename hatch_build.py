"""What a wheel holds besides the package: scenarios, documents, and the entry of the explorer.

They stand in this repository once, beside the package; `sim/scenario/reading/shipped.py` finds them
in both places. An editable installation runs from the repository and needs no copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("app.py", ".streamlit/config.toml", "scenarios", "CITATION.cff")
# What the Evidence page draws; its pictures are for readers of the repository.
EVIDENCE = (
    "origin.json", "pooled.csv", "uptake.csv", "chances.csv", "numbers.csv", "programmes.csv",
    "surprise.csv",
)  # fmt: skip


class ShippedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the files below ``sim/shipped``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files, before a wheel is built."""
        if version == "editable":
            return
        root = Path(self.root)
        # The explorer shows the documents; it needs neither their pictures nor the decisions.
        documents = sorted(path.relative_to(root).as_posix() for path in root.glob("docs/*.md"))
        tables = [f"docs/evidence/{name}" for name in EVIDENCE]
        tables = [name for name in tables if (root / name).is_file()]
        for name in (*SHIPPED, *documents, *tables):
            build_data["force_include"][str(root / name)] = f"sim/shipped/{name}"
