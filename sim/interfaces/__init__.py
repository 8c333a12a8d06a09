"""People: the command line, and the explorer in a browser."""
