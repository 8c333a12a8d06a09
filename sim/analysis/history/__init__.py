"""How countries answered earlier programmes: events tables, and programmes as scenarios."""
