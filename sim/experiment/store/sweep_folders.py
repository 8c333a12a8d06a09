"""Names of the folders and marks of sweeps, for whoever looks for results without reading them."""

from __future__ import annotations

SWEEPS = "sweeps"
# End of the name of the folder in which a sweep is made.
UNFINISHED = ".unfinished"
# Written once every point has been checked; marks the folder of a sweep that may be continued.
MARK_FILE = "unfinished.json"
