"""The page Explore: one scenario, or A against B, and what follows."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.explorer import explore_parts, levers, session
from sim.interfaces.explorer.navigation import show_pages
from sim.interfaces.explorer.runs import begin
from sim.interfaces.explorer.style import apply_style

theme = apply_style()
session.open_session()
begin(session.current())
show_pages()
finding_place = st.container(key="finding")
levers_column, results_column = st.columns([0.29, 0.71], gap="medium")
with levers_column, st.container(key="levers"):
    levers.show_head()
    problems = levers.show_controls(explore_parts.PARTS)
with finding_place:
    explore_parts.show_finding(problems)
with results_column, st.container(key="results"):
    explore_parts.show_results(theme)
session.close_session()
