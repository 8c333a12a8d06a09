"""Where all interfaces store and look for results."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path("results")
FORECASTS = RESULTS / "forecasts"
