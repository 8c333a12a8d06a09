"""What it would take for each country, by one lever."""
