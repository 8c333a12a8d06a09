"""What an outcome of a scenario hangs on: levers and uncertainties in one ranking."""
