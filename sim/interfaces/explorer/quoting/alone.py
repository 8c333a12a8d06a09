"""One figure of a page alone, for a frame in somebody else's page.

``embed=true`` is Streamlit's own: it leaves out its header and its margins, keeps the parameter out
of our links, and tells the page. Our part is ``show``, the name of the figure. The page is drawn as
always, but hidden, up to the figure: so every figure of every page can stand alone, with the
choices of the link, and nothing has to know which there are.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.state import session
from sim.words.text import escaped

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

FIGURE = "show"
_PLACE, _OFFERED = "alone.place", "alone.offered"
_WIDTH_PX, _HEIGHT_PX = 600, 400
# Letters small enough for a frame of that size, and none of the page itself.
_CSS = """
<style>
.st-key-page_hidden { display: none; }
.stMainBlockContainer { padding: 0.5rem 0.75rem; }
.stMainBlockContainer h1 { font-size: 1.05rem; }
.st-key-alone { gap: 0.6rem; }
.st-key-alone .whole { margin: 0; font-size: 0.75rem; }
.st-key-alone .whole a { color: inherit; }
.st-key-alone [data-testid="stCaptionContainer"] p { font-size: 0.75rem; }
</style>
"""


def is_alone() -> bool:
    """Return whether one figure of the page is wanted alone."""
    return bool(st.context.is_embedded)


def show_alone(page: StreamlitPage) -> None:
    """Draw the figure of a page that the address names, or say which it has."""
    wanted = st.query_params.get(FIGURE, "")
    session.keep(_OFFERED, [])
    place = st.container(key="alone")
    session.keep(_PLACE, (wanted, place))
    with st.container(key="page_hidden"):
        st.html(_CSS)
        page.run()
    # Only if the page has no figure of that name: it would have stopped at it.
    names = ", ".join(session.kept(_OFFERED)) or "none"
    with place:
        show_headline("No such figure")
        asked = f"is called “{wanted[:60]}”" if wanted else "is asked for"
        text = f"No figure of this page {asked}. Put {FIGURE}=NAME into the address, with one of: "
        st.caption(escaped(f"{text}{names}."))


def draw_alone(
    name: str, title: str, notes: tuple[str, ...], draw: Callable[[], object], link: str
) -> None:
    """Draw a figure if it is the one wanted alone; nothing of its page is drawn after it.

    Parameters
    ----------
    name : str
        As the address has it.
    title : str
    notes : tuple of str
        Lines below it: what was moved, where it comes from.
    draw : callable
        Draws the figure itself.
    link : str
        Address of the whole view.
    """
    session.kept(_OFFERED).append(name)
    wanted, place = session.kept(_PLACE)
    if name != wanted:
        return
    with place:
        show_headline(title)
        draw()
        lines = "  \n".join(escaped(line) for line in notes if line)
        # A link of a frame would open in the frame.
        whole = f'<a href="{escape(link)}" target="_blank">Open the whole view</a>'
        st.caption(lines)
        st.html(f'<p class="whole">{whole}</p>')
    st.stop()


def frame_html(name: str, title: str, link: str) -> str:
    """Return the HTML that shows a figure in another page.

    Examples
    --------
    >>> print(frame_html("uptake", "Partners", "https://a.org/?seed=7"))
    <iframe src="https://a.org/?embed=true&amp;show=uptake&amp;seed=7" title="Partners"
      width="600" height="400" style="border: 0"></iframe>
    """
    page, _, query = link.partition("?")
    parts = [f"embed=true&{FIGURE}={name}", query]
    source = f"{page}?{'&'.join(part for part in parts if part)}"
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}"\n'
        f'  width="{_WIDTH_PX}" height="{_HEIGHT_PX}" style="border: 0"></iframe>'
    )
