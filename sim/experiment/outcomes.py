"""Outcomes of a future at the horizon: counts for each provider and over all countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import (
    FUND_USD_M,
    MW_CONTRACTED,
    MW_LIVE,
    N_ABANDONED,
    N_BUILDING,
    N_LEFT,
    N_LIVE,
    N_SIGNED,
    N_STALLED,
    OFFER_COLUMNS,
)

if TYPE_CHECKING:
    from sim.model.axes import Axes
    from sim.model.rows import Futures, Rows

# Owner of a total that belongs to no single provider.
NOBODY = ""
ALL_OFFERS = "all"
AT_END, EVER = "at_end", "ever"
ACTIVE_STAGES = (N_SIGNED, N_BUILDING, N_LIVE, N_STALLED)
SHARES = ("gdp_share", "population_share", "readiness_share")
SHARE_UNITS = {
    "gdp_share": "share of world GDP 0-1",
    "population_share": "share of world population 0-1",
    "readiness_share": "share of world AI readiness 0-1",
}
# Unit and meaning of each column of the offer record; a new column falls back to its name.
MEASURES = {
    "n_invitations_open": ("countries", "countries that stand invited"),
    "n_invitations_sent": ("invitations", "invitations sent since the start"),
    "n_slots_held": ("countries", "slots held by invitations and commitments"),
    "n_signed": ("countries", "countries that have signed and not begun to build"),
    "n_building": ("countries", "countries that are building"),
    "n_live": ("countries", "countries where it is live"),
    "n_stalled": ("countries", "countries where building is stalled"),
    "n_left_by_country": (
        "withdrawals",
        "withdrawals by countries of their own accord since the start",
    ),
    "n_left_by_supplier": ("withdrawals", "withdrawals by the supplier since the start"),
    "contracted_mw": ("MW", "data-centre power of standing commitments"),
    "live_mw": ("MW", "data-centre power that is live"),
    "fund_usd_m": ("USD million", "start-up funds of standing commitments"),
    "mean_control_conceded_share": (
        "share 0-1",
        "local control conceded beyond the opening terms, mean over partners; 0 without any",
    ),
}


@dataclass(frozen=True)
class Outcome:
    """One number of each future.

    Parameters
    ----------
    provider : str
        Owner; "" for an outcome that belongs to no provider.
    name, unit : str
        What is counted, and its unit.
    values : ndarray, shape (R,)
    offer : str
        The offer it is about, as provider_offer; "" if it is about none.
    """

    provider: str
    name: str
    unit: str
    values: NDArray[Any]
    offer: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies the outcome among those of a future."""
        return self.provider, self.offer, self.name


def path_membership(futures: Futures) -> NDArray[np.bool_]:
    """Return which paths hold an offer of which provider, shape (K, P)."""
    axes = futures.axes
    return np.array([[p in held for p in axes.provider] for held in axes.path_providers], np.bool_)


def is_committed(futures: Futures, p: int) -> NDArray[np.bool_]:
    """Return whether each country ends committed to provider `p`, shape (R, n)."""
    return path_membership(futures)[:, p][futures.final_path]


def by_group(values: NDArray[Any], n_groups: int) -> NDArray[Any]:
    """Return values (R, ...) as (r, ..., G), with the futures in G groups of one size."""
    return np.moveaxis(values.reshape(n_groups, -1, *values.shape[1:]), 0, -1)


def offers_of(axes: Axes, provider: str) -> list[int]:
    """Return the indices of a provider's offers."""
    return [o for o, name in enumerate(axes.offer_provider) if name == provider]


def can_commit(rows: Rows, offers: Sequence[int]) -> NDArray[np.bool_]:
    """Return which countries at least one of the offers admits, invites or has on record, (n, G).

    For all other countries a rule decides that they do not commit.
    """
    chosen = list(offers)
    admitted = rows.eligible[:, :, chosen].any(axis=2).T
    reached = np.maximum(rows.month_invited, rows.month_signed)[:, :, chosen] >= 0
    by_chance = by_group(np.asarray(reached.any(axis=2)), rows.eligible.shape[0]).any(axis=0)
    return np.asarray(admitted | by_chance)


