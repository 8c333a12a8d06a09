"""The visitor's view, the runs that answer it, and what browsers may send."""
