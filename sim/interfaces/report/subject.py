"""The subject of a report: a result, and the part of it that the report looks at closely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.analysis.moved import moved_from, moved_from_file
from sim.analysis.pairing import provider_names
from sim.analysis.shown import Shown
from sim.data.country_names import country_code
from sim.errors import InputError, Problem
from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.spans import earlier_end
from sim.experiment.stored import StoredComparison, StoredRun
from sim.experiment.summaries.focus import USUAL
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.charts.registry import shown_of
from sim.scenario.wording import country_problem
from sim.words.titles import provider_name
from sim.words.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.moved import Moved
    from sim.experiment.stored import Progress
    from sim.scenario import Scenario

_MOST_MOVED = 3
Reported = Result | Comparison | StoredRun | StoredComparison | StoredSweep


@dataclass(frozen=True)
class Subject:
    """The subject of a report.

    Parameters
    ----------
    result : a result
        As it was given: in memory, or stored.
    shown : Shown or None
        Its futures; None of a sweep, which is read from its tables.
    provider : str
        Key of the provider whose partners are counted first.
    country : str
        Code of the country that is looked at closely.
    """

    result: Reported
    shown: Shown | None
    provider: str
    country: str

    @property
    def sweep(self) -> StoredSweep | None:
        """The sweep; None of another result."""
        return self.result if isinstance(self.result, StoredSweep) else None

    @property
    def kind(self) -> str:
        """What it is: a run, a comparison or a sweep."""
        if self.sweep is not None:
            return "sweep"
        return "run" if isinstance(self.result, Result | StoredRun) else "comparison"

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, those of a comparison in the order of the command line."""
        if isinstance(self.result, StoredSweep):
            return self.result.scenarios
        if isinstance(self.result, Result | StoredRun):
            return (self.result.scenario,)
        return self.result.scenario_a, self.result.scenario_b

    @cached_property
    def moved(self) -> tuple[tuple[Moved, ...] | None, ...]:
        """What was moved in each scenario since its file was read; None where that is unknown."""
        return tuple(moved_from_file(each) for each in self.scenarios)

    @property
    def scenario_titles(self) -> tuple[str, ...]:
        """Title of each scenario, and what was moved in it."""
        return tuple(map(as_moved, self.scenarios, self.moved))

    @property
    def months(self) -> tuple[str, ...]:
        """The months covered, "YYYY-MM"."""
        return (
            self.scenarios[0].months if isinstance(self.result, StoredSweep) else self.result.months
        )

    @property
    def as_of(self) -> str | None:
        """The earlier month at which it stops; None if it is the last that it can have."""
        return earlier_end(self.scenarios, self.months[-1])

    @property
    def replicates(self) -> int:
        """Futures, of a sweep at each point."""
        return self.result.replicates

    @property
    def seed(self) -> int:
        """Seed of the random numbers."""
        return self.result.seed

    @property
    def futures_in_words(self) -> str:
        """The number of futures."""
        words = counted(self.replicates, "future")
        return f"{words} at each point" if self.sweep is not None else words

    @cached_property
    def run_id(self) -> str:
        """Identifier of the result."""
        if isinstance(self.result, Result | Comparison):
            return self.result.inputs.run_id
        return str(self.result.manifest["run_id"])

    @property
    def facts_hash(self) -> str:
        """Digest of the facts."""
        if isinstance(self.result, Result | Comparison):
            return self.result.inputs.facts_hash
        return str(self.result.manifest["facts_hash"])

    @property
    def named(self) -> str:
        """Short names of what it is of."""
        if self.sweep is not None:
            return self.sweep.heading.name
        return " and ".join(scenario.name for scenario in self.scenarios)

    @property
    def named_as_moved(self) -> str:
        """The same, with a mark where numbers were moved since a file was read."""
        if self.sweep is not None:
            return self.named
        marks = (" as moved" if moved else "" for moved in self.moved)
        names = (each.name for each in self.scenarios)
        return " and ".join(f"{name}{mark}" for name, mark in zip(names, marks, strict=True))

    @property
    def folder_name(self) -> str:
        """A name for its folder: what it is of, and the first digits of its identifier."""
        names = [self.named] if self.sweep is not None else [each.name for each in self.scenarios]
        return f"{'_vs_'.join(names)}-{self.run_id[:8]}"

    @property
    def title(self) -> str:
        """Title of the report: what it is of, and what was moved in it."""
        if self.sweep is not None:
            return self.sweep.heading.title or self.scenarios[0].title
        if len(self.scenarios) == 1:
            return self.scenario_titles[0]
        first, second = self.scenario_titles
        if self.is_from_file:
            return f"{second}, compared with the same without these changes"
        return f"{second}, compared with: {first}"

    @property
    def is_from_file(self) -> bool:
        """Whether a scenario in which numbers were moved is compared with its file."""
        if self.kind != "comparison":
            return False
        first, second = self.scenarios
        return first.name == second.name and bool(moved_from(first, second))


def as_moved(scenario: Scenario, moved: Sequence[Moved] | None) -> str:
    """Return the title of a scenario, and what was moved in it, if that is known.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load_scenario("baseline").with_levers({"slots": 20})
    >>> as_moved(scenario, moved_from_file(scenario)).split(", with ")[1]
    'Places in the US infrastructure offer: 20 instead of 10'
    """
    if not moved:
        return scenario.title
    named = [each.in_words for each in moved[:_MOST_MOVED]]
    more = f" and {len(moved) - len(named)} more" if len(named) < len(moved) else ""
    return f"{scenario.title}, with {'; '.join(named)}{more}"


def subject_of(
    result: Any, provider: str = "", country: str = "", progress: Progress | None = None
) -> Subject:
    """Return the subject of a report of a result.

    Parameters
    ----------
    result : Result, Comparison, StoredRun, StoredComparison or StoredSweep
        The futures of stored runs and comparisons are simulated again.
    provider : str
        Key of the provider whose partners are counted first; the first of the scenario unless
        given.
    country : str
        Code or name of the country to look at closely; South Korea unless given.
    progress : callable, optional
        Called with (futures done, futures in all).

    Raises
    ------
    InputError
        If it is no result, or has no such provider or country.
    ResultError
        If it is stored, and code or facts have changed since.
    """
    if not isinstance(result, Reported):
        rule = f"a report needs a result, not a {type(result).__name__}."
        remedy = "Give that of sim.simulate, sim.compare, sim.sweep or sim.load_run."
        raise InputError([Problem("", 0, rule, remedy)])
    code = _checked_country(country)
    if isinstance(result, StoredSweep):
        scenario = result.scenario
        names = {key: provider_name(scenario, key) for key in scenario.providers}
        return Subject(result, None, _checked_provider(provider, names), code)
    futures = result.again(progress) if isinstance(result, StoredRun | StoredComparison) else result
    shown = shown_of(futures, {})
    assert isinstance(shown, Shown)
    return Subject(result, shown, _checked_provider(provider, provider_names(shown)), code)


def _checked_provider(provider: str, names: dict[str, str]) -> str:
    if not provider:
        return next(iter(names))
    if provider not in names:
        rule = f"provider = {provider[:60]!r} is not one of this result."
        raise InputError([Problem("", 0, rule, f"Choose one of {', '.join(names)}.")])
    return provider


def _checked_country(country: str) -> str:
    if not country:
        return USUAL
    code = country_code(country)
    if code is None:
        rule, remedy = country_problem(country)
        raise InputError([Problem("", 0, f"country = {country[:60]!r} {rule}.", remedy)])
    return code
