"""How each setting of the levers fares across uncertain worlds, and what the robust one costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.answers import Answer
from sim.analysis.quantities import (
    at_points,
    error_column,
    quantities_of_sweep,
    refusal,
    value_column,
)
from sim.analysis.robustness.compared import Compared
from sim.analysis.robustness.crossing import cross
from sim.analysis.robustness.measures import GIVEN_UP
from sim.analysis.sweeps.words import field_title, unit_in_words
from sim.errors import InputError, Problem
from sim.experiment.sweeps.stored import StoredSweep

if TYPE_CHECKING:
    from sim.analysis.quantities import AtPoints, Quantity
    from sim.experiment.tables import Table

Values = NDArray[np.float64]
MORE, LESS = "more", "less"
USUAL_PERCENT = 10.0


class Robustness(Compared, Answer):
    """How settings fare across uncertain worlds, with tables and words; see `Compared`.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> axes = {"local_control": [0.2, 0.8], "parameters.w_waiting": [0.5, 2.0]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep = sim.sweep(scenario, sim.Design.grid(axes), replicates=8, out=folder)
    ...     found = sim.robust(sweep, "p_committed(KOR, us)", aim="less")
    >>> found.title
    'Robust settings: Probability that South Korea is with the United States'
    >>> found.least_regretted, found.greatest_regret.shape
    (0, (2,))
    """

    NAME = "robustness"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Robust settings: {self.quantity.title}"

    def tables(self) -> tuple[Table, ...]:
        """Return settings and regrets, with the description of their columns."""
        from sim.analysis.robustness.tables import robustness_tables

        return robustness_tables(self)

    def sentences(self) -> list[str]:
        """Return what was found, in plain words."""
        from sim.analysis.robustness.words import robustness_sentences

        return robustness_sentences(self)


def robust(
    sweep: StoredSweep,
    outcome: str,
    *,
    levers: str | Sequence[str] | None = None,
    aim: str = MORE,
    good_enough: float | None = None,
    percent: float = USUAL_PERCENT,
    cost: str | None = None,
) -> Robustness:
    """Return how each setting of the levers fares across uncertain worlds.

    Parameters
    ----------
    sweep : StoredSweep
        With every setting of its levers in every world, such as a grid over both. Its scenarios
        are worlds too; `StoredSweep.within` chooses one.
    outcome : str
        For example ``n_countries(us)`` or ``p_committed(KOR, us)``.
    levers : str or sequence of str, optional
        Names of the varied numbers that somebody chooses; the others make up the worlds. The levers
        of the sweep unless given.
    aim : str
        ``more`` or ``less`` of the outcome.
    good_enough : float, optional
        What a world must reach to count as good enough; the outcome of the scenario as it stands
        (point 0), of several the first, unless given.
    percent : float
        Percent of the worlds, the worst, that the percentile leaves out, 0 to 50.
    cost : str, optional
        What a setting costs: an outcome, such as ``fund_usd_m(us)``, of which the mean over the
        worlds is taken, or one of the levers. Unless given, what the setting gives up on average
        against the best one.

    Returns
    -------
    Robustness

    Raises
    ------
    InputError
        If the sweep does not cross levers with uncertainties (it says which design is needed), or
        an argument is not of this sweep or out of range.

    Notes
    -----
    Regret type II compares settings within a world (Savage 1951), type I a setting with itself in
    the expected world (Herman, Reed, Zeff and Characklis 2015). Both are in the unit of the
    outcome. Shares are given beside them, and are empty where the outcome they refer to is 0.

    References
    ----------
    Savage 1951; Starr 1963; Herman, Reed, Zeff and Characklis 2015; McPhail et al. 2018.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> axes = {"local_control": [0.2, 0.8], "parameters.w_waiting": [0.5, 2.0]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep = sim.sweep(scenario, sim.Design.grid(axes), replicates=8, out=folder)
    ...     found = sim.robust(sweep, "n_countries(us)")
    ...     table = found.frame()
    >>> table["local_control"].tolist(), int(table["is_least_regretted"].sum())
    ([0.2, 0.8], 1)
    """
    if not isinstance(sweep, StoredSweep):
        rule = f"robust needs a finished sweep, not a {type(sweep).__name__}."
        raise refusal(rule, "Give the result of sim.sweep or sim.load_run.")
    _check(aim, good_enough, percent)
    quantity, found = _in_scenarios(sweep, outcome)
    crossing = cross(sweep, levers)
    column = value_column(quantity)
    table = crossing.table(found, column)
    whole = np.asarray(np.isfinite(table).all(axis=0))
    if not whole.any():
        rule = f"no world of the sweep has {quantity.text} at every setting."
        raise refusal(rule, "Look at the points that failed, and run the sweep again.")
    crossing = crossing.some(whole)
    threshold = found[0].at_start[column] if good_enough is None else float(good_enough)
    shown = Robustness(
        sweep,
        crossing,
        quantity,
        aim == MORE,
        crossing.table(found, column),
        crossing.table(found, error_column(quantity)),
        crossing.table(found, "difference_se"),
        threshold,
        float(percent),
        np.zeros(len(crossing.settings)),
        GIVEN_UP,
        quantity.unit,
    )
    return _with_cost(shown, cost)


def _in_scenarios(sweep: StoredSweep, outcome: str) -> tuple[Quantity, list[AtPoints]]:
    """Return an outcome, as the first scenario has it, and its values in each scenario.

    Raises
    ------
    InputError
        If one of the scenarios has no such outcome.
    """
    each = [sweep.within(name) for name in sweep.shown_scenarios]
    asked = [quantities_of_sweep(one).find(outcome) for one in each]
    return asked[0], [at_points(*pair) for pair in zip(each, asked, strict=True)]


def _with_cost(shown: Robustness, cost: str | None) -> Robustness:
    """Return the comparison with what each setting costs."""
    # What an outcome is worth elsewhere is not known: the price is what is given up of it.
    if cost is None:
        best = shown.sign * shown.mean[shown.best_on_average]
        return replace(shown, cost=best - shown.sign * shown.mean)
    names = [each.name for each in shown.crossing.levers]
    if cost in names:
        field = shown.crossing.levers[names.index(cost)]
        values = shown.crossing.settings[:, names.index(cost)]
        if np.isnan(values).any():
            rule = f"cost = {cost}: the lever is null at some settings, which is no amount."
            raise refusal(rule, "Choose an outcome, such as fund_usd_m(us).")
        unit = unit_in_words(field.spec.unit)
        return replace(shown, cost=values, cost_title=field_title(field), cost_unit=unit)
    quantity, rows = _in_scenarios(shown.sweep, cost)
    mean = shown.crossing.table(rows, value_column(quantity)).mean(axis=1)
    return replace(shown, cost=mean, cost_title=quantity.title, cost_unit=quantity.unit)


def _check(aim: Any, good_enough: Any, percent: Any) -> None:
    """Check the arguments of `robust`.

    Raises
    ------
    InputError
        With every argument that is out of range.
    """
    problems = []
    if aim not in (MORE, LESS):
        rule = f"aim = {aim!r} must be {MORE} or {LESS}."
        problems.append(Problem("", 0, rule, "Say whether more or less of the outcome is better."))
    if good_enough is not None and not (_is_number(good_enough) and np.isfinite(good_enough)):
        rule = f"good_enough = {good_enough!r} must be a finite number."
        problems.append(Problem("", 0, rule, "Give it in the unit of the outcome."))
    if not (_is_number(percent) and 0 <= percent <= 50):
        rule = f"percent = {percent!r} must be a number from 0 to 50."
        problems.append(Problem("", 0, rule, "Use 10, or 0 for the worst world."))
    if problems:
        raise InputError(problems)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
