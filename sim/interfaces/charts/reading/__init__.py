"""Charts of what sweeps and runs say: boxes, robust settings, enough futures, rankings."""
