"""Tables of an estimation or a backtest, written to a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.written import write_files
from sim.experiment.store.identity import code_digest, package_version
from sim.experiment.tables.table import safe_text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = "about.json"


def write_tables(
    folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]
) -> Path:
    """Write each table as CSV, and a JSON file that says how they came about; return the folder.

    A file that exists is replaced whole, the JSON file last.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    origin = {**about, "alignsim": package_version(), "code_digest": code_digest()}
    texts = {f"{name}.csv": _csv(table) for name, table in tables.items()}
    texts[ABOUT] = json.dumps(origin, indent=2, ensure_ascii=False) + "\n"
    return write_files(folder, {name: text.encode() for name, text in texts.items()})


def _csv(table: pd.DataFrame) -> str:
    """Return a table as CSV: six digits, and no text that a spreadsheet would run as a formula."""
    shown = table.copy()
    for name in shown.select_dtypes(["object", "string"]):
        shown[name] = [safe_text(str(text)) for text in shown[name]]
    return str(shown.to_csv(index=False, float_format="%.6g", lineterminator="\r\n"))