def _over_paths(futures: Futures, chosen: NDArray[np.bool_], provider: str) -> list[Outcome]:
    """Return the countries on the chosen paths at the horizon, and their shares of the world."""
    counted = futures.path_count[:, -1][:, chosen].sum(axis=1)
    found = [Outcome(provider, "n_countries", "countries", counted)]
    for column, name in enumerate(SHARES):
        share = futures.path_share[:, -1, :, column][:, chosen].sum(axis=1)
        found.append(Outcome(provider, name, SHARE_UNITS[name], share))
    return found


_SUMS = (
    ("contracted_mw", "MW", MW_CONTRACTED),
    ("live_mw", "MW", MW_LIVE),
    ("fund_usd_m", "USD million", FUND_USD_M),
    ("n_left_by_country", "withdrawals", N_LEFT),
    ("n_left_by_supplier", "withdrawals", N_ABANDONED),
)


def horizon_outcomes(futures: Futures) -> list[Outcome]:
    """Return the outcomes of each future at the horizon.

    For each provider: countries committed, their shares of world GDP, population and readiness,
    megawatts, funds, withdrawals. Without a provider: countries with offers of two providers.
    """
    axes = futures.axes
    member = path_membership(futures)
    last = futures.offer_record[:, -1]
    outcomes = []
    for p, provider in enumerate(axes.provider):
        outcomes += _over_paths(futures, member[:, p], provider)
        own = offers_of(axes, provider)
        for name, unit, column in _SUMS:
            outcomes.append(Outcome(provider, name, unit, last[:, own, column].sum(axis=1)))
    hedging = _over_paths(futures, member.sum(axis=1) > 1, NOBODY)
    outcomes += [Outcome(NOBODY, f"{o.name}_hedging", o.unit, o.values) for o in hedging]
    return outcomes


def path_outcomes(futures: Futures) -> list[Outcome]:
    """Return the number of countries on each path at the horizon, in each future."""
    return [
        Outcome(NOBODY, f"n_on_{path}", "countries", futures.path_count[:, -1, k])
        for k, path in enumerate(futures.axes.path)
    ]


def partner_counts(futures: Futures) -> Iterator[tuple[str, str, str, NDArray[np.int64]]]:
    """Yield provider, offer or ALL_OFFERS, when, and the number of partners of each future."""
    axes = futures.axes
    standing = futures.offer_record[:, -1][:, :, list(ACTIVE_STAGES)].sum(axis=2)
    has_signed = futures.month_signed >= 0
    for o, offer in enumerate(axes.offer):
        provider = axes.offer_provider[o]
        yield provider, offer, AT_END, standing[:, o].astype(np.int64)
        yield provider, offer, EVER, has_signed[:, :, o].sum(axis=1)
    for p, provider in enumerate(axes.provider):
        own = offers_of(axes, provider)
        yield provider, ALL_OFFERS, AT_END, is_committed(futures, p).sum(axis=1)
        yield provider, ALL_OFFERS, EVER, has_signed[:, :, own].any(axis=2).sum(axis=1)


def offer_outcomes(futures: Futures) -> list[Outcome]:
    """Return the outcomes of each future at the horizon, offer by offer.

    Partners at the end and ever, then every column of the offer record in the last month.
    """
    axes = futures.axes
    outcomes = [
        Outcome(provider, f"n_partners_{when}", "countries", counts, offer)
        for provider, offer, when, counts in partner_counts(futures)
        if offer != ALL_OFFERS
    ]
    last = futures.offer_record[:, -1]
    for o, offer in enumerate(axes.offer):
        for column, name in enumerate(OFFER_COLUMNS):
            unit, _ = MEASURES.get(name, ("", name))
            outcomes.append(Outcome(axes.offer_provider[o], name, unit, last[:, o, column], offer))
    return outcomes


def paired_outcomes(
    a: Sequence[Outcome], b: Sequence[Outcome], replicates: int
) -> Iterator[tuple[Outcome, Outcome]]:
    """Yield each outcome of the same futures in two scenarios; zero if one does not have it."""
    known = [{outcome.key: outcome for outcome in side} for side in (a, b)]
    nothing = np.zeros(replicates)
    for key in dict.fromkeys([*known[0], *known[1]]):
        missing = replace(known[0].get(key) or known[1][key], values=nothing)
        yield known[0].get(key, missing), known[1].get(key, missing)
