"""The Sweep page: the visitor's own grid, and the sweeps of the command line."""
