"""The command line: one verb a function, and the manners of a terminal."""
