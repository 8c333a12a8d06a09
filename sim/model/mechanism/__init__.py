"""The rule of one month: compiled functions, one for each thing that happens in it."""
