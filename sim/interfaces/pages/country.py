"""The page Country: one of the 197, what is known of it, what it does, and why."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.explorer.controls import levers
from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.country import parts as country_parts
from sim.interfaces.explorer.country.card import choose_country
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import begin

theme = apply_style()
session.open_session()
begin(session.current())
show_pages()
finding_place = st.container(key="finding")
levers_column, results_column = st.columns([0.29, 0.71], gap="medium")
with levers_column, st.container(key="levers"):
    levers.show_head()
    code = choose_country("country")
    problems = levers.show_controls(country_parts.PARTS)
with finding_place:
    country_parts.show_finding(problems, code)
with results_column, st.container(key="results"):
    country_parts.show_results(code, theme)
session.close_session()
