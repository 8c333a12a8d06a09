"""The panel of every page that says how to share, cite and repeat what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from sim.errors import SimError
from sim.interfaces.citation import bibtex, citation
from sim.interfaces.explorer.quoting.copied import show_copied
from sim.interfaces.explorer.quoting.opening import opens_panel
from sim.interfaces.explorer.quoting.pictures import address
from sim.interfaces.explorer.quoting.recipe import recipe_of_page
from sim.interfaces.explorer.quoting.repeating import show_recipe
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import fits_a_link
from sim.interfaces.recipes.recipe import Recipe

TITLE = "Share, cite, repeat"
_RECIPE = "quote.recipe"
_NO_RUN = {
    "evidence": "This page shows facts, assumptions and tables that ship with alignsim; nothing is "
    "simulated for it. Each table can be downloaded beside it.",
}
_NOTHING = "There is nothing to repeat yet: see the messages beside the controls."


def offer_panel() -> None:
    """Draw the button that opens the panel. What the panel says is worked out once it is open."""
    if opens_panel(TITLE, "quote"):
        _show_panel()


def keep_recipe(recipe: Callable[[], Recipe]) -> None:
    """Keep the recipe for what the page shows, where it does not follow from the view."""
    session.keep(_RECIPE, (session.kept("page"), recipe))


@st.dialog(TITLE, width="large")
def _show_panel() -> None:
    link = address()
    today = datetime.now(UTC).date()
    st.header("Link to this view", anchor=False)
    show_copied(link, "Link to this view", "Copy the link", "quote.link")
    view = session.current()
    texts = {view.editing, *(side.draft for side in view.sides())}
    if not all(fits_a_link(text) for text in texts if text):
        st.info("A scenario of this view is too long for a link: send its file along.")
    st.header("Citation", anchor=False)
    quoted = f"Results of {today.day} {today:%B %Y}"
    st.code(citation(f"{quoted}, {link}", today.year), language=None, wrap_lines=True)
    st.code(bibtex(quoted, today.year, link), language=None, wrap_lines=True)
    _show_recipe()


def _show_recipe() -> None:
    page = session.kept("page") or "explore"
    recipe = _recipe(page)
    if recipe is None:
        st.header("The same on the command line", anchor=False)
        st.markdown(_NO_RUN.get(page, _NOTHING))
        return
    show_recipe(recipe)


def _recipe(page: str) -> Recipe | None:
    """Return how to repeat what a page shows; None if it shows nothing that can be repeated."""
    kept = session.kept(_RECIPE)
    try:
        if kept is not None and kept[0] == page:
            found: Recipe = kept[1]()
            return found
        return recipe_of_page(page, session.current())
    except SimError:
        return None
