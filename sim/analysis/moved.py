"""What was moved in a scenario since it was read from its file: levers, beliefs, other terms.

The moves are also what the command line and Python need to make the same scenario again, so they
are held to that: where file and moves do not give the scenario back, nothing is returned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenario import load_scenario
from sim.scenario.differing import UNCERTAIN, scenario_changes
from sim.scenario.wording import shown_number
from sim.words.titles import address_title

if TYPE_CHECKING:
    from sim.scenario import Scenario

Value = float | bool | None
_BELIEFS = "parameters."
_SWITCHES = {True: "yes", False: "no", None: "none"}


@dataclass(frozen=True)
class Moved:
    """One number that was moved.

    Parameters
    ----------
    address : str
        Dotted address.
    title : str
        What it is, for readers.
    before, now : float, bool or None
        In the file, and in the scenario; None for null and for what is computed or drawn.
    lever : str
        Short name of the lever that moves it; "" if none does.
    """

    address: str
    title: str
    before: Value
    now: Value
    lever: str

    @property
    def is_belief(self) -> bool:
        """Whether it is a number of the model, which is no longer drawn."""
        return self.address.startswith(_BELIEFS)

    @property
    def in_words(self) -> str:
        """What it is now, and what it was."""
        before = "" if self.before is None else f" instead of {_shown(self.before)}"
        return f"{self.title}: {_shown(self.now)}{before}"


def _shown(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return _SWITCHES[value]
    return f"{value:,.6g}"


def moved_from(start: Scenario, scenario: Scenario) -> tuple[Moved, ...] | None:
    """Return what was moved from one scenario to another; None if numbers alone do not say it.

    Examples
    --------
    >>> import sim
    >>> start = sim.load_scenario("baseline")
    >>> more = start.with_levers({"slots": 20}).with_changes({"parameters.w_peer": 1})
    >>> for each in moved_from(start, more):
    ...     print(each.in_words)
    Weight of what peers do: 1 instead of 1.6
    Places in the US infrastructure offer: 20 instead of 10
    >>> moved_from(start, sim.load_scenario("third-way")) is None
    True
    """
    if start.hash == scenario.hash:
        return ()
    levers = {lever.target: name for name, lever in start.levers.items()}
    found: dict[str, Moved] = {}
    for changed, *_ in scenario_changes(start, scenario):
        # The loss of a distribution follows from setting the number, perhaps to what it was.
        address = changed.removeprefix(UNCERTAIN)
        if address in found:
            continue
        try:
            before = start.value(address) if address == changed else None
            now = scenario.value(address)
        except InputError:
            return None
        title = address_title(address, start, scenario)
        found[address] = Moved(address, title, before, now, levers.get(address, ""))
    moved = tuple(found.values())
    try:
        is_same = start.with_changes(addresses_of(moved)).hash == scenario.hash
    except InputError:
        return None
    return moved if is_same else None


def moved_from_file(scenario: Scenario) -> tuple[Moved, ...] | None:
    """Return what was moved since the scenario of this name was read; None if that is unknown.

    It is unknown if the folder of scenarios has none of this name, or another one.
    """
    try:
        start = load_scenario(scenario.name)
    except (InputError, OSError):
        return None
    return moved_from(start, scenario)


def addresses_of(moved: tuple[Moved, ...]) -> Mapping[str, Value]:
    """Return the new values by address, as `Scenario.with_changes` takes them."""
    return {each.address: each.now for each in moved}


def changes_and_levers(moved: Sequence[Moved]) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the new values by address, and those of levers apart by their names."""
    return (
        {each.address: each.now for each in moved if not each.lever},
        {each.lever: each.now for each in moved if each.lever},
    )


def options_of(moved: Sequence[Moved]) -> list[str]:
    """Return the options of the command line that move the same numbers.

    Examples
    --------
    >>> import sim
    >>> start = sim.load_scenario("baseline")
    >>> more = start.with_levers({"slots": 20}).with_changes({"parameters.w_peer": 1})
    >>> options_of(moved_from(start, more) or ())
    ['--set', 'parameters.w_peer=1', '--lever', 'slots=20']
    """
    return moving_options(*changes_and_levers(moved))


def moving_options(changes: Mapping[str, Any], levers: Mapping[str, Any]) -> list[str]:
    """Return the options of the command line that move numbers: by address, and levers by name."""
    given = (("--set", changes), ("--lever", levers))
    return [
        word for option, values in given for name, value in values.items()
        for word in (option, f"{name}={typed(value)}")
    ]  # fmt: skip


def typed(value: Any) -> str:
    """Return a value as the command line reads it."""
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return value if isinstance(value, str) else shown_number(value)


def in_command(scenario: Scenario) -> list[str] | None:
    """Return a scenario in the words of a command: its name, and options that move its numbers.

    None if they do not give it.

    Examples
    --------
    >>> import sim
    >>> in_command(sim.load_scenario("baseline").with_levers({"slots": 20}))
    ['baseline', '--lever', 'slots=20']
    """
    moved = moved_from_file(scenario)
    return None if moved is None else [scenario.name, *options_of(moved)]


def two_in_command(first: Scenario, second: Scenario) -> list[str] | None:
    """Return two scenarios in the words of a command whose options change the second.

    None if files and options do not give both.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> two_in_command(baseline, baseline.with_levers({"slots": 20}))
    ['baseline', '--lever', 'slots=20']
    >>> two_in_command(baseline.with_levers({"slots": 20}), baseline) is None
    True
    """
    words = in_command(second)
    if words is None or moved_from_file(first) != ():
        return None
    return words if first.name == second.name else [first.name, *words]
