"""Books balance in every month of every future: countries, shares, places, invitations."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import as_int, scenarios, seeds
from sim.model.layout import OFFER_COLUMNS, SET_OFFER
from sim.model.places import records_of
from sim.model.record import Record
from sim.model.rows import draw_inputs
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario, numeric_fields
from sim.scenario.schema.offers import Offer
from tolerances import ROUNDING
from worlds import active_events, month_paths, run_futures

FUTURES = 3
SLOTS = numeric_fields(Offer).index("slots")


def column(record: Record, name: str) -> np.ndarray:
    """Return a column of the offer record, (R, T, O)."""
    return record.offer[..., OFFER_COLUMNS.index(name)]


def standing(record: Record) -> np.ndarray:
    """Return commitments that stand at each month's end, (R, T, O)."""
    names = ("n_signed", "n_building", "n_live", "n_stalled")
    return as_int(sum(column(record, name) for name in names))


def slots_by_month(built: Built, seed: int) -> np.ndarray:
    """Return the places each offer has in each month, (R, T, O)."""
    records = records_of(built, draw_inputs(built, seed, range(FUTURES)), slice(None))
    slots = np.repeat(records.offer["slots"][:, None, :], built.world.n_months, axis=1)
    active = active_events(built, seed, range(FUTURES))
    for e, event in enumerate(built.world.event):
        if event["kind"] == SET_OFFER and event["column"] == SLOTS:
            happens = active[:, e]
            slots[happens, event["month"] :, event["row"]] = event["value"]
    return slots


def no_offer_has_more_partners_than_places(built: Built, seed: int, record: Record) -> None:
    held = as_int(column(record, "n_slots_held"))
    made = standing(record)
    invited = as_int(column(record, "n_invitations_open"))
    is_open = built.offer["open_enrolment"] > 0.5
    # A place is held by a commitment or by an open invitation; open offers have none.
    np.testing.assert_array_equal(held, np.where(is_open, 0, made + invited))
    places = slots_by_month(built, seed)
    at_start = (built.world.start["stage"][:, :-1] != 0).sum(axis=0)
    before = np.concatenate(
        [np.broadcast_to(at_start, (FUTURES, 1, at_start.size)), made[:, :-1]], axis=1
    )
    # Where an event takes places away, commitments stand, and nobody new comes in.
    assert (held <= np.maximum(places, before)).all()
    crowded = (held > places) & ~is_open
    assert (held <= before)[crowded].all()
    assert (invited == 0)[crowded].all()


def every_country_is_on_one_path_and_every_commitment_on_its_path(
    built: Built, seed: int, record: Record
) -> None:
    world = built.world
    n = len(built.axes.country)
    assert (record.path_count.sum(axis=2) == n).all()
    assert (record.country_path.sum(axis=1) == FUTURES).all()
    np.testing.assert_array_equal(record.country_path.sum(axis=0).T, record.path_count.sum(axis=0))
    holds = np.array([[o in row for o in range(world.offer.size)] for row in world.path_offer])
    np.testing.assert_array_equal(record.path_count @ holds, standing(record))
    # Shares are whole multiples of a quantum: sums are exact in any order.
    np.testing.assert_array_equal(
        record.path_share.sum(axis=2),
        np.broadcast_to(world.share.sum(axis=0), (FUTURES, world.n_months, 3)),
    )
    final = np.stack([month_paths(built, seed, r)[-1] for r in range(FUTURES)])
    np.testing.assert_array_equal(record.final_path, final)


def sums_and_moves_follow_from_the_paths(built: Built, seed: int) -> None:
    world = built.world
    record = run_futures(built, seed, [1])
    paths = month_paths(built, seed, 1)
    shares = np.zeros_like(record.path_share[0])
    for t in range(world.n_months):
        np.add.at(shares[t], paths[t], world.share)
    np.testing.assert_array_equal(record.path_share[0], shares)
    contracted = column(record, "contracted_mw")
    assert (column(record, "live_mw") <= contracted).all()
    as_int(contracted)
    conceded = column(record, "mean_control_conceded_share")
    assert ((conceded >= 0) & (conceded <= 1 + ROUNDING)).all()
    sent = column(record, "n_invitations_sent")
    assert (np.diff(sent, axis=1) >= 0).all()
    # Observed moves between month ends; within a month a country can sign and be abandoned too.
    both_ways = np.zeros_like(record.transition[0])
    whole = np.vstack([world.country["initial_path"], paths])
    np.add.at(both_ways, (whole[:-1].ravel(), whole[1:].ravel()), 1)
    net = both_ways - both_ways.T
    flow = record.transition[0] - record.transition[0].T
    np.testing.assert_array_equal(flow.sum(axis=1), net.sum(axis=1))
    assert (np.diag(record.transition[0]) == 0).all()


def signatures_follow_invitations_and_rules(built: Built, seed: int, replicate: int) -> None:
    record = run_futures(built, seed, [replicate])
    signed, invited = record.month_signed[0], record.month_invited[0]
    at_start = built.world.start["stage"][:, :-1]
    was_committed = (at_start >= 1) & (at_start <= 4)
    fresh = (signed >= 0) & ~was_committed
    # Who signs has been invited, in the same month or before, and the offer was open.
    assert (invited[fresh] >= 0).all()
    assert (signed[fresh] >= invited[fresh]).all()
    opening = np.broadcast_to(built.world.offer["opening"], invited.shape)
    assert (invited[invited >= 0] >= opening[invited >= 0]).all()
    assert (signed[was_committed] == 0).all()
    excluded = built.world.start["is_excluded"][:, :-1] == 1
    assert (invited[excluded] == -1).all()


@settings(max_examples=60)
@given(scenarios(), seeds, st.integers(0, 3))
def test_books_balance(scenario: Scenario, seed: int, replicate: int) -> None:
    built = build_world(scenario)
    record = run_futures(built, seed, range(FUTURES))
    no_offer_has_more_partners_than_places(built, seed, record)
    every_country_is_on_one_path_and_every_commitment_on_its_path(built, seed, record)
    sums_and_moves_follow_from_the_paths(built, seed)
    signatures_follow_invitations_and_rules(built, seed, replicate)
