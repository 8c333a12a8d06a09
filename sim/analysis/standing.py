"""Where countries are in an ensemble, as the pages show it: groups of paths, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import mean_interval, quantiles
from sim.experiment.outcomes import path_membership
from sim.scenario.path_names import SOVEREIGN, TWO_PARTNERS, UNCOMMITTED
from sim.words.text import told_apart
from sim.words.titles import provider_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.model.ensemble import Ensemble

BAND = (0.05, 0.25, 0.75, 0.95)
# Enough for a smooth animation, few enough for a small message.
MOST_STEPS = 36


@dataclass(frozen=True)
class Group:
    """Paths that the map shows in one colour.

    Parameters
    ----------
    key : str
        Provider, ``two``, ``sovereign`` or ``uncommitted``.
    title : str
        The title that readers see.
    paths : tuple of int
        Indices of its paths; every path belongs to exactly one group.
    """

    key: str
    title: str
    paths: tuple[int, ...]


# Groups that belong to no single provider.
OTHER_GROUPS = {
    TWO_PARTNERS: "Two partners",
    SOVEREIGN: "Sovereign AI alone",
    UNCOMMITTED: "Waits",
}


def path_groups(ensemble: Ensemble) -> tuple[Group, ...]:
    """Return the groups: with one provider only, with two, on their own, uncommitted."""
    axes = ensemble.axes
    by_key: dict[str, list[int]] = {name: [] for name in axes.provider}
    by_key |= {name: [] for name in OTHER_GROUPS}
    for k, (path, held) in enumerate(zip(axes.path, axes.path_providers, strict=True)):
        by_key[path if not held else held[0] if len(held) == 1 else TWO_PARTNERS].append(k)
    titles = {name: f"{provider_name(ensemble.scenario, name)} only" for name in axes.provider}
    titles |= OTHER_GROUPS
    return tuple(Group(key, titles[key], tuple(paths)) for key, paths in by_key.items() if paths)


def paired_groups(a: Ensemble, b: Ensemble | None) -> tuple[tuple[Group, ...], ...]:
    """Return the groups of each side, the same in the same order; of A alone if there is no B.

    A group that only one side has contains no path in the other, and so counts as zero there.
    """
    own = path_groups(a)
    if b is None:
        return (own,)
    sides = [{group.key: group for group in groups} for groups in (own, path_groups(b))]
    known = sides[1] | sides[0]
    # Providers of two scenarios may have the same title.
    titles = told_apart({key: group.title for key, group in known.items()})
    providers = dict.fromkeys([*a.axes.provider, *b.axes.provider])
    order = [key for key in (*providers, *OTHER_GROUPS) if key in known]
    return tuple(
        tuple(Group(key, titles[key], side[key].paths if key in side else ()) for key in order)
        for side in sides
    )


def group_counts(ensemble: Ensemble, groups: Sequence[Group]) -> NDArray[np.int64]:
    """Return in how many futures each country is in each group at a month's end, (n, G, T)."""
    found = [ensemble.country_path[:, list(group.paths)].sum(axis=1) for group in groups]
    return np.stack(found, axis=1).astype(np.int64)


def final_group_counts(ensemble: Ensemble, groups: Sequence[Group]) -> NDArray[np.int64]:
    """Return in how many futures each country ends in each group, (n, G)."""
    last = ensemble.country_path[:, :, -1]
    found = [last[:, list(group.paths)].sum(axis=1) for group in groups]
    return np.stack(found, axis=1).astype(np.int64)


def shown_months(n_months: int, asked: int | None = None) -> list[int]:
    """Return the indices of the months that the map steps through, including the last.

    A month that a link asks for is among them.

    Examples
    --------
    >>> shown_months(5), len(shown_months(68)), shown_months(68)[-1]
    ([0, 1, 2, 3, 4], 34, 67)
    >>> shown_months(68, asked=8)[3:7]
    [7, 8, 9, 11]
    """
    stride = -(-n_months // MOST_STEPS)
    steps = {*range(n_months - 1, -1, -stride)}
    return sorted(steps if asked is None else {*steps, asked})


def partners_by_month(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    """Return countries committed to a provider, alone or with a second partner, (R, T)."""
    if provider not in ensemble.axes.provider:
        return np.zeros(ensemble.path_count.shape[:2], np.int64)
    member = path_membership(ensemble)[:, ensemble.axes.provider.index(provider)]
    return np.asarray(ensemble.path_count[:, :, member].sum(axis=2), np.int64)


def country_partners(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    """Return in how many futures each country is with a provider at a month's end, (n, T)."""
    counts = ensemble.country_path
    if provider not in ensemble.axes.provider:
        return np.zeros((counts.shape[0], counts.shape[2]), np.int64)
    member = path_membership(ensemble)[:, ensemble.axes.provider.index(provider)]
    return np.asarray(counts[:, member].sum(axis=1), np.int64)


@dataclass(frozen=True)
class Ribbon:
    """A number over time: mean over futures, and the range of half and of 90 % of them, (T,)."""

    mean: NDArray[np.float64]
    p05: NDArray[np.float64]
    p25: NDArray[np.float64]
    p75: NDArray[np.float64]
    p95: NDArray[np.float64]


def ribbon(values: NDArray[Any]) -> Ribbon:
    """Return the ribbon of values (R, T)."""
    return Ribbon(np.asarray(values.mean(axis=0)), *quantiles(values, BAND))


@dataclass(frozen=True)
class Count:
    """A number at the end: mean, range of 90 % of futures, and change from another run.

    ``change`` is None if nothing is compared; ``low`` and ``high`` are the 90 % confidence
    interval of the mean change. ``error`` is the Monte Carlo standard error of the mean, and
    ``change_p05`` to ``change_p95`` the range of the change in 90 % of futures.
    """

    mean: float
    p05: float
    p95: float
    change: float | None = None
    low: float = float("nan")
    high: float = float("nan")
    error: float = float("nan")
    change_p05: float = float("nan")
    change_p95: float = float("nan")

    @property
    def is_clear(self) -> bool:
        """Whether the confidence interval of the change excludes zero."""
        return self.change is not None and (self.low > 0 or self.high < 0)


def count(values: NDArray[Any], against: NDArray[Any] | None, futures_per_draw: int) -> Count:
    """Return a number of each future (R,), and its paired change from another run.

    The change is `values` minus `against`, as ``alignsim compare`` computes it.
    """
    low, high = (float(q) for q in quantiles(values, (0.05, 0.95)))
    mean = float(values.mean())
    error = float(mean_interval(values, futures_per_draw)[3])
    if against is None:
        return Count(mean, low, high, error=error)
    change, least, most, _ = mean_interval(values - against, futures_per_draw)
    ends = (float(q) for q in quantiles(values - against, (0.05, 0.95)))
    return Count(mean, low, high, float(change), float(least), float(most), error, *ends)


def final_group(ensemble: Ensemble, group: Group) -> NDArray[np.int64]:
    """Return how many countries end in a group, in each future, (R,)."""
    found = ensemble.path_count[:, -1][:, list(group.paths)].sum(axis=1)
    return np.asarray(found, np.int64)
