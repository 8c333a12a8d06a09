"""A better offer draws countries and repels none, future by future."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from random_scenarios import MONTHS, contents, scenario_of, seeds
from sim.model.mechanism import entries
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import build_world
from tolerances import ROUNDING
from worlds import make_world, month_paths, offer, provider, start_future, write_scenario

# Terms of an offer and how to better them; what is better for all is monotone in every term of
# utility. A larger limit on megawatts is a matter of gain and cost: see the test of both.
BETTER = {
    "fund_usd_m": 4000.0,
    "assistant": 1.0,
    "safety": 1.0,
    "chips": 1.0,
    "local_control": 1.0,
    "intercept": 5.0,
    "dependence": 0.0,
    "cost_share": 0.0,
    "democracy_floor": 0.0,
    "visibility": 0.0,
}
TERMS = sorted(BETTER)


def acceptance(model: AlignmentModel, i: int, t: int, holds: np.ndarray) -> float:
    """Return the chance that country i takes one of the paths of `holds`, noise not yet drawn."""
    values, is_open = np.zeros(holds.size), np.zeros(holds.size, np.bool_)
    entries.fill_utilities(*model.arrays, i, t, values, is_open)
    noise = max(float(model.draw.weight["choice_noise"]), 0.25)
    chances = special.softmax(np.where(is_open, values, -np.inf) / noise)
    return float(chances[holds].sum())


@settings(max_examples=60)
@given(contents(), seeds, st.sampled_from(TERMS), st.integers(0, 8))
def test_bettering_a_term_raises_the_probabilities_and_moves_nobody_away(
    content: dict[str, Any], seed: int, term: str, month: int
) -> None:
    name = next(iter(content["providers"]))
    # What a co-investment costs grows with the fund: a better fund is one that costs nothing.
    if term == "fund_usd_m":
        content["providers"][name]["offers"]["a"]["cost_share"] = 0
        content["events"] = []
    # Bettered by an event, so that both futures have come to this month by the same steps.
    address = f"providers.{name}.offers.a.{term}"
    models = with_and_without(content, seed, month, (address, BETTER[term]))
    for model in models:
        # A democratic floor also rules who may come in; probabilities are compared with the
        # doors as they are.
        model.state.invited_since[:] = models[0].state.invited_since
    holds = (models[0].world.path_offer == 0).any(axis=1)
    for before, after, one, other in choices(models, month, holds):
        assert after >= before - ROUNDING
        # Whoever takes the offer still does, and nobody is moved to a path without it.
        assert holds[other] or other == one


def with_and_without(
    content: dict[str, Any], seed: int, month: int, *numbers: tuple[str, float]
) -> list[AlignmentModel]:
    """Return futures in a month: as it is, and with each number set by an event of that month.

    All have come there by the same steps.
    """
    changed = [
        {"date": MONTHS[month], "title": "another number", "set": {address: value}}
        for address, value in numbers
    ]
    models = [
        AlignmentModel(build_world(scenario_of(each)), seed)
        for each in (content, *(content | {"events": [*content["events"], e]} for e in changed))
    ]
    for model in models:
        for _ in range(month):
            model.step()
        entries.apply_events(*model.arrays, month)
    return models


def choices(
    models: list[AlignmentModel], month: int, holds: np.ndarray
) -> Iterator[tuple[float, float, int, int]]:
    """Yield for each country, of both futures, the chance of a path of `holds`, and its choice."""
    noise = np.zeros(holds.size)
    for i in range(len(models[0].axes.country)):
        before, after = (acceptance(model, i, month, holds) for model in models)
        entries.draw_noise(*models[0].arrays, i, month, noise)
        one, other = (entries.choose(*model.arrays, i, month, noise) for model in models)
        yield before, after, one, other


@settings(max_examples=30)
@given(contents(), seeds, st.integers(0, 8))
def test_less_linkage_moves_nobody_away_from_the_provider_and_more_pressure_nobody_to_a_rival(
    content: dict[str, Any], seed: int, month: int
) -> None:
    name = f"providers.{next(iter(content['providers']))}"
    numbers = (f"{name}.linkage", 0.0), (f"{name}.pressure", 1.0)
    as_it_is, less_linked, pressing = with_and_without(content, seed, month, *numbers)
    holds = as_it_is.world.path_provider[:, 0] == 1
    for before, after, one, other in choices([as_it_is, less_linked], month, holds):
        assert after >= before - ROUNDING
        assert holds[other] or other == one
    # Paths that hold an offer of anybody else.
    holds = (as_it_is.world.path_provider[:, 1:] == 1).any(axis=1)
    for before, after, one, other in choices([as_it_is, pressing], month, holds):
        assert after <= before + ROUNDING
        assert not holds[other] or holds[one]


N = 1500
WHOLE_RUN = {
    "choice_noise": 0.7, "taste_sd_provider": 1.0, "review_rate": 0.3, "w_own_cost": 20.0,
    "w_fund": 1.5, "w_assistant": 1.0, "w_safety": 1.0, "w_chips": 1.0, "w_cost": 1000.0,
    "w_sovereignty": 3.0, "w_condition": 1.0, "w_waiting": 1.0, "tau_signed": 0.2, "tau_live": 0.5,
}  # fmt: skip
PLAIN: dict[str, float] = {
    "fund_usd_m": 300, "assistant": 0.3, "safety": 0.3, "chips": 0.3, "local_control": 0.3,
    "cost_share": 0.5, "democracy_floor": 0.7, "lead_months": 4,
}  # fmt: skip


def committed(terms: dict[str, float], **lever: float) -> np.ndarray:
    """Return whether each country stands committed at each month's end, (T, n).

    One offer without a data centre, open to all; no peers, no concessions, no cooldown, and
    sovereign AI out of reach. Who has committed earlier is locked in at least as much, so that a
    better offer keeps at least the same countries in every month of every future.
    """
    scenario = write_scenario([provider(0, offer(**terms), **lever)], 36, WHOLE_RUN)
    rng = np.random.default_rng(5)
    built = make_world(
        scenario, N, relation={"distrust": rng.uniform(size=(N, 1))},
        base_concern=rng.uniform(size=N), democracy=rng.uniform(size=N), gdp_usd_m=500_000.0,
        capability=rng.uniform(0, 0.5, size=N), readiness=rng.uniform(0.2, 1, size=N),
    )  # fmt: skip
    paths = month_paths(built, 4, 0)
    assert (paths != 1).all()
    holds: np.ndarray = paths == 2
    return holds


@pytest.mark.parametrize(
    "lever",
    [
        {"assistant": 0.9},
        {"safety": 0.9},
        {"local_control": 0.8},
        {"cost_share": 0.1},
        {"democracy_floor": 0.2},
        {"dependence": 0.5},
        {"fund_usd_m": 900, "cost_share": 0.5 / 3},  # three times the fund at the same cost
    ],
)
def test_a_better_offer_keeps_everybody_in_every_month_of_a_run(lever: dict[str, float]) -> None:
    one, other = committed(PLAIN), committed(PLAIN | lever)
    assert not (one & ~other).any()
    assert (other & ~one).any()


def test_less_linkage_keeps_everybody_in_every_month_of_a_run() -> None:
    one, other = committed(PLAIN, linkage=0.9), committed(PLAIN, linkage=0.1)
    assert not (one & ~other).any()
    assert (other & ~one).any()


@settings(max_examples=40)
@given(
    seeds, st.floats(0, 1), st.floats(0.1, 20), st.floats(0, 1000), st.floats(0, 20),
    st.integers(0, 300), st.integers(0, 3000), st.integers(0, 3000),
)  # fmt: skip
def test_more_power_and_a_larger_limit_never_make_an_offer_worse(
    seed: int, asked: float, multiple: float, w_cost: float, w_centre: float, smallest: int,
    more: int, still_more: int,
) -> None:  # fmt: skip
    sizes = (smallest + more, smallest + more + still_more)
    terms = {"data_centre_mw_min": smallest, "cost_share": asked}
    blocks = [provider(p, offer(**terms, data_centre_mw_max=mw)) for p, mw in enumerate(sizes)]
    weights = {"data_centre_per_need": multiple, "w_cost": w_cost, "w_data_centre": w_centre}
    rng = np.random.default_rng(seed)
    n = 100
    headroom = rng.lognormal(6, 2, n)
    facts: dict[str, Any] = {
        "need_mw": rng.lognormal(3, 2, n), "gdp_usd_m": rng.lognormal(11, 2, n),
        "readiness": rng.uniform(size=n),
    }  # fmt: skip
    # The second half are the same countries with more power.
    facts = {name: np.tile(values, 2) for name, values in facts.items()}
    facts["headroom_mw"] = np.append(headroom, headroom * rng.uniform(1, 10, n))
    _, state = start_future(make_world(write_scenario(blocks, 1, weights), 2 * n, **facts))
    small, large = state.settled[:, 2], state.settled[:, 3]  # gain and cost: all else is silent
    slack = ROUNDING * (1 + np.abs(small))
    assert (large >= small - slack).all()
    assert (small[n:] >= small[:n] - slack[:n]).all()
    assert (large[n:] >= large[:n] - slack[:n]).all()


def test_a_more_local_offer_gains_partners_among_rivals() -> None:
    # With rivals, hedging and lock-in single futures can part; on average the offer gains.
    def partners(control: float) -> float:
        blocks = [
            provider(p, offer(local_control=value, data_centre_mw_max=300, chips=0.5))
            for p, value in enumerate((control, 0.4))
        ]
        weights = WHOLE_RUN | {"w_data_centre": 1.5, "w_hedge": 0.5, "w_own_cost": 1.0}
        built = make_world(
            write_scenario(blocks, 36, weights), N, relation={"distrust": 1.0}, base_concern=0.5
        )
        holds = (built.world.path_offer == 0).any(axis=1)
        return float(holds[month_paths(built, 4, 0)[-1]].mean())

    shares = [partners(control) for control in (0.0, 0.4, 0.8)]
    assert shares[0] < shares[1] < shares[2]
