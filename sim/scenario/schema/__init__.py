"""The schema of a scenario file: its keys, their bounds and units, and the words when one is wrong."""
