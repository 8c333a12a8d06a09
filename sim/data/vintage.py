"""How facts of an earlier month came to be."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Vintage:
    """How the facts of an earlier month came to be. Treat the tables as read-only.

    Parameters
    ----------
    as_of : str
        The month, "YYYY-MM".
    anachronistic : DataFrame of bool
        Country x numeric column of the panel: True where the figure was not public yet.
    year : DataFrame of str
        Country x dated column: year or years of the figure; '' where there is none.
    source : DataFrame of str
        Country x dated column: key of its source.
    smallest_listed : DataFrame
        Country x ``export``, ``import``: smallest share on its list of partners; NaN without one.
    """

    as_of: str
    anachronistic: pd.DataFrame
    year: pd.DataFrame
    source: pd.DataFrame
    smallest_listed: pd.DataFrame
