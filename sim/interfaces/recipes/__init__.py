"""How results and answers are computed again: as commands, and as Python."""
