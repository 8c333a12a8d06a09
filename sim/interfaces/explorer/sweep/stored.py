"""Sweeps made on the command line: which there are, and which part of one is drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import streamlit as st

from sim.analysis.surface import outcome_rows
from sim.errors import RunError
from sim.experiment.stored import load_run
from sim.experiment.sweeps.finished import FinishedSweep, list_sweeps
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.explorer.controls.link_choices import choice, say_not_offered
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.sweep.results import Swept
from sim.interfaces.explorer.sweep.words import field_title, value_in_words
from sim.interfaces.places import RESULTS
from sim.words.text import escaped, told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.surface import SurfaceMeasure
    from sim.experiment.sweeps.designs.swept import SweptField

# More points than this are too many for a browser, and for the eye.
MOST_DRAWN = 3000
MOST_CELLS_ASIDE = 25


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
def _rows(run_id: str, measure: SurfaceMeasure, _found: StoredSweep) -> pd.DataFrame:
    if measure.is_probability:
        where = (pc.field("country") == measure.country) & (
            pc.field("provider") == measure.provider
        )
        return _found.frame("countries", where=where)
    where = pc.field("outcome") == measure.outcome
    return outcome_rows(_found.frame("outcomes", where=where), measure)


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
        for name in ("point", "across", "up", "aside"):
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
    st.caption(
        escaped(
            f"Scenario {entry.scenario}, {found.design.method}; {entry.n_points:,} points of "
            f"{entry.replicates:,} futures, seed {found.seed}. Folder {entry.path.as_posix()}"
        )
    )
    return found


def _label(entry: FinishedSweep) -> str:
    return f"{entry.title or entry.name} ({entry.run_id[:6]})"


def swept_of(found: StoredSweep) -> Swept:
    """Return a stored sweep for drawing."""
    fields = found.inputs.fields
    cells = {0: tuple(field.cell(field.present) for field in fields)}
    cells |= {n: tuple(row) for n, row in enumerate(found.design.points.tolist(), start=1)}
    return Swept(
        found.scenario,
        found.scenario,
        found.scenario.name,
        f"{found.scenario.name} as it stands",
        fields,
        cells,
        partial(_rows, found.path.name, _found=found),
        found.replicates,
        lambda: {
            "sweep": found.path.name,
            "scenario": found.scenario.name,
            "futures": found.replicates,
            "seed": found.seed,
        },
        lambda point: f"{found.path.name}:{point}",
    )


def is_grid(found: StoredSweep) -> bool:
    """Return whether a design consists of every combination of its values, each once."""
    points = found.design.points
    sizes = [len(np.unique(points[:, j])) for j in range(points.shape[1])]
    distinct = len(np.unique(points, axis=0))
    return int(np.prod(sizes)) == distinct == len(points) and max(sizes) <= MOST_CELLS_ASIDE


def show_axes(found: StoredSweep) -> tuple[tuple[int, ...], list[int]]:
    """Draw the choice of axes and of fixed values; return axes, and the points drawn."""
    fields = found.inputs.fields
    names = [field.name for field in fields]
    titles = told_apart({field.name: field_title(field) for field in fields})
    is_scattered = not is_grid(found)
    across = _choose("across", "Across", names, titles, names[0 if is_scattered else -1])
    if is_scattered:
        points = range(1, found.design.n_points + 1)
        stride = -(-len(points) // MOST_DRAWN)
        if stride > 1:
            st.caption(f"One in {stride} points is drawn; the CSV has all.")
        return (names.index(across),), [*points][::stride]
    if len(names) == 1:
        return (0,), [*range(1, found.design.n_points + 1)]
    rest = [name for name in names if name != across]
    up = _choose("up", "Up", rest, titles, rest[0])
    aside = [names.index(name) for name in rest if name != up]
    return (names.index(across), names.index(up)), _show_aside(found, aside)


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


def _show_aside(found: StoredSweep, aside: Sequence[int]) -> list[int]:
    """Draw the fixed values of the other numbers; return the points that have them."""
    points = found.design.points
    keep = np.ones(len(points), bool)
    asked = session.detail("sweep.aside", "").split(",")
    chosen: list[int] = []
    for n, j in enumerate(aside):
        field = found.inputs.fields[j]
        values = np.unique(points[:, j]).tolist()
        text = asked[n] if n < len(asked) else ""
        is_place = text.isdigit() and len(text) < 4 and int(text) < len(values)
        at = int(text) if is_place else 0
        if text and not is_place:
            say_not_offered(
                f"place {text} of {field_title(field)}", f"{_value_of(field, values, 0)} is shown"
            )
        chosen.append(at)
        st.selectbox(
            field_title(field),
            list(range(len(values))),
            format_func=partial(_value_of, field, values),
            **session.controlled(f"sweep.aside.{j}", at, partial(_take_aside, n, len(aside))),
        )
        own = points[:, j]
        keep &= np.isnan(own) if np.isnan(values[at]) else own == values[at]
    return [int(point) + 1 for point in np.flatnonzero(keep)]


def _value_of(field: SweptField, values: Sequence[float], at: int) -> str:
    return value_in_words(field, values[at]) if at < len(values) else ""


def _take_aside(n: int, n_all: int, at: int) -> None:
    parts = session.detail("sweep.aside", "").split(",")
    places = [parts[i] if i < len(parts) and parts[i].isdigit() else "0" for i in range(n_all)]
    places[n] = str(at)
    session.set_detail("sweep.aside", ",".join(places))
