"""The panel of every page that says how to share, cite and repeat what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePosixPath

import streamlit as st

from sim.errors import SimError
from sim.interfaces.citation import bibtex, citation
from sim.interfaces.explorer.quoting.copied import show_copied
from sim.interfaces.explorer.quoting.pictures import address
from sim.interfaces.explorer.quoting.recipe import Recipe, recipe_of_page
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import fits_a_link

TITLE = "Share, cite, repeat"
_RECIPE = "quote.recipe"
_NO_RUN = {
    "evidence": "This page shows facts, assumptions and tables that ship with alignsim; nothing is "
    "simulated for it. Each table can be downloaded beside it.",
}
_NOTHING = "There is nothing to repeat yet: see the messages beside the controls."


def offer_panel() -> None:
    """Draw the button that opens the panel. What the panel says is worked out once it is open."""
    if st.button(TITLE, key="quote", type="tertiary", on_click=session.stay):
        _show_panel()


def keep_recipe(recipe: Callable[[], Recipe]) -> None:
    """Say how to find out how what the page shows is repeated, where the view does not tell it."""
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
    st.code(citation(today, link), language=None, wrap_lines=True)
    st.code(bibtex(today, link), language=None, wrap_lines=True)
    _show_recipe()


def _show_recipe() -> None:
    page = session.kept("page") or "explore"
    recipe = _recipe(page)
    st.header("The same on the command line", anchor=False)
    if recipe is None:
        st.markdown(_NO_RUN.get(page, _NOTHING))
        return
    if recipe.files:
        names = " and ".join(f"`{path}`" for path in recipe.files)
        st.markdown(f"First save what is not in the folder of scenarios, as {names}:")
        for path, text in recipe.files.items():
            name = PurePosixPath(path).name
            st.download_button(
                f"Download {name}", data=text.encode(), file_name=name, mime="application/yaml",
                key=f"quote.{name}", on_click="ignore", icon=":material/download:",
            )  # fmt: skip
    if recipe.command:
        st.code(recipe.command, language=None, wrap_lines=True)
    else:
        st.markdown("This sweep was not made from a file in the folder of sweeps.")
    st.header("The same in Python", anchor=False)
    st.code(recipe.python, language="python", wrap_lines=True)


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
