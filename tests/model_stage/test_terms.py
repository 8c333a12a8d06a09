"""Each term of utility against a sum done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.model.layout import BUILDING, LIVE, SIGNED, STALLED, Draw, State
from sim.model.mechanism import entries
from sim.model.mechanism.terms import N_TERMS, TERM_NAMES
from sim.model.world.building import Built
from tolerances import ROUNDING
from worlds import commit, make_world, offer, provider, start_future, write_scenario

UNCOMMITTED, OWN, FIRST, SECOND, BOTH = range(5)


def term(
    name: str, built: Built, draw: Draw, state: State, path: int, month: int = 0, country: int = 0
) -> float:
    """Return one term of the utility of a path."""
    out = np.zeros(N_TERMS)
    entries.explain(built.world, draw, state, country, path, month, out)
    return float(out[TERM_NAMES.index(name)])


def by_path(name: str, built: Built, month: int = 0, country: int = 0) -> list[float]:
    """Return one term of every path at the start, sovereign AI beside a partner left out."""
    draw, state = start_future(built)
    world = built.world
    kept = np.flatnonzero((world.path_own == 0) | (world.path_size == 1))
    return [term(name, built, draw, state, k, month, country) for k in kept.tolist()]


def two_rivals(
    first: dict[str, Any], second: dict[str, Any], weights: Mapping[str, float], **facts: Any
) -> Built:
    """Return one country between two providers; paths are those named on top of this file."""
    one, other = first.pop("by", {}), second.pop("by", {})
    blocks = [provider(0, offer(**first), **one), provider(1, offer(**second), **other)]
    return make_world(write_scenario(blocks, 36, weights), 1, **facts)


def approx(values: list[float]) -> Any:
    return pytest.approx(values, rel=ROUNDING)


def test_gain() -> None:
    package = {
        "data_centre_mw_min": 200, "data_centre_mw_max": 1000, "fund_usd_m": 50,
        "assistant": 0.8, "safety": 0.5, "chips": 0.5,
    }  # fmt: skip
    weights = {
        "w_data_centre": 2, "w_fund": 1, "w_assistant": 0.5, "w_safety": 0.4, "w_chips": 3,
        "w_own_stack": 3, "readiness_exponent": 0.5, "fund_gdp_share": 0.001, "overlap": 0.5,
    }  # fmt: skip
    built = two_rivals(
        package | {"by": {"chip_access_tier_2": 0.4}}, {"assistant": 1}, weights,
        readiness=0.25, capability=0.25, headroom_mw=300.9, need_mw=150.0, gdp_usd_m=1e5,
        chip_tier=2.0,
    )  # fmt: skip
    # Readiness 0.25**0.5 = 0.5 scales everything. 300 of the 200 to 1000 MW, twice the need:
    # 1 - e^-2 of 2, and of chips 3 x 0.5 x 0.4. A fund of 50 on a scale of 0.001 x 100,000 = 100:
    # 1 - e^-0.5. Assistant 0.5 x 0.8 x 0.75, safety 0.4 x 0.5.
    first = 0.5 * ((2 + 0.6) * 0.8646647167633873 + 0.3934693402873666 + 0.3 + 0.2)
    second = 0.5 * 0.5 * 0.75
    own = 3 * 0.5 * 0.25
    assert by_path("gain", built) == approx([0, own, first, second, first + second / 2])


def contracted_mw(sized: dict[str, Any], weights: Mapping[str, float], **facts: Any) -> float:
    """Return the data centre of a country that is on record with the offer."""
    built = two_rivals(dict(sized), {}, weights, **facts)
    commit(built, [0], 0, SIGNED)
    return float(start_future(built)[1].deal["mw"][0, 0])


@pytest.mark.parametrize(
    ("need", "headroom", "built_mw"),
    [
        (200, 5000, 400),  # twice its need
        (320.4, 5000, 640),  # in whole megawatts
        (320, 300.9, 300),  # what its power bears
        (30, 5000, 200),  # the smallest on offer
        (320, 1, 200),  # the same where power is short: it will wait for it
        (800, 5000, 1000),  # the largest on offer
    ],
)
def test_a_data_centre_fits_need_and_power_within_the_offer(
    need: float, headroom: float, built_mw: float
) -> None:
    sized = {"data_centre_mw_min": 200, "data_centre_mw_max": 1000}
    weights = {"data_centre_per_need": 2.0}
    assert contracted_mw(sized, weights, need_mw=need, headroom_mw=headroom) == built_mw


@pytest.mark.parametrize(
    ("asked", "built_mw"),
    [
        (0.0, 200),  # twice its need where the provider pays
        (0.1, 200),  # the 200th megawatt gives 0.01 e^-2 = 0.00135 and costs 0.001
        (0.5, 69),  # 0.01 e^(-mw / 100) falls to 0.005 at 69.3
        (1.0, 0),  # the first gives 0.01, which is what it costs
    ],
)
def test_nobody_takes_megawatts_that_cost_more_than_they_give(
    asked: float, built_mw: float
) -> None:
    sized = {"data_centre_mw_max": 1000, "cost_share": asked}
    weights = {
        "data_centre_per_need": 2.0, "w_data_centre": 1.0, "w_cost": 1.0, "capex_usd_m_per_mw": 100,
    }  # fmt: skip
    assert contracted_mw(sized, weights, need_mw=100.0, gdp_usd_m=1e4) == built_mw


@pytest.mark.parametrize(("tier", "access"), [(1, 0.9), (2, 0.5), (3, 0.125)])
def test_chips_are_licensed_by_tier(tier: int, access: float) -> None:
    licensed = {"chip_access_tier_1": 0.9, "chip_access_tier_2": 0.5, "chip_access_tier_3": 0.125}
    sized = {"data_centre_mw_min": 300, "data_centre_mw_max": 300}
    weights = {"w_chips": 1.0, "w_data_centre": 0.0}
    facts = {"chip_tier": tier, "need_mw": 300.0, "headroom_mw": 300.0}
    built = two_rivals({"chips": 1, "by": licensed} | sized, {"chips": 1}, weights, **facts)
    # A data centre of the size of the need meets 1 - e^-1 of it.
    assert by_path("gain", built)[FIRST] == pytest.approx(access * 0.6321205588285577, rel=ROUNDING)
    # Without one there are no chips.
    assert by_path("gain", built)[SECOND] == 0.0


def test_cost() -> None:
    asked = {
        "data_centre_mw_min": 300,
        "data_centre_mw_max": 300,
        "fund_usd_m": 50,
        "cost_share": 0.2,
    }
    weights = {"w_cost": 10, "w_own_cost": 2, "capex_usd_m_per_mw": 50,
               "own_cost_scale_relief": 0.5}  # fmt: skip
    built = two_rivals(
        asked, {"cost_share": 1, "fund_usd_m": 1000}, weights,
        gdp_usd_m=1e5, capability=0.25, gdp_rank=0.4,
    )  # fmt: skip
    # A fifth of 300 x 50 + 50 = 15,050 is 0.0301 of GDP; the other asks 0.01 of it. Sovereign AI
    # costs 2 x 0.75 x (1 - 0.5 x 0.4).
    assert by_path("cost", built) == approx([0, -1.2, -0.301, -0.1, -0.401])


@pytest.mark.parametrize(("shift", "agreement"), [(0.0, 0.5), (0.3, 0.8), (0.8, 1.0), (-0.9, 0.0)])
def test_affinity(shift: float, agreement: float) -> None:
    event = {
        "date": "2026-01",
        "title": "an election",
        "affinity_shift": {"provider": "alpha", "size": shift},
    }
    weights = {"w_affinity": 2, "w_ally": 1.5, "w_tie": 0.5, "w_record": 1.0, "w_dispute": 2.0}
    blocks = [provider(0, offer(), backing=0.5), provider(1, offer(), backing=1)]
    facts = {
        "affinity": [[0.5, 0.25]], "ally": [[0.6, 0.0]], "tie": [[0.8, 0.2]],
        "record": [[0.3, 0.6]], "dispute": [[0.0, 0.3]],
    }  # fmt: skip
    built = make_world(write_scenario(blocks, 3, weights, events=[event]), 1, relation=facts)
    draw, state = start_future(built)
    entries.apply_events(built.world, draw, state, 0)
    # Security tie 1.5 x 0.6 x 0.5, corporate tie 0.5 x 0.8, record 0.3; the other
    # 2 x 0.25 + 0.5 x 0.2 + 0.6, and a dispute of 2 x 0.3.
    first = 2 * agreement + 0.45 + 0.4 + 0.3
    second = 0.6 + 0.6 - 0.6
    found = [term("affinity", built, draw, state, k) for k in range(5)]
    assert found == approx([0, 0, first, second, (first + second) / 2])


def test_retaliation() -> None:
    chips = {"chip_access_tier_2": 0.6, "chip_lead": 0.7}
    blocks = [
        provider(0, offer(exclusivity=0.25, visibility=0.5), pressure=0.6),
        provider(1, offer(exclusivity=0.5, visibility=1), pressure=0.4, **chips),
        provider(2, pressure=0.8),
    ]
    weights = {"w_withheld_trade": 2, "w_withheld_security": 0.5, "w_withheld_chips": 4,
               "readiness_exponent": 2}  # fmt: skip
    built = make_world(
        write_scenario(blocks, 3, weights), 1, readiness=0.5, chip_tier=2,
        relation={"exposure": [[0.5, 0.3, 0.1]], "ally": [[0.4, 0.0, 0.2]]},
    )  # fmt: skip
    # Trade, security, and chips that are licensed, of use, and not to be had elsewhere.
    leverage = [2 * 0.5 + 0.5 * 0.4, 2 * 0.3 + 4 * 0.5**2 * 0.6 * 0.7, 2 * 0.1 + 0.5 * 0.2]
    # Alone with the first, seen by half: the second and the third press.
    first = -0.5 * (0.4 * leverage[1] + 0.8 * leverage[2])
    second = -1.0 * (0.6 * leverage[0] + 0.8 * leverage[2])
    # Nobody forgives the one partner for the sake of the other.
    assert by_path("retaliation", built) == approx([0, 0, first, second, first + second])


def test_condition() -> None:
    built = two_rivals(
        {"democracy_floor": 0.5}, {"democracy_floor": 0.375, "democracy_strictness": 3},
        {"w_condition": 0.3}, democracy=0.25,
    )  # fmt: skip
    # Short by two and by one units of 0.125, of which the second offer makes thrice as much.
    assert by_path("condition", built) == approx([0, 0, -0.6, -0.9, -1.5])
    above = two_rivals({"democracy_floor": 0.5}, {}, {"w_condition": 0.3}, democracy=0.5)
    assert by_path("condition", above) == [0] * 5


def test_intercept_and_coordination() -> None:
    built = two_rivals({"intercept": 1.5}, {"intercept": -0.5}, {"w_hedge": 0.75})
    assert by_path("intercept", built) == [0, 0, 1.5, -0.5, 1.0]
    assert by_path("coordination", built) == [0, 0, 0, 0, -0.75]


@pytest.mark.parametrize(
    ("one", "other", "burden"),
    [(0, 0.5, 1.5), (0.5, 0.2, 1.5), (0.75, 0.75, 3.0), (0.9, 0, 7.5), (1, 0, 15.0)],
)
def test_the_burden_of_two_grows_with_the_exclusivity_that_either_asks(
    one: float, other: float, burden: float
) -> None:
    built = two_rivals({"exclusivity": one}, {"exclusivity": other}, {"w_hedge": 0.75})
    # What freedom is left divides 0.75: by a half, a quarter, a tenth; at least by a twentieth.
    assert by_path("coordination", built) == approx([0, 0, 0, 0, -burden])


def test_peers() -> None:
    influence = np.array([[0, 0, 0], [0.75, 0, 0], [0.25, 0, 0]])
    blocks = [provider(0, offer()), provider(1, offer())]
    built = make_world(write_scenario(blocks, 3, {"w_peer": 2, "overlap": 0.5}), 3, influence)
    commit(built, [1], 0, LIVE)
    commit(built, [2], 1, SIGNED)
    # Three quarters of the peers are with the first, a quarter with the second.
    assert by_path("peers", built) == [0, 0, 1.5, 0.5, 2 * (0.75 + 0.125)]
    assert by_path("peers", built, country=1) == [0] * 5


@pytest.mark.parametrize(("hedge", "relief"), [(20.0, 0.4), (0.4, 0.4), (0.3, 0.3), (0.0, 0.0)])
def test_sovereignty(hedge: float, relief: float) -> None:
    built = two_rivals(
        {"dependence": 0.5, "local_control": 0.2, "by": {"linkage": 0.5}},
        {"local_control": 0.75, "exclusivity": 0.5},
        {
            "w_sovereignty": 10,
            "linkage_gain": 1,
            "exclusivity_gain": 2,
            "hedge_relief": 0.25,
            "w_hedge": hedge / 2,
        },
        base_concern=0.4,
        relation={"distrust": [[0.25, 0.5]]},
    )
    # 0.4 x 0.5 x 0.8 x 1.5 x 0.25 = 0.06 and 0.4 x 0.25 x 2 x 0.5 = 0.1, doubled by exclusivity;
    # two partners take a quarter off both, but no more than what two partners cost.
    assert by_path("sovereignty", built) == approx([0, 0, -0.6, -1.0, -1.6 + relief])


@pytest.mark.parametrize(("conceded", "left"), [(0.3, 0.5), (0.8, 0.0), (1.0, 0.0)])
def test_control_that_was_conceded_counts_up_to_the_whole(conceded: float, left: float) -> None:
    built = two_rivals(
        {"local_control": 0.2}, {}, {"w_sovereignty": 1}, base_concern=1.0,
        relation={"distrust": 1.0},
    )  # fmt: skip
    draw, state = start_future(built)
    state.deal["conceded"][0, 0] = conceded
    assert term("sovereignty", built, draw, state, FIRST) == pytest.approx(-left, abs=ROUNDING)
    assert term("sovereignty", built, draw, state, SECOND) == -1.0


@pytest.mark.parametrize(
    ("stage", "tau"), [(SIGNED, 0.25), (BUILDING, 0.5), (LIVE, 1.0), (STALLED, 0.25)]
)
def test_switching(stage: int, tau: float) -> None:
    blocks = [provider(0, offer(), offer()), provider(1, offer())]
    weights = {
        "tau_signed": 0.25, "tau_building": 0.5, "tau_live": 1.0, "switching_within_provider": 0.2
    }  # fmt: skip
    built = make_world(write_scenario(blocks, 3, weights), 1)
    commit(built, [0], 0, stage)
    assert built.axes.path == (
        "uncommitted", "sovereign", "alpha_a", "alpha_b", "beta_a", "beta_a_and_alpha_a",
        "beta_a_and_alpha_b", "alpha_a_and_sovereign", "alpha_b_and_sovereign",
        "beta_a_and_sovereign",
    )  # fmt: skip
    # Free to stay and to add; a fifth of the cost within the provider; all of it elsewhere.
    within = tau * 0.2
    assert by_path("switching", built) == approx([-tau, -tau, 0, -within, -tau, 0, -within])


def test_switching_from_two_partners_counts_both() -> None:
    weights = {"tau_signed": 0.25, "tau_live": 1.0}
    built = two_rivals({}, {}, weights)
    built.world.start["stage"][0, :2] = [LIVE, SIGNED]
    built.world.country["initial_path"] = BOTH
    assert by_path("switching", built) == approx([-1.25, -1.25, -0.25, -1.0, 0])


def test_switching_from_sovereign_ai() -> None:
    built = two_rivals({}, {}, {"tau_building": 0.5})
    built.world.start["stage"][0, 2] = BUILDING
    built.world.country["initial_path"] = built.world.sovereign
    assert by_path("switching", built) == [-0.5, 0, -0.5, -0.5, -0.5]


@pytest.mark.parametrize(("month", "value"), [(0, 2.0), (12, 1.0), (24, 0.5), (6, 2 * 0.5**0.5)])
def test_waiting(month: int, value: float) -> None:
    weights = {"w_waiting": 2, "waiting_half_life_months": 12}
    found = by_path("waiting", two_rivals({}, {}, weights), month)
    # A second partner gives up the option as the first did.
    assert found == approx([value, 0, 0, 0, -value])


def test_waiting_has_lost_value_since_the_offers_became_known() -> None:
    weights = {"w_waiting": 2, "waiting_half_life_months": 12}
    blocks = [provider(0, offer())]
    known = {"horizon": {"start": "2026-01", "end": "2026-12", "known_since": "2025-01"}}
    built = make_world(write_scenario(blocks, 12, weights, **known), 1)
    assert by_path("waiting", built) == approx([1.0, 0, 0])
    assert by_path("waiting", built, month=12) == approx([0.5, 0, 0])


def test_taste_is_the_countrys_own_and_scales() -> None:
    spreads = ("taste_sd_provider", "taste_sd_kind", "taste_sd_path")
    one, other = (two_rivals({}, {}, dict.fromkeys(spreads, sd)) for sd in (1.0, 3.0))
    drawn = by_path("taste", one)
    assert len(set(drawn)) == 5
    assert drawn[UNCOMMITTED] == 0.0
    assert drawn[BOTH] == pytest.approx(drawn[FIRST] + drawn[SECOND], rel=ROUNDING)
    assert by_path("taste", other) == approx([3 * value for value in drawn])
    assert by_path("taste", one, month=9) == drawn


@pytest.mark.parametrize(("built_mw", "cost"), [(1, 0.85), (0, 1.0)])
def test_a_stack_of_ones_own_beside_a_partner(built_mw: int, cost: float) -> None:
    licensed = {"chip_access_tier_2": 0.5}
    weights = {
        "w_own_stack": 3, "w_own_cost": 2, "own_cost_scale_relief": 0, "overlap": 0.5,
        "own_control_loss": 0.5, "own_chip_help": 0.6, "w_sovereignty": 1, "w_safety": 0.4,
        "w_hedge": 5, "w_waiting": 2, "tau_live": 1,
    }  # fmt: skip
    terms = {
        "safety": 1, "dependence": 0.5, "local_control": 0.2, "chips": 0.5, "by": licensed,
        "data_centre_mw_min": built_mw, "data_centre_mw_max": built_mw,
    }  # fmt: skip
    built = two_rivals(
        terms,
        {},
        weights,
        capability=0.5,
        base_concern=0.5,
        relation={"distrust": 1.0},
        chip_tier=2,
    )
    commit(built, [0], 0, LIVE)
    draw, state = start_future(built)
    beside = built.axes.path.index("alpha_a_and_sovereign")

    def of(name: str, path: int = beside) -> float:
        return term(name, built, draw, state, path)

    # Sovereign AI is worth 3 x 0.5, of which half of a hold of 0.5 x 0.8 is lost; the partner's 0.4
    # repeat half of it. The cost of 2 x 0.5 falls by 0.6 x 0.5 x 0.5
    # where a data centre brings the chips.
    assert of("gain") == pytest.approx(1.5 * 0.8 + 0.4 / 2, rel=ROUNDING)
    assert of("cost") == pytest.approx(-cost, rel=ROUNDING)
    # It costs what the partner costs, gives up waiting twice, and leaves nobody.
    assert of("sovereignty") == of("sovereignty", FIRST) == pytest.approx(-0.2, rel=ROUNDING)
    assert of("coordination") == 0.0
    assert of("waiting") == -2.0
    assert of("switching") == 0.0
    assert of("switching", OWN) == -1.0


def test_readiness_without_exponent_does_not_matter_and_nobody_ready_gains_nothing() -> None:
    for readiness in (0.0, 0.5):
        flat = two_rivals(
            {"safety": 1}, {}, {"w_safety": 1, "readiness_exponent": 0}, readiness=readiness
        )
        assert by_path("gain", flat)[FIRST] == 1.0
    unready = two_rivals({"safety": 1}, {}, {"w_safety": 1}, readiness=0.0)
    assert by_path("gain", unready)[FIRST] == 0.0
