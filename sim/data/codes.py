"""Codes of countries and blocs: the vocabulary in which scenario files name places."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Name of a bloc in a scenario file -> membership column of the country panel.
BLOC_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "EU": "eu",
        "NATO": "nato",
        "OECD": "oecd",
        "G7": "g7",
        "G20": "g20",
        "ASEAN": "asean",
        "GCC": "gcc",
        "AU": "african_union",
        "BRICS": "brics_member",
        "SCO": "sco_member",
        "FIVE_EYES": "five_eyes",
        "QUAD": "quad",
    }
)


@cache
def _panel_rows() -> tuple[dict[str, str], ...]:
    """Read the panel with the csv module; pandas would take longer than the whole scenario."""
    text = resources.files("sim.data").joinpath("tables/country_panel.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(sorted(rows, key=lambda row: row["iso3"]))


@cache
def known_countries() -> Mapping[str, str]:
    """Return every country of the panel as a read-only mapping from ISO3 code to short name.

    Examples
    --------
    >>> known_countries()["KOR"]
    'South Korea'
    """
    return MappingProxyType({row["iso3"]: row["name"] for row in _panel_rows()})


@cache
def bloc_members(name: str) -> tuple[str, ...] | None:
    """Return the ISO3 codes of the members of a bloc, sorted; None if the bloc is unknown.

    Parameters
    ----------
    name : str
        A key of ``BLOC_COLUMNS``, in capitals.

    Examples
    --------
    >>> bloc_members("FIVE_EYES")
    ('AUS', 'CAN', 'GBR', 'NZL', 'USA')
    >>> bloc_members("LEAGUE_OF_NATIONS") is None
    True
    """
    column = BLOC_COLUMNS.get(name)
    if column is None:
        return None
    return tuple(row["iso3"] for row in _panel_rows() if row[column] in {"1", "1.0", "True"})
