"""What a caller may ask of the model: which scenario, how many futures, which seed."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario import Scenario

MOST_REPLICATES = 1_000_000
MOST_WORKERS = 1024
LARGEST_SEED = 2**32 - 1


def check_whole(name: str, value: Any, low: int, high: int, remedy: str) -> list[Problem]:
    """Return the problem with a number that is not whole or out of range, if any.

    Whole numbers of other libraries are whole numbers; true and false are not.
    """
    try:
        is_in_range = not isinstance(value, bool) and low <= operator.index(value) <= high
    except TypeError:
        is_in_range = False
    if is_in_range:
        return []
    # Here, so that the bounds above can be had without everything that reads scenarios.
    from sim.scenario.wording import shown_value, shown_whole

    shown = shown_whole(value) if isinstance(value, int) else str(value)[:60]
    if isinstance(value, str):
        # In quotes, without which nobody sees what is wrong with 4.
        shown = shown_value(value)
    rule = f"{name} = {shown} must be a whole number from {low} to {high}."
    return [Problem("", 0, rule, remedy)]


def check_seed(seed: Any) -> list[Problem]:
    """Return the problem with a seed, if there is one."""
    return check_whole("seed", seed, 0, LARGEST_SEED, "Any whole number in the range will do.")


def check_workers(workers: Any) -> list[Problem]:
    """Return the problem with a number of threads, if there is one; None is one a core."""
    if workers is None:
        return []
    return check_whole("workers", workers, 1, MOST_WORKERS, "Leave it out for one a core.")


def check_request(replicates: Any, seed: Any, workers: Any = None) -> None:
    """Check what a caller asks of an ensemble.

    Raises
    ------
    InputError
        With every number that is not whole or out of its range.
    """
    remedy = "Use 1000 for a first look."
    problems = check_whole("replicates", replicates, 1, MOST_REPLICATES, remedy)
    problems += check_seed(seed) + check_workers(workers)
    if problems:
        raise InputError(problems)


def check_extras(facts: Any = None, progress: Any = None) -> None:
    """Check what a caller gives besides scenario and numbers, where something is given.

    Raises
    ------
    InputError
        If `facts` are not loaded facts, or `progress` cannot be called.
    """
    from sim.data import Facts

    problems = []
    if facts is not None and not isinstance(facts, Facts):
        rule = f"facts must be loaded facts, not a {type(facts).__name__}."
        remedy = "Take those of sim.data.load_facts, or leave them out for the shipped ones."
        problems.append(Problem("", 0, rule, remedy))
    if progress is not None and not callable(progress):
        rule = f"progress must be a function, not a {type(progress).__name__}."
        remedy = "It is called with what is done and with all there is to do."
        problems.append(Problem("", 0, rule, remedy))
    if problems:
        raise InputError(problems)


def check_future(seed: Any, replicate: Any) -> None:
    """Check what a caller asks of one future.

    Raises
    ------
    InputError
        With every number that is not whole or out of its range.
    """
    remedy = "Futures of an ensemble are counted from 0."
    problems = check_seed(seed)
    problems += check_whole("replicate", replicate, 0, MOST_REPLICATES - 1, remedy)
    if problems:
        raise InputError(problems)


def months_until(scenario: Scenario, as_of: str | None) -> tuple[str, ...]:
    """Return the months of a scenario up to and including `as_of`; all of them if it is None.

    Raises
    ------
    InputError
        If the scenario does not cover that month.
    """
    if as_of is None:
        return scenario.months
    check_as_of(as_of, scenario.months, scenario.name)
    return scenario.months[: scenario.months.index(as_of) + 1]


def check_as_of(as_of: Any, months: Sequence[str], what: str) -> None:
    """Check that a month lies within those that a run or a comparison covers.

    Parameters
    ----------
    as_of : str
        Month, "YYYY-MM".
    months : sequence of str
        The months covered.
    what : str
        What covers them, for the message.

    Raises
    ------
    InputError
        If it is not one of them.
    """
    if isinstance(as_of, str) and as_of in months:
        return
    from sim.scenario.wording import shown_value

    shown = as_of[:60] if isinstance(as_of, str) else shown_value(as_of)
    rule = f"as_of = {shown} must be a month of {what}, {months[0]} to {months[-1]}."
    remedy = "Give one of these months as YYYY-MM, or leave it out for the last."
    raise InputError([Problem("", 0, rule, remedy)])


def check_scenario(scenario: Any) -> None:
    """Check that what was given as a scenario is one, and not its name or its content.

    Raises
    ------
    InputError
        If it is not.
    """
    from sim.scenario import Scenario

    if isinstance(scenario, Scenario):
        return
    # Names and paths are what people try; a scenario is loaded first, so that it is checked once.
    is_path = isinstance(scenario, str) or hasattr(scenario, "__fspath__")
    shown = f"{str(scenario)[:60]!r}" if is_path else f"a value of type {type(scenario).__name__}"
    remedy = f"Load it first: sim.load_scenario({shown if is_path else '...'})."
    raise InputError([Problem("", 0, f"{shown} is not a loaded scenario.", remedy)])
