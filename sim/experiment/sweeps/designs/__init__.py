"""Designs of sweeps: what is varied, at which points, and from which file."""
