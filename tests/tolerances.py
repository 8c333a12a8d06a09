"""Named tolerance levels of the tests."""

from __future__ import annotations

from sim.analysis.verification.check import SIGNIFICANCE, STANDARD_ERRORS

__all__ = ["LAST_BITS", "ROUNDING", "SIGNIFICANCE", "STANDARD_ERRORS"]

# Relative: two units in the last place of each side.
LAST_BITS = 5e-16
# Relative: a few operations on doubles, in another order.
ROUNDING = 1e-12
