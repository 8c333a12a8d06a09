"""Downloads: the CSV of what is shown, built on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.controls.origin import with_origin
from sim.interfaces.explorer.tables.building import csv_for_spreadsheets

if TYPE_CHECKING:
    import pandas as pd

    from sim.interfaces.explorer.controls.origin import Origin


def offer_csv(
    frame: Callable[[], pd.DataFrame],
    name: str,
    label: str,
    origin: Callable[[], Origin] = dict,
) -> None:
    """Draw a button that downloads a table; table and origin are built on the click.

    Parameters
    ----------
    frame : callable
        Builds the table.
    name : str
        Name of the file without suffix; also the key of the button.
    label : str
        The text of the button, unique on its page.
    origin : callable, optional
        Returns scenarios, moved levers, futures and seed, if the numbers come from a run.
    """
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
