"""The most that a country can ask of a provider."""
