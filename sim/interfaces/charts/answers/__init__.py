"""Charts of answers to what an analyst asks of a scenario."""
