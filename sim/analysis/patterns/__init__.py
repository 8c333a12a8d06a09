"""Patterns that the model is to reproduce, each a statistic of calibrated simulations."""
