"""A point of a sweep as a view of Explore."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.data import load_parameters
from sim.errors import ScenarioError
from sim.interfaces.explorer.editor.text import text_of_side
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_name
from sim.interfaces.explorer.state.runs import preset
from sim.interfaces.explorer.state.view import FUTURES, Side, View
from sim.interfaces.explorer.sweep.axes import keeping
from sim.scenario import split_address, write_value

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.explorer.sweep.own import OwnGrid


def view_at(view: View, fields: Sequence[SweptField], cells: Sequence[float]) -> View:
    """Return the view with A at a point of a sweep of A.

    Levers are moved as levers and parameters pinned as beliefs; if a number is neither, A becomes a
    draft that contains it.

    Parameters
    ----------
    view : View
        Its A is the scenario that was swept.
    fields : sequence of SweptField
    cells : sequence of float
        Their values at the point.

    Raises
    ------
    ScenarioError
        If a number cannot be written into the text of A.
    """
    side, written = view.a, []
    for field, cell in zip(fields, cells, strict=True):
        parameter = field.address.removeprefix("parameters.")
        if field.lever is not None and math.isfinite(cell):
            side = side.with_lever(field.name, cell)
        elif parameter != field.address and parameter in load_parameters():
            view = view.with_belief(parameter, cell)
        else:
            written.append((field.address, field.setting(cell)))
    if written:
        text = text_of_side(side, ())
        for address, value in written:
            text = write_value(text, split_address(address), value)
        side = Side(own_name(text), (), text)
    return replace(view, a=side)


def view_of_own(own: OwnGrid, point: int, against: bool) -> View:
    """Return the view of a point of the visitor's grid, alone or with the varied scenario as B."""
    view, grid = session.current(), own.grid
    moved = dict(view.a.levers)
    there = view_at(view, grid.fields, grid.cells(point))
    for which, axis in zip("xy", own.axes, strict=False):
        kept = keeping(axis, own.plain, moved.get(axis.name))
        if kept != axis:
            there = there.with_detail(f"sweep.{which}", kept.written())
    return replace(there, b=own.start if against else None)


def why_not(found: StoredSweep) -> str:
    """Return why Explore cannot show a point of a stored sweep as it ran; "" if it can.

    Explore runs scenarios of the folder. The one that was swept may have changed or gone since.
    """
    name = found.scenario.name
    try:
        now = preset(name)
    except ScenarioError:
        return f"The folder has no scenario called {name}, which this sweep varies."
    if now.hash != found.scenario.hash:
        return f"The scenario {name} has changed since this sweep ran; Explore shows it as it is."
    if found.replicates not in FUTURES:
        return (
            f"Explore runs {', '.join(map(str, FUTURES))} futures and this sweep has "
            f"{found.replicates:,}, so figures there differ a little from these."
        )
    return ""


def can_open(found: StoredSweep) -> bool:
    """Return whether the folder still has the scenario that was swept."""
    try:
        preset(found.scenario.name)
    except ScenarioError:
        return False
    return True


def view_of_stored(found: StoredSweep, cells: Sequence[float], against: bool) -> View:
    """Return the view of a point of a stored sweep, alone or with its scenario as B.

    Raises
    ------
    ScenarioError
        If a number cannot be written into the text of the scenario.
    """
    view = session.current()
    plain = Side(found.scenario.name)
    futures = found.replicates if found.replicates in FUTURES else view.futures
    start = replace(view, a=plain, beliefs=(), futures=futures, seed=found.seed)
    there = view_at(start, found.fields, cells)
    return replace(there, b=plain if against else None)
