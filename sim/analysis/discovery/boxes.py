"""Boxes: limits on some inputs, and how well they tell where a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """Limits on inputs, axis J; a case is inside if each of its values is within its limits.

    Parameters
    ----------
    low, high : ndarray, shape (J,)
        Least and greatest value inside; infinite where there is no limit.
    has_null : ndarray of bool, shape (J,)
        Whether null is inside.
    """

    low: Values
    high: Values
    has_null: NDArray[np.bool_]

    @property
    def limited(self) -> NDArray[np.int64]:
        """Indices of the inputs that it limits."""
        is_free = np.isneginf(self.low) & np.isposinf(self.high) & self.has_null
        return np.flatnonzero(~is_free)

    def contains(self, values: Values) -> NDArray[np.bool_]:
        """Return which cases (n, J) are inside."""
        within = (values >= self.low) & (values <= self.high)
        return np.asarray((within | (np.isnan(values) & self.has_null)).all(axis=1))

    def limits(self, j: int, low: float, high: float, has_null: bool) -> Box:
        """Return the box with other limits on one input."""
        parts = self.low.copy(), self.high.copy(), self.has_null.copy()
        parts[0][j], parts[1][j], parts[2][j] = low, high, has_null
        return Box(*parts)

    def without(self, *inputs: int) -> Box:
        """Return the box with no limits on some inputs."""
        box = self
        for j in inputs:
            box = box.limits(j, -np.inf, np.inf, True)
        return box


def whole_box(n_inputs: int) -> Box:
    """Return the box without limits."""
    return Box(np.full(n_inputs, -np.inf), np.full(n_inputs, np.inf), np.ones(n_inputs, np.bool_))


class BoxQuality(NamedTuple):
    """How well a box tells where a condition holds.

    Parameters
    ----------
    coverage : float
        Share of all cases with the condition that are inside, 0-1.
    density : float
        Share of the cases inside in which it holds, 0-1; NaN if none is inside.
    mass : float
        Share of all cases that are inside, 0-1.
    n : float
        Cases inside.
    association : float
        Correlation of being inside with the condition (phi), -1 to 1; 0 for a box that holds all
        cases or none.
    """

    coverage: float
    density: float
    mass: float
    n: float
    association: float


class Sample(NamedTuple):
    """Values (n, J) of some cases, how often the condition holds in each, and their weights."""

    values: Values
    share: Values
    weight: Values

    def part(self, kept: NDArray[np.bool_]) -> Sample:
        """Return some of the cases."""
        return Sample(self.values[kept], self.share[kept], self.weight[kept])


def box_quality(sample: Sample, inside: NDArray[np.bool_]) -> BoxQuality:
    """Return how well some cases match those in which the condition holds.

    Notes
    -----
    Coverage and density are those of Bryant and Lempert (2010). The association is their product
    with the rest of the table in one number: the correlation of two 0/1 variables. It is highest
    for a box that is dense and covers much, whether the condition is rare or common.
    """
    total, held = sample.weight.sum(), float(sample.share @ sample.weight)
    n = float(sample.weight[inside].sum())
    own = float(sample.share[inside] @ sample.weight[inside])
    mass, base = n / total, held / total
    density = own / n if n else np.nan
    coverage = own / held if held else np.nan
    spread = mass * (1.0 - mass) * base * (1.0 - base)
    association = (own / total - mass * base) / np.sqrt(spread) if spread > 1e-15 else 0.0
    return BoxQuality(coverage, density, mass, n, float(association))


class PeelingStep(NamedTuple):
    """One step of a search.

    Parameters
    ----------
    box : Box
    fit : BoxQuality
    input : int
        The input that the step limits; -1 for the first, which has no limits.
    """

    box: Box
    fit: BoxQuality
    input: int


def plain_limit(outside: float, inside: float) -> float:
    """Return the number with the fewest digits that parts two neighbouring values.

    The number may equal ``inside``, since a limit is part of its box, but not ``outside``. So a
    limit has no more digits than the gap between the cases supports.

    Examples
    --------
    >>> plain_limit(0.5962, 0.6031), plain_limit(0.21, 0.1998), plain_limit(0.5, 0.75)
    (0.6, 0.2, 0.75)
    """
    if float(f"{inside:.3g}") == inside:
        # A value of a grid, or a whole number.
        return inside
    for digits in range(1, 7):
        for at in (inside, (inside + outside) / 2):
            rounded = float(f"{at:.{digits}g}")
            if min(outside, inside) <= rounded <= max(outside, inside) and rounded != outside:
                return rounded
    return inside


def plain_box(box: Box, values: Values) -> Box:
    """Return a box with the same cases (n, J) inside, its limits in as few digits as possible.

    A limit beyond all values is no limit.
    """
    for j in box.limited.tolist():
        finite = values[np.isfinite(values[:, j]), j]
        inside = finite[(finite >= box.low[j]) & (finite <= box.high[j])]
        has_null = bool(box.has_null[j]) or not np.isnan(values[:, j]).any()
        if not inside.size:
            box = box.limits(j, np.inf, -np.inf, has_null)
            continue
        below, above = finite[finite < inside.min()], finite[finite > inside.max()]
        low = plain_limit(below.max(), inside.min()) if below.size else -np.inf
        high = plain_limit(above.min(), inside.max()) if above.size else np.inf
        box = box.limits(j, low, high, has_null)
    return box
