"""Sovereignty concern: shocks where they strike, spill-over along peers, and forgetting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model.layout import LIVE, STALLED
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built
from tolerances import ROUNDING
from worlds import commit, make_world, offer, provider, strike, write_scenario

BASE = 0.4
# Country 0 is watched by 1 alone and by half of 2's attention; 3 watches nobody it knows of.
WATCHED = np.array(
    [
        [0.0, 1.0, 0.5, 0.0],
        [0.0, 0.0, 0.5, 1.0],
        [1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0],
    ]
)


def shaken(size: float, struck: list[float], months: int = 40, **weights: float) -> Built:
    """Return four countries under two providers, the first of whom is shaken in month 1."""
    event = {"date": "2026-02", "title": "cut", "shock": {"provider": "alpha", "size": size}}
    blocks = [provider(0, offer(intercept=-20)), provider(1, offer(intercept=-20))]
    scenario = write_scenario(
        blocks, months, {"concern_half_life_months": 6.0, "w_own_cost": 20.0} | weights,
        events=[event],
    )  # fmt: skip
    return strike(make_world(scenario, 4, WATCHED, base_concern=BASE), np.array(struck))


def concern_by_month(built: Built) -> np.ndarray:
    """Return concern about each provider at each month's end, (T, n, P)."""
    model = AlignmentModel(built)
    kept = []
    for _ in range(built.world.n_months):
        model.step()
        kept.append([list(agent.concern.values()) for agent in model.countries])
    return np.array(kept)


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=ROUNDING)


def test_a_shock_raises_concern_by_its_size_where_it_strikes_and_spills_to_those_who_watch() -> (
    None
):
    concern = concern_by_month(shaken(0.8, [1, 0, 0, 0], concern_spill=0.25))
    close(concern[0], BASE)
    # One month of forgetting has passed by the end of the month of the shock.
    kept = 0.5 ** (1 / 6)
    close(concern[1, :, 0], BASE + kept * 0.8 * np.array([1, 0.25, 0.125, 0]))
    close(concern[..., 1], BASE)


def test_concern_halves_its_distance_in_its_half_life() -> None:
    concern = concern_by_month(shaken(0.8, [1, 0, 0, 0]))[:, 0, 0] - BASE
    months = np.arange(concern.size - 1) + 1
    close(concern[1:], 0.8 * 0.5 ** (months / 6))
    close(concern[7:], 0.5 * concern[1:-6])


def test_those_who_are_struck_feel_their_peers_too() -> None:
    concern = concern_by_month(shaken(0.8, [1, 1, 0, 0], concern_spill=0.5))
    kept = 0.5 ** (1 / 6)
    felt = np.array([1.0, 1 + 0.5 * 1.0, 0.5 * (0.5 + 0.5), 0.5 * 1.0])
    close(concern[1, :, 0], BASE + kept * 0.8 * felt)


@pytest.mark.parametrize(("size", "left"), [(-0.1, 0.3), (-5.0, 0.0)])
def test_good_news_lowers_concern_but_not_below_nothing(size: float, left: float) -> None:
    concern = concern_by_month(shaken(size, [1, 1, 1, 1]))
    kept = 0.5 ** (1 / 6)
    close(concern[1, :, 0], BASE + kept * (left - BASE))
    assert (np.diff(concern[1:, 0, 0]) > 0).all()


def abandoned(stage: int, **weights: float) -> Built:
    """Return four countries of whom the supplier leaves the first in the first month."""
    rates = {
        "supplier_exit_rate": 1.0, "reversal_shock": 0.5, "concern_spill": 0.25,
        "review_rate": 0.0, "concern_half_life_months": 6.0,
    }  # fmt: skip
    blocks = [provider(0, offer(cooldown_months=12)), provider(1, offer())]
    built = make_world(write_scenario(blocks, 3, rates | weights), 4, WATCHED, base_concern=BASE)
    commit(built, [0], 0, stage)
    return built


def test_a_supplier_who_leaves_is_remembered_where_it_left_and_by_those_who_watched() -> None:
    built = abandoned(STALLED)
    concern = concern_by_month(built)
    felt = np.array([1.0, 0.25, 0.125, 0.0])
    close(concern[0, :, 0], BASE + 0.5 * felt)
    # Once, and then it is forgotten like any shock.
    close(concern[1, :, 0], BASE + 0.5 * felt * 0.5 ** (1 / 6))
    close(concern[..., 1], BASE)
    model = AlignmentModel(built)
    model.step()
    agent = next(iter(model.countries))
    assert (agent.path, agent.stages) == ("uncommitted", {"alpha_a": "abandoned", "beta_a": "none"})
    # It has no invitation again before the cooldown is over.
    for _ in range(2):
        model.step()
        assert agent.invitations == ["beta_a"]


def test_what_is_live_is_not_abandoned() -> None:
    close(concern_by_month(abandoned(LIVE)), BASE)


def test_two_suppliers_who_leave_at_once_are_both_remembered() -> None:
    built = abandoned(STALLED)
    built.world.start["stage"][0, 1] = STALLED
    built.world.country["initial_path"][0] = built.axes.path.index("beta_a_and_alpha_a")
    concern = concern_by_month(built)
    felt = np.array([1.0, 0.25, 0.125, 0.0])
    close(concern[0], BASE + 0.5 * np.stack([felt, felt], axis=1))
