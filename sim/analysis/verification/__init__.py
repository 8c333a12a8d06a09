"""The model against answers that are known beforehand: worlds, computations, one registry."""
