"""Sweeps made on the command line: which there are, and which part of one is drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from sim.analysis.sweeps.shown import is_grid, stored_cells, stored_rows, where_held
from sim.analysis.sweeps.words import field_title, value_in_words
from sim.errors import RunError
from sim.experiment.stored import load_run
from sim.experiment.sweeps.finished import FinishedSweep, list_sweeps
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.explorer.controls.link_choices import choice, say_not_offered
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.sweep.results import SweepSlice, Swept
from sim.interfaces.places import RESULTS
from sim.words.text import escaped, told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.sweeps.surface import SurfaceMeasure
    from sim.experiment.sweeps.designs.swept import SweptField

# More points than this are too many for a browser, and for the eye.
MOST_DRAWN = 3000


@st.cache_data(max_entries=1, ttl=5, show_spinner=False)
def finished_sweeps() -> tuple[FinishedSweep, ...]:
    """Return the finished sweeps in the folder of results; it is read every few seconds."""
    return list_sweeps(RESULTS)


@st.cache_resource(max_entries=8, ttl=600, show_spinner=False)
def _open(entry: FinishedSweep) -> StoredSweep:
    """Return a sweep after checking its files against its manifest."""
    found = load_run(entry.path)
    assert isinstance(found, StoredSweep)
    return found


def close() -> None:
    """Forget which sweeps are open, so that each is checked again before it is shown."""
    _open.clear()


@st.cache_data(max_entries=64, ttl=600, show_spinner=False)
def _rows(key: str, measure: SurfaceMeasure, _found: StoredSweep) -> pd.DataFrame:
    return stored_rows(_found, measure)


def show_controls() -> StoredSweep | None:
    """Draw the choice of a sweep; return it, or None if there is none."""
    known = {f"{entry.name}:{entry.run_id}": entry for entry in finished_sweeps()}
    if not known:
        st.info(
            "There is no finished sweep in the folder of results. On the command line, "
            "`alignsim sweep control-and-linkage` makes one in less than a minute."
        )
        return None
    asked = session.detail("sweep.open", "")
    if asked and asked not in known:
        st.info("The sweep that the link asks for is not in this folder of results.")
    now = asked if asked in known else next(iter(known))

    def take(key: str) -> None:
        session.set_detail("sweep.open", key)
        for name in ("point", "across", "up", "aside", "of", "threshold"):
            session.set_detail(f"sweep.{name}", "")

    st.selectbox(
        "Sweep",
        list(known),
        format_func=lambda key: _label(known[key]) if key in known else key,
        **session.controlled("sweep.open", now, take),
    )
    entry = known[now]
    try:
        found = _open(entry)
    except RunError as error:
        st.error(escaped(str(error)))
        return None
    if found.heading.description:
        st.caption(escaped(" ".join(found.heading.description.split())))
    found = found.within(_choose_scenario(found))
    st.caption(
        escaped(
            f"Scenario {found.scenario.name}, {found.design.method}; {entry.n_points:,} points of "
            f"{entry.replicates:,} futures, seed {found.seed}. Folder {entry.path.as_posix()}"
        )
    )
    return found


def _choose_scenario(found: StoredSweep) -> str:
    """Draw the choice of a scenario, where a sweep has several; return its name."""
    titles = {scenario.name: scenario.title for scenario in found.scenarios}
    first = found.scenario.name
    now = choice("sweep.of", titles, first)
    if len(titles) > 1:

        def take(name: str) -> None:
            session.set_detail("sweep.of", name, first)

        st.selectbox(
            "Scenario",
            list(titles),
            format_func=lambda name: titles.get(name, name),
            **session.controlled("sweep.of", now, take),
        )
    return now


def _label(entry: FinishedSweep) -> str:
    return f"{entry.title or entry.name} ({entry.run_id[:6]})"


def swept_of(found: StoredSweep) -> Swept:
    """Return a stored sweep for drawing."""
    return Swept(
        found.scenario,
        found.scenario,
        found.scenario.name,
        f"{found.scenario.name} as it stands",
        found.fields,
        stored_cells(found),
        partial(_rows, f"{found.path.name}:{found.scenario.name}", _found=found),
        found.replicates,
        lambda: {
            "sweep": found.path.name,
            "scenario": found.scenario.name,
            "futures": found.replicates,
            "seed": found.seed,
        },
        lambda point: f"{found.path.name}:{point}",
        "failed",
    )


def show_axes(found: StoredSweep) -> SweepSlice:
    """Draw the choice of axes and of what is held fixed; return what is drawn."""
    fields = found.fields
    names = [field.name for field in fields]
    titles = told_apart({field.name: field_title(field) for field in fields})
    is_scattered = not is_grid(found.design.points)
    across = _choose("across", "Across", names, titles, names[0 if is_scattered else -1])
    if is_scattered:
        points = range(1, found.design.n_points + 1)
        stride = -(-len(points) // MOST_DRAWN)
        if stride > 1:
            st.caption(f"One in every {stride} points is drawn; the CSV holds all.")
        return SweepSlice((across,), [*points][::stride])
    if len(names) == 1:
        return SweepSlice((names[0],), [*range(1, found.design.n_points + 1)])
    rest = [name for name in names if name != across]
    up = _choose("up", "Up", rest, titles, rest[0])
    aside = [names.index(name) for name in rest if name != up]
    held = _show_aside(found, aside)
    is_drawn = where_held(found.design.points, held)
    drawn = [int(at) + 1 for at in np.flatnonzero(is_drawn)]
    return SweepSlice((across, up), drawn, {names[j]: value for j, value in held.items()})


def _choose(key: str, label: str, names: Sequence[str], titles: dict[str, str], first: str) -> str:
    """Draw the choice of the number along an axis; the link holds its position among the names."""
    options = list(names)
    now = choice(f"sweep.{key}", {name: titles[name] for name in options}, first)

    def take(name: str) -> None:
        session.set_detail(f"sweep.{key}", name)
        # Other numbers may be fixed now.
        session.set_detail("sweep.aside", "")

    st.selectbox(
        label,
        options,
        format_func=lambda name: titles.get(name, name),
        **session.controlled(f"sweep.{key}", now, take),
    )
    return now


def _show_aside(found: StoredSweep, aside: Sequence[int]) -> dict[int, float]:
    """Draw at which values the other numbers are held; return them by the places of the numbers."""
    points = found.design.points
    held: dict[int, float] = {}
    asked = session.detail("sweep.aside", "").split(",")
    for n, j in enumerate(aside):
        field = found.fields[j]
        values = np.unique(points[:, j]).tolist()
        text = asked[n] if n < len(asked) else ""
        is_place = text.isdigit() and len(text) < 4 and int(text) < len(values)
        at = int(text) if is_place else 0
        if text and not is_place:
            say_not_offered(
                f"place {text} of {field_title(field)}", f"{_value_of(field, values, 0)} is shown"
            )
        st.selectbox(
            field_title(field),
            list(range(len(values))),
            format_func=partial(_value_of, field, values),
            **session.controlled(f"sweep.aside.{j}", at, partial(_take_aside, n, len(aside))),
        )
        held[j] = values[at]
    return held


def _value_of(field: SweptField, values: Sequence[float], at: int) -> str:
    return value_in_words(field, values[at]) if at < len(values) else ""


def _take_aside(n: int, n_all: int, at: int) -> None:
    parts = session.detail("sweep.aside", "").split(",")
    places = [parts[i] if i < len(parts) and parts[i].isdigit() else "0" for i in range(n_all)]
    places[n] = str(at)
    session.set_detail("sweep.aside", ",".join(places))
