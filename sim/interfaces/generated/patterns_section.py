"""The patterns of the model: their table, and the section of docs/evidence.md that shows it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.analysis.patterns.table import pattern_table
from sim.analysis.patterns.words import (
    HOW_JUDGED,
    NO_ERROR,
    count_in_words,
    record_in_words,
    share_in_words,
    simulated_in_words,
)

FILE = Path("docs") / "evidence" / "patterns.csv"
HEADS = ("pattern", "statistic", "simulated (90 %)", "on record", "holds")


def csv_text(table: pd.DataFrame) -> str:
    """Return a table of patterns as the text of its file."""
    return table.to_csv(index=False, float_format="%.5g", lineterminator="\n")


def patterns_csv(root: Path) -> None:
    """Compute the patterns anew, half a minute, and write docs/evidence/patterns.csv."""
    file = root / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(csv_text(pattern_table()), "utf-8", newline="")


def patterns_section(root: Path) -> str:
    """Return the section of the page as Markdown, from docs/evidence/patterns.csv."""
    rows = pd.read_csv(root / FILE).to_dict("records")
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
    for row in rows:
        cells = (
            row["sentence"],
            f"{row['statistic']} ({row['unit']}; {row['simulations']}). Must be {row['must_be']}.",
            simulated_in_words(row),
            record_in_words(row),
            f"{'yes' if row['holds'] else '**no**'}, in {share_in_words(row)}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n\n".join((f"{count_in_words(rows)} {HOW_JUDGED} {NO_ERROR}", "\n".join(lines)))
