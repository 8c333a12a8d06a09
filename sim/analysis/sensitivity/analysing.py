"""Sensitivity analysis of a finished sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.answers import Answer
from sim.analysis.quantities import Quantity, refusal
from sim.analysis.sensitivity.indices import (
    ForestScores,
    MorrisEffects,
    SobolIndices,
    forest_scores,
    morris_effects,
    sobol_indices,
)
from sim.analysis.sensitivity.noise import noise_at_most, noise_of_effects
from sim.analysis.sensitivity.numbers import numbers_of_sweep
from sim.analysis.sensitivity.outcomes import PointEstimates, outcomes_at_points, wanted_quantities
from sim.analysis.sensitivity.ranking import MORRIS, SCORES, SOBOL, Ranking
from sim.analysis.sensitivity.studied import Analysed, Studied, ranking_of
from sim.errors import InputError
from sim.experiment.stored import load_run
from sim.experiment.sweeps.designs.samples import sampling as samples
from sim.experiment.sweeps.designs.samples.needed import sampling_for
from sim.experiment.sweeps.stored import StoredSweep
from sim.model.requests import LARGEST_SEED, check_whole
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.tables import Table

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]
METHODS = (SOBOL, MORRIS, SCORES)
_DESIGNS = {SOBOL: samples.SALTELLI, MORRIS: samples.MORRIS}
# The fewest base points, trajectories and points from which indices and their intervals can be had.
FEWEST = {SOBOL: 8, MORRIS: 4, SCORES: 20}
_UNITS = {SOBOL: "base points", MORRIS: "trajectories", SCORES: "points"}
# A quarter of the points lies at each end of a number's range.
_QUARTERS = (0.25, 0.75)


@dataclass(frozen=True)
class Sensitivity(Analysed, Answer):
    """How far each number of a sweep moves its outcomes; see `Analysed` for its fields.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> ranges = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.0)}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep = sim.sweep(scenario, sim.Design.morris(ranges, 4), replicates=8, out=folder)
    ...     found = sim.sensitivity(sweep)
    ...     table = found.frame()
    >>> found.title, table.columns[:4].tolist()
    ('Sensitivity of baseline', ['scenario', 'outcome', 'rank', 'number'])
    """

    NAME = "sensitivity"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Sensitivity of {self.sweep.heading.name}"

    def tables(self) -> tuple[Table, ...]:
        """Return the tables: indices, outcomes, and pairs if the design has them."""
        from sim.analysis.sensitivity.tables import sensitivity_tables

        return sensitivity_tables(self)

    def sentences(self) -> list[str]:
        """Return what was found, in plain words."""
        from sim.analysis.sensitivity.words import sensitivity_sentences

        return sensitivity_sentences(self)

    def ranking(self, outcome: str = "") -> Ranking:
        """Return the numbers by their effect on one outcome; the first unless given.

        Raises
        ------
        InputError
            If it was not analysed.
        """
        for each in self.studied:
            if outcome in ("", each.quantity.text):
                return ranking_of(self, each)
        known = ", ".join(each.quantity.text for each in self.studied)
        raise refusal(f"{outcome} was not analysed.", f"Choose one of {known}.")


def sensitivity(
    sweep: StoredSweep | str | Path,
    outcome: str | Sequence[str] | None = None,
    *,
    country: str | None = None,
    method: str | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return how far each number of a finished sweep moves its outcomes.

    Parameters
    ----------
    sweep : StoredSweep or path
        A finished sweep, or its folder. Of a sweep of several scenarios, `StoredSweep.within` one.
    outcome : str or sequence of str, optional
        For example ``n_countries(us)`` or ``p_committed(KOR, us)``; ``all`` for every outcome over
        the world. The partners of each provider unless an outcome or a country is given.
    country : str, optional
        ISO3 code: the probability that the country ends with each provider; ``all`` for every
        country.
    method : str, optional
        ``sobol`` (needs a Saltelli design), ``morris`` (needs a Morris design) or ``scores`` (any
        design). Unless given, the first of these that fits.
    seed : int
        Of the resamples that intervals come from, and of the forests.
    progress : callable, optional
        Called with (outcomes done, outcomes in all) from the calling thread.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        If the design does not fit the method (it says which one does), the sweep is too small, no
        outcome varies, or an argument is not of this sweep.
    RunError
        If the folder holds no readable result.

    Notes
    -----
    A point of a sweep is a mean over futures, so part of the variance among points is chance. Its
    share is reported beside each outcome, as an upper bound, and numbers that cannot be told from
    it are marked. A sweep keeps outcomes at its end, so there are no indices over time.

    References
    ----------
    Sobol' 2001; Saltelli et al. 2010; Morris 1991; Campolongo, Cariboni and Saltelli 2007; Geurts,
    Ernst and Wehenkel 2006; Breiman 2001.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> ranges = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.0)}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep = sim.sweep(scenario, sim.Design.morris(ranges, 4), replicates=8, out=folder)
    ...     found = sim.sensitivity(sweep, "n_countries(us)")
    >>> found.method, [row.number.name for row in found.ranking().rows]
    ('morris', ['parameters.w_waiting', 'local_control'])
    """
    found = _opened(sweep)
    design = found.design
    way = _method(design, method, seed)
    quantities = wanted_quantities(found, outcome, country)
    numbers = numbers_of_sweep(found, way in _DESIGNS)
    names = [each.name for each in numbers]
    studied, constant = [], []
    for done, (quantity, values) in enumerate(outcomes_at_points(found, quantities)):
        if progress is not None:
            progress(done, len(quantities))
        kept = _whole_rows(design, way, np.isfinite(values.value), len(names))
        own = values.value[kept]
        if np.ptp(own) <= 1e-12 * max(1.0, float(np.abs(own).max())):
            constant.append(quantity.text)
            continue
        studied.append(_study(found, way, names, quantity, values, kept, seed))
    if not studied:
        shown = ", ".join(constant) or "each of these outcomes"
        rule = f"nothing varies: {shown} is the same at every point of {found.heading.name}."
        raise refusal(rule, "Ask for another outcome, or sweep wider ranges or other numbers.")
    return Sensitivity(found, way, numbers, tuple(studied), tuple(constant))


