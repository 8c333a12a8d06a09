"""Resamples of countries or programmes, keyed by name, and the intervals that follow from them."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import HIGH, LOW, quantiles

Array = NDArray[np.float64]

RESAMPLES = 1_000


def keyed_generator(key: str, seed: int) -> np.random.Generator:
    """Return a generator whose numbers follow from a name and a seed alone.

    Examples
    --------
    >>> a, b = (keyed_generator("accords", 0) for _ in range(2))
    >>> a.random() == b.random(), a.random() == keyed_generator("pact", 0).random()
    (True, False)
    """
    word = int.from_bytes(hashlib.sha256(key.encode()).digest(), "big")
    return np.random.default_rng([seed, word])


def resampled_weights(n: int, key: str, n_resamples: int = RESAMPLES, seed: int = 0) -> Array:
    """Return how often each of n units is drawn when n are drawn with replacement, (B, n).

    Weights serve every score alike, and two forecasts of the same programme get the same ones, so
    that their difference is paired.

    Examples
    --------
    >>> resampled_weights(4, "accords", n_resamples=3).sum(axis=1).tolist()
    [4.0, 4.0, 4.0]
    """
    drawn = keyed_generator(key, seed).multinomial(n, np.full(n, 1.0 / n), size=n_resamples)
    return drawn.astype(np.float64)


def interval(resampled: Array) -> tuple[float, float]:
    """Return the ends of the 90 % interval: the 5 and 95 % quantiles of a resampled score.

    Resamples in which the score is not defined are left out; NaN if none is left.

    Examples
    --------
    >>> interval(np.array([3.0, np.nan, 1.0, 2.0]))
    (1.0, 3.0)
    """
    known = resampled[np.isfinite(resampled)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = quantiles(known, (LOW, HIGH))
    return float(low), float(high)
