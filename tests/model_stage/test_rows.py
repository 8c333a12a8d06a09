"""Rows of futures: what is placed is what a changed scenario has, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.errors import RunError, ScenarioError
from sim.model.ensemble import Ensemble, run_ensemble
from sim.model.places import Places, locate, place, shapes_world
from sim.model.record import BY_FUTURE, SUMMED
from sim.model.rows import BLOCK, FUTURES_PER_DRAW, Rows, draw_inputs, run_rows
from sim.model.world.building import build_world
from sim.scenario import load_scenario

BASELINE = load_scenario("baseline")
BUILT = build_world(BASELINE)
PEER, LINKAGE = "parameters.w_peer", "providers.us.linkage"
SLOTS = "providers.us.offers.infrastructure.slots"
OPEN = "providers.china.offers.infrastructure.open_enrolment"
SETTINGS: list[dict[str, Any]] = [
    {PEER: 0.5, LINKAGE: 0.0, SLOTS: 3},
    {PEER: 3.0, LINKAGE: 1.0, SLOTS: None},
    {PEER: 1.25, LINKAGE: 0.5, SLOTS: 40},
]
ARRAYS = [name if name != "offer" else "offer_record" for name in (*BY_FUTURE, *SUMMED)]


def cells(settings: list[dict[str, Any]], each: int) -> NDArray[np.float64]:
    """Return the values of some settings, each `each` times; NaN for null."""
    rows = [[np.nan if v is None else float(v) for v in s.values()] for s in settings]
    return np.repeat(np.array(rows), each, axis=0)


def run_settings(settings: list[dict[str, Any]], replicates: int, **how: Any) -> Rows:
    """Return the futures of some settings, a group each."""
    inputs = draw_inputs(
        BUILT,
        1,
        np.tile(np.arange(replicates), len(settings)),
        locate(BUILT, list(settings[0])),
        cells(settings, replicates),
        np.repeat(np.arange(len(settings)), replicates),
    )
    return run_rows(BUILT, 1, inputs, **how)


def hold_equal(rows: Rows, group: int, replicates: int, ensemble: Ensemble) -> None:
    """Hold the futures of a group to those of an ensemble, byte by byte."""
    part = slice(group * replicates, (group + 1) * replicates)
    for name in ARRAYS:
        found = getattr(rows, name)
        found = found[group] if name in SUMMED else found[part]
        assert found.tobytes() == getattr(ensemble, name).tobytes(), name


# Small groups share a block, large ones are cut.
@pytest.mark.parametrize("replicates", [4, 15, BLOCK + 6])
def test_placed_rows_are_runs_of_the_changed_scenario(replicates: int) -> None:
    rows = run_settings(SETTINGS, replicates)
    for group, changes in enumerate(SETTINGS):
        changed = BASELINE.with_changes(changes)
        hold_equal(rows, group, replicates, run_ensemble(changed, replicates=replicates, seed=1))


def test_a_switch_is_placed_as_a_number() -> None:
    changes = {OPEN: True, "providers.china.offers.infrastructure.slots": None}
    rows = run_settings([changes], 4)
    hold_equal(rows, 0, 4, run_ensemble(BASELINE.with_changes(changes), replicates=4, seed=1))


def test_rows_have_the_same_bytes_on_any_number_of_workers() -> None:
    seen: list[tuple[int, int]] = []
    one = run_settings(SETTINGS, 30, workers=1, progress=lambda *at: seen.append(at))
    three = run_settings(SETTINGS, 30, workers=3)
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(three, name).tobytes(), name
    assert seen[-1] == (90, 90)
    assert seen == sorted(seen)


def test_a_row_is_a_function_of_its_values_and_its_replicate() -> None:
    places = locate(BUILT, [PEER])
    values, replicate = np.array([[0.5], [2.0], [0.5]]), [7, 3, 3]
    rows = run_rows(BUILT, 1, draw_inputs(BUILT, 1, replicate, places, values))
    for r in range(3):
        alone = draw_inputs(BUILT, 1, replicate[r : r + 1], places, values[r : r + 1])
        single = run_rows(BUILT, 1, alone)
        np.testing.assert_array_equal(rows.final_path[r], single.final_path[0])
        np.testing.assert_array_equal(rows.offer_record[r], single.offer_record[0])
    assert (rows.final_path[1] != rows.final_path[2]).any()


def test_a_caller_may_place_every_number_that_is_drawn() -> None:
    # As a posterior or a search would: the very draws of the ensemble, handed in.
    ensemble = run_ensemble(BASELINE, replicates=8, seed=1)
    places = locate(BUILT, ensemble.number_names)
    values = np.repeat(ensemble.number_draws, FUTURES_PER_DRAW, axis=0)
    rows = run_rows(BUILT, 1, place(BUILT, places, values, np.arange(8)))
    hold_equal(rows, 0, 8, ensemble)


def test_what_is_set_changes_nothing_of_what_is_drawn() -> None:
    replicate = np.arange(6)
    drawn = draw_inputs(BUILT, 4, replicate)
    fixed = draw_inputs(BUILT, 4, replicate, locate(BUILT, [LINKAGE]), np.zeros((6, 1)))
    assert (fixed.values[:, 0] == 0).all()
    for j, address in enumerate(drawn.places.address):
        if address != LINKAGE:
            k = fixed.places.address.index(address)
            np.testing.assert_array_equal(fixed.values[:, k], drawn.values[:, j])


def test_sums_can_be_left_out() -> None:
    whole, bare = run_settings(SETTINGS, 6), run_settings(SETTINGS, 6, has_sums=False)
    for name in ARRAYS:
        if name in ("country_path", "driver_sum", "decided"):
            assert getattr(bare, name).size == 0
        else:
            assert getattr(bare, name).tobytes() == getattr(whole, name).tobytes(), name


def test_rows_are_not_changed_by_running_them() -> None:
    inputs = draw_inputs(BUILT, 1, np.arange(4))
    before = inputs.values.tobytes(), BUILT.offer.tobytes(), BUILT.weight.tobytes()
    run_rows(BUILT, 1, inputs)
    assert before == (inputs.values.tobytes(), BUILT.offer.tobytes(), BUILT.weight.tobytes())


def test_an_address_that_leads_nowhere_is_told() -> None:
    with pytest.raises(ScenarioError, match="leads to no number"):
        locate(BUILT, ["providers.us.linkge"])


SHAPING: Mapping[str, bool] = {
    "parameters.exposure_unlisted": True,
    "corporate_ties.KOR.us": True,
    "providers.us.home_takes_part": True,
    PEER: False,
    OPEN: False,
    "providers.us.offers.infrastructure.cooldown_months": False,
}


@pytest.mark.parametrize("address", SHAPING)
def test_what_shapes_the_world_cannot_differ_between_rows(address: str) -> None:
    assert shapes_world(BASELINE, address) == SHAPING[address]
    if SHAPING[address]:
        with pytest.raises(RunError, match="shapes the world: build one for each"):
            locate(BUILT, [address])


def test_a_cool_down_that_runs_since_a_withdrawal_shapes_the_world() -> None:
    today = load_scenario("today")
    offers = {ended.offer for ended in today.initial.withdrawals}
    assert offers
    for offer in today.offers:
        address = f"providers.{offer.replace('.', '.offers.')}.cooldown_months"
        assert shapes_world(today, address) == (offer in offers)


NOWHERE = Places((), (), (), ())


@pytest.mark.parametrize(
    ("values", "replicate", "group", "message"),
    [
        ([[1.0]], [0, 1], None, "do not fit 2 replicates and 1 places"),
        ([[1.0, 2.0]], [0], None, "do not fit 1 replicates and 1 places"),
        ([[np.inf]], [0], None, f"row 0: {PEER} is infinite"),
        ([[1.0], [1.0]], [0, 1], [0], "groups must rise from 0"),
        ([[1.0], [1.0]], [0, 1], [1, 1], "groups must rise from 0"),
        ([[1.0], [1.0]], [0, 1], [0, 2], "leave out no number"),
        ([[1.0], [1.0], [1.0]], [0, 1, 2], [0, 1, 0], "groups must rise from 0"),
    ],
)
def test_rows_of_another_shape_are_refused(
    values: Any, replicate: Any, group: Any, message: str
) -> None:
    with pytest.raises(RunError, match=message):
        place(BUILT, locate(BUILT, [PEER]), values, replicate, group)


def test_rows_without_numbers_are_the_scenario_as_it_stands() -> None:
    fixed = BASELINE.with_changes({f"uncertainties.{a}": "fixed" for a in BASELINE.uncertainties})
    built = build_world(fixed)
    rows = run_rows(built, 1, place(built, NOWHERE, np.empty((4, 0)), np.arange(4)))
    hold_equal(rows, 0, 4, run_ensemble(fixed, replicates=4, seed=1))
