"""Titles of figures: on a page, words around a chart say what it is of; a figure says it itself."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.answers import Answer
from sim.experiment.result_views import ComparisonView, RunView
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.charts.palette import theme
from sim.words.titles import country_names, provider_name
from sim.words.wording import counted, month_in_words

if TYPE_CHECKING:
    from sim.interfaces.charts import Chart
    from sim.interfaces.charts.base import Spec
    from sim.scenario import Scenario

_LETTERS_A_LINE = 105
_TITLE_PX, _SUBTITLE_PX, _LINE_PX, _OFFSET_PX = 15, 12, 16, 16


def titled(spec: Spec, one: Chart, about: str, is_dark: bool) -> Spec:
    """Return a specification with a title above the chart.

    Parameters
    ----------
    spec : dict
        Of the chart, as high as its page has it; the title makes it higher.
    one : Chart
        Its entry in the registry.
    about : str
        What it is drawn of.
    is_dark : bool
        Whether it stands on a dark page.
    """
    page = theme(is_dark)
    lines = [line for text in (about, one.says) for line in textwrap.wrap(text, _LETTERS_A_LINE)]
    title = {
        "text": one.title,
        "subtitle": lines,
        "anchor": "start",
        "frame": "bounds",
        "offset": _OFFSET_PX,
        "color": page.ink,
        "fontSize": _TITLE_PX,
        "subtitleColor": page.soft,
        "subtitleFontSize": _SUBTITLE_PX,
        "subtitlePadding": 4,
    }
    found = spec | {"title": title}
    # A chart that is fitted into its place would give the title room of its own.
    if isinstance(spec.get("height"), int):
        found["height"] = spec["height"] + _LINE_PX * (len(lines) + 1) + _OFFSET_PX
    return found


def about(found: Any, one: Chart, given: Mapping[str, Any]) -> str:
    """Return what a chart is drawn of: country, provider, scenario, futures, last month.

    Parameters
    ----------
    found : a result
    one : Chart
    given : mapping
        Choices that were given.
    """
    if isinstance(found, Answer):
        return found.title
    if isinstance(found, StoredSweep):
        return found.heading.title or found.scenario.title
    if isinstance(found, RunView):
        what, scenario = f"scenario {found.scenario.name}", found.scenario
    elif isinstance(found, ComparisonView):
        scenario = found.scenario_b
        what = f"A is {scenario.name}, B is {found.scenario_a.name}"
    else:
        return str(found.scenario.title) if hasattr(found, "scenario") else ""
    size = f"{counted(found.replicates, 'future')} to {month_in_words(found.months[-1])}"
    return "; ".join([*_subjects(scenario, one, given), f"{what}, {size}"])


def _subjects(scenario: Scenario, one: Chart, given: Mapping[str, Any]) -> list[str]:
    """Return the names of the country and the provider that a chart of a run is about."""
    names = []
    if "country" in given:
        names.append(country_names()[given["country"]])
    if "provider" in one.choices:
        provider = given.get("provider", next(iter(scenario.providers)))
        if provider in scenario.providers:
            names.append(provider_name(scenario, provider))
    return names
