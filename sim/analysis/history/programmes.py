"""The programmes of the past that ship as scenarios, and their records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.history.answers import Answers, programme_of, read_answers
from sim.data import load_facts
from sim.model.world.building import Built, build_world
from sim.scenario import load_scenario
from sim.scenario.reading.shipped import shipped

if TYPE_CHECKING:
    from sim.scenario import Scenario

FOLDER = "history"
EVENTS = "sim/data/tables/events.csv"
Progress = Callable[[str], None]


def history_files() -> tuple[Path, ...]:
    """Return the scenario files of the programmes that ship, by name."""
    return tuple(sorted(shipped("scenarios", FOLDER).glob("*.yaml")))


@cache
def history_scenarios() -> tuple[Scenario, ...]:
    """Return the programmes that ship as scenarios, by name."""
    return tuple(load_scenario(path) for path in history_files())


@cache
def history_programmes() -> frozenset[str]:
    """Return the names, in the events table, of the programmes that ship."""
    return frozenset(programme_of(scenario)[2] for scenario in history_scenarios())


@cache
def built_programme(name: str) -> Built:
    """Return the world of a programme that ships, built once."""
    return build_world(next(s for s in history_scenarios() if s.name == name))


def known_answers(
    known_before: str | None = None, leave_out: Collection[str] = ()
) -> Iterator[Answers]:
    """Yield what countries did about each programme that something is known of.

    Parameters
    ----------
    known_before : str, optional
        Month "YYYY-MM": programmes launched before it, and answers given before it; all of them
        unless given.
    leave_out : collection of str
        Names of programmes, as in the events table.
    """
    for _, answers in _known(known_before, leave_out):
        yield answers


def known_programmes(
    known_before: str | None = None, leave_out: Collection[str] = ()
) -> Iterator[tuple[Built, Answers]]:
    """Yield the same programmes with their worlds; see `known_answers`."""
    for scenario, answers in _known(known_before, leave_out):
        yield built_programme(scenario.name), answers


def _known(
    known_before: str | None, leave_out: Collection[str]
) -> Iterator[tuple[Scenario, Answers]]:
    events = load_facts().events
    for scenario in history_scenarios():
        programme = programme_of(scenario)[2]
        if programme in leave_out or (known_before and scenario.months[0] >= known_before):
            continue
        answers = read_answers(scenario, events, known_before, EVENTS)
        if answers.has_joined.any():
            yield scenario, answers
