"""PRIM: a box that shrinks by thin slices, and then grows again where that helps.

Friedman and Fisher (1999); Bryant and Lempert (2010) brought it to scenario discovery. A slice is
chosen by the gain in density for each case that it removes, since inputs with few values lose more
cases at once than others (Kwakkel and Jaxa-Rozen 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.boxes import Box, PeelingStep, Sample, Values, box_quality, whole_box

# Shares of the cases: of a box that a step peels off or pastes on, and of all that a box must keep.
PEELED, PASTED, LEAST_MASS = 0.05, 0.01, 0.05


class _Sorted(NamedTuple):
    """The cases inside a box, sorted by each input; axes are inputs and ranks, (J, n)."""

    order: NDArray[np.int64]
    values: Values

    def kept(self, inside: NDArray[np.bool_]) -> _Sorted:
        """Return those that are inside a smaller box; they are as many for every input."""
        still, n_inputs = inside[self.order], len(self.order)
        order = self.order[still].reshape(n_inputs, -1)
        return _Sorted(order, self.values[still].reshape(n_inputs, -1))


def peel(sample: Sample) -> list[PeelingStep]:
    """Return the peeling trajectory: from the box of everything to the smallest allowed.

    Parameters
    ----------
    sample : Sample
        At least one case.
    """
    box = whole_box(sample.values.shape[1])
    inside = np.ones(len(sample.share), np.bool_)
    steps = [PeelingStep(box, box_quality(sample, inside), -1)]
    columns = np.ascontiguousarray(sample.values.T)
    order = np.argsort(columns, axis=1, kind="stable")
    ranked = _Sorted(order, np.take_along_axis(columns, order, 1))
    while steps[-1].fit.density < 1.0:
        best = _best_slice(sample, ranked)
        if best is None:
            break
        j, removed, (low, high, has_null) = best
        limits = max(low, box.low[j]), min(high, box.high[j]), has_null and box.has_null[j]
        box = box.limits(j, float(limits[0]), float(limits[1]), bool(limits[2]))
        inside[removed] = False
        ranked = ranked.kept(inside)
        steps.append(PeelingStep(box, box_quality(sample, inside), j))
    return steps


Slice = tuple[int, NDArray[np.int64], tuple[float, float, bool]]


def _best_slice(sample: Sample, ranked: _Sorted) -> Slice | None:
    """Return the slice that raises density most for each case removed; None if none is allowed.

    A slice is an input, the cases that it removes, and the limits that do so.
    """
    weights = _from_zero(sample.weight[ranked.order])
    held = _from_zero((sample.share * sample.weight)[ranked.order])
    rows = np.arange(len(ranked.order))
    total, all_held = weights[0, -1], held[0, -1]
    first, last, n_finite, n = _cuts(ranked.values)
    # At the low end, at the high end, and nulls, which stand behind all values.
    ends = ((0 * rows, first), (n_finite - last, n_finite), (n_finite, n + 0 * rows))
    starts, stops = (np.stack(side) for side in zip(*ends, strict=True))
    removed = weights[rows, stops] - weights[rows, starts]
    kept, kept_held = total - removed, all_held - (held[rows, stops] - held[rows, starts])
    is_allowed = (removed > 0) & (kept >= LEAST_MASS * sample.weight.sum())
    if not is_allowed.any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(is_allowed, (kept_held / kept - all_held / total) / removed, -np.inf)
    side, j = np.unravel_index(int(score.argmax()), score.shape)
    start, stop = int(starts[side, j]), int(stops[side, j])
    values, size = ranked.values[j], int(n_finite[j])
    limits = (
        (float(values[stop]) if stop < size else np.inf, np.inf, True),
        (-np.inf, float(values[start - 1]) if start else -np.inf, True),
        (-np.inf, np.inf, False),
    )[int(side)]
    return int(j), ranked.order[j, start:stop], limits


def _from_zero(values: Values) -> Values:
    """Return the sums of the first 0, 1, ... values of each row."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _cuts(values: Values) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    """Return how many cases a slice removes at each end of each input, its values, and the cases.

    A cut lies at a quantile, and never between equal values: where the values up to the quantile
    are all equal, the whole group of the outermost value goes.
    """
    n = values.shape[1]
    n_finite = n - np.isnan(values).sum(axis=1)
    rows, last = np.arange(len(values)), np.maximum(n_finite - 1, 0)
    thin = np.maximum((PEELED * n_finite).astype(np.int64), 1)
    low = values[rows, np.minimum(thin, last)][:, None]
    high = values[rows, np.maximum(last - thin, 0)][:, None]
    below, above = (values < low).sum(axis=1), (values > high).sum(axis=1)
    least, greatest = values[rows, 0 * rows][:, None], values[rows, last][:, None]
    below = np.where(below == 0, (values == least).sum(axis=1), below)
    above = np.where(above == 0, (values == greatest).sum(axis=1), above)
    return below, above, n_finite, n


def paste(sample: Sample, step: PeelingStep) -> PeelingStep:
    """Return a box widened at its limits as long as that raises its density.

    Peeling is greedy, so an early slice can be too thick once the others are made.
    """
    while True:
        wider = [
            PeelingStep(box, box_quality(sample, box.contains(sample.values)), step.input)
            for box in _widened(sample.values, step.box)
        ]
        best = max(wider, key=lambda each: each.fit.density, default=step)
        if not best.fit.density > step.fit.density:
            return step
        step = best


def _widened(values: Values, box: Box) -> Iterator[Box]:
    """Yield the boxes that have one limit moved outwards by a thin slice."""
    for j in box.limited.tolist():
        others = box.without(j).contains(values) & np.isfinite(values[:, j])
        column = values[others, j]
        n = max(int(PASTED * box.contains(values).sum()), 1)
        below, above = np.sort(column[column < box.low[j]]), np.sort(column[column > box.high[j]])
        has_null = bool(box.has_null[j])
        if below.size:
            yield box.limits(j, float(below[-min(n, below.size)]), float(box.high[j]), has_null)
        if above.size:
            yield box.limits(j, float(box.low[j]), float(above[min(n, above.size) - 1]), has_null)
