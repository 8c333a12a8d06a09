"""Sweeps: one scenario at many points, in the same futures."""
