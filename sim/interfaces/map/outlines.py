"""Outlines of the world, what is said of them, and the scale on which a map shows differences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.summary.changes import partner_changes
from sim.words.text import with_article
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.analysis.shown import Shown

HERE = Path(__file__).parent
BOUNDARIES = (
    "Boundaries: Natural Earth via Visionscarto, simplified; no endorsement implied. Taiwan, "
    "Kosovo and Palestine are modelled as deciding for themselves. Of the areas with disputed "
    "status, Somaliland is counted with Somalia, Northern Cyprus with Cyprus, Crimea with Ukraine."
)
LEAST_RANGE = 0.05
# What a map of one side shows, and what its colours and numbers mean; the script has it too.
PATHS = "likeliest path of each country"
MEANS = "Mean number of countries:"
COLOURS = (
    "Colour: likeliest path; the paler, the less likely. The numbers are means over futures, so a "
    "colour can cover more or fewer countries."
)
MODES = ("a", "b", "difference")


@cache
def shapes() -> dict[str, Any]:
    """Return the outlines, dots and tiles of all countries, in units of the map."""
    found: dict[str, Any] = json.loads((HERE / "shapes.json").read_text("utf-8"))
    found["tiles"] = json.loads((HERE / "tiles.json").read_text("utf-8"))
    return found


def map_title(
    mode: str, month: str, of: str, sides: tuple[str, str] = ("", ""), group: str = ""
) -> str:
    """Return what a map shows, of whom, and of when.

    Parameters
    ----------
    mode : str
        One of `MODES`.
    month : str
        "YYYY-MM".
    of : str
        Name of the provider that a difference is about.
    sides : tuple of str
        What A and B are called; "" for A where there is no B.
    group : str
        Title of the group in focus; "" if there is none.

    Examples
    --------
    >>> map_title("a", "2030-12", "United States", group="ASEAN")
    'World map, ASEAN: likeliest path of each country, December 2030'
    >>> map_title("difference", "2030-12", "United States", ("A", "B"))
    'World map of A minus B: probability of being with the United States, December 2030'
    """
    is_change = mode == "difference"
    side = " minus ".join(sides) if is_change else sides["ab".index(mode)]
    what = f"probability of being with {with_article(of)}" if is_change else PATHS
    whose = "".join([f" of {side}" if side else "", f", {group}" if group else ""])
    return f"World map{whose}: {what}, {month_in_words(month)}"


def has_same_shape(shown: Shown) -> bool:
    """Return whether both sides have the same countries, so that one map can show both."""
    assert shown.other is not None
    return shown.ensemble.axes.country == shown.other.axes.country


def full_range(shown: Shown, of: str) -> float:
    """Return the difference at which colours of the map are full, rounded up to five points."""
    assert shown.comparison is not None
    changes = partner_changes(shown, of)["difference"]
    most = float(np.nanmax(changes.abs().to_numpy(np.float64), initial=0.0))
    return max(LEAST_RANGE, float(np.ceil(most / 0.05 - 1e-9) * 0.05))
