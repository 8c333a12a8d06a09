"""How to compute what a page shows without the page: what a view says, told to the recipes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.experiment.spans import earlier_end
from sim.interfaces.explorer.compare.columns import compared_scenarios, compared_sides
from sim.interfaces.explorer.editor.text import current_text, text_of_side
from sim.interfaces.explorer.state.drafts import own_name
from sim.interfaces.explorer.state.runs import (
    build_side,
    month_on_view,
    months_of_view,
    scenario_of,
    whole_where_it_is,
)
from sim.interfaces.recipes.asked import Given, Two, size_of
from sim.interfaces.recipes.recipe import Recipe, joined_recipes, pair_recipe, run_recipe
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.interfaces.explorer.state.view import Settings, Side, View
    from sim.scenario import Scenario

FOLDER = "scenarios"


def recipe_of_page(page: str, view: View) -> Recipe | None:
    """Return how to compute what a page shows; None if it needs no run.

    Parameters
    ----------
    page : str
        Name of the page's file. The page of sweeps knows its own.
    view : View

    Raises
    ------
    SimError
        If a scenario or a lever of the view breaks a rule.
    """
    if page == "compare":
        return _of_columns(view)
    if page == "editor":
        return _of_text(current_text())
    if page in ("explore", "country"):
        return _of_view(view, view.country if page == "country" else "")
    return None


def given_side(side: Side, beliefs: Settings) -> Given:
    """Return a side as commands take it: a scenario, its levers and the pinned beliefs."""
    scenario = build_side(replace(side, levers=()), ())
    levers = {name: whole_where_it_is(scenario, name, value) for name, value in side.levers}
    changes = {f"parameters.{name}": value for name, value in beliefs}
    return Given(_named(side), changes, levers, side.draft)


def two_sides(
    first: Side, second: Side, beliefs: Settings, of_first: Settings | None = None
) -> Two:
    """Return two sides as commands take them.

    Parameters
    ----------
    first, second : Side
    beliefs : tuple of (str, float)
        Pinned in both.
    of_first : tuple of (str, float), optional
        Pinned in the first, if not the same.
    """
    own = beliefs if of_first is None else of_first
    return Two(given_side(first, own), given_side(second, beliefs), _in_file(first, own))


def two_on_view(answer: ShownAnswer) -> Two:
    """Return what a change is counted from, B or else A as it stands in its file, and A."""
    view = answer.view
    assert view is not None
    if view.b is not None:
        return two_sides(view.b, view.a, view.beliefs)
    return two_sides(replace(view.a, levers=()), view.a, view.beliefs, ())


def given_on_view(answer: ShownAnswer) -> Given:
    """Return A of an answer, as commands take it."""
    assert answer.view is not None
    return given_side(answer.view.a, answer.view.beliefs)


def size_on_view(
    answer: ShownAnswer, scenarios: Sequence[Scenario], replicates: int | None = None
) -> dict[str, Any]:
    """Return futures, seed and last month of an answer, as commands take them.

    Parameters
    ----------
    answer : ShownAnswer
    scenarios : sequence of Scenario
        Those that are simulated.
    replicates : int, optional
        If not the futures of the answer.
    """
    last = earlier_end(scenarios, answer.a.months[-1])
    return size_of(replicates or answer.ensemble.replicates, answer.ensemble.seed, last)


def _of_view(view: View, country: str) -> Recipe:
    """Return how to compute what Explore and Country show.

    Charts over time show all months; cards and tables stand at the month on view, and a scenario
    whose levers are moved is compared with itself as it stands in its file.
    """
    sides = [view.a] if view.b is None else [view.b, view.a]
    scenarios = [build_side(side, view.beliefs) for side in sides]
    months = months_of_view(scenarios, view)
    recipes = {}
    for last in dict.fromkeys([months[-1], month_on_view(months, view.month)]):
        size = size_of(view.futures, view.seed, earlier_end(scenarios, last))
        title = f"At the end of {month_in_words(last)}"
        if view.b is None:
            recipes[title] = run_recipe(given_side(view.a, view.beliefs), size, country)
        else:
            # Differences are A minus B.
            recipes[title] = pair_recipe(two_sides(view.b, view.a, view.beliefs), size, country)
    start = scenario_of(view.a)
    if view.b is None and start.hash != scenarios[0].hash:
        last = month_on_view(months, view.month)
        size = size_of(view.futures, view.seed, earlier_end([start, *scenarios], last))
        two = two_sides(replace(view.a, levers=()), view.a, view.beliefs, ())
        recipes["Against the scenario as it stands in its file"] = pair_recipe(two, size, country)
    return joined_recipes(recipes)


def _of_columns(view: View) -> Recipe | None:
    """Return how to compare each scenario of the Compare page with its first."""
    sides, scenarios = compared_sides(view), compared_scenarios(view)
    if not scenarios:
        return None
    last = months_of_view([*scenarios.values()], view)[-1]
    recipes = {}
    for number, side in enumerate(sides[1:], start=2):
        if number in scenarios:
            end = earlier_end([scenarios[1], scenarios[number]], last)
            two = two_sides(sides[0], side, view.beliefs)
            recipes[f"Scenario {number} minus scenario 1"] = pair_recipe(
                two, size_of(view.futures, view.seed, end)
            )
    return joined_recipes(recipes) if recipes else None


def _of_text(text: str) -> Recipe:
    """Return how to check and run the text of the editor."""
    path = _path(own_name(text))
    python = ["import sim", "", f"result = sim.simulate(sim.load_scenario({json.dumps(path)}))"]
    python.append("print(result.summary())")
    command = f"alignsim validate {path}\nalignsim run {path}"
    return Recipe(command, "\n".join(python), {path: text})


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"


def _named(side: Side) -> str:
    """Return a scenario as commands take it: by its name, a draft by its file."""
    return _path(own_name(side.draft)) if side.draft else side.scenario


def _in_file(side: Side, beliefs: Settings) -> Given | None:
    """Return the first of two with what is moved in it written into a file; None if nothing is."""
    if not side.levers and not beliefs:
        return None
    text = text_of_side(side, beliefs)
    path = _path(own_name(text))
    if path == _named(side):
        # The draft as it is may be the other side.
        text = text.replace(f"name: {own_name(text)}", f"name: {own_name(text)}-moved", 1)
        path = _path(own_name(text))
    return Given(path, text=text)
