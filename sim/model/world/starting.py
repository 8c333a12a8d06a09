"""The record at the start: who is committed to what, and whom a provider has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model import layout
from sim.scenario.months import month_number
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.axes import Axes
    from sim.scenario import Scenario

_STAGES = {
    "signed": layout.SIGNED,
    "building": layout.BUILDING,
    "live": layout.LIVE,
    "stalled": layout.STALLED,
}


@dataclass(frozen=True)
class Start:
    """Initial path of each country (n,) and its dealings with each offer (n, O + 1)."""

    path: NDArray[np.int64]
    deal: NDArray[Any]


def build_start(
    scenario: Scenario,
    axes: Axes,
    path_offer: NDArray[np.int64],
    offer: NDArray[Any],
) -> Start:
    """Return where each country stands at the start, by the scenario's record and rules."""
    n, n_offers = len(axes.country), len(axes.offer)
    first = month_number(axes.month[0])
    deal = np.zeros((n, n_offers + 1), layout.START_DTYPE)
    for o, terms in enumerate(scenario.offers.values()):
        deal["is_excluded"][:, o] = [not terms.is_open_to(code) for code in axes.country]
    for ended in scenario.initial.withdrawals:
        i = axes.country.index(ended.country)
        o = axes.offer.index(offer_id(ended.offer))
        deal["stage"][i, o] = layout.ABANDONED if ended.by == "supplier" else layout.LEFT
        closed = month_number(ended.date) + 1 + int(offer["cooldown_months"][o]) - first
        deal["closed_until"][i, o] = max(0, closed)
    held: dict[int, list[int]] = {}
    for made in scenario.initial.commitments:
        i = axes.country.index(made.country)
        o = axes.offer.index(offer_id(made.offer))
        deal["stage"][i, o] = _STAGES[made.stage]
        if made.stage in ("building", "stalled"):
            deal["months_since"][i, o] = first - month_number(made.signed)
        held.setdefault(i, []).append(o)
    path = np.zeros(n, np.int64)
    members = [tuple(sorted(o for o in row if o >= 0)) for row in path_offer.tolist()]
    for i, offers in held.items():
        path[i] = members.index(tuple(sorted(offers)))
    return Start(path, deal)
