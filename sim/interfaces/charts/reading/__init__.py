"""Charts of what sweeps and runs say: boxes, robust settings, futures that are enough."""
