"""The scenarios side by side on the Compare page, each with its run or its problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import InputError, SimError
from sim.experiment.spans import shared_months
from sim.interfaces.explorer.state.runs import (
    ShownAnswer,
    answer,
    build_side,
    months_of_view,
    scenario_files,
)
from sim.interfaces.explorer.state.view import MOST_COMPARED, Side, View
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.scenario import Scenario

FEWEST_COMPARED = 2
# Shown beside a scenario if the visitor has chosen nothing to compare it with.
COMPANIONS = ("sovereignty-guarantees", "baseline")


@dataclass(frozen=True)
class ScenarioColumn:
    """One scenario of the page.

    Parameters
    ----------
    number : int
        Its position, from 1; the first is the reference.
    side : Side
    found : ShownAnswer or None
        Its run, compared with the reference if possible: differences are this run minus the
        reference. None if it cannot run.
    problems : tuple of str
        What is wrong with it, in words.
    apart : str
        Why it is not compared with the reference although it runs; "" if it is.
    """

    number: int
    side: Side
    found: ShownAnswer | None = None
    problems: tuple[str, ...] = ()
    apart: str = ""

    @property
    def label(self) -> str:
        """Its name on the page."""
        n = len(self.side.levers)
        moved = f", {n} lever{'' if n == 1 else 's'} moved" if n else ""
        return f"{self.number} {self.side.scenario}{moved}"

    @property
    def is_reference(self) -> bool:
        """Whether the others are compared with it."""
        return self.number == 1

    @property
    def result(self) -> Result | None:
        """Its run."""
        return None if self.found is None else self.found.a


def compared_sides(view: View) -> tuple[Side, ...]:
    """Return the two to four sides to compare, the reference first.

    Unless the visitor has chosen some, these are B and A of Explore, in this order so that the
    difference is A minus B as there; without a B, A and a scenario to compare it with.
    """
    chosen = view.compared[:MOST_COMPARED]
    if len(chosen) >= FEWEST_COMPARED:
        return chosen
    if len(chosen) == 1:
        return _with_companion(chosen[0])
    return _with_companion(view.a) if view.b is None else (view.b, view.a)


def _with_companion(side: Side) -> tuple[Side, ...]:
    if side.levers:
        return replace(side, levers=()), side
    other = next(name for name in COMPANIONS if name != side.scenario or side.draft)
    return side, Side(other)


def read_columns(view: View) -> tuple[ScenarioColumn, ...]:
    """Return the columns of the page; a problem with one does not affect the others.

    The reference, and all that share months with it and with each other, are shown over the months
    that all of these have, so that the numbers of a row are those of one month.
    """
    first, *rest = compared_sides(view)
    shared = compared_scenarios(view)
    months = months_of_view([*shared.values()], view) if shared else None
    reference = _alone(1, first, view, months)
    return reference, *(
        _against(reference, n, side, view, months if n in shared else None)
        for n, side in enumerate(rest, start=2)
    )


def compared_scenarios(view: View) -> dict[int, Scenario]:
    """Return the scenarios that are compared, by their number; none if the reference has problems.

    These are the reference and, in their order, those that share a month with all before them.
    """
    found: dict[int, Scenario] = {}
    for n, side in enumerate(compared_sides(view), start=1):
        try:
            scenario = build_side(side, view.beliefs)
            shared_months([*found.values(), scenario])
        except SimError:
            if n == 1:
                return {}
        else:
            found[n] = scenario
    return found


def _alone(number: int, side: Side, view: View, months: Sequence[str] | None) -> ScenarioColumn:
    """Return a column without a difference, over some months or over all of its own."""
    try:
        return ScenarioColumn(number, side, answer(replace(view, a=side, b=None), months))
    except SimError as error:
        return ScenarioColumn(number, side, problems=_in_words(error))


def _against(
    reference: ScenarioColumn, number: int, side: Side, view: View, months: Sequence[str] | None
) -> ScenarioColumn:
    """Return a column with its difference from the reference, unless they share no ``months``."""
    own = _alone(number, side, view, months)
    if own.result is None:
        return own
    if reference.result is None:
        return replace(own, apart="Scenario 1 cannot be run, so there is nothing to compare with.")
    if months is None:
        return replace(own, apart=_no_months(own.result.scenario))
    try:
        return replace(own, found=answer(replace(view, a=side, b=reference.side), months))
    except SimError as error:
        return replace(own, apart=" ".join(_in_words(error)))


def _no_months(scenario: Scenario) -> str:
    first, last = month_in_words(scenario.months[0]), month_in_words(scenario.months[-1])
    return (
        f"It covers {first} to {last} and shares no month with those before it, so its numbers are "
        "shown without a difference."
    )


def _in_words(error: SimError) -> tuple[str, ...]:
    if isinstance(error, InputError):
        return tuple(f"{problem.message} {problem.remedy}".strip() for problem in error.problems)
    return (str(error),)


def put_at(view: View, place: int, side: Side) -> View:
    """Return the view with another side at a position, counted from 0."""
    sides = list(compared_sides(view))
    sides[place] = side
    return replace(view, compared=tuple(sides))


def taken_out(view: View, place: int) -> View:
    """Return the view without the side at a position; two always remain."""
    sides = list(compared_sides(view))
    if len(sides) > FEWEST_COMPARED:
        del sides[place]
    return replace(view, compared=tuple(sides))


def put_first(view: View, place: int) -> View:
    """Return the view with the side at a position as the reference."""
    sides = list(compared_sides(view))
    sides.insert(0, sides.pop(place))
    return replace(view, compared=tuple(sides))


def added(view: View, name: str) -> View:
    """Return the view with a scenario of the folder after the others, if there is room."""
    sides = compared_sides(view)
    if len(sides) >= MOST_COMPARED:
        return view
    return replace(view, compared=(*sides, Side(name)))


def not_yet_shown(view: View) -> list[str]:
    """Return the names of the folder's scenarios that no column shows unchanged."""
    shown = compared_sides(view)
    return [entry.name for entry in scenario_files() if Side(entry.name) not in shown]


def paired_headers(probability: str) -> tuple[str, str, str, str, str]:
    """Return the headers of a probability in scenario 1 and another, and of their difference.

    Parameters
    ----------
    probability : str
        From `sim.interfaces.explorer.tables.building.probability_header`.
    """
    minus = "minus scenario 1"
    return (
        f"{probability} in scenario 1 (0-1)",
        f"{probability} (0-1)",
        f"{minus} (0-1)",
        f"{minus}, 90 % low (0-1)",
        f"{minus}, 90 % high (0-1)",
    )
