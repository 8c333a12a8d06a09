"""The page Sweep: a grid of the visitor, and the sweeps of the command line."""
