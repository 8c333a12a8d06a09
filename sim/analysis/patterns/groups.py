"""Groups of countries that the patterns speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.data import Facts


def treaty_allies(
    facts: Facts, country: Sequence[str], homes: Iterable[str], as_of: str
) -> NDArray[np.bool_]:
    """Return which countries a mutual-defence treaty binds to a home in a month, shape (n,).

    Examples
    --------
    >>> from sim.data import load_facts
    >>> treaty_allies(load_facts(), ("AUS", "IND", "JPN"), ["USA"], "2025-05").tolist()
    [True, False, True]
    """
    wanted = set(homes)
    found: set[str] = set()
    for parties in facts.agreements.values():
        bound = {p.iso3 for p in parties if p.kind == "mutual_defence" and p.is_bound(as_of)}
        if bound & wanted:
            found |= bound
    return np.array([code in found - wanted for code in country], np.bool_)


def weak_and_near(
    gdp_usd: NDArray[np.float64], affinity: NDArray[np.float64], is_open: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which countries have an economy below, and an affinity above, the median, (n,).

    Medians are those of the countries to which the offer is open; no other country is in the group.

    Examples
    --------
    >>> gdp, affinity = np.array([1.0, 2.0, 8.0, 9.0]), np.array([0.9, 0.1, 0.8, 0.2])
    >>> weak_and_near(gdp, affinity, np.ones(4, bool)).tolist()
    [True, False, False, False]
    """
    is_weak = gdp_usd < np.median(gdp_usd[is_open])
    is_near = affinity > np.median(affinity[is_open])
    return np.asarray(is_open & is_weak & is_near)
