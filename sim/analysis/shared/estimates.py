"""Means over futures with their Monte Carlo error, and the columns in which tables have them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.intervals import HIGH, LOW, NORMAL_95, mean_interval, unseen_error
from sim.experiment.tables.table import Column, Described
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

P = "probability 0-1"


@dataclass(frozen=True)
class Estimate:
    """A mean over futures with its 90 % interval and standard error: Monte Carlo error alone."""

    mean: float
    low: float
    high: float
    error: float


UNKNOWN = Estimate(math.nan, math.nan, math.nan, math.nan)


def estimate(values: NDArray[Any], futures_per_draw: int = FUTURES_PER_DRAW) -> Estimate:
    """Return the mean over futures, (R,); those that share a draw count as one.

    Examples
    --------
    >>> import numpy as np
    >>> estimate(np.array([1.0, 1.0, 3.0, 3.0]), 2).mean
    2.0
    """
    return Estimate(*map(float, mean_interval(values, futures_per_draw)))


def estimates(values: Values, futures_per_draw: int = FUTURES_PER_DRAW) -> list[Estimate]:
    """Return the mean over futures of each column, (R, n)."""
    rows = np.stack(mean_interval(values, futures_per_draw)).T
    return [Estimate(*map(float, row)) for row in rows]


def frequency(happens: NDArray[np.bool_]) -> Estimate:
    """Return the probability of what happens in some futures, (R,); four futures share a draw.

    Where it always or never happens the error is that of an outcome not seen in so many draws.
    """
    found = estimate(happens)
    mean, low, high, error = found.mean, found.low, found.high, found.error
    if mean in (0.0, 1.0):
        error = float(unseen_error(-(-happens.size // FUTURES_PER_DRAW)))
        low, high = mean - NORMAL_95 * error, mean + NORMAL_95 * error
    return Estimate(mean, max(0.0, low), min(1.0, high), error)


def estimate_apart(values: Values) -> Estimate:
    """Return the mean over futures, (R,), that each have a draw of their own."""
    return estimate(values, 1)


def frequency_apart(times: int, n: int) -> Estimate:
    """Return how often something happens in `n` futures or draws that share nothing, 0-1.

    With a 90 % interval by the prior of Jeffreys (Brown, Cai and DasGupta 2001), which stays
    between 0 and 1.
    """
    from scipy import special

    mean = times / n
    low, high = (float(special.betaincinv(times + 0.5, n - times + 0.5, q)) for q in (LOW, HIGH))
    error = math.sqrt(mean * (1.0 - mean) / n)
    return Estimate(mean, low if times else 0.0, high if times < n else 1.0, error)


def estimate_columns(
    name: str,
    unit: str,
    text: str,
    values: Sequence[Estimate],
    *,
    stem: str | None = None,
    has_error: bool = True,
) -> Iterator[Described]:
    """Yield the columns of an estimate: the mean, the ends of its interval, its standard error.

    Parameters
    ----------
    name, unit : str
        Name of the first column; unit of all.
    text : str
        What the mean is of, without a full stop.
    values : sequence of Estimate
        One a row.
    stem : str, optional
        What the names of the ends begin with; the name and ``_`` unless given.
    has_error : bool
        Whether the standard error has a column.
    """
    alone = "Monte Carlo error alone; empty with one draw of the uncertain numbers."
    start = f"{name}_" if stem is None else stem
    yield Column(name, "number", unit, f"{text}."), [each.mean for each in values]
    for end, words in (("low", "Lower"), ("high", "Upper")):
        description = f"{words} end of the 90 % interval of {name}: {alone}"
        column = Column(f"{start}{end}", "number", unit, description)
        yield column, [getattr(each, end) for each in values]
    if has_error:
        column = Column(f"{name}_se", "number", unit, f"Standard error of {name}: {alone}")
        yield column, [each.error for each in values]
