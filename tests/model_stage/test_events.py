"""Dated events: what they set, when, for whom, and how often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.model.layout import AFFINITY_SHIFT, SET_OFFER, SET_PROVIDER, SHOCK
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import build_world
from sim.scenario import numeric_fields
from sim.scenario.schema.offers import Offer, Provider
from tolerances import SIGNIFICANCE
from worlds import (
    active_events,
    make_world,
    offer,
    provider,
    run_futures,
    slotted_offer,
    start_future,
    write_scenario,
)

N = 4000


def two_providers(events: list[dict[str, Any]], months: int = 6) -> Any:
    blocks = [provider(0, offer(), offer()), provider(1, offer())]
    return write_scenario(blocks, months, {"w_own_cost": 20.0}, events=events)


@pytest.mark.parametrize(
    "field",
    [
        f
        for f in numeric_fields(Offer)
        if not f.startswith(("data_centre", "open_enrolment", "slots"))
    ],
)
def test_an_event_sets_its_term_of_its_offer_from_its_month_on(field: str) -> None:
    value = {"democracy_floor_is_hard": True, "max_chip_tier": 1, "patience_months": 1}.get(
        field, 1
    )
    address = f"providers.alpha.offers.b.{field}"
    scenario = two_providers([{"date": "2026-03", "title": "new", "set": {address: value}}])
    model = AlignmentModel(make_world(scenario, 2))
    before = model.draw.offer[field].copy()
    model.step()
    model.step()
    np.testing.assert_array_equal(model.draw.offer[field], before)
    model.step()
    assert model.draw.offer[field].tolist() == [before[0], float(value), before[2]]
    # A future that starts anew starts from the terms of the scenario.
    draw, _ = start_future(model.built)
    np.testing.assert_array_equal(draw.offer[field], before)


@pytest.mark.parametrize("field", [f for f in numeric_fields(Provider) if f != "home_takes_part"])
def test_an_event_sets_its_term_of_its_provider(field: str) -> None:
    address = f"providers.beta.{field}"
    scenario = two_providers([{"date": "2026-01", "title": "new", "set": {address: 0.125}}])
    model = AlignmentModel(make_world(scenario, 2))
    before = model.draw.provider[field].copy()
    model.step()
    assert model.draw.provider[field].tolist() == [before[0], 0.125]


def test_later_events_of_a_month_overrule_earlier_ones_and_the_file_order_decides() -> None:
    address = "providers.alpha.linkage"
    events = [
        {"date": "2026-02", "title": "one", "set": {address: 0.25}},
        {"date": "2026-02", "title": "two", "set": {address: 0.75}},
        {"date": "2026-01", "title": "nought", "set": {address: 1.0}},
    ]
    model = AlignmentModel(make_world(two_providers(events), 1))
    seen = []
    for _ in range(3):
        model.step()
        seen.append(float(model.draw.provider["linkage"][0]))
    assert seen == [1.0, 0.75, 0.75]


def test_every_change_of_an_event_has_a_row_in_the_timetable() -> None:
    event = {
        "date": "2026-04", "title": "a turn", "probability": 0.5,
        "set": {
            "providers.alpha.offers.b.slots": None,
            "providers.beta.pressure": 0.5,
        },
        "shock": {"provider": "beta", "size": 0.25, "countries": ["NOR", "KOR"]},
        "affinity_shift": {"provider": "alpha", "size": -0.5},
    }  # fmt: skip
    scenario = two_providers([event]).with_changes(
        {"providers.alpha.offers.b.open_enrolment": False}
    )
    built = build_world(scenario)
    rows = [
        (int(r["month"]), int(r["kind"]), int(r["row"]), float(r["value"]))
        for r in built.world.event
    ]
    assert rows == [
        (3, SET_OFFER, 1, np.inf),
        (3, SET_PROVIDER, 1, 0.5),
        (3, SHOCK, 1, 0.25),
        (3, AFFINITY_SHIFT, 0, -0.5),
    ]
    struck = [set(np.array(built.axes.country)[hit > 0]) for hit in built.world.event_hit]
    assert struck == [set(), set(), {"KOR", "NOR"}, set(built.axes.country)]
    # All of an event happens, or none of it.
    active = active_events(built, 0, range(N))
    assert (active == active[:, :1]).all()
    assert stats.binomtest(int(active[:, 0].sum()), N, 0.5).pvalue > SIGNIFICANCE


def test_events_happen_independently_and_as_often_as_they_say() -> None:
    events = [
        {"date": "2026-02", "title": f"event {p}", "probability": p,
         "shock": {"provider": "alpha", "size": 0.1}}
        for p in (0.0, 0.3, 0.6, 1.0)
    ]  # fmt: skip
    built = build_world(two_providers(events))
    active = active_events(built, 0, range(N))
    often = active.sum(axis=0)
    assert often[0] == 0
    assert often[3] == N
    for column, chance in ((1, 0.3), (2, 0.6)):
        assert stats.binomtest(int(often[column]), N, chance).pvalue > SIGNIFICANCE
    both = int((active[:, 1] & active[:, 2]).sum())
    assert stats.binomtest(both, N, 0.18).pvalue > SIGNIFICANCE


def test_better_terms_by_an_event_are_felt_in_the_same_month() -> None:
    value = "providers.alpha.offers.a.intercept"
    event = {"date": "2026-03", "title": "more", "set": {value: 5}}
    blocks = [provider(0, offer(intercept=-5))]
    scenario = write_scenario(blocks, 4, {"w_own_cost": 20.0}, events=[event])
    model = AlignmentModel(make_world(scenario, 1))
    agent = next(iter(model.countries))
    seen = []
    for _ in range(4):
        model.step()
        seen.append(agent.path)
    assert seen == ["uncommitted"] * 2 + ["alpha_a"] * 2


@pytest.mark.parametrize(("backing", "first"), [(1, 0), (0, 2)])
def test_a_provider_that_changes_its_mind_ranks_countries_anew(backing: float, first: int) -> None:
    # Without government behind the offer the largest market counts for more than the allies.
    event = {"date": "2026-02", "title": "policy", "set": {"providers.alpha.backing": backing}}
    values = {"value_market": 1, "value_alignment": 1}
    block = provider(0, slotted_offer(1, open_from="2026-03"), backing=1, **values)
    weights = {"review_rate": 0.0}
    built = make_world(
        write_scenario([block], 3, weights, events=[event]), 3,
        relation={"ally": np.array([[1.0], [1.0], [0.0]])}, gdp_rank=np.array([0.5, 0.1, 0.55]),
    )  # fmt: skip
    invited = run_futures(built, 0, [0]).month_invited[0, :, 0]
    assert invited.tolist() == [2 if i == first else -1 for i in range(3)]
