"""What the explorer computes is what the command line computes, once for everybody."""

from __future__ import annotations

import re
import threading
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import sim
from explorer.draft_pages import LATER
from sim.analysis.findings import LONGEST, LONGEST_NAMED, finding_of, partners_at_end
from sim.analysis.standing import (
    group_counts,
    partners_by_month,
    path_groups,
    ribbon,
    shown_months,
)
from sim.errors import ScenarioError
from sim.experiment import result
from sim.experiment.probability_interval import interval_ends, interval_words
from sim.interfaces.cli.options import changed
from sim.interfaces.explorer.country.invitations import (
    RARELY_INVITED,
    filters_table,
    shown_filters,
)
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.view import Side, View
from sim.interfaces.explorer.tables.building import country_table
from sim.interfaces.explorer.tables.world import map_table
from sim.scenario.path_names import offer_id
from sim.words.wording import percent, span

N, SEED = 96, 3
LEVERS = (("local_control", 0.7), ("slots", 20.0))
BELIEFS = (("w_peer", 2.0),)


@pytest.fixture(scope="module")
def pair() -> runs.ShownAnswer:
    return runs.answer(View(a=Side(levers=LEVERS), b=Side(), futures=N, seed=SEED))


def test_the_scenario_is_that_of_the_command_line() -> None:
    shown = runs.build_side(Side("chip-tiers", LEVERS), BELIEFS)
    typed = changed(
        sim.load_scenario("chip-tiers"),
        ["parameters.w_peer=2.0"],
        ["local_control=0.7", "slots=20"],
    )
    assert shown == typed


def test_the_numbers_are_those_of_the_command_line(pair: runs.ShownAnswer) -> None:
    scenario = sim.load_scenario("baseline").with_levers({"local_control": 0.7, "slots": 20})
    typed = sim.simulate(scenario, N, SEED)
    assert pair.a.inputs.run_id == typed.inputs.run_id
    totals = typed.totals[typed.totals["outcome"] == "n_countries"].set_index("provider")
    for provider in ("us", "china"):
        found = partners_at_end(pair, provider)
        row = totals.loc[provider]
        shown = [found.mean, found.p05, found.p95]
        np.testing.assert_allclose(shown, row[["mean", "p05", "p95"]].astype(float), rtol=1e-5)
    table = country_table(pair, "us").set_index("code")
    typed_table = typed.countries.set_index("country").loc[table.index]
    name = "probability of being with the United States"
    assert (table[f"{name} (0-1)"] == typed_table["p_committed_us"]).all()
    ends = interval_ends(typed_table, "p_committed_us")
    for end, values in zip(("low", "high"), ends, strict=True):
        assert (table[f"{name}, 90 % {end} (0-1)"] == values).all()
    words = [span(a, b, percent) for a, b in zip(*ends, strict=True)]
    for words_of, record in zip(words, typed_table.to_dict("records"), strict=True):
        assert words_of == interval_words(record, "p_committed_us")


def test_the_difference_is_that_of_the_command_line(pair: runs.ShownAnswer) -> None:
    baseline = sim.load_scenario("baseline")
    moved = baseline.with_levers({"local_control": 0.7, "slots": 20})
    typed = sim.compare(baseline, moved, N, SEED)
    assert pair.comparison is not None
    assert pair.comparison.inputs.run_id == typed.inputs.run_id
    totals = typed.totals
    row = totals[(totals["provider"] == "us") & (totals["outcome"] == "n_countries")].iloc[0]
    found = partners_at_end(pair, "us")
    assert found.change is not None
    shown = [found.change, found.low, found.high]
    wanted = row[["difference", "difference_low", "difference_high"]].astype(float)
    np.testing.assert_allclose(shown, wanted, rtol=1e-5)
    table = country_table(pair, "us").set_index("code")
    own = typed.countries[typed.countries["outcome"] == "p_committed_us"].set_index("country")
    wanted = own.loc[table.index, "difference"]
    less = table["probability of being with the United States, A minus B (0-1)"]
    np.testing.assert_allclose(less, wanted, rtol=1e-9)


