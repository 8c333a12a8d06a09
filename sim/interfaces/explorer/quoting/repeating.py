"""The same as a command and as Python: of a page in its panel, of an answer behind a button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import streamlit as st

from sim.errors import SimError
from sim.interfaces.explorer.quoting.alone import is_alone
from sim.interfaces.explorer.quoting.opening import opens_panel
from sim.interfaces.recipes.recipe import Recipe
from sim.words.text import escaped

TITLE = "The same as a command, and in Python"


def offer_recipe(name: str, label: str, recipe: Callable[[], Recipe]) -> None:
    """Draw a button that says how to get an answer without the page.

    What it says is worked out on the click, so it costs nothing while levers move.

    Parameters
    ----------
    name : str
        Tells the button from others of its page.
    label : str
        Its text, unique on its page.
    recipe : callable
        Returns how the answer is repeated.
    """
    if not is_alone() and opens_panel(label, f"recipe.{name}", ":material/terminal:"):
        _show_panel(recipe)


@st.dialog(TITLE, width="large")
def _show_panel(recipe: Callable[[], Recipe]) -> None:
    try:
        show_recipe(recipe())
    except SimError as error:
        st.info(escaped(str(error)))


def show_recipe(recipe: Recipe) -> None:
    """Draw the lines of a recipe, each with a button that copies it, and the files they need."""
    st.header("The same on the command line", anchor=False)
    if recipe.files:
        names = " and ".join(f"`{path}`" for path in recipe.files)
        st.markdown(f"First save what is not in the folder of scenarios, as {names}:")
        for path, text in recipe.files.items():
            name = PurePosixPath(path).name
            st.download_button(
                f"Download {name}", data=text.encode(), file_name=name, mime="application/yaml",
                key=f"quote.{name}", on_click="ignore", icon=":material/download:",
            )  # fmt: skip
    st.code(recipe.command, language=None, wrap_lines=True)
    st.header("The same in Python", anchor=False)
    st.code(recipe.python, language="python", wrap_lines=True)
