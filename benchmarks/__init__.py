"""Measurements of speed; see ``python -m benchmarks``."""
