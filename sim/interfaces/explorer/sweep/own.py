"""The visitor's own grid: which levers, over which range, run and stop.

The grid varies A with the levers of the axes reset. So opening a point in Explore, which moves
these levers of A, does not change the grid.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.levers import drawn_in_words, start_value, step_of
from sim.analysis.sweeps.surface import rows_of
from sim.errors import SimError
from sim.experiment.sweeps.designs.swept import check_points
from sim.experiment.sweeps.points import points_together
from sim.interfaces.explorer.controls.beliefs import show_run_settings
from sim.interfaces.explorer.controls.levers import problems_of
from sim.interfaces.explorer.controls.link_choices import say_not_offered
from sim.interfaces.explorer.controls.origin import moved_levers, origin_of_run, pinned_beliefs
from sim.interfaces.explorer.controls.scenario_choice import show_scenario_choice
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import build_side
from sim.interfaces.explorer.state.view import LONGEST_VALUE
from sim.interfaces.explorer.sweep.axes import (
    STEPS,
    GridAxis,
    axis_values,
    grid_design,
    read_axis,
    usual_axis,
    usual_name,
)
from sim.interfaces.explorer.sweep.grid import Grid
from sim.interfaces.explorer.sweep.results import Swept
from sim.scenario.wording import shown_number
from sim.words.text import escaped, problem_in_words, told_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.interfaces.explorer.state.view import Side
    from sim.scenario import Scenario

NONE = "none"
# The page is redrawn after this time, to show what has run meanwhile.
SLICE_SECONDS = 0.8
_RUN, _PROBLEM = "sweep.run", "sweep.problem"


@dataclass(frozen=True)
class OwnGrid:
    """The grid that a visitor asks for, and where A is in it.

    Parameters
    ----------
    grid : Grid
        Over A with the levers of the axes reset.
    axes : tuple of GridAxis
        The axis drawn across comes first.
    stands : Scenario
        A as it stands.
    start : Side
        A with the levers of the axes reset.
    plain : Scenario
        A with all levers reset.
    """

    grid: Grid
    axes: tuple[GridAxis, ...]
    stands: Scenario
    start: Side
    plain: Scenario

    @property
    def start_in_words(self) -> str:
        """Name of the scenario from which changes are counted."""
        if self.start == session.current().a:
            return "A as it stands"
        return f"A with {'this lever' if len(self.axes) == 1 else 'these levers'} reset"


def show_controls() -> OwnGrid | None:
    """Draw the controls of the grid; return it, or None if there is a problem with it."""
    show_scenario_choice("a", "Scenario")
    problems = problems_of("a")
    if problems:
        for problem in problems:
            st.error(escaped(problem_in_words(problem)))
        return None
    view = session.current()
    a, moved = view.a, dict(view.a.levers)
    try:
        plain = build_side(replace(a, levers=()), view.beliefs)
        if not plain.levers:
            st.info("This scenario has no levers to vary.")
            return None
        # Chosen before they are drawn, since elements above them depend on them.
        names = [axis.name for axis in _axes(plain)]
        start = replace(a, levers=tuple(item for item in a.levers if item[0] not in names))
        _show_what_holds(start)
        axes = _show_axes(plain, moved)
        show_run_settings()
        scenario = build_side(start, view.beliefs)
        grid = Grid(scenario, grid_design(axes, plain, moved), view.futures, view.seed)
        check_points(scenario, grid.design, grid.fields)
    except SimError as error:
        st.error(escaped(str(error)))
        return None
    return OwnGrid(grid, tuple(axes), build_side(a, view.beliefs), start, plain)


def _show_what_holds(start: Side) -> None:
    """Show what every point takes over from Explore."""
    lines = [*moved_levers(start), *pinned_beliefs(session.current().beliefs)]
    if lines:
        holds = "; ".join(" ".join(line.split()) for line in lines)
        st.caption(escaped(f"From Explore, at every point: {holds}."))


def _axis(which: str, scenario: Scenario, beside: str) -> GridAxis | None:
    """Return an axis from the link, or else the usual one; None for no second axis."""
    text = session.detail(f"sweep.{which}", "")
    if text == NONE and beside:
        return None
    found = read_axis(text, scenario)
    if found is not None and found.name != beside:
        return found
    name = usual_name(scenario, beside)
    return usual_axis(name, scenario.levers[name]) if name else None


def _say_not_allowed(which: str, axis: GridAxis | None, scenario: Scenario) -> None:
    """If the scenario does not allow the axis of the link, say so."""
    text = session.detail(f"sweep.{which}", "")
    is_shown = text == NONE if axis is None else read_axis(text, scenario) == axis
    if not text or is_shown:
        return
    instead = "no second lever is varied"
    if axis is not None:
        title = " ".join(scenario.levers[axis.name].title.split())
        instead = f"“{title}” is varied over its whole range"
    say_not_offered(
        f"the axis {text[:LONGEST_VALUE]}",
        f"{instead}. An axis is a lever of this scenario that is not on the other axis, two ends "
        f"at which its slider can stand, and {', '.join(map(str, STEPS[:-1]))} or {STEPS[-1]} "
        "values",
    )


def _axes(scenario: Scenario) -> list[GridAxis]:
    """Return the axes of one or two levers; the axis drawn across comes first."""
    across = _axis("x", scenario, "")
    assert across is not None
    up = _axis("y", scenario, across.name)
    return [across] if up is None else [across, up]


def _show_axes(scenario: Scenario, moved: Mapping[str, float]) -> list[GridAxis]:
    """Draw the choice of one or two levers, and return their axes.

    Parameters
    ----------
    scenario : Scenario
        A with all levers reset.
    moved : mapping
        The values to which A has moved its levers.
    """
    found = _axes(scenario)
    across, up = (*found, None)[:2]
    assert across is not None
    st.header("First lever, across", anchor=False)
    _show_axis("x", across, scenario, "", moved)
    st.header("Second lever, up", anchor=False)
    _show_axis("y", up, scenario, across.name, moved)
    return found


def _show_axis(
    which: str, axis: GridAxis | None, scenario: Scenario, beside: str, moved: Mapping[str, float]
) -> None:
    key = f"sweep.{which}"
    _say_not_allowed(which, axis, scenario)

    def put(new: GridAxis | None) -> None:
        session.set_detail(key, NONE if new is None else new.written())
        session.set_detail("sweep.point", "")

    def choose(name: str) -> None:
        put(None if name == NONE else usual_axis(name, scenario.levers[name]))

    names = [name for name in scenario.levers if name != beside]
    titles = told_apart(
        {name: " ".join(lever.title.split()) for name, lever in scenario.levers.items()}
    )
    st.selectbox(
        "Lever",
        [*([NONE] if beside else []), *names],
        format_func=lambda name: titles.get(name, "None: only one lever"),
        label_visibility="collapsed",
        **session.controlled(f"{key}.name", NONE if axis is None else axis.name, choose),
    )
    if axis is not None:
        _show_range(key, axis, scenario, put)
        _say_values(axis, scenario, moved.get(axis.name))


def _show_range(
    key: str, axis: GridAxis, scenario: Scenario, put: Callable[[GridAxis | None], None]
) -> None:
    lever = scenario.levers[axis.name]
    start = start_value(scenario, lever)
    step = step_of(lever, start)
    kind = int if step >= 1 else float

    def take_ends(ends: tuple[float, float]) -> None:
        low, high = (float(end) for end in ends)
        if low < high:
            put(replace(axis, low=low, high=high, also=()))

    def take_steps(steps: int) -> None:
        put(replace(axis, steps=int(steps), also=()))

    st.slider(
        "From and to",
        min_value=kind(lever.low),
        max_value=kind(lever.high),
        step=kind(step),
        **session.controlled(
            f"{key}.ends.{axis.name}", (kind(axis.low), kind(axis.high)), take_ends
        ),
    )
    st.segmented_control(
        "Values",
        list(STEPS),
        required=True,
        **session.controlled(f"{key}.steps", axis.steps, take_steps),
    )


def _say_values(axis: GridAxis, scenario: Scenario, moved: float | None) -> None:
    """Show the values of an axis, and the present value of the lever."""
    lever = scenario.levers[axis.name]
    start = start_value(scenario, lever)
    now = start if moved is None else moved
    values = ", ".join(f"{value:g}" for value in axis_values(axis, scenario, moved))
    here = f"Present value: {now:g}." if axis.low <= now <= axis.high else (
        f"The present value, {now:g}, is outside."
    )  # fmt: skip
    back = "" if moved is None else f" Reset, it is {start:g}."
    spread = scenario.uncertainties.get(lever.target)
    drawn = f" If not moved it is {drawn_in_words(spread)}; here it is fixed." if spread else ""
    st.caption(escaped(f"{values}. {here}{back}{drawn}"))


def swept_of(own: OwnGrid) -> Swept:
    """Return a grid, as far as it has been computed."""
    grid, view = own.grid, session.current()
    cells = {point: grid.cells(point) for point in range(grid.n_points)}
    names = [field.name for field in grid.fields]
    return Swept(
        own.stands,
        grid.scenario,
        "A",
        own.start_in_words,
        grid.fields,
        cells,
        partial(rows_of, grid.known()),
        grid.futures,
        partial(origin_of_run, {"A": own.start}, view.beliefs, grid.futures, grid.seed),
        lambda point: point_in_link(names, cells[point]),
    )


def point_in_link(names: Sequence[str], cells: Sequence[float]) -> str:
    """Return a point in the form it has in a link: its values, whichever grid it belongs to.

    Examples
    --------
    >>> point_in_link(["linkage", "slots"], [0.5, 10.0])
    'linkage:0.5,slots:10'
    """
    return ",".join(f"{n}:{shown_number(cell)}" for n, cell in zip(names, cells, strict=True))


def is_running(grid: Grid) -> bool:
    """Return whether the visitor has started this grid and not stopped it."""
    begun = session.kept(_RUN)
    return begun is not None and begun[0] == grid.key


def show_progress(grid: Grid) -> None:
    """Draw the buttons to run and stop, and the progress."""
    n = grid.n_points - 1
    done = sum(point > 0 for point in grid.known())
    problem = session.kept(_PROBLEM)
    if problem:
        st.error(escaped(str(problem)))
    with st.container(key="actions_run"):
        if done == n:
            return
        if not is_running(grid):
            words = "Run the grid" if done == 0 else "Continue the grid"
            label = f"{words}: {n - done} points, {grid.futures:,} futures each"
            start = partial(_start, grid, done)
            st.button(label, type="primary", key="sweep.start", on_click=start)
            return
        _, since, before = session.kept(_RUN)
        left = ""
        if done > before:
            seconds = (time.monotonic() - since) / (done - before) * (n - done)
            left = f", about {max(1, round(seconds))} s left"
        # In columns: a button that moves with the words beside it would slip away from a click.
        bar, button = st.columns([0.86, 0.14], vertical_alignment="bottom")
        with bar:
            st.progress(done / n, text=f"{done} of {n} points{left}")
        with button:
            st.button("Stop", key="sweep.stop", on_click=stop, width="stretch")


def _start(grid: Grid, done: int) -> None:
    session.stay()
    session.keep(_PROBLEM, None)
    session.keep(_RUN, (grid.key, time.monotonic(), done))


def stop() -> None:
    """Stop the run of this visitor; computed points stay."""
    session.stay()
    session.keep(_RUN, None)


def work(grid: Grid) -> None:
    """Compute points for a moment, then redraw the page; a click in between comes first."""
    if not is_running(grid):
        return
    known = grid.known()
    missing = [point for point in range(grid.n_points) if point not in known]
    if not missing:
        session.keep(_RUN, None)
        return
    until = time.monotonic() + SLICE_SECONDS
    heartbeat = st.empty()
    together = points_together(grid.futures)
    for at in range(0, len(missing), together):
        try:
            grid.compute(missing[at : at + together])
        except SimError as error:
            stop()
            session.keep(_PROBLEM, str(error))
            break
        # Drawing anything lets through a click that came meanwhile.
        heartbeat.empty()
        if time.monotonic() > until:
            break
    st.rerun()