def test_the_map_and_the_ribbon_agree_with_the_tables(pair: runs.ShownAnswer) -> None:
    ensemble = pair.ensemble
    groups = path_groups(ensemble)
    counts = group_counts(ensemble, groups)
    assert (counts.sum(axis=1) == N).all()
    assert sorted(k for g in groups for k in g.paths) == list(range(len(ensemble.axes.path)))
    timeline = pair.a.timeline
    last = timeline[(timeline["month"] == "2030-12") & (timeline["outcome"] == "n_countries")]
    by_path = last.set_index("path")["mean"]
    for g, group in enumerate(groups):
        wanted = sum(by_path[ensemble.axes.path[k]] for k in group.paths)
        np.testing.assert_allclose(counts[:, g, -1].sum() / N, wanted, rtol=1e-4)
    at_end = map_table(pair, 67)
    assert set(at_end["side"]) == {"A", "B", "A minus B"}
    titles = [f"{group.title} (0-1)" for group in groups]
    sides = at_end.set_index("side")[titles].sum(axis=1)
    np.testing.assert_allclose(sides[["A", "B"]], 1.0, rtol=1e-12)
    np.testing.assert_allclose(sides["A minus B"], 0.0, atol=1e-12)
    shown = ribbon(partners_by_month(ensemble, "us"))
    assert (shown.p05 <= shown.p25).all()
    assert (shown.p75 <= shown.p95).all()
    assert len(shown.mean) == 68


def test_the_finding_fits_on_a_line(pair: runs.ShownAnswer) -> None:
    for answer in (pair, runs.ShownAnswer(pair.a)):
        for provider in ("us", "china"):
            found = finding_of(answer, provider)
            assert len(found.headline) <= (LONGEST if answer.other is None else LONGEST_NAMED)
            assert "90 %" in found.range
            assert "not a forecast" in found.range


def test_the_same_scenario_twice_has_no_difference() -> None:
    found = finding_of(runs.answer(View(b=Side(), futures=N, seed=SEED)), "us")
    assert found.headline == "A and B give the United States the same partners"


def test_a_headline_names_what_is_compared() -> None:
    moved = runs.answer(View(a=Side(levers=(("linkage", 0.9),)), b=Side(), futures=N, seed=SEED))
    found = finding_of(moved, "us", ("baseline with 1 lever moved", "baseline"))
    start = "Tie to the US project and its diplomacy at 0.9 instead of 0.5: "
    assert re.fullmatch(
        rf"{start}[\d.]+ (more|fewer) partners of the United States by 2030", found.headline
    )
    sides = ("today", "baseline with 2 levers moved")
    two = Side(levers=(("linkage", 0.9), ("us_backing", 0.1)))
    pair = runs.answer(View(a=Side("today"), b=two, futures=N, seed=SEED))
    headline = finding_of(pair, "us", sides).headline
    assert re.fullmatch(
        r"today brings the United States [\d.]+ (more|fewer) partners by 2030 than "
        r"baseline with 2 levers moved|today or baseline with 2 levers moved: no clear .*",
        headline,
    )
    # What is too long for a headline stands below it.
    long = finding_of(pair, "us", ("x" * 200, "y")).headline
    assert long.startswith("A ")


def test_many_visitors_cost_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = result.run_futures

    def counting(*arguments: Any, **options: Any) -> Any:
        calls.append(threading.get_ident())
        return real(*arguments, **options)

    monkeypatch.setattr(runs, "run_futures", counting)
    scenario = runs.build_side(Side(levers=(("slots", 13.0),)), ())
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(runs.run(scenario, 40, 11))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert all(one is found[0] for one in found)


def test_a_link_opens_no_other_file() -> None:
    for name in ("nothing-of-that-name", "../scenarios/baseline", "baseline.yaml"):
        with pytest.raises(ScenarioError, match="no scenario called"):
            runs.preset(name)


