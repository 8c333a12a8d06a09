"""Dated events of a scenario as rows of arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model import layout
from sim.model.machine.philox import identity
from sim.scenario import Offer, Provider, numeric_fields, split_address
from sim.scenario.months import month_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.scenario import Event, Scenario


@dataclass(frozen=True)
class Timetable:
    """The events of a scenario; one event may change several numbers, so have several rows.

    Parameters
    ----------
    event : ndarray of EVENT_DTYPE, shape (E,)
        One row a change, in the order in which they take effect.
    hit : ndarray of shape (E, n)
        1 where a country is struck by a shock or shift.
    probability : ndarray of shape (E,)
        Chance that the event of the row happens at all.
    key : ndarray of uint64, shape (E,)
        Identity of the event of the row: rows of one event happen together.
    """

    event: NDArray[Any]
    hit: NDArray[np.float64]
    probability: NDArray[np.float64]
    key: NDArray[np.uint64]


def _rows_of(
    event: Event, offer: Sequence[str], provider: Sequence[str]
) -> list[tuple[int, int, int, float]]:
    """Return kind, row, column and value of each change an event makes."""
    rows = []
    for address, value in (event.set or {}).items():
        parts = split_address(address)
        number = np.inf if value is None else float(value)
        if len(parts) == 5:
            column = numeric_fields(Offer).index(parts[4])
            row = offer.index(f"{parts[1]}_{parts[3]}")
            rows.append((layout.SET_OFFER, row, column, number))
        else:
            column = numeric_fields(Provider).index(parts[2])
            rows.append((layout.SET_PROVIDER, provider.index(parts[1]), column, number))
    if event.shock is not None:
        row = provider.index(event.shock.provider)
        rows.append((layout.SHOCK, row, -1, event.shock.size))
    if event.affinity_shift is not None:
        row = provider.index(event.affinity_shift.provider)
        rows.append((layout.AFFINITY_SHIFT, row, -1, event.affinity_shift.size))
    return rows


def _struck(event: Event, kind: int, country: Sequence[str]) -> NDArray[np.float64]:
    """Return 1 for each country that a shock or shift strikes."""
    action = {layout.SHOCK: event.shock, layout.AFFINITY_SHIFT: event.affinity_shift}.get(kind)
    if action is None:
        return np.zeros(len(country))
    if action.countries == ("all",):
        return np.ones(len(country))
    named = set(action.countries)
    return np.array([float(code in named) for code in country])


def build_timetable(
    scenario: Scenario,
    country: Sequence[str],
    offer: Sequence[str],
    provider: Sequence[str],
) -> Timetable:
    """Return the events of a scenario in the order in which they take effect."""
    first = month_number(scenario.months[0])
    rows, hits, chances, keys = [], [], [], []
    for event in scenario.events:
        for kind, row, column, value in _rows_of(event, offer, provider):
            rows.append((month_number(event.date) - first, kind, row, column, value))
            hits.append(_struck(event, kind, country))
            chances.append(event.probability)
            keys.append(identity(f"{event.date} {event.title}"))
    return Timetable(
        event=np.array(rows, layout.EVENT_DTYPE),
        hit=np.array(hits).reshape(len(rows), len(country)),
        probability=np.array(chances, np.float64),
        key=np.array(keys, np.uint64),
    )
