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


# Name of a list in a scenario file -> supplier whose models these countries cannot use at present.
UNSUPPORTED_LISTS: Mapping[str, str] = MappingProxyType({"OPENAI_UNSUPPORTED": "OpenAI"})
GROUPS = (*BLOC_COLUMNS, *UNSUPPORTED_LISTS)


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    """Read a table with the csv module; pandas would take longer than the whole scenario."""
    text = resources.files("sim.data").joinpath(f"tables/{table}.csv").read_text("utf-8")
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
    return MappingProxyType({row["iso3"]: row["name"] for row in _rows("country_panel")})


@cache
def bloc_members(name: str) -> tuple[str, ...] | None:
    """Return the ISO3 codes of a bloc or list, sorted; None if it is unknown.

    Parameters
    ----------
    name : str
        One of ``GROUPS``, in capitals.

    Examples
    --------
    >>> bloc_members("FIVE_EYES")
    ('AUS', 'CAN', 'GBR', 'NZL', 'USA')
    >>> "CUB" in bloc_members("OPENAI_UNSUPPORTED")
    True
    >>> bloc_members("LEAGUE_OF_NATIONS") is None
    True
    """
    supplier = UNSUPPORTED_LISTS.get(name)
    if supplier is not None:
        rows = _rows("unsupported_countries")
        return tuple(r["iso3"] for r in rows if r["supplier"] == supplier and not r["ended"])
    column = BLOC_COLUMNS.get(name)
    if column is None:
        return None
    return tuple(
        row["iso3"] for row in _rows("country_panel") if row[column] in {"1", "1.0", "True"}
    )
