"""Two drivers, one rule: the Mesa model and the ensemble go through the very same months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import isclose

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.check import Check, CheckResult
from sim.model.layout import (
    ABANDONED,
    BUILDING,
    CONTROL_CONCEDED,
    FUND_USD_M,
    INVITATIONS_OPEN,
    INVITATIONS_SENT,
    LEFT,
    LIVE,
    MW_CONTRACTED,
    MW_LIVE,
    N_ABANDONED,
    N_BUILDING,
    N_LEFT,
    N_LIVE,
    N_SIGNED,
    N_STALLED,
    OFFER_COLUMNS,
    SIGNED,
    SLOTS_HELD,
    STAGE_NAMES,
    STALLED,
    State,
)
from sim.model.mesa_model import AlignmentModel
from sim.model.rows import Rows, draw_inputs, run_rows
from sim.model.world.building import Built, build_world
from sim.scenario import load_scenario

GROUP = "Two drivers"
SHIPPED = ("baseline", "today")
SEED, REPLICATE = 0, 5
# Sums of a month are added up in another order.
SUM_TOLERANCE = 1e-12
STAGES = {N_SIGNED: SIGNED, N_BUILDING: BUILDING, N_LIVE: LIVE, N_STALLED: STALLED}
BOOK = {
    SLOTS_HELD: "held",
    INVITATIONS_OPEN: "invitations_open",
    INVITATIONS_SENT: "invitations_sent",
}
Watch = Callable[[AlignmentModel, int], None]


def driver_differences(
    built: Built, seed: int, replicate: int, watch: Watch | None = None
) -> Iterator[str]:
    """Yield in words where a Mesa model and the same future of an ensemble differ.

    Parameters
    ----------
    built : Built
        The world.
    seed, replicate : int
        The future.
    watch : callable, optional
        Called with the model and the month's index after each month.
    """
    rows = run_rows(built, seed, draw_inputs(built, seed, [replicate]))
    path = rows.country_path[0].argmax(axis=1)
    model = AlignmentModel(built, seed, replicate)
    n_offers = len(built.axes.offer)
    gone = {column: np.zeros(n_offers) for column in (N_LEFT, N_ABANDONED)}
    for t, month in enumerate(built.axes.month):
        before = model.state.stage[:n_offers].copy()
        model.step()
        for column, stage in ((N_LEFT, LEFT), (N_ABANDONED, ABANDONED)):
            # Nobody signs in the month of a withdrawal, so the month's end shows it.
            now = (model.state.stage[:n_offers] == stage) & (before != stage)
            gone[column] += now.sum(axis=1)
        for what in (
            *_other_countries(model, rows, path[:, t], t),
            *_other_offers(model, rows, gone, t),
        ):
            yield f"{month}: {what}"
        if watch is not None:
            watch(model, t)
    yield from _at_the_end(model, rows)


def _other_countries(
    model: AlignmentModel, rows: Rows, path: NDArray[np.int64], t: int
) -> Iterator[str]:
    """Yield what differs about countries at the end of month t."""
    expected = [model.axes.path[k] for k in path]
    n = sum(agent.path != at for agent, at in zip(model.countries, expected, strict=True))
    if n:
        yield f"paths of {n} countries"
    for name in ("path_count", "path_share"):
        if not np.array_equal(getattr(model.state, name), getattr(rows, name)[0, t]):
            yield name


def _other_offers(
    model: AlignmentModel, rows: Rows, gone: Mapping[int, NDArray[np.float64]], t: int
) -> Iterator[str]:
    """Yield the columns of the record of offers that differ at the end of month t."""
    seen = [list(agent.stages.values()) for agent in model.countries]
    for o, offer in enumerate(model.axes.offer):
        book = model.state.book[o]
        counts = {column: book[name] for column, name in BOOK.items()}
        counts |= {column: many[o] for column, many in gone.items()}
        for column, stage in STAGES.items():
            counts[column] = sum(stages[o] == STAGE_NAMES[stage] for stages in seen)
        kept = rows.offer_record[0, t, o]
        wrong = [column for column, value in counts.items() if kept[column] != value]
        wrong += [
            column
            for column, value in _sums_of(model.state, o).items()
            if not isclose(kept[column], value, rel_tol=SUM_TOLERANCE, abs_tol=SUM_TOLERANCE)
        ]
        yield from (f"{OFFER_COLUMNS[column]} of {offer}" for column in wrong)


def _sums_of(state: State, o: int) -> dict[int, float]:
    """Return by column the sums over the commitments to an offer that stand."""
    active = np.flatnonzero(np.isin(state.stage[o], [*STAGES.values()]))
    deal = state.deal[active, o]
    return {
        MW_CONTRACTED: float(deal["mw"].sum()),
        MW_LIVE: float(deal["mw"][state.stage[o, active] == LIVE].sum()),
        FUND_USD_M: float(deal["fund_usd_m"].sum()),
        CONTROL_CONCEDED: float((deal["conceded"] / max(1, len(deal))).sum()),
    }


def _at_the_end(model: AlignmentModel, rows: Rows) -> Iterator[str]:
    if model.running:
        yield "the model runs on"
    deal = model.state.deal[:, :-1]
    for name in ("month_invited", "month_signed"):
        if not np.array_equal(deal[name], getattr(rows, name)[0]):
            yield name
    if not np.array_equal(model.state.position["path"], rows.final_path[0]):
        yield "final_path"


def _shipped(name: str) -> CheckResult:
    built = build_world(load_scenario(name))
    found = [*driver_differences(built, SEED, REPLICATE)]
    shown = found[0] if found else "none"
    if len(found) > 1:
        shown = f"{shown}, and {len(found) - 1:,} more"
    return CheckResult("no difference", shown, float(len(found)))


CHECKS = tuple(
    Check(
        f"two-drivers-{name}",
        GROUP,
        f"future {REPLICATE} of {name}, Mesa model against ensemble",
        "docs/model.md",
        partial(_shipped, name),
    )
    for name in SHIPPED
)
