"""What a download says about the origin of its numbers, so that two can be told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.levers import start_value
from sim.data.parameters import parameter_label
from sim.errors import SimError
from sim.interfaces.explorer.state.runs import scenario_of
from sim.words.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.interfaces.explorer.compare.columns import ScenarioColumn
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.interfaces.explorer.state.view import Settings, Side, View

Origin = dict[str, str | int]
NOTHING = "nothing"
# Of the levers of a side; the others are counted.
_MOST_NAMED = 2


def moved_levers(side: Side) -> list[str]:
    """Return the moved levers of a side in words: the value of each, and its value before."""
    try:
        scenario = scenario_of(side)
    except SimError:
        return [f"{name}: {value:g}" for name, value in side.levers]
    lines = []
    for name, value in side.levers:
        lever = scenario.levers.get(name)
        if lever is None:
            lines.append(f"{name}: {value:g}; this scenario has no such lever")
        else:
            lines.append(f"{lever.title}: {value:g} instead of {start_value(scenario, lever):g}")
    return lines


def pinned_beliefs(beliefs: Settings) -> list[str]:
    """Return the pinned beliefs in words."""
    return [f"{parameter_label(name)}: {value:g}" for name, value in beliefs]


def what_was_moved(view: View) -> str:
    """Return what the visitor has moved, as the end of a sentence; "" if nothing.

    Examples
    --------
    >>> from sim.interfaces.explorer.state.view import Side, View
    >>> what_was_moved(View(Side(levers=(("chinese_pressure", 0.9),)), beliefs=(("w_peer", 2.0),)))
    'with “Chinese pressure on those who choose a rival” at 0.9 and one belief pinned'
    >>> what_was_moved(View(Side("today"), Side(levers=(("slots", 20.0),))))
    'with “Places in the US infrastructure offer” at 20 in B'
    """
    parts = []
    for mark, side in (("A", view.a), ("B", view.b)):
        if side is not None and side.levers:
            parts.append(_levers_in_words(side) + (f" in {mark}" if view.b is not None else ""))
    n = len(view.beliefs)
    if n:
        parts.append("one belief pinned" if n == 1 else f"{n} beliefs pinned")
    return f"with {listed(parts)}" if parts else ""


def _levers_in_words(side: Side) -> str:
    """Return the first moved levers of a side with their values, and how many more there are."""
    try:
        levers = scenario_of(side).levers
    except SimError:
        levers = {}
    titles = {name: levers[name].title if name in levers else name for name, _ in side.levers}
    named = [
        f"“{' '.join(titles[name].split())}” at {value:g}"
        for name, value in side.levers[:_MOST_NAMED]
    ]
    more = len(side.levers) - len(named)
    if more:
        named.append("one more lever moved" if more == 1 else f"{more} more levers moved")
    return listed(named)


def origin_of(answer: ShownAnswer) -> Origin:
    """Return the origin of what the Explore and Country pages show."""
    assert answer.view is not None
    sides = {"A": answer.view.a}
    if answer.is_from_start:
        # Its beliefs are not pinned either; its run says which it is.
        sides["the start"] = replace(answer.view.a, levers=())
    elif answer.b is not None and answer.view.b is not None:
        sides["B"] = answer.view.b
    ensemble = answer.ensemble
    found = origin_of_run(sides, answer.view.beliefs, ensemble.replicates, ensemble.seed)
    found["months"] = f"{answer.a.months[0]} to {answer.a.months[-1]}"
    # The run id of the command line: another model or other facts give another id.
    found["run A"] = answer.a.inputs.run_id
    if answer.b is None:
        return found
    return found | {f"run {answer.reference}": answer.b.inputs.run_id}


def origin_of_country(answer: ShownAnswer, code: str) -> Origin:
    """Return the origin of a table about one country, with its code first."""
    return {"code of the country": code} | origin_of(answer)


def origin_of_columns(columns: Sequence[ScenarioColumn], view: View) -> Origin:
    """Return the origin of what the Compare page shows."""
    sides = {str(column.number): column.side for column in columns}
    months = [None if column.result is None else column.result.months for column in columns]
    return origin_of_run(sides, view.beliefs, view.futures, view.seed) | {
        f"scenario {column.number}, months": f"{own[0]} to {own[-1]}"
        for column, own in zip(columns, months, strict=True)
        if own is not None
    }


def origin_of_run(sides: Mapping[str, Side], beliefs: Settings, futures: int, seed: int) -> Origin:
    """Return the origin of the runs of some sides, each by its name on the page."""
    found: Origin = {}
    for name, side in sides.items():
        found |= origin_of_side(f"scenario {name}", side)
    return found | {
        "beliefs pinned": "; ".join(pinned_beliefs(beliefs)) or NOTHING,
        "futures": futures,
        "seed": seed,
    }


def origin_of_side(name: str, side: Side) -> Origin:
    """Return the scenario of a side and the levers moved in it."""
    draft = " (draft of the scenario editor)" if side.draft else ""
    moved = "; ".join(" ".join(line.split()) for line in moved_levers(side))
    return {name: f"{side.scenario}{draft}", f"{name}, moved": moved or NOTHING}


def with_origin(frame: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    """Return a table with its origin in every row, after its own columns."""
    rows = pd.DataFrame({name: [value] * len(frame) for name, value in origin.items()}, frame.index)
    return pd.concat([frame, rows], axis=1)
