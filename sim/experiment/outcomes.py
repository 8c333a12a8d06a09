"""Outcomes of a future: what is counted for each provider, and over all, at the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import FUND_USD_M, MW_CONTRACTED, MW_LIVE, N_ABANDONED, N_LEFT

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble

# Who a total belongs to when it belongs to no single provider.
NOBODY = ""
SHARES = ("gdp_share", "population_share", "readiness_share")
SHARE_UNITS = {
    "gdp_share": "share of world GDP 0-1",
    "population_share": "share of world population 0-1",
    "readiness_share": "share of world AI readiness 0-1",
}


@dataclass(frozen=True)
class Outcome:
    """One number of each future.

    Parameters
    ----------
    provider : str
        Whose it is; "" for what belongs to none.
    name, unit : str
        What is counted, and in what.
    values : ndarray, shape (R,)
    """

    provider: str
    name: str
    unit: str
    values: NDArray[Any]


def path_membership(ensemble: Ensemble) -> NDArray[np.bool_]:
    """Return which paths hold an offer of which provider, shape (K, P)."""
    axes = ensemble.axes
    return np.array([[p in held for p in axes.provider] for held in axes.path_providers], np.bool_)


def is_committed(ensemble: Ensemble, p: int) -> NDArray[np.bool_]:
    """Return whether each country ends committed to provider `p`, shape (R, n)."""
    return path_membership(ensemble)[:, p][ensemble.final_path]


def _over_paths(ensemble: Ensemble, chosen: NDArray[np.bool_], provider: str) -> list[Outcome]:
    """Return the countries on the chosen paths at the horizon, and their shares of the world."""
    counted = ensemble.path_count[:, -1][:, chosen].sum(axis=1)
    found = [Outcome(provider, "n_countries", "countries", counted)]
    for column, name in enumerate(SHARES):
        share = ensemble.path_share[:, -1, :, column][:, chosen].sum(axis=1)
        found.append(Outcome(provider, name, SHARE_UNITS[name], share))
    return found


_SUMS = (
    ("contracted_mw", "MW", MW_CONTRACTED),
    ("live_mw", "MW", MW_LIVE),
    ("fund_usd_m", "USD million", FUND_USD_M),
    ("n_left_by_country", "countries", N_LEFT),
    ("n_left_by_supplier", "countries", N_ABANDONED),
)


def horizon_outcomes(ensemble: Ensemble) -> list[Outcome]:
    """Return what each future comes to at the horizon.

    For each provider: countries committed, their shares of world GDP, population and readiness,
    megawatts, fund, withdrawals. For none: countries that hold offers of two providers.
    """
    axes = ensemble.axes
    member = path_membership(ensemble)
    last = ensemble.offer_record[:, -1]
    outcomes = []
    for p, provider in enumerate(axes.provider):
        outcomes += _over_paths(ensemble, member[:, p], provider)
        own = [o for o, name in enumerate(axes.offer_provider) if name == provider]
        for name, unit, column in _SUMS:
            outcomes.append(Outcome(provider, name, unit, last[:, own, column].sum(axis=1)))
    hedging = _over_paths(ensemble, member.sum(axis=1) > 1, NOBODY)
    outcomes += [Outcome(NOBODY, f"{o.name}_hedging", o.unit, o.values) for o in hedging]
    return outcomes


def path_outcomes(ensemble: Ensemble) -> list[Outcome]:
    """Return the number of countries on each path at the horizon, in each future."""
    return [
        Outcome(NOBODY, f"n_on_{path}", "countries", ensemble.path_count[:, -1, k])
        for k, path in enumerate(ensemble.axes.path)
    ]
