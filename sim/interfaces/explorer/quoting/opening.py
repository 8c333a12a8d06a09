"""The button of a panel: of those that are pressed at once, one opens its panel."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sim.interfaces.explorer.state import session


def opens_panel(label: str, key: str, icon: str | None = None) -> bool:
    """Draw a button that opens a panel; return whether the panel is to be drawn now.

    A page can show one panel at a time, and a second would end in an error instead.

    Parameters
    ----------
    label : str
        Its text, unique on its page.
    key : str
        Tells the button from others of its page.
    icon : str, optional
        Stands before the text.
    """
    is_pressed = st.button(label, type="tertiary", icon=icon, key=key, on_click=session.stay)
    context = get_script_run_ctx()
    is_taken = context is not None and context.has_dialog_opened
    return is_pressed and not is_taken
