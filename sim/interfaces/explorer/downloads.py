"""Downloads: the CSV of what is shown, built when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.tables import csv_for_spreadsheets

if TYPE_CHECKING:
    import pandas as pd


def offer_csv(frame: Callable[[], pd.DataFrame], name: str, label: str = "CSV") -> None:
    """Draw a button that downloads a table; the table is built on the click.

    Parameters
    ----------
    frame : callable
        Builds the table.
    name : str
        Name of the file without suffix; also the key of the button.
    """
    st.download_button(
        label,
        data=lambda: csv_for_spreadsheets(frame()),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv.{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
