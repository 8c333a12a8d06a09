"""Two scenarios in the same futures: which countries and which reasons differ."""
