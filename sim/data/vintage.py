"""The origin of facts of an earlier month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Vintage:
    """The origin of the facts of an earlier month. Treat the tables as read-only.

    Parameters
    ----------
    as_of : str
        The month, "YYYY-MM".
    anachronistic : DataFrame of bool
        Country x numeric column of the panel: True if the figure was not yet public.
    year : DataFrame of str
        Country x dated column: year or years of the figure; '' if there is none.
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
