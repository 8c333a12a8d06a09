"""The page Scenario editor: a scenario as a form and as the text that it is."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.editor import form as editor_form
from sim.interfaces.explorer.editor import parts as editor_parts
from sim.interfaces.explorer.state import session

apply_style()
session.open_session()
show_pages()
editor_parts.show_head()
editor_parts.show_start()
draft = editor_parts.current_draft()
form_column, text_column = st.columns([0.4, 0.6], gap="medium")
with form_column, st.container(key="form"):
    editor_form.show_form(draft)
with text_column:
    editor_parts.show_text(draft)
session.close_session()
