"""The months that a result covers: up to an earlier month, and those that two scenarios share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError
from sim.model.requests import check_as_of, months_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario import Scenario


def shared_months(scenarios: Sequence[Scenario], as_of: str | None = None) -> tuple[str, ...]:
    """Return the months that all of some scenarios cover, in order.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one.
    as_of : str, optional
        The last month to return, "YYYY-MM".

    Raises
    ------
    ScenarioError
        If no month is in all of them.
    InputError
        If `as_of` is not among the months.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> months = shared_months([load_scenario("baseline"), load_scenario("today")])
    >>> months[0], months[-1]
    ('2026-12', '2030-12')
    """
    if len(scenarios) == 1:
        return months_until(scenarios[0], as_of)
    first = max(scenario.months[0] for scenario in scenarios)
    last = min(scenario.months[-1] for scenario in scenarios)
    if first > last:
        spans = " and ".join(f"{s.name} covers {_span(s.months)}" for s in scenarios)
        rule = f"the scenarios share no month: {spans}."
        remedy = "Move horizon.start or horizon.end of one of them, so that they overlap."
        raise ScenarioError([Problem("", 0, rule, remedy)])
    months = tuple(month for month in scenarios[0].months if first <= month <= last)
    if as_of is None:
        return months
    check_as_of(as_of, months, f"{'both' if len(scenarios) == 2 else 'all'} scenarios")
    return months[: months.index(as_of) + 1]


def _span(months: Sequence[str]) -> str:
    return f"{months[0]} to {months[-1]}"


def earlier_end(scenarios: Sequence[Scenario], last: str) -> str | None:
    """Return the month as of which a result was asked for; None if it is the last that it can have.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Of the result.
    last : str
        The last month of the result.
    """
    return None if last == shared_months(scenarios)[-1] else last
