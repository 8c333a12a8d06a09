"""Where a condition holds: boxes in the space of the inputs, tested against chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.discovery.boxes import Box, Sample, Values, box_quality, plain_box, whole_box
from sim.analysis.discovery.cases import FEWEST_CASES, Cases, cases_of_run, cases_of_sweep
from sim.analysis.discovery.found import LEVEL, FoundBox, FoundBoxes, Limit
from sim.analysis.discovery.screening import Screen, screen_inputs
from sim.analysis.discovery.searching import (
    CART,
    PRIM,
    Find,
    PeelingTrajectory,
    finder,
    only,
    p_of_box,
    p_of_limits,
    quasi_p,
)
from sim.analysis.quantities import refusal
from sim.experiment.result import Result
from sim.experiment.stored import StoredRun
from sim.experiment.sweeps.stored import StoredSweep
from sim.model.requests import LARGEST_SEED, check_whole

if TYPE_CHECKING:
    from sim.experiment.tables import Table

METHODS = (PRIM, CART)
MOST_BOXES, MOST_RESAMPLES = 10, 9999
USUAL_RESAMPLES = 199
# How often inputs that were left out are looked at again inside a box.
MOST_ROUNDS = 3
Progress = Callable[[str], None]


class Discovery(FoundBoxes, Answer):
    """Where a condition holds, with its tables and words; see `FoundBoxes`.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=160, seed=1)
    >>> found = sim.discover(run, "n_countries(us) < 60", resamples=19, boxes=1)
    >>> found.title
    'Where this holds: n_countries(us) < 60'
    >>> 0 < found.cases.density < 1, len(found.boxes)
    (True, 1)
    """

    NAME = "discovery"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Where this holds: {self.cases.condition.text}"

    def tables(self) -> tuple[Table, ...]:
        """Return boxes, limits, trajectory and cases, with the description of their columns."""
        from sim.analysis.discovery.tables import discovery_tables

        return discovery_tables(self)

    def sentences(self) -> list[str]:
        """Return what was found, in plain words."""
        from sim.analysis.discovery.words import discovery_sentences

        return discovery_sentences(self)


def discover(
    result: StoredSweep | Result | StoredRun,
    condition: str,
    *,
    method: str = PRIM,
    density: float | None = None,
    boxes: int = 3,
    resamples: int = USUAL_RESAMPLES,
    seed: int = 1,
    progress: Progress | None = None,
) -> Discovery:
    """Return boxes of input values in which a condition holds: scenario discovery.

    Parameters
    ----------
    result : StoredSweep, Result or StoredRun
        Of a sweep, the cases are its points and the inputs the numbers that it varies. Of a run,
        the cases are its futures and the inputs the uncertain numbers; a stored run is simulated
        again, since its futures are not kept.
    condition : str
        For example ``n_countries(us) < 60``, ``fewer than six of ten places filled by the end``,
        or, of a run, ``KOR signs before JPN``.
    method : str
        ``prim`` (Friedman and Fisher 1999) or ``cart``.
    density : float, optional
        Least density of a box, above 0 and at most 1: the box of greatest coverage that reaches it
        is taken. Unless given, the box whose association with the condition is greatest.
    boxes : int
        Most boxes; each next one is searched in the cases outside those before. 1 to 10.
    resamples : int
        Of the probabilities, 19 to 9,999.
    seed : int
        Of the resamples.
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    Discovery

    Raises
    ------
    InputError
        If the condition cannot be read or holds always or never, the result is not one of these,
        or another argument is out of range.
    ResultError
        If a stored run cannot be simulated again, since the code or the facts have changed.

    Notes
    -----
    Only inputs that tell something beyond chance are searched; see
    `sim.analysis.discovery.screening`. A box is then tested as a whole: the values of all inputs
    are shuffled among the cases and the search is repeated, screening included, so the probability
    allows for both. In a box that passes, each limit is tested by shuffling the values of its input
    alone. Limits that fail are dropped, and the search is repeated without their inputs.

    References
    ----------
    Friedman and Fisher 1999; Bryant and Lempert 2010; Kwakkel and Jaxa-Rozen 2016; Westfall and
    Young 1993.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=160, seed=1)
    >>> found = sim.discover(run, "n_countries(us) < 50", resamples=39)
    >>> found.frame("boxes").columns[:3].tolist()
    ['box', 'coverage', 'density']
    """
    _check(method, density, boxes, resamples, seed)
    cases, source = _cases(result, condition)
    sample = Sample(cases.values, cases.share, cases.weight)
    found = find_boxes(sample, finder(method, density), boxes, resamples, seed, progress)
    return Discovery(cases, source, method, found, resamples, seed, density)


def find_boxes(
    sample: Sample,
    find: Find,
    boxes: int = 1,
    resamples: int = USUAL_RESAMPLES,
    seed: int = 1,
    progress: Progress | None = None,
) -> tuple[FoundBox, ...]:
    """Return the boxes of some cases, each in those outside the ones before.

    Parameters
    ----------
    sample : Sample
        The condition holds in some of the cases, not in all.
    find : callable
        From `finder`.
    boxes, resamples, seed, progress
        As in `discover`.

    Returns
    -------
    tuple of FoundBox
        The last may be no better than chance; at least one.
    """
    rng = np.random.default_rng(seed)
    left, found = np.ones(len(sample.share), np.bool_), list[FoundBox]()
    held = _held(sample)
    while len(found) < boxes and _is_worth_a_search(sample.part(left)):
        if progress is not None:
            progress(f"Searching for box {len(found) + 1} and testing it against chance ...")
        one = _one_box(sample.part(left), find, resamples, rng, held)
        found.append(one)
        if not one.is_found:
            break
        left = left & ~one.box.contains(sample.values)
    return tuple(found)


def _is_worth_a_search(part: Sample) -> bool:
    """Return whether the condition holds in some of the cases, and not in all."""
    held = float(part.share @ part.weight)
    return 0.0 < held < float(part.weight.sum())


def _one_box(
    sample: Sample, find: Find, resamples: int, rng: np.random.Generator, held: float
) -> FoundBox:
    """Return the best box among some cases, with the limits that chance does not explain."""
    screen = screen_inputs(sample, resamples, rng, LEVEL)
    p_alone, search = _searched(sample, find, screen, resamples, rng)
    first = search.final.box
    if not first.limited.size:
        return FoundBox(search, first, search.final.fit, 0.0, float(screen.p.min()), ())
    p = p_of_box(sample, find, screen.threshold, resamples, rng, search.final.fit.association)
    tested: dict[int, float] = {}
    if p <= LEVEL:
        dealt = p_of_limits(sample, first, p_alone <= LEVEL, find, resamples, rng)
        tested = {j: max(each, float(p_alone[j])) for j, each in dealt.items()}
    kept = [j for j, each in tested.items() if each <= LEVEL]
    if len(tested) > 1 and not kept:
        # Inputs that move together can each be spared, but not all of them.
        kept = [min(tested, key=lambda j: tested[j])]
    final = first if kept else whole_box(len(p_alone))
    if kept and len(kept) < len(tested):
        search = find(only(sample, np.isin(np.arange(len(p_alone)), kept)))
        final = search.final.box
    final = plain_box(final, sample.values)
    own = box_quality(sample, final.contains(sample.values))
    plain = plain_box(first, sample.values)
    dropped = [j for j in first.limited.tolist() if j not in final.limited]
    limits = [_limit(sample, final, j, tested[j], True) for j in final.limited.tolist()]
    limits += [_limit(sample, plain, j, tested.get(j, np.nan), False) for j in dropped]
    return FoundBox(search, final, own, own.coverage * _held(sample) / held, p, tuple(limits))


def _searched(
    sample: Sample, find: Find, screen: Screen, resamples: int, rng: np.random.Generator
) -> tuple[Values, PeelingTrajectory]:
    """Return the p value of each input alone, and the search among those that pass the screen.

    An input may matter only where others are within their limits: those left out are screened again
    inside the box, and the search is repeated with those that pass there.
    """
    p_alone = screen.p.copy()
    search = find(only(sample, p_alone <= LEVEL))
    for _ in range(MOST_ROUNDS):
        inside = sample.part(search.final.box.contains(sample.values))
        if not search.final.box.limited.size or len(inside.share) < FEWEST_CASES:
            break
        if not _is_worth_a_search(inside):
            break
        left = np.where(p_alone > LEVEL, screen_inputs(inside, resamples, rng, LEVEL).p, 1.0)
        if left.min() > LEVEL:
            break
        p_alone = np.where(left <= LEVEL, left, p_alone)
        search = find(only(sample, p_alone <= LEVEL))
    return p_alone, search


def _held(sample: Sample) -> float:
    return float(sample.share @ sample.weight)


def _limit(sample: Sample, box: Box, j: int, p: float, is_kept: bool) -> Limit:
    before = box_quality(sample, box.without(j).contains(sample.values))
    ends = float(box.low[j]), float(box.high[j]), bool(box.has_null[j])
    return Limit(j, *ends, before.density, quasi_p(sample, box, j), p, is_kept)


def _cases(result: Any, condition: str) -> tuple[Cases, str]:
    """Return the cases of a result, and its name for tables."""
    if isinstance(result, StoredSweep):
        return cases_of_sweep(result, condition), f"{result.heading.name}/{result.path.name}"
    if isinstance(result, StoredRun):
        source = f"{result.scenario.name}/{result.path.name}"
        return cases_of_run(result.again(), condition), source
    if isinstance(result, Result):
        return cases_of_run(result, condition), f"{result.scenario.name}/{result.inputs.run_id}"
    rule = f"discover needs a sweep or a run, not a {type(result).__name__}."
    raise refusal(rule, "Give the result of sim.sweep, sim.simulate or sim.load_run.")


def _check(method: Any, density: Any, boxes: Any, resamples: Any, seed: Any) -> None:
    """Check the arguments of `discover`.

    Raises
    ------
    InputError
        With every argument that is out of range.
    """
    from sim.errors import InputError, Problem

    problems = [
        *check_whole("boxes", boxes, 1, MOST_BOXES, "Use 3."),
        *check_whole("resamples", resamples, 19, MOST_RESAMPLES, f"Use {USUAL_RESAMPLES}."),
        *check_whole("seed", seed, 0, LARGEST_SEED, "Use 1."),
    ]
    if method not in METHODS:
        rule = f"method = {method!r} is not a way to search."
        problems.append(Problem("", 0, rule, f"Choose one of {', '.join(METHODS)}."))
    is_number = isinstance(density, int | float) and not isinstance(density, bool)
    if density is not None and not (is_number and 0 < density <= 1):
        rule = f"density = {density!r} must be a share above 0 and at most 1."
        problems.append(Problem("", 0, rule, "For example 0.8, or leave it out."))
    if problems:
        raise InputError(problems)
