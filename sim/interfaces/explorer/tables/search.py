"""The search for countries: by name, code, region, other names, or a group such as the EU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.groups.members import group_named
from sim.words.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.analysis.groups.members import CountryGroup

# Other names that people type for a country, in the form that `folded` returns.
_ALIASES = {
    "ARE": "uae emirates", "BIH": "bosnia", "BOL": "bolivia", "CAF": "car",
    "CIV": "cote d'ivoire", "COD": "drc congo kinshasa zaire", "COG": "congo brazzaville",
    "CPV": "cape verde", "CZE": "czech republic", "FSM": "micronesia", "GBR": "uk great britain",
    "GMB": "the gambia", "IRN": "persia", "KOR": "south korea republic of korea rok",
    "LAO": "laos", "MDA": "moldova", "MKD": "macedonia fyrom", "MMR": "burma", "NLD": "holland",
    "PRK": "north korea dprk", "PSE": "palestine west bank gaza", "RUS": "russian federation",
    "SWZ": "swaziland", "SYR": "syria", "TLS": "east timor", "TUR": "turkey turkiye",
    "TWN": "republic of china chinese taipei", "TZA": "tanzania",
    "USA": "us united states of america", "VEN": "venezuela",
    "VNM": "vietnam viet nam", "BRN": "brunei", "SAU": "ksa", "ZAF": "rsa", "NZL": "nz aotearoa",
    "PNG": "png",
}  # fmt: skip
# Texts so short that they would match inside many words.
_SHORT = 3


def matching(table: pd.DataFrame, wanted: str, groups: Mapping[str, CountryGroup]) -> pd.DataFrame:
    """Return the rows whose country matches a text: its name, code, region, or another name.

    A text that names a group of countries, such as "EU" or "the European Union", finds its members
    and nothing else. Texts of up to three letters are first searched as a whole word, so that "uk"
    finds the United Kingdom and not Ukraine, and otherwise at the start of a word.
    """
    text = folded(wanted)
    if not text:
        return table
    group = group_named(wanted, groups)
    if group is not None:
        return table[table["code"].isin(group.members)]
    names = [
        f"{row['code']} {row['country']} {row['region']} {_ALIASES.get(str(row['code']), '')}"
        for row in table[["code", "country", "region"]].to_dict("records")
    ]
    words = [f" {folded(name)} " for name in names]
    if len(text) <= _SHORT:
        is_whole = np.array([f" {text} " in each for each in words], bool)
        if is_whole.any():
            return table[is_whole]
        return table[np.array([f" {text}" in each for each in words], bool)]
    return table[np.array([text in each for each in words], bool)]
