"""Downloads: the CSV of what is shown and pictures of it, built on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.controls.origin import with_origin
from sim.interfaces.explorer.quoting.pictures import offer_pictures
from sim.interfaces.explorer.quoting.repeating import offer_recipe
from sim.interfaces.explorer.tables.building import csv_for_spreadsheets

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from sim.interfaces.explorer.controls.origin import Origin
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture
    from sim.interfaces.recipes.recipe import Recipe


def offer_csv(
    frame: Callable[[], pd.DataFrame],
    name: str,
    label: str,
    origin: Callable[[], Origin] = dict,
    pictures: Sequence[OfferedPicture] = (),
    recipe: Callable[[], Recipe] | None = None,
) -> None:
    """Draw a button that downloads a table, and beside it those of its pictures and its command.

    Table, pictures, origin and command are built on the click.

    Parameters
    ----------
    frame : callable
        Builds the table.
    name : str
        Name of the file without suffix; also the key of the button.
    label : str
        The text of the button, unique on its page: ``CSV of ...``.
    origin : callable, optional
        Returns scenarios, moved levers, futures and seed, if the numbers come from a run.
    pictures : sequence of OfferedPicture, optional
        The charts that the table belongs to, as `show_chart` returns them.
    recipe : callable, optional
        Returns how to get the table without the page. Only for an answer of its own: for what the
        page shows, the view is enough.
    """
    with _beside(name) if pictures or recipe else nullcontext():
        st.download_button(
            label,
            data=lambda: csv_for_spreadsheets(with_origin(frame(), origin())),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv.{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        offer_pictures(pictures, name, label.replace("CSV", "Picture", 1), origin)
        if recipe is not None:
            offer_recipe(name, label.replace("CSV of", "Command for", 1), recipe)


def _beside(name: str) -> DeltaGenerator:
    return st.container(horizontal=True, gap="medium", key=f"downloads.{name}")
