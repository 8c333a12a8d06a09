"""Where all interfaces store and look for results, and where reports go."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path("results")
FORECASTS = RESULTS / "forecasts"
REPORTS = Path("reports")
