"""The patterns of the model: their table, and the section of docs/evidence.md that shows it."""

from __future__ import annotations

from pathlib import Path

from sim.analysis.patterns.table import pattern_table
from sim.analysis.patterns.words import (
    HOW_JUDGED,
    NO_ERROR,
    count_in_words,
    record_in_words,
    share_in_words,
    simulated_in_words,
)
from sim.interfaces.generated.evidence_tables import FOLDER, read_evidence_table, write_table
from sim.interfaces.generated.sections import markdown_table

NAME = "patterns"
FILE = FOLDER / f"{NAME}.csv"
HEADS = ("pattern", "statistic", "simulated (90 %)", "on record", "holds")


def patterns_csv(root: Path) -> None:
    """Compute the patterns anew, half a minute, and write docs/evidence/patterns.csv."""
    write_table(root, NAME, pattern_table())


def patterns_section(root: Path) -> str:
    """Return the section of the page as Markdown, from docs/evidence/patterns.csv."""
    rows = read_evidence_table(root, NAME).to_dict("records")
    cells = [
        [
            row["sentence"],
            f"{row['statistic']} ({row['unit']}; {row['simulations']}). Must be {row['must_be']}.",
            simulated_in_words(row),
            record_in_words(row),
            f"{'yes' if row['holds'] else '**no**'}, in {share_in_words(row)}",
        ]
        for row in rows
    ]
    intro = f"{count_in_words(rows)} {HOW_JUDGED} {NO_ERROR}"
    return f"{intro}\n\n{markdown_table(cells, list(HEADS))}"
