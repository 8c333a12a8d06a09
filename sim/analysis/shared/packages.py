"""What an offer brings to each country that takes it, and what that costs the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.drawn import Drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.places import RowInputs
    from sim.model.world.building import Built

    Values = NDArray[np.float64]


@dataclass(frozen=True)
class Packages:
    """What an offer brings to each country that takes it, in each future.

    Parameters
    ----------
    size_mw : ndarray, shape (R, n)
        Data centre that the country takes, by the terms at the start.
    bill_usd_m : ndarray, shape (R, n)
        What the provider pays for it, USD million: its share of the capital (megawatts times
        ``capex_usd_m_per_mw``) and of the fund.
    """

    size_mw: Values
    bill_usd_m: Values

    def repeated(self, times: int) -> Packages:
        """Return the same with each future several times, one after another."""
        return Packages(
            np.repeat(self.size_mw, times, axis=0), np.repeat(self.bill_usd_m, times, axis=0)
        )


def packages(built: Built, o: int, seed: int, inputs: RowInputs) -> Packages:
    """Return what offer `o` brings to each country in some futures.

    Parameters
    ----------
    built : Built
    o : int
        Index of the offer.
    seed : int
    inputs : RowInputs
        The numbers of each future, R of them.
    """
    shape = (inputs.replicate.size, len(built.axes.country))
    size, bill = np.zeros(shape), np.zeros(shape)
    for r, (draw, state) in enumerate(Drawn(built, seed, inputs).started()):
        offer: Any = draw.offer[o]
        size[r] = state.offer_mw[o]
        capital = size[r] * draw.weight["capex_usd_m_per_mw"] + offer["fund_usd_m"]
        bill[r] = (1.0 - offer["cost_share"]) * capital
    return Packages(size, bill)
