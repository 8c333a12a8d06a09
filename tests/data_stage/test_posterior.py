"""The posterior table: what it answers, and the messages if it is damaged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from posteriors import GROUPS, HEADER, N, rows, written
from sim.data.parameters import load_parameters
from sim.data.posterior import KINDS, load_posteriors
from sim.errors import DataError

Lines = list[list[str]]


def test_a_table_answers_by_month_kind_and_programme(tmp_path: Path) -> None:
    table = load_posteriors(written(tmp_path, rows()))
    assert table.months == ("2025-03", "2025-09")
    months = ["2025-02", "2025-03", "2025-08", "2025-09", "2031-01"]
    latest = [None, "2025-03", "2025-03", "2025-09", "2025-09"]
    assert [table.latest(month) for month in months] == latest
    assert table.kinds("2025-03") == ("contract", "vote")
    assert table.kinds("2025-09") == ("contract",)
    assert table.programmes("2025-09", "contract") == ("space_treaty",)
    assert table.programmes("2025-03", "contract") == ()
    assert table.find("2025-09", "vote") is None


def test_a_posterior_has_its_draws_in_order_with_means_and_quantiles(tmp_path: Path) -> None:
    lines = rows()
    found = load_posteriors(written(tmp_path, lines[::-1])).find("2025-09", "contract")
    assert found is not None
    assert found.numbers == HEADER[4:]
    start = N * GROUPS.index(("2025-09", "contract", ""))
    draws = np.array([line[4:] for line in lines[start : start + N]], np.float64)
    np.testing.assert_array_equal(found.draws, draws)
    np.testing.assert_array_equal(found.column("w_ally"), draws[:, 1])
    np.testing.assert_allclose([*found.means.values()], draws.mean(axis=0), atol=1e-9)
    ends = np.quantile(draws, [0.05, 0.95], axis=0).T
    np.testing.assert_allclose([*found.intervals.values()], ends, atol=1e-9)
    assert found.title == "posterior of contracts, as of 2025-09"
    with pytest.raises(ValueError, match="read-only"):
        found.draws[0, 0] = 1.0


def test_the_title_names_a_programme(tmp_path: Path) -> None:
    found = load_posteriors(written(tmp_path, rows())).find("2025-09", "contract", "space_treaty")
    assert found is not None
    assert found.title == "posterior of contracts (space_treaty), as of 2025-09"


def test_the_shipped_table_has_a_new_programme_of_every_kind_in_each_month() -> None:
    table = load_posteriors()
    for month in table.months:
        assert table.kinds(month) == KINDS
        for kind in KINDS:
            assert table.find(month, kind) is not None


def test_what_is_called_estimated_has_an_estimate() -> None:
    table = load_posteriors()
    estimated = set(next(iter(table.by_group.values())).numbers)
    for name, row in load_parameters().items():
        if row.status == "estimated":
            assert name in estimated, f"{name} is called estimated: give it a column of the table"


def changed(line: int, column: str, text: str) -> Callable[[Lines], Lines]:
    """Return a change of one cell; line as in the file, from 2."""

    def change(lines: Lines) -> Lines:
        lines[line - 2][HEADER.index(column)] = text
        return lines

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(3, "w_ally", "much"), ":3: w_ally = 'much' must be a finite number."),
        (changed(4, "intercept", "nan"), ":4: intercept = 'nan' must be a finite number."),
        (changed(4, "intercept", ""), ":4: intercept = '' must be a finite number."),
        (changed(2, "as_of", "2025-13"), ":2: as_of = '2025-13' must be a month written YYYY-MM."),
        (changed(2, "kind", "treaty"), f":2: kind = 'treaty' must be one of {', '.join(KINDS)}."),
        (changed(3, "draw", "-1"), ":3: draw = '-1' must be a whole number from 0."),
        (changed(3, "draw", "0"), ":3: draw = 0 repeats line 2."),
        (
            changed(N + 1, "draw", str(N)),
            f":{N + 1}: the draws of 2025-03, contract must be numbered from 0 without gaps; "
            f"{N - 1} is missing.",
        ),
        (lambda lines: [*lines[:3], lines[3][:-1]], ":5: the row has 7 cells, the header 8."),
        (lambda _: [], ":1: the table has no rows."),
    ],
)  # fmt: skip
def test_a_damaged_row_is_named(
    change: Callable[[Lines], Lines], said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, change(rows()))
    with pytest.raises(DataError, match=re.escape(f"{path}{said}")):
        load_posteriors(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind", "sort", "column kind is missing."),
        ("intercept", "w_peer", "column intercept is missing."),
        ("w_ally", "w_likeness", "column w_likeness stands twice."),
        (
            "w_ally",
            "w_allly",
            "column 'w_allly' is neither an intercept nor a row of parameters.csv.",
        ),
        ("w_ally", "peer_region", "column peer_region shapes the facts"),
    ],
)
def test_a_damaged_header_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, rows())
    head, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(f"{head.replace(old, new)}\n{rest}", "utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}:1: {said}")):
        load_posteriors(path)


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    lines = changed(9, "kind", "treaty")(changed(3, "w_ally", "much")(rows()))
    with pytest.raises(DataError) as caught:
        load_posteriors(written(tmp_path, lines))
    assert [problem.line for problem in caught.value.problems] == [3, 9]
