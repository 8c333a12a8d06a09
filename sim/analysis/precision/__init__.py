"""Precision: how many futures are enough."""
