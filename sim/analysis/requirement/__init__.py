"""What terms it would take for a country to sign, and the most that it can ask."""
