"""What is missing of a chart that somebody has added by half, and what to do about it."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import jsonschema  # type: ignore[import-untyped, unused-ignore]

from sim.analysis.shown import Shown
from sim.interfaces.charts import Chart, ChartSubject
from sim.interfaces.charts.choices import CHECKS_OF, OF_PAGES, problems_with
from sim.interfaces.charts.definition import OTHERS

# What altair ships, which comes with Streamlit.
VEGA_LITE = jsonschema.Draft7Validator(alt.load_schema())
HOW_TO = "see “How to add a chart” in CONTRIBUTING.md"
REGISTRY = "sim/interfaces/charts/registry.py"
EXPLORER = Path("sim/interfaces/explorer")
SHOWN = (ChartSubject.RUN, ChartSubject.PAIR)


def flaws(spec: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a specification."""
    found = [] if str(spec.get("description", "")).strip() else ["no description"]
    try:
        text = json.dumps(spec, allow_nan=False)
    except (TypeError, ValueError) as error:
        return [*found, f"not plain finite data: {error}"]
    if '"values": [{' not in text:
        found.append("an empty frame: no data has values, so nothing of the result is drawn")
    errors = [*VEGA_LITE.iter_errors(spec)]
    if errors:
        worst = jsonschema.exceptions.best_match(errors)
        found.append(f"not Vega-Lite: {worst.json_path}: {worst.message[:300]}")
    return found


def flaws_of(one: Chart, spec: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the specification of a chart of the registry."""
    # What the entry says stands after what the function says of its numbers.
    own = str(spec.get("description", "")).removesuffix(one.says)
    place = f"correct {one.plot.__name__} in {one.plot.__module__}; {HOW_TO}"
    return [f"{one.name}: {flaw}: {place}" for flaw in flaws({**spec, "description": own})]


def wrong_about_b(one: Chart, alone: Mapping[str, Any], beside: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with `has_b`, given what is drawn of A alone and of A beside B."""
    if (alone != beside) == one.has_b:
        return []
    does = "draws B beside A" if alone != beside else "draws the same with B and without"
    return [
        f"{one.name} {does}, but its entry has has_b={one.has_b}: write has_b={not one.has_b} in "
        f"{REGISTRY}, or correct {one.plot.__name__}; {HOW_TO}"
    ]


def half_registered(plots: Mapping[str, Callable[..., Any]], entries: Sequence[Chart]) -> list[str]:
    """Return plots without an entry in the registry, and entries that lack something."""
    registered = [one.plot for one in entries]
    found = [
        f"{name} is not registered: give it an entry in {REGISTRY}; {HOW_TO}"
        for name, plot in plots.items()
        if plot not in registered
    ]
    for i, one in enumerate(entries):
        found += _said_before(one, entries[:i])
        found += _incomplete(one)
    return found


def _said_before(one: Chart, before: Sequence[Chart]) -> Iterator[str]:
    for other in before:
        if other.name == one.name:
            yield (
                f"two entries are called {one.name} ({other.plot.__name__} and "
                f"{one.plot.__name__}), and the second hides the first: remove one, or rename it "
                f"in {REGISTRY}; {HOW_TO}"
            )
        elif other.title == one.title:
            yield (
                f"{one.name} has the title of {other.name}, {one.title!r}: readers could not tell "
                f"them apart; change it in {REGISTRY}"
            )


def _incomplete(one: Chart) -> Iterator[str]:
    name = one.name
    if not re.fullmatch(r"[A-Z].*[^.]", one.title):
        yield f"the title of {name} must be words as readers see them: {HOW_TO}"
    if not re.fullmatch(r"[A-Z].*\.", one.says):
        yield f"{name} must say what it shows, in a sentence: {HOW_TO}"
    if one.plot.__name__ != f"plot_{name}":
        yield f"the function of {name} must be called plot_{name}: {HOW_TO}"
    if one.subject not in (*SHOWN, *OTHERS.values()):
        yield (
            f"{name} is about {one.subject!r}, which no answer is: give its subject a class in "
            f"OTHERS of sim/interfaces/charts/definition.py; {HOW_TO}"
        )
    for choice in _unchecked(one):
        yield (
            f"the choice {choice} of {name} has no check, so any value is drawn: give it one in "
            f"sim/interfaces/charts/choices.py; {HOW_TO}"
        )


def _unchecked(one: Chart) -> list[str]:
    """Return the choices without a check; a flag needs none, nor what only pages give."""
    kinds = [Shown] if one.subject in SHOWN else [k for k, s in OTHERS.items() if s == one.subject]
    checked = {key for kind, checks in CHECKS_OF if kind in kinds for key in checks} | OF_PAGES
    defaults = {key: value.default for key, value in inspect.signature(one.plot).parameters.items()}
    return [
        key for key in one.choices if key not in checked and not isinstance(defaults[key], bool)
    ]


def wrong_defaults(one: Chart, shown: Any) -> list[str]:
    """Return the defaults of a chart's choices that their own checks refuse."""
    parameters = inspect.signature(one.plot).parameters
    given = {key: parameters[key].default for key, needed in one.choices.items() if not needed}
    return [
        f"the default of a choice of {one.name} cannot be drawn: {problem}; correct "
        f"{one.plot.__name__} or its check in sim/interfaces/charts/choices.py"
        for problem in problems_with(shown, given)
    ]


def undrawn(drawn: Iterable[str], entries: Iterable[Chart]) -> list[str]:
    """Return the charts of a registry that no page has drawn."""
    return [
        f"no page draws {one.name}: call show_chart({one.name!r}, ...) in a part of a page that "
        f"PAGES of tests/explorer/test_every_chart.py opens; {HOW_TO}"
        for one in entries
        if one.name not in {*drawn}
    ]


def not_offered(root: Path) -> list[str]:
    """Return the charts that a part of the explorer draws without offering their pictures."""
    found = []
    for path in sorted((root / EXPLORER).rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found += [
                    f"{path.relative_to(root)}:{call.lineno}: the picture of "
                    f"{ast.unparse(call.args[0])} is not offered: hand what show_chart returns to "
                    f"the offer_csv of its table, or to offer_pictures; {HOW_TO}"
                    for call in _lost(function)
                ]
    return found


def _lost(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Yield the calls of `show_chart` whose picture a function drops or keeps without use."""
    read = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node in ast.walk(function):
        calls: list[ast.AST] = []
        if isinstance(node, ast.Expr):
            calls = [node.value]  # What is handed on as an argument is not the statement itself.
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            calls = [*ast.walk(node.value)] if names and not names & read else []
        for call in calls:
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "show_chart":
                yield call
