"""Which inputs tell anything about a condition, each by itself, beyond chance.

A table of a hundred draws of seventy numbers always has some number whose least values happen to go
with the condition. A search over all of them follows such slices of chance and loses the real ones.
So an input is searched only if a single limit on it does better than the best single limit on any
input does where inputs and condition are unrelated (Westfall and Young 1993).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.boxes import Sample, Values
from sim.analysis.discovery.peeling import LEAST_MASS


class Screen(NamedTuple):
    """What a single limit on each input tells.

    Parameters
    ----------
    association : ndarray, shape (J,)
        The greatest that a single limit reaches, 0-1.
    p : ndarray, shape (J,)
        How often chance alone reaches it on any input, 0-1.
    threshold : float
        What chance reaches on any input with probability 0.05.
    """

    association: Values
    p: Values
    threshold: float


class _Cuts(NamedTuple):
    """The cases sorted by each input (J, n), and where a limit may lie (J, n - 1)."""

    order: NDArray[np.int64]
    is_cut: NDArray[np.bool_]


def screen_inputs(sample: Sample, resamples: int, rng: np.random.Generator, level: float) -> Screen:
    """Return what a single limit on each input tells, and how far chance goes.

    Parameters
    ----------
    sample : Sample
        The condition holds in some of the cases, not in all.
    resamples : int
    rng : numpy Generator
    level : float
        Probability of the threshold, 0-1.
    """
    cuts = _cuts_of(sample)
    found = _best(sample, cuts)
    by_chance = np.array([
        _best(_dealt(sample, rng.permutation(len(sample.share))), cuts).max()
        for _ in range(resamples)
    ])  # fmt: skip
    above = (by_chance[:, None] >= found - 1e-12).sum(axis=0)
    threshold = float(np.quantile(by_chance, 1.0 - level, method="inverted_cdf"))
    return Screen(found, (1 + above) / (1 + resamples), threshold)


def single_limits(sample: Sample) -> Values:
    """Return the greatest association that a single limit on each input reaches, 0-1, (J,)."""
    return _best(sample, _cuts_of(sample))


def _dealt(sample: Sample, order: NDArray[np.int64]) -> Sample:
    """Return the same inputs with the outcomes of other cases."""
    return sample._replace(share=sample.share[order], weight=sample.weight[order])


def _cuts_of(sample: Sample) -> _Cuts:
    columns = np.ascontiguousarray(sample.values.T)
    order = np.argsort(columns, axis=1, kind="stable")
    ranked = np.take_along_axis(columns, order, 1)
    one, next_one = ranked[:, :-1], ranked[:, 1:]
    # Nulls stand last; no limit parts them.
    return _Cuts(order, (one != next_one) & ~np.isnan(one))


def _best(sample: Sample, cuts: _Cuts) -> Values:
    """Return the greatest association over the cuts of each input; 0 where there is no cut."""
    total, held = sample.weight.sum(), sample.share * sample.weight
    base = held.sum() / total
    mass = np.cumsum(sample.weight[cuts.order], axis=1)[:, :-1] / total
    own = np.cumsum(held[cuts.order], axis=1)[:, :-1] / total
    is_allowed = cuts.is_cut & (mass >= LEAST_MASS) & (mass <= 1.0 - LEAST_MASS)
    spread = np.where(is_allowed, mass * (1.0 - mass), 1.0) * base * (1.0 - base)
    association = np.abs(own - mass * base) / np.sqrt(spread)
    return np.asarray(np.where(is_allowed, association, 0.0).max(axis=1, initial=0.0))
