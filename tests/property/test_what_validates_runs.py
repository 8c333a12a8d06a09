"""In order means that it runs: every scenario that loads is simulated, without a warning.

Values stand at the ends of their ranges, few countries are left, dates lie at the edges of the
horizon. What a rule refuses is refused with words; what it lets pass gives finite numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.analysis.verification.worlds import as_yaml
from sim.data.codes import known_countries
from sim.data.parameters import load_parameters
from sim.errors import ScenarioError
from sim.experiment import simulate
from sim.scenario import (
    Offer,
    Provider,
    Scenario,
    field_at,
    load_scenario_text,
    numeric_fields,
    path_members,
    split_address,
)

FOLDER = Path(__file__).parents[2] / "scenarios"
CODES = tuple(known_countries())
OFFERS = {"us": ("infrastructure", "adoption"), "china": ("infrastructure",)}
# Facts are worked out anew for each value of these, which takes long; see the tests of features.
SLOW = {name for name, row in load_parameters().items() if row.group == "features"}
PARAMETERS = sorted(f"parameters.{name}" for name in load_parameters() if name not in SLOW)
ADDRESSES = [f"providers.{name}.{term}" for name in OFFERS for term in numeric_fields(Provider)] + [
    f"providers.{name}.offers.{offer}.{term}"
    for name, offers in OFFERS.items()
    for offer in offers
    for term in numeric_fields(Offer)
]
MONTHS = [f"{year}-{month:02d}" for year in range(2024, 2034) for month in (1, 5, 12)]


def extreme(address: str) -> st.SearchStrategy[Any]:
    """Return the ends of the range of a number, and null where it is a value."""
    spec = field_at(split_address(address))
    assert spec is not None
    if spec.kind == "switch":
        return st.booleans()
    ends: list[Any] = [spec.low, spec.high]
    return st.sampled_from(ends + [None] * spec.is_nullable)


@st.composite
def numbers(draw: st.DrawFn, addresses: list[str], most: int, least: int = 0) -> dict[str, Any]:
    """Return some numbers by address, each at an end of its range."""
    chosen = draw(st.lists(st.sampled_from(addresses), min_size=least, max_size=most, unique=True))
    return {address: draw(extreme(address)) for address in chosen}


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Return values by address as the maps of a file."""
    tree: dict[str, Any] = {}
    for address, value in flat.items():
        *above, last = address.split(".")
        below = tree
        for part in above:
            below = below.setdefault(part, {})
        below[last] = value
    return tree


