"""Mechanism: one month of the world, and the two drivers that step it."""
