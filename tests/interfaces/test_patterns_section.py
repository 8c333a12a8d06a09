"""The table of patterns in docs/evidence, and its section of the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.patterns import words
from sim.analysis.patterns.record import ObservedStatistic
from sim.analysis.patterns.registry import PATTERNS
from sim.analysis.patterns.table import COLUMNS, row_of
from sim.interfaces.generated import patterns_section as section
from sim.interfaces.generated.patterns_section import FILE, HEADS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of a repository with a table of two patterns, one with a record of one programme."""
    known = {pattern.name: pattern for pattern in PATTERNS}
    reversals = ObservedStatistic({"openai_for_countries": -0.02})
    rows = [
        row_of(known["hedging"], np.tile([0.6, 0.8], 8), None),
        row_of(known["reversals-where-dear"], np.array([np.nan, np.nan]), reversals),
    ]
    monkeypatch.setattr(section, "pattern_table", lambda: pd.DataFrame(rows, columns=[*COLUMNS]))
    section.patterns_csv(tmp_path)
    return tmp_path


def test_the_section_has_a_row_for_each_pattern(made: Path) -> None:
    intro, table = section.patterns_section(made).split("\n\n")
    assert intro.startswith("1 of 2 patterns hold in the simulations; not reversals-where-dear. ")
    assert intro.endswith(words.NO_ERROR)
    heads, rule, hedging, reversals = table.splitlines()
    assert heads == f"| {' | '.join(HEADS)} |"
    assert rule == "|---|---|---|---|---|"
    assert [cell.strip() for cell in hedging.split("|")[1:-1]] == [
        "Most states outside the two blocs hedge.",
        "Share of countries without a defence treaty with the United States or China that end with "
        "offers of both (share of countries; baseline). Must be above 0.5.",
        "0.70 (0.60 to 0.80)",
        "",
        "yes, in 100 % of 16 futures",
    ]
    assert [cell.strip() for cell in reversals.split("|")[3:-1]] == [
        "in no future", "-0.02, not shown by the one programme", "**no**, in no future"
    ]  # fmt: skip


def test_no_text_of_a_pattern_breaks_the_table() -> None:
    for pattern in PATTERNS:
        texts = (pattern.sentence, pattern.statistic, pattern.unit, pattern.simulations)
        assert not set("|\n") & set("".join(texts)), pattern.name
        assert pattern.sentence.endswith(".")
        assert not pattern.statistic.endswith(".")


def test_names_of_patterns_are_unique() -> None:
    assert len({pattern.name for pattern in PATTERNS}) == len(PATTERNS)


def test_the_table_that_ships_is_what_the_model_says_now() -> None:
    shipped = pd.read_csv(ROOT / FILE)
    found = sim.pattern_table()
    remedy = "run python -m sim.interfaces.generated.evidence"
    texts = [*COLUMNS[:6], "holds"]
    pd.testing.assert_frame_equal(shipped[texts], found[texts], obj=remedy)
    numbers = [name for name in COLUMNS if name not in (*texts, "record_holds")]
    # The file has five digits.
    pd.testing.assert_frame_equal(shipped[numbers], found[numbers], rtol=1e-4, obj=remedy)
