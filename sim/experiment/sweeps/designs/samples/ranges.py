"""The range that a number has unless a design gives another: its lever's, or its distribution."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sim.data import load_parameters
from sim.errors import InputError, Problem
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.experiment.sweeps.designs.samples.spreads import UNIFORM, Spread
from sim.experiment.sweeps.designs.schema import ALL, DRAWN
from sim.experiment.sweeps.designs.swept import SweptField, find_fields
from sim.scenario.schema.file import Distribution
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from sim.scenario import Scenario

NO_RANGE = "has no range of its own: it is not a lever, and nothing gives it a distribution"
GIVE_RANGE = "Give its ends: {low: 0, high: 1}."
LIST_SWITCH = "List its values under levers or uncertainties: [true, false]."
# Where a normal distribution without limits is cut off, in standard deviations.
_CUT_OFF = 4.0


def default_ranges(
    scenario: Scenario,
    *,
    levers: Collection[str] | str = (),
    uncertainties: Collection[str] | str = (),
) -> dict[str, Spread]:
    """Return the ranges that numbers have in a scenario, for a sampled design.

    Parameters
    ----------
    scenario : Scenario
    levers : collection of str, or "all"
        Levers of the scenario; each has its own range. ``all`` takes every lever.
    uncertainties : collection of str, "drawn" or "all"
        Addresses; each has the distribution that the scenario, or else the parameter table, gives
        it. ``drawn`` takes every number that the scenario draws, ``all`` also the parameters that
        it fixes although the parameter table gives them a distribution.

    Returns
    -------
    dict of str to Spread
        Levers first. No number is in it twice: one that a lever sets is left out of ``drawn`` and
        ``all``.

    Raises
    ------
    InputError
        If a name is not a number of the scenario, or has no range.

    Notes
    -----
    Numbers of the posterior have their own quantiles here, so a design varies them independently
    of each other, while a run draws them jointly.

    Examples
    --------
    >>> import sim
    >>> found = default_ranges(sim.load_scenario("baseline"), levers=["linkage"])
    >>> found["linkage"].low, found["linkage"].high
    (0.0, 1.0)
    """
    chosen = [*scenario.levers] if levers == ALL else [*_listed("levers", levers)]
    names = [*chosen]
    if isinstance(uncertainties, str):
        taken = {scenario.levers[name].target for name in chosen if name in scenario.levers}
        names += [
            each for each in uncertain_addresses(scenario, uncertainties) if each not in taken
        ]
    else:
        names += _listed("uncertainties", uncertainties)
    problems: list[Problem] = []

    def report(name: str, rule: str, remedy: str) -> None:
        problems.append(Problem("", 0, f"{shown_value(name)} {rule}.", remedy))

    fields = find_fields(scenario, names, report)
    found = {}
    for name, field in fields.items():
        spread = default_spread(scenario, field)
        if spread is None:
            remedy = "Give the design its two ends, or sim.Spread.one_of its values."
            report(name, NO_RANGE, remedy)
        else:
            found[name] = spread
    if problems:
        raise InputError(problems)
    return found


def _listed(what: str, names: Collection[str] | str) -> Collection[str]:
    if isinstance(names, str) or not isinstance(names, Collection):
        message = f"{what} = {shown_value(names)} must be a list of names, or the word all."
        raise refuse(message, "For example: ['linkage'].")
    return names


def uncertain_addresses(scenario: Scenario, which: str) -> list[str]:
    """Return the addresses of a scenario's uncertain numbers, ``drawn`` or ``all``.

    Raises
    ------
    InputError
        If `which` is neither.
    """
    if which not in (DRAWN, ALL):
        message = f"uncertainties = {shown_value(which)} must be a list of names, drawn or all."
        raise refuse(message, "Use drawn for every number that the scenario draws.")
    found = [*scenario.uncertainties]
    if which == ALL:
        rows = load_parameters().values()
        known = {*found}
        table = (f"parameters.{row.name}" for row in rows if row.distribution)
        found += [address for address in table if address not in known]
    return found


def default_spread(scenario: Scenario, field: SweptField) -> Spread | None:
    """Return the range of a number unless a design gives another; None if it has none."""
    is_whole = field.spec.kind == "whole number"
    if field.lever is not None:
        if field.spec.kind == "switch":
            return Spread.one_of([False, True])
        return Spread(UNIFORM, field.lever.low, field.lever.high, is_whole=is_whole)
    given = scenario.uncertainties.get(field.address)
    if given is None:
        row = load_parameters().get(field.address.removeprefix("parameters."))
        if row is None or not row.distribution or not field.address.startswith("parameters."):
            return None
        mode = row.dist_mode if row.distribution == "triangular" else None
        given = Distribution.model_construct(
            distribution=row.distribution, low=row.dist_low, mode=mode, high=row.dist_high
        )
    found = _spread_of(scenario, field.address, given, is_whole)
    return found if found.low < found.high else None


def _spread_of(scenario: Scenario, address: str, given: Distribution, is_whole: bool) -> Spread:
    rows = scenario.posterior_rows(address)
    if rows is not None:
        values = tuple(sorted(rows.tolist()))
        return Spread(given.kind, values[0], values[-1], values=values, is_whole=is_whole)
    low, high = given.low, given.high
    if given.kind == "normal":
        mean, width = given.mean or 0.0, _CUT_OFF * (given.sd or 1.0)
        low = mean - width if low is None else low
        high = mean + width if high is None else high
    assert low is not None
    assert high is not None
    return Spread(given.kind, low, high, given.mode, given.mean, given.sd, is_whole=is_whole)
