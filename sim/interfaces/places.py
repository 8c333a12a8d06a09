"""Where all interfaces leave results, and look for them."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path("results")