def test_scenarios_without_shared_months_are_refused() -> None:
    with pytest.raises(ScenarioError, match="share no month"):
        runs.answer(View(a=Side("later", draft=LATER), b=Side(), futures=40))


@pytest.mark.parametrize("as_of", ["", "2028-06", "2026-11", "2050-01"])
def test_other_spans_are_shown_over_the_months_of_both(as_of: str) -> None:
    found = runs.answer(View(a=Side("today"), b=Side(), futures=40, seed=SEED, as_of=as_of))
    # A month that the two do not share is not used, and a note says so.
    end = as_of if as_of == "2028-06" else "2030-12"
    asked = None if end == "2030-12" else end
    baseline, today = sim.load_scenario("baseline"), sim.load_scenario("today")
    typed = sim.compare(baseline, today, 40, SEED, as_of=asked)
    assert found.comparison is not None
    assert found.b is not None
    assert found.comparison.inputs.run_id == typed.inputs.run_id
    assert found.a.months == found.b.months == typed.months
    for name in ("countries", "totals", "notes"):
        assert_frame_equal(found.comparison.frame(name), typed.frame(name), check_exact=True)


def test_a_view_as_of_a_month_is_the_run_of_the_command_line(pair: runs.ShownAnswer) -> None:
    view = View(a=Side(levers=LEVERS), futures=N, seed=SEED, as_of="2026-11")
    found = runs.answer(view)
    typed = sim.simulate(pair.a.scenario, N, SEED, as_of="2026-11")
    assert found.a.inputs.run_id == typed.inputs.run_id
    assert_frame_equal(found.a.countries, typed.countries, check_exact=True)
    headline = finding_of(found, "us").headline
    assert "partners of the US by November 2026: " in headline
    assert len(headline) <= LONGEST
    # Another key than the whole run has, or one would be shown for the other.
    assert found.a is not pair.a


@pytest.mark.parametrize("n", [1, 2, 36, 37, 68, 240])
def test_the_map_ends_in_the_last_month(n: int) -> None:
    months = shown_months(n)
    assert months[-1] == n - 1
    assert len(months) <= 36
    assert set(np.diff(months)) <= {-(-n // 36)}


def test_both_filters_of_a_country_are_those_of_the_table_of_countries(
    pair: runs.ShownAnswer,
) -> None:
    assert pair.b is not None
    for code in ("KOR", "PRK"):
        table = filters_table(pair, code)
        assert len(table) == len(pair.a.scenario.offers) + len(pair.b.scenario.offers)
        for side, made in (("A", pair.a), ("B", pair.b)):
            row = made.countries.set_index("country").loc[code]
            own = table[table["side"] == side].reset_index(drop=True)
            for n, reference in enumerate(made.scenario.offers):
                name = offer_id(reference)
                found = own.loc[n]
                assert found["invited (0-1)"] == pytest.approx(row[f"p_invited_{name}"], rel=1e-5)
                assert found["signs (0-1)"] == pytest.approx(row[f"p_ever_signed_{name}"], rel=1e-5)
                assert found["signs once invited (0-1)"] == pytest.approx(
                    row[f"p_signed_given_invited_{name}"], rel=1e-5, nan_ok=True
                )


def test_filters_are_in_words_where_rules_or_the_record_decide() -> None:
    answer = runs.answer(View(a=Side("today"), futures=200))
    shown = {
        code: shown_filters(filters_table(answer, code)).set_index("offer")
        for code in ("KAZ", "RUS")
    }
    kept = shown["KAZ"].loc["United States: adoption"]
    assert [*kept] == ["on record", "", "since November 2025"]
    assert shown["KAZ"].loc["United States: infrastructure", "signs once invited"] == RARELY_INVITED
    assert shown["KAZ"].loc["China: adoption", "invited"] == "all may join"
    asked = shown["KAZ"].loc["China: infrastructure"]
    assert str(asked["invited"]).endswith(" %")
    assert " to " in str(asked["signs"])
    closed = shown["RUS"].loc["United States: adoption"]
    assert [*closed] == ["its rules exclude it", "", "0 %"]
