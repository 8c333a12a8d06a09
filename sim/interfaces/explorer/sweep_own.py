"""The visitor's own grid: which levers, how far, run and stop, and its files."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
import yaml

from sim.errors import SimError
from sim.experiment.sweeps.swept import check_points
from sim.interfaces.explorer import session
from sim.interfaces.explorer.beliefs import show_run_settings
from sim.interfaces.explorer.drafts import own_name
from sim.interfaces.explorer.editor_text import text_of_side
from sim.interfaces.explorer.levers import (
    drawn_in_words,
    problems_of,
    start_value,
    step_of,
)
from sim.interfaces.explorer.origin import origin_of_run
from sim.interfaces.explorer.runs import build_side
from sim.interfaces.explorer.scenario_choice import show_scenario_choice
from sim.interfaces.explorer.sweep_axes import (
    STEPS,
    Axis,
    axis_values,
    grid_design,
    read_axis,
    usual_axis,
    usual_name,
)
from sim.interfaces.explorer.sweep_grid import Grid
from sim.interfaces.explorer.sweep_measures import rows_of
from sim.interfaces.explorer.sweep_results import Swept
from sim.interfaces.explorer.text import escaped, problem_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario import Scenario

NONE = "none"
# A page is drawn anew after so long, so that what has run meanwhile is seen.
SLICE_SECONDS = 0.8
_RUN, _PROBLEM = "sweep.run", "sweep.problem"


def show_controls() -> Grid | None:
    """Draw the controls of the grid; return it, or None where something in it is wrong."""
    show_scenario_choice("a", "Scenario")
    problems = problems_of("a")
    if problems:
        for problem in problems:
            st.error(escaped(problem_in_words(problem)))
        return None
    view = session.current()
    scenario = build_side(view.a, view.beliefs)
    _show_what_holds()
    if not scenario.levers:
        st.info("This scenario has no levers to vary.")
        return None
    axes = _show_axes(scenario)
    show_run_settings()
    grid = Grid(scenario, grid_design(axes, scenario), view.futures, view.seed)
    try:
        check_points(scenario, grid.design, grid.fields)
    except SimError as error:
        st.error(escaped(str(error)))
        return None
    return grid


def _show_what_holds() -> None:
    """Say what of Explore holds at every point."""
    view = session.current()
    moved = [f"{name} = {value:g}" for name, value in (*view.a.levers, *view.beliefs)]
    if moved:
        st.caption(escaped(f"From Explore, at every point: {', '.join(moved)}."))


def _axis(which: str, scenario: Scenario, beside: str) -> Axis | None:
    """Return an axis as the link has it, else the usual one; None for no second axis."""
    text = session.detail(f"sweep.{which}", "")
    if text == NONE and beside:
        return None
    found = read_axis(text, scenario)
    if found is not None and found.name != beside:
        return found
    name = usual_name(scenario, beside)
    return usual_axis(name, scenario.levers[name]) if name else None


def _show_axes(scenario: Scenario) -> list[Axis]:
    """Draw the choice of one or two levers; return their axes, the one that goes across first."""
    across = _axis("x", scenario, "")
    assert across is not None
    st.header("First lever, across", anchor=False)
    _show_axis("x", across, scenario, "")
    up = _axis("y", scenario, across.name)
    st.header("Second lever, up", anchor=False)
    _show_axis("y", up, scenario, across.name)
    return [across] if up is None else [across, up]


def _show_axis(which: str, axis: Axis | None, scenario: Scenario, beside: str) -> None:
    key = f"sweep.{which}"

    def put(new: Axis | None) -> None:
        session.set_detail(key, NONE if new is None else new.written())
        session.set_detail("sweep.point", "")

    def choose(name: str) -> None:
        put(None if name == NONE else usual_axis(name, scenario.levers[name]))

    names = [name for name in scenario.levers if name != beside]
    titles = {name: " ".join(lever.title.split()) for name, lever in scenario.levers.items()}
    st.selectbox(
        "Lever",
        [*([NONE] if beside else []), *names],
        format_func=lambda name: titles.get(name, "None: one lever alone"),
        label_visibility="collapsed",
        **session.controlled(f"{key}.name", NONE if axis is None else axis.name, choose),
    )
    if axis is not None:
        _show_range(key, axis, scenario, put)


def _show_range(
    key: str, axis: Axis, scenario: Scenario, put: Callable[[Axis | None], None]
) -> None:
    lever = scenario.levers[axis.name]
    start = start_value(scenario, lever)
    step = step_of(lever, start)
    kind = int if step >= 1 else float

    def take_ends(ends: tuple[float, float]) -> None:
        low, high = (float(end) for end in ends)
        if low < high:
            put(replace(axis, low=low, high=high))

    def take_steps(steps: int) -> None:
        put(replace(axis, steps=int(steps)))

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
    values = ", ".join(f"{value:g}" for value in axis_values(axis, scenario))
    spread = scenario.uncertainties.get(lever.target)
    drawn = f" As it stands it is {drawn_in_words(spread)}; here it is fixed." if spread else ""
    here = f"Where it stands: {start:g}." if axis.low <= start <= axis.high else (
        f"Where it stands, {start:g}, lies outside."
    )  # fmt: skip
    st.caption(escaped(f"{values}. {here}{drawn}"))


def swept_of(grid: Grid) -> Swept:
    """Return a grid as far as it is known."""
    known = grid.known()
    cells = {point: grid.cells(point) for point in range(grid.n_points)}
    view = session.current()
    origin = partial(origin_of_run, {"A": view.a}, view.beliefs, grid.futures, grid.seed)
    rows = partial(rows_of, known)
    return Swept(grid.scenario, "A", grid.fields, cells, rows, grid.futures, origin)


def is_running(grid: Grid) -> bool:
    """Return whether the visitor has started this very grid, and not stopped it."""
    begun = session.kept(_RUN)
    return begun is not None and begun[0] == grid.key


def show_progress(grid: Grid) -> None:
    """Draw run, stop, and how far it is."""
    n = grid.n_points - 1
    done = sum(point > 0 for point in grid.known())
    problem = session.kept(_PROBLEM)
    if problem:
        st.error(escaped(str(problem)))
    with st.container(key="actions_run"):
        if done == n:
            return
        if not is_running(grid):
            words = "Run the grid" if done == 0 else "Go on with the grid"
            label = f"{words}: {n - done} points, {grid.futures:,} futures each"
            start = partial(_start, grid, done)
            st.button(label, type="primary", key="sweep.start", on_click=start)
            return
        _, since, before = session.kept(_RUN)
        left = ""
        if done > before:
            seconds = (time.monotonic() - since) / (done - before) * (n - done)
            left = f", about {max(1, round(seconds))} s left"
        # Columns, since a button whose place depends on the words beside it escapes a click.
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
    """End the run of this visitor; what has run stays."""
    session.stay()
    session.keep(_RUN, None)


def work(grid: Grid) -> None:
    """Compute points for a moment, then draw the page anew; a click in between comes first."""
    if not is_running(grid):
        return
    known = grid.known()
    missing = [point for point in range(grid.n_points) if point not in known]
    if not missing:
        session.keep(_RUN, None)
        return
    until = time.monotonic() + SLICE_SECONDS
    heartbeat = st.empty()
    for point in missing:
        try:
            grid.compute(point)
        except SimError as error:
            stop()
            session.keep(_PROBLEM, str(error))
            break
        # Drawing anything lets a click through that came meanwhile.
        heartbeat.empty()
        if time.monotonic() > until:
            break
    st.rerun()


def sweep_file(grid: Grid, scenario_name: str) -> tuple[str, str]:
    """Return name and text of the sweep file that makes the same points on the command line."""
    names = grid.design.names
    name = "-and-".join(names).replace("_", "-")
    axes: dict[str, Sequence[float]] = {
        field: sorted(set(grid.design.points[:, j].tolist())) for j, field in enumerate(names)
    }
    content = {
        "name": name,
        "title": f"Grid over {' and '.join(names)}",
        "description": "From the explorer: which values, and why these, is for you to say.",
        "scenario": scenario_name,
        "replicates": grid.futures,
        "seed": grid.seed,
        "grid": {field: [_plain(value) for value in values] for field, values in axes.items()},
    }
    head = "# yaml-language-server: $schema=sweep.schema.json\n"
    return f"{name}.yaml", head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def offer_files(grid: Grid) -> None:
    """Draw the downloads for the command line."""
    view = session.current()
    side = view.a
    is_shipped = not (side.draft or side.levers or view.beliefs)
    scenario_text = "" if is_shipped else text_of_side(side, view.beliefs)
    scenario_name = side.scenario if is_shipped else own_name(scenario_text)
    name, text = sweep_file(grid, scenario_name)
    with st.expander("The same on the command line"):
        lines = [f"Save the sweep in scenarios/sweeps/ and run `alignsim sweep {name[:-5]}`."]
        if not is_shipped:
            lines.append("It needs the scenario as well, saved in scenarios/.")
        st.caption(" ".join(lines))
        st.download_button(
            "Sweep file", data=text.encode(), file_name=name, mime="application/yaml",
            key="sweep.file", on_click="ignore", type="tertiary",
        )  # fmt: skip
        if not is_shipped:
            st.download_button(
                "Scenario file", data=scenario_text.encode(), file_name=f"{scenario_name}.yaml",
                mime="application/yaml", key="sweep.scenario", on_click="ignore", type="tertiary",
            )  # fmt: skip
