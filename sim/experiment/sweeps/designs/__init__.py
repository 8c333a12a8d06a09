"""Designs of sweeps: what varies, at which points, and from which file."""
