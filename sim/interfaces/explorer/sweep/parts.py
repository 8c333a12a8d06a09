"""The parts of the Sweep page, for the visitor's own grid and for a stored sweep."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import RunError
from sim.interfaces.explorer.controls.link_choices import choice
from sim.interfaces.explorer.controls.report import offer_report_of
from sim.interfaces.explorer.link_notes import show_unreadable
from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.quoting.panel import keep_recipe
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.sweep import files as sweep_files
from sim.interfaces.explorer.sweep import own as sweep_own
from sim.interfaces.explorer.sweep import reading as sweep_reading
from sim.interfaces.explorer.sweep import results as sweep_results
from sim.interfaces.explorer.sweep import stored as sweep_stored
from sim.interfaces.explorer.sweep import to_explore as sweep_to_explore
from sim.interfaces.report.subject import Subject
from sim.words.text import escaped
from sim.words.titles import country_names

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.analysis.sweeps.surface import SurfaceMeasure
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.sweep.grid import Grid

_STORED_TITLE = "Sweeps of the command line"
OWN, STORED = "own", "stored"
_TITLES = {OWN: "A grid of your own", STORED: "From the command line"}


def _show_source() -> str:
    def take(source: str) -> None:
        session.set_detail("sweep.source", source, OWN)
        session.set_detail("sweep.point", "")

    now = choice("sweep.source", _TITLES, OWN)
    st.segmented_control(
        "Look at",
        [OWN, STORED],
        format_func=lambda source: _TITLES[source],
        required=True,
        width="stretch",
        label_visibility="collapsed",
        **session.controlled("sweep.source", now, take),
    )
    return now


def show_page(
    theme: Theme, finding: DeltaGenerator, levers: DeltaGenerator, results: DeltaGenerator
) -> Grid | None:
    """Draw the page; return the visitor's grid, if it is on view and valid."""
    with levers:
        source = _show_source()
        if source == STORED:
            found = sweep_stored.show_controls()
        else:
            asked = sweep_own.show_controls()
    if source == STORED:
        if found is None:
            _show_nothing(finding, _STORED_TITLE)
        else:
            _show_stored(found, theme, finding, levers, results)
        return None
    if asked is None:
        _show_nothing(finding, "Sweep")
        return None
    _show_own(asked, theme, finding, results)
    return asked.grid


def _show_nothing(finding: DeltaGenerator, title: str) -> None:
    with finding:
        show_headline(title)
        st.caption("No result yet: see the messages beside the controls.")


def _show_own(
    own: sweep_own.OwnGrid, theme: Theme, finding: DeltaGenerator, results: DeltaGenerator
) -> None:
    grid, swept = own.grid, sweep_own.swept_of(own)
    drawn = sweep_results.SweepSlice(tuple(swept.names), [*range(1, grid.n_points)])
    with results:
        show_unreadable()
        sweep_own.show_progress(grid)
        measure = sweep_results.show_choices(grid.scenario)
        known = sweep_results.known_surface(swept, measure)
        sweep_results.show_points(swept, measure, known, drawn, theme)
        sweep_results.show_point(
            swept,
            measure,
            known,
            partial(sweep_to_explore.view_of_own, own),
            drawn.points,
        )
        if not known.empty:
            sweep_results.offer_surface(swept, measure, known)
        keep_recipe(partial(sweep_files.recipe_of_own, own, measure))
    with finding:
        sweep_results.show_finding(swept, measure, known)


def _report_subject(found: StoredSweep, measure: SurfaceMeasure) -> Subject:
    """Return what a report of a sweep is of: with the provider and the country on view."""
    country = session.current().country
    provider = measure.provider or next(iter(found.scenario.providers))
    return Subject(found, None, provider, country if country in country_names() else "")


def _show_stored(
    found: StoredSweep,
    theme: Theme,
    finding: DeltaGenerator,
    levers: DeltaGenerator,
    results: DeltaGenerator,
) -> None:
    swept = sweep_stored.swept_of(found)
    with levers:
        drawn = sweep_stored.show_axes(found)
    with results:
        show_unreadable()
        measure = sweep_results.show_choices(found.scenario)
        try:
            known = sweep_results.known_surface(swept, measure)
        except RunError as error:
            # Damaged since it was opened: the next visit opens it again.
            sweep_stored.close()
            st.error(escaped(str(error)))
            _show_nothing(finding, _STORED_TITLE)
            return
        sweep_results.show_points(swept, measure, known, drawn, theme)
        note = sweep_to_explore.why_not(found)
        if note:
            st.info(escaped(note))
        sweep_results.show_point(
            swept,
            measure,
            known,
            lambda point, against: sweep_to_explore.view_of_stored(
                found, swept.cells[point], against
            ),
            drawn.points,
            can_open=sweep_to_explore.can_open(found),
        )
        sweep_results.offer_surface(swept, measure, known)
        offer_report_of(_report_subject(found, measure), "Report of this sweep")
        sweep_reading.show_reading(found, swept, measure, known, theme)
        keep_recipe(partial(sweep_files.recipe_of_stored, found, measure))
    with finding:
        sweep_results.show_finding(swept, measure, known)
