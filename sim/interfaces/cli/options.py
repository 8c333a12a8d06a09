"""Options that several commands share, and reading of changes on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import InputError, Problem, at_home
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES, MOST_WORKERS
from sim.scenario.schema.fields import MONTH_PATTERN

if TYPE_CHECKING:
    from sim.scenario import Scenario

ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A scenario file, or the name of one in the folder scenarios."
    ),
]
Replicates = Annotated[
    int,
    typer.Option(
        "--replicates", "-n", min=1, max=MOST_REPLICATES, help="How many futures to simulate."
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_SEED,
        help="Seed of the random numbers; the same seed gives the same bytes.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=MOST_WORKERS,
        help="Threads; one per core unless given. No effect on results.",
    ),
]


def folder_given(given: str | Path) -> Path:
    """Return the folder given to an option or an argument."""
    if not str(given).strip():
        raise typer.BadParameter("it is empty; name a folder, such as results.")
    return at_home(Path(given))


def month_given(text: str) -> str:
    """Return the month given to an option."""
    if not re.fullmatch(MONTH_PATTERN, text, re.ASCII):
        raise typer.BadParameter("write a month as YYYY-MM, such as 2014-06.")
    return text


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="MONTH",
        parser=month_given,
        help="Stop at the end of an earlier month, such as 2026-11, and show how it stands then.",
    ),
]
ResultsFolder = Annotated[
    Path,
    typer.Option(
        "--results", metavar="PATH", parser=folder_given, help="Folder in which results are kept."
    ),
]
# For commands that make results, which also write there.
WrittenResults = Annotated[
    Path,
    typer.Option(
        "--results",
        "--out",
        metavar="PATH",
        parser=folder_given,
        help="Folder in which results are kept; made if it does not exist.",
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ADDRESS=VALUE",
        help="Change one number of the scenario, by dotted address; may be given more than once.",
    ),
]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        metavar="NAME=VALUE",
        help="Set one of the scenario's levers; may be given more than once.",
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Simulate and write again, even if the result exists.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print only data for machines to standard output.")
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="No progress and no summary: only the result's folder."),
]


def read_value(text: str) -> Any:
    """Return a value as YAML reads it: a number, a switch, a word."""
    from sim.scenario.reading.yaml_reader import read_entry

    return read_entry(text)


def read_pairs(
    texts: Sequence[str] | None,
    option: str,
    problems: list[Problem],
    *,
    example: str,
    read: Callable[[str], Any] = read_value,
    what: str = "a value",
    is_bare: bool = False,
) -> dict[str, Any]:
    """Return name and value of each NAME=VALUE that an option was given.

    Parameters
    ----------
    texts : sequence of str or None
        As they were given.
    option : str
        The option, for messages.
    problems : list of Problem
        Those that cannot be read are added.
    example : str
        A pair that can be read.
    read : callable
        Returns the value of a text, or raises ValueError.
    what : str
        What the value must be, for messages.
    is_bare : bool
        Whether a name may stand alone; its value is None then.
    """
    form = f"a name, an equals sign and {what}"
    found: dict[str, Any] = {}
    for text in texts or ():
        name, equals, rest = (part.strip() for part in text.partition("="))
        try:
            is_read = bool(name) and (bool(rest) or (is_bare and not equals))
            value = read(rest) if is_read and rest else None
        except ValueError:
            is_read = False
        if not is_read:
            alone = "a name, or " if is_bare else ""
            rule = f"{option} {text[:100]!r} must be {alone}{form}."
            problems.append(Problem("", 0, rule, f"For example: {option} {example}"))
        elif name in found:
            rule = f"{option} {name[:100]} is given twice."
            problems.append(Problem("", 0, rule, "Give it once."))
        else:
            found[name] = value
    return found


def changed(
    scenario: Scenario, changes: Sequence[str] | None, levers: Sequence[str] | None
) -> Scenario:
    """Return the scenario with the changes and levers of the command line.

    Raises
    ------
    InputError
        With every change that cannot be read or breaks a rule.
    """
    problems: list[Problem] = []
    wanted = read_pairs(changes, "--set", problems, example="providers.us.linkage=0.9")
    lever_values = read_pairs(levers, "--lever", problems, example="linkage=0.9")
    wanted = {name: value for name, value in wanted.items() if _may_change(name, problems)}
    _check_twice(scenario, wanted, lever_values, problems)
    # Each is checked against the original scenario, so that one report lists all problems.
    for change, values in ((scenario.with_changes, wanted), (scenario.with_levers, lever_values)):
        try:
            change(values)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return scenario.with_changes(wanted).with_levers(lever_values)


def _may_change(address: str, problems: list[Problem]) -> bool:
    """Return whether a run may change the value at an address; report it if not.

    Texts cannot be changed: results are filed under the scenario's name, and its titles and
    sources describe the file.
    """
    from sim.scenario import field_at, split_address

    spec = field_at(split_address(address))
    is_word = spec is not None and spec.kind == "text"
    if not is_word and address != "sources":
        return True
    message = f"--set {address[:100]} is not a number, switch or choice of the scenario."
    remedy = "To change a text, write a scenario file that extends this one."
    problems.append(Problem("", 0, message, remedy))
    return False


def _check_twice(
    scenario: Scenario,
    changes: Mapping[str, Any],
    lever_values: Mapping[str, Any],
    problems: list[Problem],
) -> None:
    """Report numbers given both by --set and by a lever: only one value could apply."""
    for name in lever_values:
        target = scenario.levers[name].target if name in scenario.levers else ""
        for address in changes:
            if target == address or target.startswith(f"{address}."):
                message = f"--lever {name} moves {target}, which --set {address} changes too."
                problems.append(Problem("", 0, message, "Give one of the two."))


def all_or_problems(*loads: Callable[[], Scenario]) -> tuple[Scenario, ...]:
    """Return the results of all functions, or raise one error with the problems of all.

    Raises
    ------
    InputError
        With every problem of every function.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    for load in loads:
        try:
            found.append(load())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return tuple(found)


def shown_scenario(given: str) -> str:
    """Return a scenario's name for the manifest, without folders of this machine."""
    return Path(given).name if Path(given).is_absolute() else Path(given).as_posix()
