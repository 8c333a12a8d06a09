"""The interval shown beside a probability: uncertain numbers and Monte Carlo error combined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.experiment.intervals import NORMAL_95
from sim.words.wording import percent, span

Array = NDArray[np.float64]

# Shown as less than one per cent; its complement as more than 99.
_LEAST_PROBABILITY = 1e-9


def probability_interval(
    p: ArrayLike, low: ArrayLike, high: ArrayLike, error: ArrayLike
) -> list[Array]:
    """Return both ends of the 90 % interval of a probability; NaN if they are unknown.

    The interval over uncertain numbers and the Monte Carlo error are independent, so their
    distances from the probability are added as squares. The first alone can vanish, which would
    look like certainty. An outcome that happened in some futures but not in all is neither
    impossible nor certain, so neither end is 0 or 1. An outcome that happened in none, though no
    rule forbids it, has a Monte Carlo error too (`sim.experiment.intervals.unseen_error`), so only
    an outcome decided by a rule has an interval without width.

    Parameters
    ----------
    p, low, high, error : array_like
        The probability, the ends of its interval over uncertain numbers, and its Monte Carlo
        standard error, 0-1.

    Examples
    --------
    >>> low, high = probability_interval(0.01, 0.0, 0.02, 0.01)
    >>> 0 < float(low) < 0.001, round(float(high), 3)
    (True, 0.029)
    """
    probability, least, most, counted = (np.asarray(x, np.float64) for x in (p, low, high, error))
    counting = NORMAL_95 * counted
    inner = np.where((probability > 0.0) & (probability < 1.0), _LEAST_PROBABILITY, 0.0)
    lowest = probability - np.hypot(probability - least, counting)
    highest = probability + np.hypot(most - probability, counting)
    return [np.maximum(inner, lowest), np.minimum(1.0 - inner, highest)]


def interval_ends(found: Any, name: str) -> list[Array]:
    """Return both ends of the 90 % interval of a probability, for a row or each row of a frame.

    Parameters
    ----------
    found : mapping or DataFrame
        Holds the probability under `name`, and the other arguments of `probability_interval` under
        that name with _low, _high and _se_chance.
    name : str
    """
    return probability_interval(
        *(found[f"{name}{end}"] for end in ("", "_low", "_high", "_se_chance"))
    )


def interval_words(row: Mapping[Any, Any], name: str) -> str:
    """Return the 90 % interval of a probability, parameters and Monte Carlo error combined.

    Examples
    --------
    >>> interval_words({"p": 0.01, "p_low": 0.0, "p_high": 0.02, "p_se_chance": 0.01}, "p")
    '<1 to 3 %'
    """
    low, high = interval_ends(row, name)
    return span(float(low), float(high), percent)
