"""The cases in which a condition holds or does not: points of a sweep, or futures of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.conditions import (
    MEAN,
    Clause,
    Compare,
    Condition,
    IsWith,
    Signs,
    read_condition,
)
from sim.analysis.quantities import (
    at_points,
    in_futures,
    quantities_of_futures,
    quantities_of_sweep,
    refusal,
    value_column,
)
from sim.analysis.sweeps.words import field_title, unit_in_words, value_in_words
from sim.words.titles import address_title
from sim.words.wording import number

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.model.ensemble import Ensemble

POINTS, FUTURES = "point", "future"
# With fewer, a box of a twentieth of them would hold one case or none.
FEWEST_CASES = 20


@dataclass(frozen=True)
class Input:
    """One number whose value differs between cases.

    Parameters
    ----------
    name, address : str
        As a column of the result calls it, and its dotted address.
    title, unit : str
        Its name for readers, and its unit.
    shown : callable
        Returns one of its values in words.
    may_be_null : bool
        Whether it is null in some cases.
    """

    name: str
    address: str
    title: str
    unit: str
    shown: Callable[[float], str]
    may_be_null: bool = False


@dataclass(frozen=True)
class Cases:
    """What a search looks at.

    Parameters
    ----------
    condition : Condition
    kind : str
        POINTS or FUTURES.
    inputs : tuple of Input
        Axis J.
    values : ndarray, shape (n, J)
        Value of each input in each case; NaN for null.
    share : ndarray, shape (n,)
        How often the condition holds in each case, 0-1: 0 or 1 at a point, the share of the
        futures that have the same values of the inputs otherwise.
    weight : ndarray, shape (n,)
        Futures of each case; 1 for a point.
    number : ndarray of int, shape (n,)
        Number of the point, or of the draw.
    """

    condition: Condition
    kind: str
    inputs: tuple[Input, ...]
    values: NDArray[np.float64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]
    number: NDArray[np.int64]

    @property
    def density(self) -> float:
        """Share of all cases in which the condition holds, 0-1."""
        return float(self.share @ self.weight / self.weight.sum())


def cases_of_sweep(found: StoredSweep, text: str) -> Cases:
    """Return the points of a sweep, point 0 aside, with whether a condition holds at each.

    Raises
    ------
    InputError
        If the condition cannot be read, is about single futures or another month than the last, or
        holds at every point or at none.
    """
    condition = read_condition(text, quantities_of_sweep(found), found.scenario.months)
    compared = [[_of_points(each, found) for each in group] for group in condition.groups]
    values = {
        (each.quantity, each.column): _column(found, each) for group in compared for each in group
    }
    is_known = np.logical_and.reduce([np.isfinite(column) for column in values.values()])
    holds = np.logical_or.reduce(
        [
            np.logical_and.reduce(
                [each.holds(values[each.quantity, each.column]) for each in group]
            )
            for group in compared
        ]
    )
    inputs = tuple(
        Input(
            field.name, field.address, field_title(field), unit_in_words(field.spec.unit),
            partial(value_in_words, field), bool(np.isnan(column).any()),
        )
        for field, column in zip(found.fields, found.design.points.T, strict=True)
    )  # fmt: skip
    _check_varies(condition, holds[is_known], values, POINTS, found.scenario.name)
    at = np.flatnonzero(is_known)
    return Cases(
        condition,
        POINTS,
        inputs,
        found.design.points[at],
        holds[at].astype(np.float64),
        np.ones(len(at)),
        at + 1,
    )


def _of_points(clause: Clause, found: StoredSweep) -> Compare:
    """Return a clause, if a sweep keeps what it asks for.

    Raises
    ------
    InputError
        If it does not.
    """
    run = f"alignsim discover {found.scenario.name} '{{}}'"
    if not isinstance(clause, Compare):
        rule = f"'{clause.words}' is about one future; a sweep keeps means and probabilities."
        remedy = "Ask about a run: " + run.format("...")
        if isinstance(clause, IsWith):
            sign = ">" if clause.is_with else "<"
            remedy = f"Write {clause.quantity.text} {sign} 0.5, or ask about a run."
        raise refusal(rule, remedy)
    if clause.month != found.scenario.months[-1]:
        rule = (
            f"a sweep keeps outcomes at its end, {found.scenario.months[-1]}, not {clause.month}."
        )
        raise refusal(
            rule, "Leave the date out, or ask about a run, which can be cut at any month."
        )
    return clause


def _column(found: StoredSweep, clause: Compare) -> NDArray[np.float64]:
    rows = at_points(found, clause.quantity).at_points
    column = value_column(clause.quantity) if clause.column == MEAN else clause.column
    if column not in rows:
        rule = f"{column}({clause.quantity.text}): a probability has no {column}."
        raise refusal(rule, f"Leave {column} out, or take the difference.")
    return rows[column]


def _check_varies(
    condition: Condition, holds: NDArray[Any], values: Mapping[Any, Any], kind: str, whose: str
) -> None:
    """Refuse a condition that always or never holds, and cases that are too few.

    Raises
    ------
    InputError
        Says between which ends the numbers lie.
    """
    if len(holds) < FEWEST_CASES:
        rule = f"{len(holds)} {kind}s are too few to find where a condition holds."
        raise refusal(rule, f"Take at least {FEWEST_CASES}.")
    total = float(holds.sum())
    if 0 < total < len(holds):
        return
    where = f"at every one of the {len(holds):,}" if total else f"at none of the {len(holds):,}"
    rule = f"the condition '{condition.text}' holds {where} {kind}s of {whose}."
    spans = [
        f"{key[0].text} lies from {number(np.nanmin(each))} to {number(np.nanmax(each))}"
        for key, each in values.items()
    ]
    remedy = f"{'; '.join(spans)}. Choose a threshold between." if spans else "Choose another one."
    raise refusal(rule, remedy)


def cases_of_run(result: Result, text: str) -> Cases:
    """Return the draws of a run, with the share of their futures in which a condition holds.

    Raises
    ------
    InputError
        If the condition cannot be read or names a column of a sweep, no number of the scenario is
        drawn, or the condition holds in every future or in none.
    """
    ensemble, scenario = result.ensemble, result.scenario
    known = quantities_of_futures(ensemble, scenario)
    condition = read_condition(text, known, result.months)
    if not ensemble.number_names:
        rule = (
            f"no number of the scenario {scenario.name} is uncertain: nothing tells futures apart."
        )
        raise refusal(rule, "Give it uncertainties, or run a sweep and ask about that.")
    by_month = {result.months[-1]: ensemble}
    for clause in condition.clauses:
        if clause.month not in by_month and not isinstance(clause, Signs):
            by_month[clause.month] = result.as_of(clause.month).ensemble
    seen: dict[Any, NDArray[np.float64]] = {}

    def holds_in(clause: Clause) -> NDArray[np.bool_]:
        if isinstance(clause, Signs):
            return signs(ensemble, clause)
        values = in_futures(by_month[clause.month], clause.quantity)
        if isinstance(clause, IsWith):
            return np.equal(values, float(clause.is_with))
        _check_plain(clause)
        seen[clause.quantity, clause.column] = values
        return np.asarray(clause.holds(values))

    holds = np.logical_or.reduce(
        [np.logical_and.reduce([holds_in(each) for each in group]) for group in condition.groups]
    )
    _check_varies(condition, holds, seen, FUTURES, scenario.name)
    starts = np.arange(0, result.replicates, result.futures_per_draw)
    weight = np.diff(np.append(starts, result.replicates)).astype(np.float64)
    share = np.add.reduceat(holds.astype(np.float64), starts) / weight
    return Cases(
        condition, FUTURES, _drawn_inputs(ensemble), ensemble.number_draws, share, weight,
        np.arange(len(starts)),
    )  # fmt: skip


def _check_plain(clause: Compare) -> None:
    """Refuse what only a point has: quantiles, differences, probabilities."""
    if clause.column != MEAN:
        rule = f"{clause.column}({clause.quantity.text}): one future has no {clause.column}."
        raise refusal(rule, "Compare the number itself, or ask about a sweep.")
    if clause.quantity.is_probability:
        q = clause.quantity
        rule = f"{q.text}: in one future a country is with a provider or not."
        raise refusal(rule, f"Write '{q.country} is with {q.provider}', or ask about a sweep.")


def signs(ensemble: Ensemble, clause: Signs) -> NDArray[np.bool_]:
    """Return in which futures a country signs, by a month or before another country, (R,).

    Two countries that first sign in the same month are not before each other.
    """
    axes = ensemble.axes
    offers = [o for o, name in enumerate(axes.offer) if not clause.offers or name in clause.offers]
    never = len(axes.month)

    def first(country: str) -> NDArray[np.int64]:
        months = ensemble.month_signed[:, axes.country.index(country)][:, offers].astype(np.int64)
        return np.asarray(np.where(months < 0, never, months).min(axis=1))

    own = first(clause.country)
    by = own <= axes.month.index(clause.month)
    return np.asarray(by & (own < first(clause.before)) if clause.before else by, np.bool_)


def _drawn_inputs(ensemble: Ensemble) -> tuple[Input, ...]:
    """Return the uncertain numbers of a run as inputs, named as `Quantity` names are."""
    from sim.scenario import field_at, split_address

    specs = {address: field_at(split_address(address)) for address in ensemble.number_names}
    units = {address: "" if spec is None else spec.unit for address, spec in specs.items()}
    return tuple(
        Input(
            address, address, address_title(address, ensemble.scenario),
            unit_in_words(units[address]), "{:g}".format,
        )
        for address in ensemble.number_names
    )  # fmt: skip
