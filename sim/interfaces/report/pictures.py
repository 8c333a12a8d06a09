"""Charts and maps as a report has them: SVG for a page and for a phone, with words beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.moved import moved_from_file
from sim.analysis.shown import Shown
from sim.interfaces.charts import CHARTS
from sim.interfaces.charts.palette import LIGHT_THEME
from sim.interfaces.map.static_map import static_map
from sim.interfaces.pictures import svg_of
from sim.interfaces.report.document import Key, Picture
from sim.interfaces.report.drawing import slim
from sim.words.text import readable

if TYPE_CHECKING:
    from sim.interfaces.charts.choices import Subjects

WIDE, NARROW = 740, 340
# How charts of two runs speak of them in words.
_LETTER = re.compile(r"\b[AB](?= minus )|(?<= minus )B\b|(?<= under )[AB]\b")
_LABELS = ("A", "B", "A, B")


def side_names(shown: Shown) -> tuple[str, str]:
    """Return what a report calls the run that it is of, and the one it is compared with.

    By their scenarios and not by letters: in files and commands the first of two is *a*, on pages
    *B*.
    """
    if shown.b is None:
        return shown.a.scenario.name, ""
    own, other = shown.a.scenario.name, shown.b.scenario.name
    if own != other:
        return own, other
    if moved_from_file(shown.b.scenario) == ():
        return f"{own} as moved", other
    return f"{own} (second)", f"{other} (first)"


def _named(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a chart with the names of two scenarios for their letters.

    At the end of a line a name would take the room of the chart: captions say which is dashed.
    """
    if isinstance(part, Mapping):
        return {key: _named(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_named(each, names) for each in part]
    if not isinstance(part, str):
        return part
    if part in _LABELS:
        return ""
    if part.startswith(("A: ", "B: ")):
        return f"{part[3:]}{', dashed' if part[0] == 'B' else ''}"
    return _LETTER.sub(lambda found: names[found[0]], part)


def chart_picture(
    drawn: Subjects, name: str, title: str = "", more: str = "", **choices: Any
) -> Picture:
    """Return one of `CHARTS`.

    Parameters
    ----------
    drawn : Subjects
        What it is drawn of.
    name : str
        Of the chart.
    title : str
        Title above it; that of the registry unless given.
    more : str
        What its caption says besides.
    **choices
        See `sim.interfaces.charts.definition.Chart`.
    """
    one = CHARTS[name]
    spec = one.spec(drawn, LIGHT_THEME, **choices)
    if isinstance(drawn, Shown) and drawn.other is not None:
        spec = _named(spec, dict(zip("AB", side_names(drawn), strict=True)))
    # On a phone the title of an axis may be wider than its axis, and has room to its left.
    own = spec | {"config": spec["config"] | {"axisX": {"titleAnchor": "end"}}}
    wide, narrow = slim(svg_of(spec, WIDE)), slim(svg_of(own, NARROW))
    heading = title or one.title
    caption = " ".join(part for part in (one.says, more) if part)
    description = f"{heading}. {spec['description']}"
    return Picture(heading, caption, description, wide, narrow)


def map_picture(shown: Shown, of: str, mode: str, sides: tuple[str, str], picked: str) -> Picture:
    """Return the map of a run, or one of two that are compared; see `static_map`."""
    found = static_map(shown, of, mode=mode, sides=sides, picked=picked, name=f"map-{mode}")
    legend = [
        Key(found.mark(entry), entry.title if entry.mean is None else f"{entry.words} on average")
        for entry in found.legend
    ]
    edges = " ".join(map(str, found.box))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edges}">{found.drawn}</svg>'
    description = readable(f"{found.title}. {found.description}")
    return Picture(found.title, found.note, description, svg, svg, legend)
