"""Outlines of the world, what is said of them, and the scale on which a map shows differences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.summary.changes import partner_changes

if TYPE_CHECKING:
    from sim.analysis.shown import Shown

HERE = Path(__file__).parent
BOUNDARIES = (
    "Boundaries: Natural Earth via Visionscarto, simplified; no endorsement implied. Taiwan, "
    "Kosovo and Palestine are modelled as deciding for themselves. Of the areas with disputed "
    "status, Somaliland is counted with Somalia, Northern Cyprus with Cyprus, Crimea with Ukraine."
)
LEAST_RANGE = 0.05
MODES = ("a", "b", "difference")


@cache
def shapes() -> dict[str, Any]:
    """Return the outlines, dots and tiles of all countries, in units of the map."""
    found: dict[str, Any] = json.loads((HERE / "shapes.json").read_text("utf-8"))
    found["tiles"] = json.loads((HERE / "tiles.json").read_text("utf-8"))
    return found


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
