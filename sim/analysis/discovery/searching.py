"""Searches for a box, and how often chance alone finds one as good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.boxes import Box, PeelingStep, Sample, box_quality
from sim.analysis.discovery.peeling import paste, peel
from sim.analysis.discovery.screening import single_limits
from sim.analysis.discovery.trees import grow

PRIM, CART = "prim", "cart"
# Resamples as good as what was found, after which it is plain that chance explains it.
_ENOUGH = 10


class PeelingTrajectory(NamedTuple):
    """The way of a search, and the box that it chose.

    Parameters
    ----------
    steps : list of PeelingStep
        From the box of everything on.
    chosen : int
        Index of the step that was chosen.
    final : PeelingStep
        The chosen box after pasting.
    """

    steps: list[PeelingStep]
    chosen: int
    final: PeelingStep


Find = Callable[[Sample], PeelingTrajectory]


def finder(method: str, density: float | None) -> Find:
    """Return a search by its name.

    Parameters
    ----------
    method : str
        PRIM or CART.
    density : float, optional
        Least density wanted, 0-1: of the boxes that reach it, that of the greatest coverage is
        chosen. Unless given, the box with the greatest association is chosen.
    """

    def by_prim(sample: Sample) -> PeelingTrajectory:
        steps = peel(sample)
        chosen = _choice(steps, density)
        return PeelingTrajectory(steps, chosen, paste(sample, steps[chosen]))

    def by_cart(sample: Sample) -> PeelingTrajectory:
        ways = grow(sample)
        way = ways[_choice([way[-1] for way in ways], density)]
        return PeelingTrajectory(way, len(way) - 1, way[-1])

    return {PRIM: by_prim, CART: by_cart}[method]


def _choice(steps: list[PeelingStep], density: float | None) -> int:
    if density is not None:
        dense = [n for n, step in enumerate(steps) if step.fit.density >= density]
        if dense:
            return max(dense, key=lambda n: (steps[n].fit.coverage, -len(steps[n].box.limited)))
        return int(np.argmax([step.fit.density for step in steps]))
    return int(np.argmax([round(step.fit.association, 12) for step in steps]))


def only(sample: Sample, allowed: NDArray[np.bool_]) -> Sample:
    """Return the cases with some inputs hidden: all their values are alike, so none has a limit."""
    return sample._replace(values=np.where(allowed, sample.values, 0.0))


def p_of_box(
    sample: Sample,
    find: Find,
    threshold: float,
    resamples: int,
    rng: np.random.Generator,
    found: float,
) -> float:
    """Return how often chance alone finds a box of at least some association, 0-1.

    The values of all inputs are shuffled among the cases; screening and search are repeated. So the
    probability allows for the search over inputs and limits.

    Parameters
    ----------
    sample : Sample
    find : callable
    threshold : float
        Association of a single limit from which on an input is searched.
    resamples : int
    rng : numpy Generator
    found : float
        Association of the box in question.
    """

    def is_as_good() -> bool:
        dealt = sample._replace(values=sample.values[rng.permutation(len(sample.share))])
        passing = single_limits(dealt) >= threshold
        return bool(passing.any()) and (
            find(_narrow(dealt, passing)).final.fit.association >= found - 1e-12
        )

    return _p(is_as_good, resamples)


def _p(is_as_good: Callable[[], bool], resamples: int) -> float:
    """Return the share of resamples that are as good as what was found, which counts as one.

    It stops early once chance has been as good `_ENOUGH` times: then the probability is large, and
    need not be known exactly (Besag and Clifford 1991).
    """
    as_good = 0
    for n in range(1, resamples + 1):
        as_good += is_as_good()
        if as_good == _ENOUGH:
            return as_good / n
    return (1 + as_good) / (1 + resamples)


def _narrow(sample: Sample, allowed: NDArray[np.bool_]) -> Sample:
    """Return the cases with some of the inputs only."""
    return sample._replace(values=sample.values[:, allowed])


def p_of_limits(
    sample: Sample,
    box: Box,
    allowed: NDArray[np.bool_],
    find: Find,
    resamples: int,
    rng: np.random.Generator,
) -> Mapping[int, float]:
    """Return for each limited input how often chance alone finds a limit that tells as much.

    Only the values of that input are shuffled, and the search among the allowed inputs is repeated.
    """
    place = np.flatnonzero(allowed)
    narrow = Box(box.low[place], box.high[place], box.has_null[place])
    few = _narrow(sample, allowed)
    found = _p_each(few, narrow, find, resamples, rng)
    return {int(place[j]): p for j, p in found.items()}


def _p_each(
    sample: Sample, box: Box, find: Find, resamples: int, rng: np.random.Generator
) -> dict[int, float]:
    found: dict[int, float] = {}
    for j in box.limited.tolist():
        wanted = gain_of_limit(sample, box, j)

        def is_as_good(j: int = j, wanted: float = wanted) -> bool:
            values = sample.values.copy()
            values[:, j] = rng.permutation(values[:, j])
            dealt = sample._replace(values=values)
            return gain_of_limit(dealt, find(dealt).final.box, j) >= wanted - 1e-12

        found[j] = _p(is_as_good, resamples)
    return found


def gain_of_limit(sample: Sample, box: Box, j: int) -> float:
    """Return what the limit on an input tells, given the other limits; 0 if there is none.

    Among the cases within the other limits, the association of the limit with the condition, in
    standard errors.
    """
    if j not in box.limited:
        return 0.0
    region = sample.part(box.without(j).contains(sample.values))
    inside = box.contains(region.values)
    return box_quality(region, inside).association * float(np.sqrt(len(inside)))


def quasi_p(sample: Sample, box: Box, j: int) -> float:
    """Return the quasi-p value of a limit, 0-1 (Bryant and Lempert 2010).

    That is the probability to see as many cases with the condition inside the box, if its density
    were that of the box without the limit. It does not allow for the search. Cases count as units.
    """
    from scipy import stats

    inside, before = box.contains(sample.values), box.without(j).contains(sample.values)
    base = box_quality(sample, before).density
    held = float(sample.share[inside].sum())
    return float(stats.binom.sf(np.ceil(held - 1e-9) - 1, int(inside.sum()), base))
