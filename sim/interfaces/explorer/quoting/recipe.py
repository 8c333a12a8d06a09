"""How to compute what a page shows without the page: as commands, and as Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.experiment.spans import shared_months
from sim.interfaces.explorer.compare.columns import compared_scenarios, compared_sides
from sim.interfaces.explorer.editor.text import current_text, text_of_side
from sim.interfaces.explorer.state.drafts import own_name
from sim.interfaces.explorer.state.runs import build_side, months_of_view, whole_where_it_is
from sim.interfaces.explorer.state.view import Settings, Side, View
from sim.scenario import Scenario
from sim.scenario.wording import shown_number

FOLDER = "scenarios"


@dataclass(frozen=True)
class Recipe:
    """What gives the numbers of a page.

    Parameters
    ----------
    command : str
        Lines for a shell, in the folder that holds the folder of scenarios.
    python : str
        Lines of Python that give the same numbers, run there too.
    files : mapping
        Texts of the files that they need, by path.
    """

    command: str
    python: str
    files: Mapping[str, str] = field(default_factory=dict)


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
        return _of_run(view, page) if view.b is None else _of_pair(view, page)
    return None


def _of_run(view: View, page: str) -> Recipe:
    last = _end([build_side(view.a, view.beliefs)], view)
    line = ["alignsim", "run", _named(view.a), *_changes(view.a, view.beliefs)]
    line += _how(view, last)
    line += ["--focus", view.country] if page == "country" else []
    python = [
        "import sim",
        "",
        f"scenario = {loaded(view.a, view.beliefs)}",
        f"result = sim.simulate(scenario, {_asked(view, last)})",
        "print(result.summary())",
    ]
    if page == "country":
        own = f'result.countries.set_index("country").loc["{view.country}"]'
        python.append(f"print({own}.to_string())")
    return Recipe(_shell(line), "\n".join(python), _drafts([view.a]))


def _of_pair(view: View, page: str) -> Recipe:
    """Return how to compare A with B: differences are A minus B, as on the page."""
    assert view.b is not None
    scenarios = [build_side(side, view.beliefs) for side in (view.a, view.b)]
    last = _end(scenarios, view)
    name, files = _reference(view.b, view.beliefs)
    line = ["alignsim", "compare", name, _named(view.a), *_changes(view.a, view.beliefs)]
    python = [
        "import sim",
        "",
        f"a = {loaded(view.a, view.beliefs)}",
        f"b = {loaded(view.b, view.beliefs)}",
        f"change = sim.compare(b, a, {_asked(view, last)})",
        "print(change.summary())",
    ]
    if page == "country":
        python.append(f"print(change.countries.query('country == \"{view.country}\"').to_string())")
    files |= _drafts([view.a, view.b])
    return Recipe(_shell([*line, *_how(view, last)]), "\n".join(python), files)


def _of_columns(view: View) -> Recipe | None:
    """Return how to compare each scenario of the Compare page with its first."""
    sides, scenarios = compared_sides(view), compared_scenarios(view)
    if not scenarios:
        return None
    months = months_of_view([*scenarios.values()], view)
    first, files = _reference(sides[0], view.beliefs)
    lines, python = [], ["import sim", "", f"first = {loaded(sides[0], view.beliefs)}"]
    for number, side in enumerate(sides[1:], start=2):
        if number not in scenarios:
            continue
        both = shared_months([scenarios[1], scenarios[number]])
        last = months[-1] if months[-1] != both[-1] else ""
        changes = _changes(side, view.beliefs)
        lines.append(["alignsim", "compare", first, _named(side), *changes, *_how(view, last)])
        python += [
            f"other = {loaded(side, view.beliefs)}",
            f"change = sim.compare(first, other, {_asked(view, last)})",
            "print(change.summary())",
        ]
    files |= _drafts(sides)
    return Recipe("\n".join(map(_shell, lines)), "\n".join(python), files) if lines else None


def _of_text(text: str) -> Recipe:
    """Return how to check and run the text of the editor."""
    path = _path(own_name(text))
    lines = [["alignsim", "validate", path], ["alignsim", "run", path]]
    python = ["import sim", "", f"result = sim.simulate(sim.load_scenario({json.dumps(path)}))"]
    python.append("print(result.summary())")
    return Recipe("\n".join(map(_shell, lines)), "\n".join(python), {path: text})


def _end(scenarios: Sequence[Scenario], view: View) -> str:
    """Return the last month that a view shows; "" if it is that of the scenarios."""
    last = months_of_view(scenarios, view)[-1]
    return "" if last == shared_months(scenarios)[-1] else last


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"


def _named(side: Side) -> str:
    """Return a scenario as commands take it: by its name, a draft by its file."""
    return _path(own_name(side.draft)) if side.draft else side.scenario


def _drafts(sides: Sequence[Side]) -> dict[str, str]:
    return {_named(side): side.draft for side in sides if side.draft}


def _reference(side: Side, beliefs: Settings) -> tuple[str, dict[str, str]]:
    """Return the first scenario of a comparison, and its file if it is not as in its folder.

    ``--lever`` and ``--set`` change only the second, so what is moved in the first is written down.
    """
    if not side.levers and not beliefs:
        return _named(side), {}
    text = text_of_side(side, beliefs)
    path = _path(own_name(text))
    if path == _named(side):
        # The draft as it is may be the other side.
        text = text.replace(f"name: {own_name(text)}", f"name: {own_name(text)}-moved", 1)
        path = _path(own_name(text))
    return path, {path: text}


def _changes(side: Side, beliefs: Settings) -> list[str]:
    found = []
    for name, value in beliefs:
        found += ["--set", f"parameters.{name}={shown_number(value)}"]
    for name, value in side.levers:
        found += ["--lever", f"{name}={shown_number(value)}"]
    return found


def _how(view: View, last: str) -> list[str]:
    end = ["--as-of", last] if last else []
    return ["-n", str(view.futures), "--seed", str(view.seed), *end]


def _asked(view: View, last: str) -> str:
    end = f", as_of={json.dumps(last)}" if last else ""
    return f"replicates={view.futures}, seed={view.seed}{end}"


def loaded(side: Side, beliefs: Settings) -> str:
    """Return the Python that builds a side: a scenario with its levers and pinned beliefs."""
    text = f"sim.load_scenario({json.dumps(_named(side))})"
    scenario = build_side(replace(side, levers=()), ())
    if beliefs:
        changes = {f"parameters.{name}": value for name, value in beliefs}
        text += f".with_changes({json.dumps(changes)})"
    if side.levers:
        levers = {name: whole_where_it_is(scenario, name, value) for name, value in side.levers}
        text += f".with_levers({json.dumps(levers)})"
    return text


def _shell(words: Sequence[str]) -> str:
    return shlex.join(words)
