"""The schema of a scenario file: its keys with bounds and units, and messages about errors."""
