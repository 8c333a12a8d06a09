"""The scenarios side by side on the Compare page, each with its run or its problems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import InputError, SimError
from sim.experiment.comparison import check_comparable
from sim.interfaces.explorer.state.runs import (
    Answer,
    answer,
    build_side,
    run,
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
class Compared:
    """One scenario of the page.

    Parameters
    ----------
    number : int
        Its position, from 1; the first is the reference.
    side : Side
    found : Answer or None
        Its run, compared with the reference if possible: differences are this run minus the
        reference. None if it cannot run.
    problems : tuple of str
        What is wrong with it, in words.
    apart : str
        Why it is not compared with the reference although it runs; "" if it is.
    """

    number: int
    side: Side
    found: Answer | None = None
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
    difference is A less B as there; without a B, A and a scenario to compare it with.
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


def read_columns(view: View) -> tuple[Compared, ...]:
    """Return the columns of the page; a problem with one does not affect the others."""
    first, *rest = compared_sides(view)
    reference = _alone(1, first, view)
    return reference, *(_against(reference, n, side, view) for n, side in enumerate(rest, start=2))


def _alone(number: int, side: Side, view: View) -> Compared:
    try:
        scenario = build_side(side, view.beliefs)
        return Compared(
            number,
            side,
            Answer(run(scenario, view.futures, view.seed), view=replace(view, a=side, b=None)),
        )
    except SimError as error:
        return Compared(number, side, problems=_in_words(error))


def _against(reference: Compared, number: int, side: Side, view: View) -> Compared:
    own = _alone(number, side, view)
    if own.result is None:
        return own
    if reference.result is None:
        return replace(own, apart="Scenario 1 cannot be run, so there is nothing to compare with.")
    a, b = own.result.scenario, reference.result.scenario
    if a.months != b.months:
        return replace(own, apart=_other_months(a, b))
    try:
        check_comparable(b, a)
        return replace(own, found=answer(replace(view, a=side, b=reference.side)))
    except SimError as error:
        return replace(own, apart=" ".join(_in_words(error)))


def _other_months(a: Scenario, b: Scenario) -> str:
    spans = [
        f"{month_in_words(scenario.months[0])} to {month_in_words(scenario.months[-1])}"
        for scenario in (a, b)
    ]
    return (
        f"It covers {spans[0]}, scenario 1 covers {spans[1]}. Futures over different months cannot "
        "be compared, so its numbers are shown without a difference."
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
