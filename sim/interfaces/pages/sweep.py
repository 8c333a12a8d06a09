"""The page Sweep: one or two levers over a grid, and the sweeps of the command line."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.sweep import own as sweep_own
from sim.interfaces.explorer.sweep import parts as sweep_parts

theme = apply_style()
session.open_session()
show_pages()
finding_place = st.container(key="finding")
levers_column, results_column = st.columns([0.29, 0.71], gap="medium")
with levers_column:
    levers_place = st.container(key="levers")
with results_column:
    results_place = st.container(key="results")
grid = sweep_parts.show_page(theme, finding_place, levers_place, results_place)
session.close_session()
if grid is not None:
    sweep_own.work(grid)
