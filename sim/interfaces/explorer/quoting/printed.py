"""What a printed page says of its origin: paper has no panel to open and no address bar."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.quoting.pictures import address, origin_in_words, sources_of

if TYPE_CHECKING:
    from sim.interfaces.explorer.controls.origin import Origin


def show_on_paper(origin: Origin) -> None:
    """Write scenario, what was moved, futures, seed, source and address; a screen shows nothing.

    Parameters
    ----------
    origin : dict
        What a download of the same page says about the origin of its numbers.
    """
    lines = (*origin_in_words(origin), *sources_of(origin), address())
    text = "<br>".join(escape(line) for line in lines if line)
    st.html(f'<p class="alignsim-origin">{text}</p>')
