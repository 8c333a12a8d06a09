"""What matters: known effects first, both ends of ranges, and questions that cannot be answered."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from experiment.short_sweeps import short_scenario
from sim.analysis.quantities import in_futures, means_in_months, quantities_of_futures
from sim.analysis.sensitivity.ranking import Ranking
from sim.analysis.what_matters.matters import what_matters
from sim.analysis.what_matters.movers import movers_of
from sim.analysis.what_matters.sizes import Sizes
from sim.errors import InputError, ScenarioError
from sim.experiment.outcomes import is_committed
from sim.interfaces.charts import chart
from sim.interfaces.cli.reading import what_matters_command
from sim.model.ensemble import as_rows
from sim.scenario import Scenario

SMALL: dict[str, Any] = {"replicates": 8, "trajectories": 4, "points": 8, "kept": 3}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return short_scenario()


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> sim.WhatMatters:
    return what_matters(scenario, **SMALL)


def test_every_lever_and_every_drawn_number_is_ranked(
    found: sim.WhatMatters, scenario: Scenario
) -> None:
    table = found.frame()
    levers = {lever.target for lever in scenario.levers.values()}
    addresses = {each for cell in table["address"] for each in str(cell).split(", ")}
    assert addresses == levers | {*scenario.uncertainties}
    assert table["rank"].tolist() == [*range(1, len(table) + 1)]
    assert set(table["role"]) == {"lever", "uncertainty"} - ({"lever"} if not levers else set())
    assert table["source"].notna().all()
    assert (table["low"] < table["high"]).all()


def test_the_strongest_come_first_and_alone_have_shares(found: sim.WhatMatters) -> None:
    table = found.frame()
    n = len(found.kept)
    assert 1 <= n <= SMALL["kept"]
    assert table["total"].notna().tolist() == [True] * n + [False] * (len(table) - n)
    for part in (table["total"][:n], table["mu_star"][n:]):
        assert (np.diff(part) <= 1e-9).all()
    change = table["at_high"] - table["at_low"]
    np.testing.assert_allclose(table["change"][:n], change[:n], atol=1e-4)
    assert (table["change_low"][:n] <= table["change"][:n]).all()


def test_the_ends_of_a_range_are_runs_of_the_scenario(
    found: sim.WhatMatters, scenario: Scenario
) -> None:
    row = found.frame().iloc[0]
    futures = found.sizes.at_ends
    for end in ("low", "high"):
        changes = {each: float(row[end]) for each in str(row["address"]).split(", ")}
        run = sim.simulate(scenario.with_changes(changes), futures, found.seed)
        own = in_futures(run.ensemble, found.quantity).mean()
        assert row[f"at_{end}"] == pytest.approx(own, abs=1e-3)


def test_the_answer_does_not_depend_on_the_number_of_threads(
    found: sim.WhatMatters, scenario: Scenario
) -> None:
    assert what_matters(scenario, workers=1, **SMALL).frame().equals(found.frame())


def test_two_sentences_can_be_quoted(found: sim.WhatMatters) -> None:
    quotes = found.quotes()
    assert len(quotes) == 2
    assert all(quote.endswith(".") and "  " not in quote for quote in quotes)
    assert found.sentences()[:2] == quotes
    assert any("Monte Carlo noise" in line for line in found.sentences())


def test_its_picture_and_its_files(found: sim.WhatMatters, tmp_path: Path) -> None:
    spec = chart(found, "tornado")
    assert len(spec["data"]["values"]) == 2 * len(found.kept)
    assert isinstance(found.ranking, Ranking)
    folder = found.write(tmp_path / "answer")
    package = json.loads((folder / "datapackage.json").read_text())
    columns = {
        resource["name"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in package["resources"]
    }
    names = ("what_matters", "what_matters_over_time")
    assert columns == {name: [*found.frame(name)] for name in names}


def test_shares_over_time_end_with_those_at_the_end(
    found: sim.WhatMatters, scenario: Scenario
) -> None:
    table = found.frame("what_matters_over_time")
    ends = {month[:4]: month for month in scenario.months}
    assert [*dict.fromkeys(table["month"])] == [*ends.values()]
    last = table[table["month"] == scenario.months[-1]]
    kept = found.frame()[: len(found.kept)]
    columns = ["number", "total", "total_low", "total_high", "first"]
    assert last[columns].reset_index(drop=True).equals(kept[columns])
    # The mean over the points rises with the number of partners.
    assert (np.diff(table.groupby("month")["mean"].first()) > 0).all()


def test_an_earlier_month_is_that_of_a_scenario_that_ends_there(scenario: Scenario) -> None:
    t = len(scenario.months) // 2
    country = "KOR"
    whole = as_rows(sim.simulate(scenario, 24, seed=1).ensemble)
    earlier = sim.simulate(scenario, 24, seed=1, as_of=scenario.months[t]).ensemble
    known = quantities_of_futures(earlier, scenario)
    for text in (
        "n_countries(us)",
        "live_mw(us)",
        "n_countries_hedging",
        "n_partners_ever(us_infrastructure)",
        f"p_committed({country}, us)",
    ):
        quantity = known.find(text)
        own = means_in_months(whole, quantity, [t])
        assert own.shape == (1, 1)
        assert own.item() == pytest.approx(in_futures(earlier, quantity).mean(), abs=1e-12)


def test_a_country_has_a_ranking_of_its_own(scenario: Scenario) -> None:
    ensemble = sim.simulate(scenario, 40, seed=1).ensemble
    share = is_committed(ensemble, 0).mean(axis=0)
    country = ensemble.axes.country[int(np.abs(share - 0.5).argmin())]
    found = what_matters(scenario, country=country, **(SMALL | {"replicates": 40}))
    assert found.quantity.text == f"p_committed({country}, us)"
    assert 0.0 < found.now[0] < 1.0
    assert "the probability that " in found.quotes()[0]


def test_numbers_of_one_column_of_the_posterior_move_as_one() -> None:
    movers = movers_of(sim.load_scenario("baseline"))
    (us,) = (mover for mover in movers if mover.number.name == "estimated: intercept")
    assert len(us.fields) == 2
    low, high = us.at(np.array([0.0, 1.0]))
    assert low[0] == low[1] < high[0] == high[1]
    assert us.number.title == "United States, both offers: attraction not explained"
    (review,) = (m for m in movers if m.number.name == "parameters.review_rate")
    scenario = sim.load_scenario("baseline")
    rows = scenario.posterior_rows("parameters.review_rate")
    assert rows is not None
    ends = np.quantile(rows, [0.05, 0.95])
    np.testing.assert_allclose([review.number.low, review.number.high], ends, rtol=1e-4)


def test_the_command_has_the_sizes_of_the_function() -> None:
    command = inspect.signature(what_matters_command.what_matters).parameters
    function = inspect.signature(what_matters).parameters
    usual = Sizes()
    for name in ("replicates", "trajectories", "kept", "points"):
        assert command[name].default == function[name].default == getattr(usual, name)


WRONG = [
    ({"outcome": "n_partners(us)"}, "n_partners is not an outcome"),
    ({"country": "ZZZ"}, "ZZZ"),
    ({"country": "KOR", "outcome": "n_countries(us)"}, "an outcome and a country are given"),
    ({"points": 100}, "points = 100 must be a power of two.*Use 128"),
    ({"replicates": 4}, "replicates = 4 must be a whole number from 8"),
    ({"trajectories": 1}, "trajectories = 1 must be a whole number from 4 to 500"),
    ({"kept": 1}, "kept = 1 must be a whole number from 2"),
    ({"seed": -1}, "seed = -1"),
]


@pytest.mark.parametrize(("how", "words"), WRONG)
def test_what_cannot_be_answered_is_told(
    scenario: Scenario, how: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=f"(?s){words}"):
        what_matters(scenario, **(SMALL | how))


def test_a_scenario_that_is_not_there_is_told() -> None:
    with pytest.raises(ScenarioError, match="nowhere"):
        what_matters("nowhere")
