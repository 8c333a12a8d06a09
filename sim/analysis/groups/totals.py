"""How many members of each group of countries are with whom, and their share of the group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.standing import Count, paired_groups
from sim.analysis.summary.kinds import data_centre_paths
from sim.experiment.intervals import mean_interval, quantiles
from sim.experiment.outcomes import path_membership

if TYPE_CHECKING:
    from sim.analysis.groups.members import CountryGroup
    from sim.analysis.shown import Shown
    from sim.data import Facts
    from sim.model.ensemble import Ensemble

    Array = NDArray[np.float64]

# What is counted of members: themselves, and features of theirs.
COUNTRIES, GDP, POPULATION, READINESS = "countries", "gdp", "population", "readiness"
WEIGHTS: Mapping[str, str] = {
    COUNTRIES: "", GDP: "gdp_usd", POPULATION: "population", READINESS: "readiness",
}  # fmt: skip
# The columns of the panel behind each; an empty cell is estimated.
_BEHIND: Mapping[str, tuple[str, ...]] = {
    GDP: ("gdp_usd",),
    POPULATION: ("population",),
    READINESS: (
        "government_ai_readiness", "internet_users_share", "ai_user_share_h1_2025", "gdp_usd",
        "population",
    ),
}  # fmt: skip
# Parts of the partners of a provider.
ALL, WITH_CENTRE, LIGHT = "all", "data_centre", "light"
# Futures whose countries are looked up at once, to limit memory.
_CHUNK = 4096
_DECIMALS = 12


@dataclass(frozen=True)
class GroupTotals:
    """One group of countries at the end of a run.

    Parameters
    ----------
    group : CountryGroup
    deciding : tuple of str
        The members that decide in the scenario; shares are shares of what these have together.
    estimated : mapping of str to tuple of str
        By weight (`GDP`, `POPULATION`, `READINESS`), those of them whose figure is an estimate.
    partners : mapping
        By provider and part (`ALL`, `WITH_CENTRE`, `LIGHT`) the members that hold its offers, by
        weight: countries, or a share 0-1 of the group. A member with two partners counts with both.
    standing : mapping
        By group of paths, as in `sim.analysis.standing`, the members on them, by weight. These
        exclude each other and add up to the group.
    """

    group: CountryGroup
    deciding: tuple[str, ...]
    estimated: Mapping[str, tuple[str, ...]]
    partners: Mapping[tuple[str, str], Mapping[str, Count]]
    standing: Mapping[str, Mapping[str, Count]]


def paths_by_part(ensemble: Ensemble, provider: str) -> dict[str, NDArray[np.bool_]]:
    """Return which paths hold an offer of a provider, any, with a data centre, or without, (K,)."""
    axes = ensemble.axes
    if provider not in axes.provider:
        return {part: np.zeros(len(axes.path), np.bool_) for part in (ALL, WITH_CENTRE, LIGHT)}
    member = path_membership(ensemble)[:, axes.provider.index(provider)]
    has_centre = data_centre_paths(ensemble, provider)
    return {ALL: member, WITH_CENTRE: member & has_centre, LIGHT: member & ~has_centre}


def weights_of(ensemble: Ensemble, groups: Sequence[CountryGroup]) -> Array:
    """Return what each country counts for in each group, by weight, (n, groups, weights).

    The first weight counts countries; the others are shares of what the members that decide have
    together, NaN where that is not known or nothing.
    """
    agents = list(ensemble.axes.country)
    is_member = np.array([[code in each.members for each in groups] for code in agents], np.float64)
    found = np.empty((len(agents), len(groups), len(WEIGHTS)))
    for w, feature in enumerate(WEIGHTS.values()):
        if not feature:
            found[:, :, w] = is_member
            continue
        own = ensemble.features.country.loc[agents, feature].to_numpy(np.float64)
        amount = np.where(is_member > 0, own[:, None], 0.0)
        total = amount.sum(axis=0)
        found[:, :, w] = np.divide(
            amount, total, out=np.full_like(amount, np.nan), where=np.isfinite(total) & (total > 0)
        )
    return found


def counted_on(ensemble: Ensemble, paths: NDArray[np.bool_], weight: Array) -> Array:
    """Return what the countries on some paths at the end come to in each future.

    Parameters
    ----------
    ensemble : Ensemble
    paths : ndarray of bool, shape (K,)
    weight : ndarray, shape (n, ...)
        What each country counts for.

    Returns
    -------
    ndarray, shape (R, ...)
    """
    flat, stands = weight.reshape(weight.shape[0], -1), paths.astype(np.float64)
    rows = [
        # As numbers, since products of switches take ten times as long.
        stands[ensemble.final_path[first : first + _CHUNK]] @ flat
        for first in range(0, ensemble.replicates, _CHUNK)
    ]
    # Rounded, so that all of a group is 1 and not a little less.
    found: Array = np.round(np.concatenate(rows), _DECIMALS).astype(np.float64)
    return found.reshape(ensemble.replicates, *weight.shape[1:])


def group_totals(shown: Shown, groups: Sequence[CountryGroup]) -> tuple[GroupTotals, ...]:
    """Return the totals of groups of countries at the end of A, and their change from B.

    Parameters
    ----------
    shown : Shown
    groups : sequence of CountryGroup
    """
    ensembles = [*ensembles_of(shown).values()]
    weights = [weights_of(ensemble, groups) for ensemble in ensembles]
    own = shown.ensemble

    def counts(paths: Sequence[NDArray[np.bool_]]) -> list[dict[str, Count]]:
        """Return for each group the counts by weight of what stands on some paths of each side."""
        sides = [counted_on(*each) for each in zip(ensembles, paths, weights, strict=True)]
        found = _counts(sides, own.futures_per_draw)
        return [dict(zip(WEIGHTS, row, strict=True)) for row in found]

    partners = {
        (provider, part): counts([paths_by_part(each, provider)[part] for each in ensembles])
        for provider in provider_names(shown)
        for part in (ALL, WITH_CENTRE, LIGHT)
    }
    standing = {}
    for sides in zip(*paired_groups(own, shown.other), strict=True):
        masks = []
        for ensemble, paths in zip(ensembles, sides, strict=True):
            mask = np.zeros(len(ensemble.axes.path), np.bool_)
            mask[list(paths.paths)] = True
            masks.append(mask)
        standing[sides[0].key] = counts(masks)
    decides, estimates = {*own.axes.country}, estimated_figures(own.facts)
    found = []
    for g, group in enumerate(groups):
        deciding = tuple(code for code in group.members if code in decides)
        found.append(
            GroupTotals(
                group,
                deciding,
                {
                    weight: tuple(code for code in deciding if code in codes)
                    for weight, codes in estimates.items()
                },
                {key: each[g] for key, each in partners.items()},
                {key: each[g] for key, each in standing.items()},
            )
        )
    return tuple(found)


def _counts(sides: Sequence[Array], futures_per_draw: int) -> list[list[Count]]:
    """Return numbers of each future of A, (R, rows, columns), and their change from B, if any.

    All at once: `count` would take a thousand times as many steps for the same.
    """
    values = sides[0]
    mean, (p05, p95) = values.mean(axis=0), quantiles(values, (0.05, 0.95))
    error = mean_interval(values, futures_per_draw)[3]
    change: dict[str, Array] = {}
    if len(sides) > 1:
        found = mean_interval(values - sides[1], futures_per_draw)[:3]
        change = dict(zip(("change", "low", "high"), found, strict=True))
    return [
        [
            replace(
                Count(float(mean[at]), float(p05[at]), float(p95[at]), error=float(error[at])),
                **{name: float(each[at]) for name, each in change.items()},
            )
            for at in ((row, column) for column in range(values.shape[2]))
        ]
        for row in range(values.shape[1])
    ]


def estimated_figures(facts: Facts) -> dict[str, frozenset[str]]:
    """Return, by weight, the countries for which a figure behind it is an estimate.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> sorted(estimated_figures(load_facts())["gdp"])
    ['CUB', 'ERI', 'PRK', 'VEN']
    """
    found = {}
    for weight, columns in _BEHIND.items():
        is_estimate = facts.imputed[list(columns)].any(axis=1)
        found[weight] = frozenset(map(str, is_estimate.index[is_estimate]))
    return found
