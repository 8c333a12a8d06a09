"""What it would take: a frontier of two levers, or the probability over one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.requirement.catalogue import OPENING
from sim.analysis.requirement.requiring import Requirement
from sim.analysis.requirement.words import with_interval
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.words.wording import percent

if TYPE_CHECKING:
    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.found import Tried
    from sim.interfaces.charts.palette import Theme

_ENOUGH, _NOT_ENOUGH, _NOW, _ANSWER = "enough", "not enough", "as it is", "answer"


def plot_requirement(shown: Requirement, theme: Theme) -> Spec:
    """Return the least of the second lever at levels of the first; else the curve of one."""
    if shown.frontier:
        return _plot_frontier(shown, theme)
    return _plot_curve(shown, theme)


def lever_axis(lever: Movable, field: str, **more: object) -> Spec:
    """Return the encoding of a lever along an axis: of numbers, or of months in their order."""
    if lever.field == OPENING:
        return {
            "field": f"{field}_words", "type": "ordinal", "sort": None,
            "axis": {"title": lever.title, "labelAngle": 0, **more},
        }  # fmt: skip
    return {
        "field": field, "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 14},
        "axis": {"title": lever.title, "tickCount": 6, **more},
    }  # fmt: skip


def lever_cells(lever: Movable, position: int, field: str) -> Spec:
    """Return the cells of a lever in a row of a chart."""
    value = lever.value(position)
    return {field: value, f"{field}_words": lever.shown(value)}


def level_rule(theme: Theme, level: float, title: str) -> Spec:
    """Return a dashed line at the probability that is wanted."""
    return {
        "data": {"values": [{"level": 100.0 * level, "tip": title}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": theme.ink},
        "encoding": {
            "y": {"field": "level", "type": "quantitative"},
            "tooltip": {"field": "tip", "type": "nominal"},
        },
    }


def _plot_frontier(shown: Requirement, theme: Theme) -> Spec:
    first, second = shown.levers[:2]
    rows = [
        _row(shown, each, _ENOUGH if is_enough else _NOT_ENOUGH)
        for each, is_enough in shown.frontier
    ]
    on_line = [row for row in rows if row["kind"] == _ENOUGH]
    if shown.is_reached and not any(shown.answer.positions[2:]):
        on_line.append(_row(shown, shown.answer, _ANSWER))
    ends = [
        _row(shown, shown.answer, _ANSWER if shown.is_reached else _NOT_ENOUGH),
        _row(shown, shown.trials[0], _NOW),
    ]
    colour = theme.colour("first")
    x = lever_axis(first, "x")
    y = lever_axis(second, "y", **upright_title(second.title))
    tip = {"field": "tip", "type": "nominal"}
    kinds = {
        "field": "kind", "type": "nominal", "legend": {"orient": "bottom"},
        "scale": {
            "domain": [_ENOUGH, _NOT_ENOUGH, _ANSWER, _NOW],
            "range": [colour, theme.soft, theme.colour("second"), theme.ink],
        },
    }  # fmt: skip
    shapes = {
        "field": "kind", "type": "nominal", "legend": {"orient": "bottom"},
        "scale": {
            "domain": [_ENOUGH, _NOT_ENOUGH, _ANSWER, _NOW],
            "range": ["circle", "cross", "diamond", "square"],
        },
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "data": {"values": sorted(on_line, key=lambda row: row["x"])},
            "mark": {"type": "line", "color": colour, "strokeWidth": 2},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": kinds, "shape": shapes, "tooltip": tip},
        },
        {
            "data": {"values": ends},
            "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": kinds, "shape": shapes, "tooltip": tip},
        },
    ]
    says = f"{shown.title}: the least of “{second.title}” at levels of “{first.title}”."
    return specification(theme, 280, says, {"data": {"values": rows}, "layer": layers})


def _row(shown: Requirement, each: Tried, kind: str) -> Spec:
    first, second = shown.levers[:2]
    one, two = each.positions[:2]
    return (
        lever_cells(first, one, "x")
        | lever_cells(second, two, "y")
        | {"kind": kind, "tip": f"{_terms(shown, each)}: {with_interval(each.chance)}, {kind}"}
    )


def _terms(shown: Requirement, each: Tried) -> str:
    return "; ".join(
        f"{lever.title}: {lever.shown(lever.value(position))}"
        for lever, position in zip(shown.levers, each.positions, strict=True)
    )


def _plot_curve(shown: Requirement, theme: Theme) -> Spec:
    lever = shown.levers[0]
    rows = [
        lever_cells(lever, each.positions[0], "x")
        | {
            "p": 100.0 * each.chance.mean,
            "low": 100.0 * each.chance.low,
            "high": 100.0 * each.chance.high,
            "tip": f"{_terms(shown, each)}: {with_interval(each.chance)}",
        }
        for each in shown.curve
    ]
    answer = [row for row, each in zip(rows, shown.curve, strict=True) if each == shown.answer]
    colour = theme.colour("first")
    x = lever_axis(lever, "x")
    y: Spec = {
        "field": "p", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": upright_title("Probability of signing (%)"),
    }  # fmt: skip
    tip = {"field": "tip", "type": "nominal"}
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": colour, "opacity": 0.18},
            "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": colour, "strokeWidth": 2, "point": {"color": colour}},
            "encoding": {"x": x, "y": y, "tooltip": tip},
        },
        level_rule(theme, shown.question.level, f"wanted: {percent(shown.question.level)}"),
        {
            "data": {"values": answer},
            "mark": {
                "type": "point", "filled": True, "size": 130, "opacity": 1, "shape": "diamond",
                "color": theme.colour("second"),
            },
            "encoding": {"x": x, "y": y, "tooltip": tip},
        },
    ]  # fmt: skip
    in_step = ", all other levers in step" if len(shown.levers) > 1 else ""
    says = f"{shown.title}: the probability over “{lever.title}”{in_step}."
    return specification(theme, 280, says, {"data": {"values": rows}, "layer": layers})
