"""How many futures are enough for a stated precision, from the variance in hand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.answers import Answer
from sim.analysis.precision.estimates import (
    QuantityEstimate,
    of_comparison,
    of_run,
    of_sweep,
)
from sim.analysis.precision.futures_needed import (
    Needed,
    as_futures,
    draws_needed,
    draws_needed_unseen,
    half_width,
)
from sim.analysis.precision.requirements import EnoughFutures, FuturesNeeded
from sim.analysis.quantities import refusal, texts_of
from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.stored import StoredComparison, StoredRun
from sim.experiment.sweeps.stored import StoredSweep

if TYPE_CHECKING:
    from sim.experiment.tables import Table

USUAL = "5 %"
_SHARE = re.compile(r"\s*([0-9.]+)\s*%\s*")


class Precision(EnoughFutures, Answer):
    """How many futures are enough, with table and words; see `EnoughFutures`.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=80, seed=1)
    >>> found = sim.enough(run, "n_countries(us)", within=2)
    >>> found.title
    'How many futures are enough: baseline'
    >>> found.frame().columns[:3].tolist()
    ['outcome', 'title', 'what']
    """

    NAME = "precision"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"How many futures are enough: {self.source}"

    def tables(self) -> tuple[Table, ...]:
        """Return the table of requirements, with the description of its columns."""
        from sim.analysis.precision.tables import precision_table

        return (precision_table(self),)

    def sentences(self) -> list[str]:
        """Return what was found, in plain words."""
        from sim.analysis.precision.words import precision_sentences

        return precision_sentences(self)


def enough(
    result: Result | StoredRun | Comparison | StoredComparison | StoredSweep,
    outcomes: str | Sequence[str] = (),
    *,
    within: float | str = USUAL,
) -> Precision:
    """Return how many futures are enough for a stated precision, from the variance in hand.

    Parameters
    ----------
    result : run, comparison or sweep
        For a run, its means; for a comparison, its paired differences; for a sweep, both at every
        point. A stored run is simulated again, since its futures are not kept.
    outcomes : str or sequence of str
        For example ``n_countries(us)`` or ``p_committed(KOR, us)``; the partners of each provider
        unless given.
    within : float or str
        Half the width of the 90 % interval that is wanted: a number in the unit of the outcome, or
        a text such as ``"2 %"``: of the mean, or, for a probability, percentage points.

    Returns
    -------
    Precision

    Raises
    ------
    InputError
        If the result is of another kind, has fewer than two draws, or has no such outcome, or
        `within` is not above 0.
    ResultError
        If a stored run cannot be simulated again, since the code or the facts have changed.

    Notes
    -----
    Draws of the uncertain numbers are the independent units; futures come in groups of four that
    share one. The number is an estimate, like the variance behind it.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=80, seed=1)
    >>> found = sim.enough(run, "n_countries(us)", within=2)
    >>> bool(found.enough() > 80)
    True
    """
    size, is_share = _wanted(within)
    asked = texts_of(outcomes, "outcomes")
    estimates, source, kind = _estimates(result, asked)
    futures, per_draw = int(result.replicates), _per_draw(result)
    draws = -(-futures // per_draw)
    if draws < 2:
        rule = (
            f"{futures} futures share one draw of the uncertain numbers: no error can be estimated."
        )
        raise refusal(rule, f"Simulate at least {10 * per_draw}.")
    found = tuple(
        _requirement(each, size, is_share, draws, per_draw, futures) for each in estimates
    )
    wanted = f"± {within.strip()}" if isinstance(within, str) else f"± {within:g}"
    return Precision(found, futures, per_draw, wanted, source, kind)


def _per_draw(result: Any) -> int:
    from sim.model.rows import FUTURES_PER_DRAW

    return int(getattr(result, "futures_per_draw", FUTURES_PER_DRAW))


def _estimates(result: Any, asked: list[str]) -> tuple[list[QuantityEstimate], str, str]:
    """Return the estimates of a result, what it is, and its kind."""
    if isinstance(result, StoredRun):
        return [*of_run(result.again(), asked)], result.scenario.name, "run"
    if isinstance(result, Result):
        return [*of_run(result, asked)], result.scenario.name, "run"
    if isinstance(result, Comparison | StoredComparison):
        names = f"{result.scenario_b.name} minus {result.scenario_a.name}"
        return [*of_comparison(result, asked)], names, "comparison"
    if isinstance(result, StoredSweep):
        return [*of_sweep(result, asked)], result.heading.name, "sweep"
    rule = f"enough needs a run, a comparison or a sweep, not a {type(result).__name__}."
    raise refusal(rule, "Give the result of sim.simulate, sim.compare, sim.sweep or sim.load_run.")


def _wanted(within: Any) -> tuple[float, bool]:
    """Return the size of the half width that is wanted, and whether it is a share.

    Raises
    ------
    InputError
        If it is neither a number above 0 nor a percentage above 0.
    """
    found = _SHARE.fullmatch(within) if isinstance(within, str) else None
    try:
        size = float(found[1]) / 100 if found else float(within)
    except (TypeError, ValueError):
        size = math.nan
    if isinstance(within, bool) or not (math.isfinite(size) and size > 0):
        rule = f"within = {within!r} must be a number above 0, or a percentage above 0."
        raise refusal(rule, "For example 0.5 (in the unit of the outcome), or '2 %'.")
    return size, found is not None


def _requirement(
    estimate: QuantityEstimate, size: float, is_share: bool, draws: int, per_draw: int, futures: int
) -> FuturesNeeded:
    """Return what one estimate needs."""
    is_absolute = not is_share or estimate.quantity.is_probability
    within = size if is_absolute else size * abs(estimate.mean)
    width = half_width(estimate.error, draws)
    if estimate.error == 0.0:
        return FuturesNeeded(estimate, 0.0, within, float(futures), math.nan, math.nan)
    if within == 0.0:
        return FuturesNeeded(estimate, width, math.nan, math.nan, math.nan, math.nan)
    if estimate.is_unseen:
        needed: Needed = draws_needed_unseen(within)
    else:
        needed = draws_needed(estimate.error, draws, within)
    return FuturesNeeded(estimate, width, within, *(as_futures(n, per_draw) for n in needed))