@st.composite
def events(draw: st.DrawFn, start: str, end: str) -> dict[str, Any]:
    """Return an event, mostly in the first or last month."""
    event: dict[str, Any] = {
        "date": draw(st.sampled_from([start, start, start, end, end, end, MONTHS[9]])),
        "title": "Something",
        "probability": draw(st.sampled_from([0, 0.5, 1])),
    }
    if draw(st.booleans()):
        return event | {"set": draw(numbers(ADDRESSES, 2, least=1))}
    kind, most = draw(st.sampled_from([("shock", 5), ("affinity_shift", 1)]))
    countries = draw(st.sampled_from(["all", ["KOR"], ["EU", "USA"]]))
    action = {"provider": draw(st.sampled_from([*OFFERS])), "countries": countries}
    return event | {kind: action | {"size": draw(st.sampled_from([-most, most]))}}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Return a scenario file that extends the baseline."""
    n = draw(st.sampled_from([1, 2, 9, 9]))
    left = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=n, unique=True))
    start, end = sorted(draw(st.tuples(st.sampled_from(MONTHS), st.sampled_from(MONTHS))))
    tree = nested(draw(numbers(PARAMETERS, 6)) | draw(numbers(ADDRESSES, 8)))
    providers = tree.setdefault("providers", {})
    for name, offers in OFFERS.items():
        block = providers.setdefault(name, {})
        if draw(st.integers(0, 3)) == 0:
            block["home"] = draw(st.sampled_from([*left, "ISL"]))
        terms = block.setdefault("offers", {}).setdefault(draw(st.sampled_from(offers)), {})
        terms["open_from"] = draw(
            st.sampled_from([None, None, start, start, end, end, end, MONTHS[9]])
        )
        terms["excluded"] = draw(st.lists(st.sampled_from(left), max_size=2, unique=True))
    return {
        "name": "edge", "extends": "baseline", "title": "T", "description": "D",
        "horizon": {"start": start, "end": end},
        "countries": {"exclude": sorted(set(CODES) - set(left))},
        "levers": {"korean_ties": None},
        "events": draw(st.lists(events(start, end), max_size=3)),
        **tree,
    }  # fmt: skip


def check_runs(scenario: Scenario) -> None:
    """Simulate, and look for what is no number, a probability or a count."""
    result = simulate(scenario, 2, workers=1)
    ensemble = result.ensemble
    for name in ("path_share", "offer_record", "driver_sum", "number_draws"):
        assert np.isfinite(getattr(ensemble, name)).all(), name
    assert (ensemble.path_count.sum(axis=2) == len(scenario.agents)).all()
    probability = [f"p_{path}" for path in ensemble.axes.path]
    np.testing.assert_allclose(
        result.countries[probability].sum(axis=1), 1, atol=1e-5 * len(probability)
    )
    assert str(result.summary())


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(contents())
def test_every_scenario_that_loads_is_simulated(content: dict[str, Any]) -> None:
    try:
        scenario = load_scenario_text(as_yaml(content), folder=FOLDER)
    except ScenarioError as error:
        problems = error.problems
    else:
        check_runs(scenario)
        return
    assert all(problem.line and problem.remedy for problem in problems)


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("name", sorted(SLOW))
def test_facts_are_numbers_at_the_ends_of_what_shapes_them(name: str, end: str) -> None:
    bound = getattr(load_parameters()[name], end)
    text = f"name: x\nextends: today\ntitle: T\ndescription: D\nparameters: {{{name}: {bound}}}\n"
    check_runs(load_scenario_text(text, folder=FOLDER))


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_parameters_may_be_at_an_end_together(end: str) -> None:
    ends = {name: getattr(row, end) for name, row in load_parameters().items()}
    content = {"name": "x", "extends": "today", "title": "T", "description": "D"}
    text = as_yaml({**content, "parameters": ends})
    check_runs(load_scenario_text(text, folder=FOLDER))


@pytest.mark.parametrize("left", [["KOR"], ["KOR", "ISL"], ["CHN", "KOR"]])
def test_one_country_may_be_left(left: list[str]) -> None:
    content = {
        "name": "x", "extends": "baseline", "title": "T", "description": "D",
        "countries": {"exclude": sorted(set(CODES) - set(left))},
    }  # fmt: skip
    scenario = load_scenario_text(as_yaml(content), folder=FOLDER)
    assert set(scenario.agents) == set(left) - {"CHN"}
    check_runs(scenario)


def test_the_documented_limits_can_be_reached() -> None:
    homes = {"us": "USA", "china": "CHN", "europe": "EU", "gulf": "GCC"}
    providers = {
        name: {
            "title": name,
            "home": home,
            "offers": {f"o{n}": {"title": "An offer"} for n in range(3)},
        }
        for name, home in homes.items()
    }
    content = {
        "name": "x", "title": "T", "description": "D", "providers": providers,
        "horizon": {"start": "2026-01", "end": "2045-12"},
    }  # fmt: skip
    scenario = load_scenario_text(as_yaml(content))
    n_paths = len(path_members({name: tuple(p.offers) for name, p in scenario.providers.items()}))
    assert (len(scenario.months), len(scenario.offers), n_paths) == (240, 12, 80)
    # The kernel counts paths in eight bits, and no other split of twelve offers makes as many.
    assert n_paths < 128
    check_runs(scenario)
