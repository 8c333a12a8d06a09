"""What the page Compare shows: its columns, its numbers, and what changed most."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from explorer.draft_pages import LATER
from sim.analysis.findings import LONGEST_NAMED
from sim.analysis.standing import Count
from sim.interfaces.cli.command_line import main
from sim.interfaces.explorer.compare.changes import (
    how_many,
    largest_changes,
    probability_differences,
)
from sim.interfaces.explorer.compare.columns import (
    ScenarioColumn,
    added,
    compared_sides,
    not_yet_shown,
    put_at,
    put_first,
    read_columns,
    taken_out,
)
from sim.interfaces.explorer.compare.findings import find_largest, what_is_missing, which_months
from sim.interfaces.explorer.compare.html import html_table
from sim.interfaces.explorer.compare.maps import maps_table
from sim.interfaces.explorer.compare.numbers import Row, cell_in_words, number_rows, number_table
from sim.interfaces.explorer.controls.keep import with_kept
from sim.interfaces.explorer.controls.origin import moved_levers
from sim.interfaces.explorer.state.view import MOST_COMPARED, Side, View
from sim.scenario import load_scenario

N, SEED = 96, 3
MOVED = Side(levers=(("local_control", 0.7), ("slots", 20.0)))
HOSTILE = """
name: hostile
extends: baseline
title: <script>alert(1)</script>
description: <b>bold</b>
sources: [none]
providers:
  us: {title: "<img src=x onerror=alert(1)> & [x](http://a.b)"}
