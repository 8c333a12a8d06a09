"""Dates that decide which facts count: the present vintage, and states founded since 2010.

Separate from the tables, so that a scenario can be checked without reading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PRESENT_SINCE = "2025-05"  # the launch that the baseline starts with; the panel is of mid-2025

# States of the panel that did not exist at the beginning of 2010, with the month of independence.
FOUNDED: Mapping[str, str] = MappingProxyType({"SSD": "2011-07"})


def is_present(month: str) -> bool:
    """Return whether a month belongs to the present vintage of the facts.

    Examples
    --------
    >>> is_present("2025-05"), is_present("2014-06")
    (True, False)
    """
    return month >= PRESENT_SINCE
