"""Commands that answer what an analyst asks of a scenario."""
