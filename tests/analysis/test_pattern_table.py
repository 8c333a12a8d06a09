"""The table of patterns: what is simulated, what is on record, when a pattern holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import sim
from sim.analysis.history.answers import Answers
from sim.analysis.patterns import record
from sim.analysis.patterns.pattern import ABOVE, BELOW, Pattern
from sim.analysis.patterns.record import ObservedStatistic
from sim.analysis.patterns.registry import PATTERNS
from sim.analysis.patterns.simulations import Simulations, supplier_exits, with_events_of
from sim.analysis.patterns.statistics import clustering
from sim.analysis.patterns.table import COLUMNS, row_of
from sim.data import load_facts
from sim.model import layout
from sim.model.world.building import build_world

FUTURES = 8


@pytest.fixture(scope="module")
def simulations() -> Simulations:
    return Simulations(FUTURES, seed=1)


def test_suppliers_give_up_where_mesa_agents_are_abandoned() -> None:
    built = build_world(sim.load_scenario("baseline"))
    exits = supplier_exits(built, FUTURES, seed=1)
    replicate = int(exits.any(axis=(1, 2)).argmax())
    assert exits[replicate].any()
    model = sim.AlignmentModel(built.scenario, seed=1, replicate=replicate)
    abandoned = np.zeros_like(exits[replicate])
    while model.running:
        model.step()
        abandoned |= model.state.stage[: len(built.axes.offer)] == layout.ABANDONED
    assert (exits[replicate] <= abandoned).all()
    # All of them, but for a month in which a country left the same offer too.
    assert abandoned.sum() - exits[replicate].sum() <= 1


def test_exits_are_never_more_than_an_ensemble_counts(simulations: Simulations) -> None:
    counted = simulations.baseline.offer_record[:, -1, :, layout.N_ABANDONED]
    found = simulations.supplier_exits.sum(axis=2)
    assert (found <= counted).all()
    assert found.sum() > 0.8 * counted.sum() > 0


def test_the_shock_of_one_scenario_is_put_into_another() -> None:
    third, shock = sim.load_scenario("third-way"), sim.load_scenario("kill-switch")
    assert not third.events
    assert with_events_of(third, shock).events == shock.events


def test_declarations_are_forecast_from_before_their_launch(simulations: Simulations) -> None:
    names = [answers.programme for _, answers, _ in simulations.declarations]
    assert "future_internet_declaration" in names
    assert not {"bletchley_declaration", "artemis_accords"} & set(names)
    for _, answers, futures in simulations.declarations:
        assert futures.month_joined.shape == (FUTURES, len(answers.country))


# --- on record ---------------------------------------------------------------------------------


def made_answers(first: Sequence[int], last: Sequence[int]) -> Answers:
    n = len(first)
    return Answers(
        "made", tuple(map(str, range(n))), np.array(first), np.array(last), np.ones(n), 60
    )


def test_dates_that_say_little_give_no_months() -> None:
    spread = made_answers([0, 3, 5, 8, 20, -1, 2], [0, 3, 5, 8, 20, -1, 9])
    assert record.dated_months(spread).tolist() == [0, 3, 5, 8, 20, -1, -1]
    meetings = made_answers([0, 0, 3, 5, 8, 8], [0, 0, 3, 5, 8, 8])
    assert (record.dated_months(meetings) == -1).all()
    by_year = made_answers([0, 0, 0, 12, 12, 12], [11, 11, 11, 23, 23, 23])
    assert (record.dated_months(by_year) == -1).all()


def test_programmes_dated_by_year_or_by_meetings_have_no_uptake() -> None:
    assert "bri" not in record.uptake_on_record(record.CHINESE).by_programme
    assert "artemis_accords" in record.uptake_on_record(record.AMERICAN).by_programme


def test_clustering_on_record_is_that_of_who_signed() -> None:
    facts = load_facts()
    launches = record._launches()
    rows = launches[launches["programme"] == "artemis_accords"]
    region = facts.countries["un_subregion"].loc[rows["iso3"]].to_numpy(str)
    by_hand = clustering(rows["joined"].to_numpy(bool)[None], region)[0]
    found = record.clustering_on_record(record.AMERICAN).by_programme
    assert found["artemis_accords"] == by_hand
    assert "bri" not in found


def test_the_two_reversals_on_record_are_britain_and_norway() -> None:
    panel = load_facts().countries["electricity_price_usc_kwh"]
    rank = (panel.rank() - 1) / (panel.notna().sum() - 1)
    assert rank["GBR"] > rank["NOR"]
    value = record.reversals_on_record().by_programme["openai_for_countries"]
    events = load_facts().events
    hosts = set(
        events[
            (events["programme"] == "openai_for_countries")
            & (events["kind"] == "infrastructure")
            & events["event"].isin(["signed", "announced"])
        ]["iso3"]
    )
    others = rank[sorted(hosts - {"GBR", "NOR"})]
    assert value == pytest.approx(rank[["GBR", "NOR"]].mean() - others.mean(), abs=0.02)


# --- the table ---------------------------------------------------------------------------------


def nothing(_: Any) -> NDArray[np.float64]:
    return np.zeros(1)


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([0.6, 0.7, 0.4], True),
        ([0.5, 0.5, 0.5], False),  # on the threshold is not beyond it
        ([0.4, 0.4, 3.0], False),  # one extreme future
        ([0.6, 0.6, -1.0], False),  # the mean says the opposite
        ([np.nan, np.nan, 0.6], True),
        ([np.nan, np.nan, np.nan], False),
    ],
)
def test_mean_and_most_futures_must_show_the_pattern(values: list[float], holds: bool) -> None:
    above = Pattern("p", "", "", "", "", 0.5, ABOVE, nothing)
    below = Pattern("p", "", "", "", "", -0.5, BELOW, nothing)
    assert above.holds(np.array(values)) is holds
    assert below.holds(-np.array(values)) is holds


def test_a_row_says_in_how_many_futures_it_is_known() -> None:
    pattern = Pattern("p", "", "", "", "", 0.0, ABOVE, nothing)
    values = np.tile([1.0, 3.0, -1.0, np.nan], 10)  # every draw has the same mean
    row = row_of(pattern, values, ObservedStatistic({"a": 1.0, "b": -3.0}))
    assert (row["value"], row["low"], row["high"], row["futures"]) == (1.0, -1.0, 3.0, 30)
    assert row["margin"] == 0.0
    assert row["share_showing"] == pytest.approx(2 / 3)
    assert row["holds"] is True
    assert (row["on_record"], row["programmes"], row["programmes_showing"]) == (-1.0, 2, 1)
    assert row["record_holds"] is False
    without = row_of(pattern, np.array([np.nan]), None)
    assert (without["futures"], without["holds"], without["record_holds"]) == (0, False, None)


def test_a_mean_within_its_monte_carlo_error_holds_nothing() -> None:
    faint = np.repeat([0.6, 0.6, 0.6, -1.6], 4)  # four draws: 0.05, give or take 1.29
    firm = faint + 1.4
    for side, sign in ((ABOVE, 1.0), (BELOW, -1.0)):
        pattern = Pattern("p", "", "", "", "", 0.0, side, nothing)
        assert pattern.holds(sign * faint)
        assert row_of(pattern, sign * faint, None)["holds"] is False
        assert row_of(pattern, sign * firm, None)["holds"] is True
        assert row_of(pattern, sign * np.ones(4), None)["holds"] is False  # a single draw


def test_the_table_has_every_pattern_and_is_the_same_again() -> None:
    steps: list[tuple[int, int]] = []
    table = sim.pattern_table(FUTURES, progress=lambda done, total: steps.append((done, total)))
    assert table.columns.tolist() == list(COLUMNS)
    assert table["pattern"].tolist() == [pattern.name for pattern in PATTERNS]
    assert steps == [(done, len(PATTERNS)) for done in range(1, len(PATTERNS) + 1)]
    pd.testing.assert_frame_equal(table, sim.pattern_table(FUTURES, seed=1), check_exact=True)
    assert not table["value"].equals(sim.pattern_table(FUTURES, seed=0)["value"])


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(sim.InputError, match="replicates"):
        sim.pattern_table(0)
    with pytest.raises(sim.InputError, match="progress must be a function, not a str"):
        sim.pattern_table(8, progress="loud")  # type: ignore[arg-type]