"""


def seen(*sides: Side) -> View:
    return View(compared=sides, futures=N, seed=SEED)


@pytest.fixture(scope="module")
def columns() -> tuple[ScenarioColumn, ...]:
    return read_columns(seen(Side(), MOVED, Side("third-way"), Side("today")))


def total(made: sim.Comparison, provider: str, outcome: str, names: list[str]) -> list[float]:
    """Return columns of the row of one outcome in the totals of a comparison."""
    table = made.totals
    row = table[(table["provider"] == provider) & (table["outcome"] == outcome)]
    return [float(row[name].iloc[0]) for name in names]


def by_title(rows: list[Row]) -> dict[tuple[str, str], Row]:
    return {(row.section, row.title): row for row in rows}


def test_what_stands_side_by_side_without_a_choice() -> None:
    assert compared_sides(View()) == (Side(), Side("sovereignty-guarantees"))
    guaranteed = View(a=Side("sovereignty-guarantees"))
    assert compared_sides(guaranteed) == (guaranteed.a, Side())
    assert compared_sides(View(a=MOVED)) == (Side(), MOVED)
    # As A minus B on Explore: B is the reference.
    assert compared_sides(View(a=MOVED, b=Side("today"))) == (Side("today"), MOVED)
    assert compared_sides(seen(MOVED)) == (Side(), MOVED)


def test_columns_are_changed_one_at_a_time() -> None:
    view = View(a=MOVED, b=Side("chip-tiers"))
    assert put_at(view, 0, Side()).compared == (Side(), MOVED)
    assert taken_out(view, 0).compared == (Side("chip-tiers"), MOVED)
    three = added(view, "today")
    assert three.compared == (Side("chip-tiers"), MOVED, Side("today"))
    assert taken_out(three, 1).compared == (Side("chip-tiers"), Side("today"))
    assert put_first(three, 2).compared == (Side("today"), Side("chip-tiers"), MOVED)
    full = added(three, "key-partner")
    assert added(full, "funds-only") == full
    assert "key-partner" not in not_yet_shown(full)
    # The baseline stands there with levers moved only.
    assert "baseline" in not_yet_shown(full)


def test_keeping_stops_at_four() -> None:
    view = View()
    for n in range(6):
        view = with_kept(replace(view, a=Side(levers=(("slots", float(10 + n)),))), "a")
    assert [dict(side.levers)["slots"] for side in view.compared] == [10, 11, 12, 13]
    assert with_kept(replace(View(b=MOVED)), "b").compared == (MOVED,)
    assert len(view.compared) == MOST_COMPARED


def test_moved_levers_are_said_in_words() -> None:
    assert moved_levers(MOVED) == [
        "Control that stays in the host country: 0.7 instead of 0.35",
        "Places in the US infrastructure offer: 20 instead of 10",
    ]
    strange = Side(levers=(("nothing", 2.0),))
    assert moved_levers(strange) == ["nothing: 2; this scenario has no such lever"]


def test_the_numbers_are_those_of_the_command_line(
    columns: tuple[ScenarioColumn, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    changes = ["--lever", "local_control=0.7", "--lever", "slots=20"]
    asked = ["-n", str(N), "--seed", str(SEED), "--results", str(tmp_path), "--json"]
    assert main(["compare", "baseline", "baseline", *changes, *asked]) == 0
    said = json.loads(capsys.readouterr().out)
    totals = {(row["provider"] or "", row["outcome"]): row for row in said["totals"]}
    rows = by_title(number_rows(columns, "KOR"))
    wanted = {
        ("Countries at the end", "Partners of the United States"): ("us", "n_countries"),
        ("Countries at the end", "Partners of China"): ("china", "n_countries"),
        ("Countries at the end", "Two partners"): ("", "n_countries_hedging"),
        ("Countries at the end", "Sovereign AI alone"): ("", "n_on_sovereign"),
        ("Countries at the end", "Waits"): ("", "n_on_uncommitted"),
        ("United States", "Megawatts contracted"): ("us", "contracted_mw"),
        ("United States", "Megawatts live"): ("us", "live_mw"),
        ("United States", "Start-up funds, USD million"): ("us", "fund_usd_m"),
        ("China", "Megawatts live"): ("china", "live_mw"),
    }
    for place, key in wanted.items():
        reference, moved = rows[place].cells[:2]
        assert reference is not None
        assert moved is not None
        assert moved.change is not None
        shown = [reference.mean, moved.mean, moved.change, moved.low, moved.high]
        typed = [totals[key][name] for name in (
            "mean_a", "mean_b", "difference", "difference_low", "difference_high")]  # fmt: skip
        np.testing.assert_allclose(shown, typed, rtol=1e-5, atol=1e-9, err_msg=str(key))
    korea = {(row["country"], row["outcome"]): row for row in said["countries"]}
    typed = korea["KOR", "p_committed_us"]
    cell = rows["South Korea: probabilities at the end", "With the United States"].cells[1]
    assert cell is not None
    assert cell.change is not None
    np.testing.assert_allclose(
        [cell.mean, cell.change, cell.low, cell.high],
        [typed[name] for name in ("p_b", "difference", "difference_low", "difference_high")],
        rtol=1e-5, atol=1e-9,
    )  # fmt: skip


def test_slots_are_those_of_the_run(columns: tuple[ScenarioColumn, ...]) -> None:
    title = "Places held in its limited offers"
    row = by_title(number_rows(columns, "KOR"))["United States", title]
    for column, most in zip(columns[:2], (10, 20), strict=True):
        assert column.result is not None
        offers = column.result.frame("providers").set_index(["month", "offer"])
        wanted = offers["n_slots_held_mean"].to_dict()["2030-12", "us_infrastructure"]
        cell = row.cells[column.number - 1]
        assert cell is not None
        np.testing.assert_allclose(cell.mean, wanted, rtol=1e-5)
        assert most - 2 < cell.mean <= most


def test_what_only_one_scenario_has_counts_as_zero(columns: tuple[ScenarioColumn, ...]) -> None:
    row = by_title(number_rows(columns, "KOR"))["Countries at the end", "Partners of Europe"]
    reference, moved, third, today = row.cells
    assert (reference, moved, today) == (None, None, None)
    assert third is not None
    assert third.change == third.mean > 0
    assert "Scenarios 1, 2 and 4 have no offers from Europe" in what_is_missing(columns)[0]


def test_other_spans_are_compared_over_the_months_of_all(
    columns: tuple[ScenarioColumn, ...],
) -> None:
    for column in columns:
        assert not column.apart
        assert column.result is not None
        assert (column.result.months[0], column.result.months[-1]) == ("2026-12", "2030-12")
    baseline, today = (load_scenario(name) for name in ("baseline", "today"))
    typed = sim.compare(baseline, today, N, SEED)
    row = number_rows(columns, "KOR")[0]
    reference, cell = row.cells[0], row.cells[3]
    assert reference is not None
    assert cell is not None
    assert cell.change is not None
    found = [reference.mean, cell.mean, cell.change, cell.low, cell.high]
    names = ["mean_a", "mean_b", "difference", "difference_low", "difference_high"]
    np.testing.assert_allclose(found, total(typed, "us", "n_countries", names), rtol=1e-5)
    assert which_months(columns) == [
        "Scenario 1 covers May 2025 to December 2030, scenario 2 covers May 2025 to December 2030, "
        "scenario 3 covers May 2025 to December 2030, scenario 4 covers December 2026 to December "
        "2031.",
        "They are compared over the months that all of them have, December 2026 to December 2030.",
    ]


def test_a_scenario_without_shared_months_stands_without_a_difference() -> None:
    found = read_columns(seen(Side(), Side("later", draft=LATER), Side("today")))
    later = found[1]
    assert "It covers January 2032 to December 2033 and shares no month" in later.apart
    assert later.result is not None
    assert later.result.months == later.result.scenario.months
    cell = number_rows(found, "KOR")[0].cells[1]
    assert cell is not None
    assert cell.change is None
    assert cell.mean > 0
    assert set(probability_differences(found, "us")["place"]) == {2}
    # The sentence on months is about those that are compared.
    assert which_months(found)[0].startswith("Scenario 1 covers")
    assert "2032" not in " ".join(which_months(found))


def test_all_columns_are_shown_as_of_a_month() -> None:
    view = replace(seen(Side(), MOVED), as_of="2027-06")
    found = read_columns(view)
    assert [column.result.months[-1] for column in found if column.result] == ["2027-06"] * 2
    assert which_months(found) == ["All figures are as of the end of June 2027."]
    changed = load_scenario("baseline").with_levers({"local_control": 0.7, "slots": 20})
    typed = sim.compare(load_scenario("baseline"), changed, N, SEED, as_of="2027-06")
    expected = total(typed, "us", "contracted_mw", ["mean_b", "difference"])
    cell = by_title(number_rows(found, "KOR"))["United States", "Megawatts contracted"].cells[1]
    assert cell is not None
    assert cell.change is not None
    np.testing.assert_allclose([cell.mean, cell.change], expected, rtol=1e-5)


def test_an_error_stays_in_its_column() -> None:
    found = read_columns(seen(Side(), Side(levers=(("slots", 99.0),)), MOVED))
    assert [column.result is None for column in found] == [False, True, False]
    assert "slots = 99 must be from 1 to 40" in found[1].problems[0]
    assert found[2].found is not None
    assert found[2].found.comparison is not None
    assert number_rows(found, "KOR")[0].cells[1] is None
    broken = read_columns(seen(Side("no-such-scenario"), MOVED))
    assert broken[0].problems
    assert "nothing to compare with" in broken[1].apart
    assert broken[1].result is not None
    cell = number_rows(broken, "KOR")[0].cells[1]
    assert cell is not None
    assert cell.change is None
    assert "no difference" in find_largest(broken, "us").headline


def test_what_changed_most_is_sorted_and_clear_where_zero_is_out(
    columns: tuple[ScenarioColumn, ...],
) -> None:
    changes = largest_changes(columns, "us")
    sizes = [abs(change.difference) for change in changes]
    assert len(changes) == len({change.code for change in changes}) == 10
    assert sizes == sorted(sizes, reverse=True)
    table = probability_differences(columns, "us")
    assert sizes[0] == table["difference"].abs().max()
    for change in changes:
        own = table[(table["country"] == change.code)]
        assert abs(change.difference) == own["difference"].abs().max()
        # The tables of a comparison are rounded to six digits.
        np.testing.assert_allclose(change.p - change.p_reference, change.difference, atol=2e-6)
        assert change.is_clear == (change.low > 0 or change.high < 0)
    lines = how_many(columns, "us")
    clear = int(table[table["place"] == 1]["is_clear"].sum())
    assert 0 < clear < 194
    assert lines[0].startswith(f"Scenario 2: of 194 countries {clear} change clearly")
    assert [line.split(":")[0] for line in lines] == [f"Scenario {n}" for n in (2, 3, 4)]


def test_the_main_reason_is_that_of_the_lever() -> None:
    sides = Side(), Side(levers=(("local_control", 0.9),))
    found = read_columns(View(compared=sides, futures=500, seed=SEED))
    # Some change without a clear reason.
    reasons = [change.why for change in largest_changes(found, "us") if change.why]
    named = Counter(
        re.sub(r" [+-][\d.]+$", "", word) for why in reasons for word in why.split(", ")
    )
    assert named.most_common(1)[0][0] == "fear of dependence"
    assert not any("fear of dependence -" in why for why in reasons)


def test_the_same_twice_changes_nothing() -> None:
    found = read_columns(seen(Side(), Side()))
    assert largest_changes(found, "us") == []
    assert "the same partners in all" in find_largest(found, "us").headline
    assert "the same" in html_table(number_rows(found, "KOR"), found, "")


def test_the_finding_is_the_largest_clear_change(columns: tuple[ScenarioColumn, ...]) -> None:
    found = find_largest(columns, "us")
    row = number_rows(columns, "KOR")[0]
    changes = {n: cell.change for n, cell in enumerate(row.cells, start=1)
               if cell is not None and cell.change is not None and cell.is_clear}  # fmt: skip
    largest = max(changes, key=lambda n: abs(changes[n]))
    label = columns[largest - 1].label
    assert found.headline.endswith(f" partners in {label}, against {columns[0].label}")
    assert len(found.headline) <= LONGEST_NAMED
    assert "not a forecast" in found.range


def test_the_table_takes_no_text_for_markup() -> None:
    found = read_columns(seen(Side(), Side("hostile", draft=HOSTILE)))
    assert found[1].result is not None
    assert "<img" in found[1].result.scenario.providers["us"].title
    html = html_table(number_rows(found, "KOR"), found, "<b>caption</b>")
    assert "<img" not in html
    assert "<b>" not in html
    assert set(re.findall(r"</?(\w+)", html)) == {
        "style", "table", "caption", "thead", "tbody", "tr", "th", "td", "span",
    }  # fmt: skip


def test_the_table_marks_what_is_clear() -> None:
    cells = (Count(5, 4, 6), Count(7, 6, 8, 2, 1, 3), Count(5, 4, 6, 0.1, -0.1, 0.3))
    found = tuple(ScenarioColumn(n, Side()) for n in (1, 2, 3))
    html = html_table([Row("s", "t", "countries", cells)], found, "c")
    assert 'class="change clear">+2 (+1 to +3)<' in html
    assert 'class="change">+0.1 (\u22120.1 to +0.3)<' in html
    assert html.count('class="change') == 2


def test_the_csv_holds_what_is_shown(columns: tuple[ScenarioColumn, ...]) -> None:
    rows = number_rows(columns, "KOR")
    table = number_table(rows, columns)
    assert len(table) == 4 * len(rows)
    own = table[(table["scenario"] == columns[1].label)].reset_index(drop=True)
    for n, row in enumerate(rows):
        cell = row.cells[1]
        if cell is None:
            assert own["mean"].isna()[n]
        else:
            assert own.loc[n, "mean"] == cell.mean
            assert own.loc[n, "minus scenario 1"] == cell.change
    probability = maps_table(columns, "us", "United States", "probability")
    assert len(probability) == sum(len(c.found.ensemble.axes.country) for c in columns if c.found)
    less = maps_table(columns, "us", "United States", "difference")
    # Third-way has one provider more, which counts as zero elsewhere.
    assert set(less["scenario"]) == {column.label for column in columns[1:]}


def test_a_draft_is_a_scenario_like_any_other() -> None:
    text = "name: mine\nextends: baseline\ntitle: Mine\ndescription: As it is.\nsources: [none]\n"
    found = read_columns(seen(Side(), Side("mine", draft=text)))
    assert found[1].label == "2 mine"
    assert found[1].found is not None
    assert "the same partners in all" in find_largest(found, "us").headline


def test_numbers_that_differ_in_print_are_not_called_the_same() -> None:
    a, b = Count(9.96, 9, 10, 0.02, 0.01, 0.04), Count(9.94, 9, 10)
    (one, _, change), (other, _, _) = (cell_in_words(cell, "countries") for cell in (a, b))
    assert (one, other) == ("10.0", "9.9")
    assert change == "less than 0.1 apart"
    chance = Count(0.5, 0.4, 0.6, 0.0002, -0.0001, 0.0003)
    assert cell_in_words(chance, "probability")[2] == "less than 0.1 points apart"
