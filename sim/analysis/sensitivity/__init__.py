"""Sensitivity analysis: how far each number of a design moves an outcome."""
