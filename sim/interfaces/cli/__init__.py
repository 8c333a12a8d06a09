"""The command line: one function per command, and the handling of the terminal."""