def fitting_method(design: Design) -> str:
    """Return the method for which a design was made; scores if for none of them."""
    own = design.sampling.method if design.sampling else ""
    return next((way for way, needed in _DESIGNS.items() if needed == own), SCORES)


def _opened(sweep: StoredSweep | str | Path) -> StoredSweep:
    found = load_run(sweep) if isinstance(sweep, str | Path) else sweep
    if not isinstance(found, StoredSweep):
        rule = f"sensitivity needs a finished sweep, not a {type(found).__name__}."
        raise refusal(rule, "Give the result of sim.sweep, or the folder of one.")
    return found


def _method(design: Design, method: Any, seed: Any) -> str:
    """Return the method, if the design fits it and is large enough.

    Raises
    ------
    InputError
        If it does not, or an argument is not allowed.
    """
    problems = check_whole("seed", seed, 0, LARGEST_SEED, "Use 1.")
    if problems:
        raise InputError(problems)
    if method is None:
        method = fitting_method(design)
    elif method not in METHODS:
        rule = f"method = {shown_value(method)} is not a kind of sensitivity analysis."
        raise refusal(rule, f"Choose one of {', '.join(METHODS)}.")
    size = design.n_points
    if method in _DESIGNS:
        size = sampling_for(design, _DESIGNS[method]).size
    _check_size(method, size)
    return str(method)


def _check_size(method: str, size: int) -> None:
    if size < FEWEST[method]:
        rule = f"{size} {_UNITS[method]} are too few for {method}."
        raise refusal(rule, f"Sweep at least {FEWEST[method]}; 128 or more give useful intervals.")


def _whole_rows(
    design: Design, method: str, has_value: NDArray[np.bool_], n_groups: int
) -> NDArray[np.bool_]:
    """Return which rows can be used: without failed points, and in whole blocks of the design.

    Raises
    ------
    InputError
        If too few are left.
    """
    kept, block = has_value.copy(), 1
    if method == SOBOL:
        second = bool(design.sampling and design.sampling.second_order)
        block = (2 * n_groups if second else n_groups) + 2
    elif method == MORRIS:
        block = n_groups + 1
    whole = kept.reshape(-1, block).all(axis=1)
    if whole.sum() < FEWEST[method]:
        rule = f"{int(whole.sum())} {_UNITS[method]} without a failed point are too few."
        raise refusal(rule, "Run the sweep again: it tries failed points again.")
    return np.asarray(np.repeat(whole, block))


def _study(
    found: StoredSweep,
    method: str,
    names: Sequence[str],
    quantity: Quantity,
    values: PointEstimates,
    kept: NDArray[np.bool_],
    seed: int,
) -> Studied:
    """Return the indices of one outcome."""
    design, own = found.design, values.value[kept]
    noise = noise_at_most(own, values.error[kept], values.paired_error[kept])
    sampling, floor = design.sampling, noise
    indices: SobolIndices | MorrisEffects | ForestScores
    if method == SOBOL:
        indices = sobol_indices(names, own, bool(sampling and sampling.second_order), seed)
    elif method == MORRIS:
        assert sampling is not None
        levels = sampling.levels or 4
        shares = sampling.shares[kept]
        indices = morris_effects(sampling.names, sampling.groups, shares, own, levels, seed)
        floor = noise_of_effects(noise, own, levels)
    else:
        scores = forest_scores(design.points[kept], own, seed)
        # The interval tells by itself: a forest does not predict the noise of points it has not
        # seen, so the rest is a bound of its own where no two points are nearly the same.
        indices, floor = scores, 0.0
        if fitting_method(design) == SCORES:
            noise = float(np.fmin(noise, min(1.0, max(0.0, 1.0 - scores.explained))))
    n_kept = int(kept.sum())
    ends = _at_ends(design.points[kept], own, len(names))
    return Studied(
        quantity, indices, noise, floor, float(own.mean()), float(own.std(ddof=1)),
        n_kept, len(kept) - n_kept, *ends,
    )  # fmt: skip


def _at_ends(points: Values, outcome: Values, n_numbers: int) -> tuple[Values, Values]:
    """Return the mean outcome where each number is low and where it is high; NaN in groups."""
    if points.shape[1] != n_numbers:
        return np.full(n_numbers, np.nan), np.full(n_numbers, np.nan)
    ends = np.nanquantile(points, _QUARTERS, axis=0)
    low, high = points <= ends[0], points >= ends[1]
    return _mean_where(low, outcome), _mean_where(high, outcome)


def _mean_where(rows: NDArray[np.bool_], outcome: Values) -> Values:
    return np.asarray((rows * outcome[:, None]).sum(axis=0) / rows.sum(axis=0))
