"""Questions about forecasts of programmes that history answered: scores, and simple rivals."""
