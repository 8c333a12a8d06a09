"""Which scenario the first is compared with, where a question is about two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.compare.columns import compared_scenarios
from sim.interfaces.explorer.controls.link_choices import NOTHING, pick_question
from sim.interfaces.explorer.quoting.recipe import two_sides
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import months_of_view

if TYPE_CHECKING:
    from sim.interfaces.explorer.compare.columns import ScenarioColumn
    from sim.interfaces.recipes.asked import Two
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Against:
    """Two scenarios of the page, and the last month that all compared ones share.

    Parameters
    ----------
    a, b : Scenario
        Scenario 1, and the one that it is compared with.
    last : str
    seed : int
    two : callable
        Returns the two as commands take them.
    """

    a: Scenario
    b: Scenario
    last: str
    seed: int
    two: Callable[[], Two]

    @property
    def key(self) -> str:
        """What tells the two and their futures from others."""
        sides = " ".join(f"{each.name} {each.hash}" for each in (self.a, self.b))
        return f"{sides} {self.last} {self.seed}"


def pick_against(
    columns: Sequence[ScenarioColumn], heading: str, label: str, name: str, about: str
) -> Against | None:
    """Draw the choice of a scenario; return the two, or None if none is chosen.

    Parameters
    ----------
    columns : sequence of ScenarioColumn
    heading, label : str
        What stands above the choice, and its label, which ends before the scenario's name.
    name : str
        Name of the choice in the link.
    about : str
        What is said until one is chosen.
    """
    view = session.current()
    scenarios = compared_scenarios(view)
    numbers = {str(n): columns[n - 1].label for n in scenarios if n > 1}
    if not numbers:
        return None
    st.header(heading, anchor=False)
    now = pick_question(label, name, numbers)
    if now == NOTHING:
        st.caption(about)
        return None
    last = months_of_view([*scenarios.values()], view)[-1]
    first, second = columns[0].side, columns[int(now) - 1].side
    two = partial(two_sides, first, second, view.beliefs)
    return Against(scenarios[1], scenarios[int(now)], last, view.seed, two)
