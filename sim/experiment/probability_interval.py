"""The interval shown beside a probability: uncertain numbers and the error of counting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.experiment.intervals import NORMAL_95
from sim.words.wording import percent, span

Array = NDArray[np.float64]

# Reads as less than one per cent; its complement as more than 99.
_LEAST_PROBABILITY = 1e-9


def probability_interval(
    p: ArrayLike, low: ArrayLike, high: ArrayLike, error: ArrayLike
) -> list[Array]:
    """Return both ends of the 90 % interval of a probability; NaN where they are unknown.

    The interval over uncertain numbers and the error of counting are independent, so their
    distances from the probability add up as squares do. Alone the first can vanish, which would
    look like certainty. What happened in some futures and not in others is neither impossible nor
    certain, so then no end is. What happened in none though no rule forbids it has an error of
    counting too (`sim.experiment.intervals.unseen_error`), so only what a rule decides has no
    width.

    Parameters
    ----------
    p, low, high, error : array_like
        The probability, the ends of its interval over uncertain numbers, and the standard error of
        counting, 0-1.

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
    """Return both ends of the 90 % interval of a probability of a row, or of each row of a frame.

    Parameters
    ----------
    found : mapping or DataFrame
        With the probability under `name`, and the rest of what `probability_interval` takes under
        that name with _low, _high and _se_chance.
    name : str
    """
    return probability_interval(
        *(found[f"{name}{end}"] for end in ("", "_low", "_high", "_se_chance"))
    )


def interval_words(row: Mapping[Any, Any], name: str) -> str:
    """Return the 90 % interval of a probability, for parameters and the error of counting together.

    Examples
    --------
    >>> interval_words({"p": 0.01, "p_low": 0.0, "p_high": 0.02, "p_se_chance": 0.01}, "p")
    '<1 to 3 %'
    """
    low, high = interval_ends(row, name)
    return span(float(low), float(high), percent)
