"""The page Explore: one scenario, or A against B, and what follows."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.explorer.controls import levers
from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.explore import parts as explore_parts
from sim.interfaces.explorer.explore.finding import show_finding
from sim.interfaces.explorer.explore.opening import show_opening
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import begin

theme = apply_style()
session.open_session()
begin(session.current())
show_pages()
show_opening()
finding_place = st.container(key="finding")
levers_column, results_column = st.columns([0.29, 0.71], gap="medium")
with levers_column, st.container(key="levers"):
    levers.show_head()
    problems = levers.show_controls(explore_parts.PARTS)
with finding_place:
    show_finding(problems)
with results_column, st.container(key="results"):
    explore_parts.show_results(theme)
session.close_session()
