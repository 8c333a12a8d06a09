"""Sweeps: one scenario at many points, over the same futures."""
