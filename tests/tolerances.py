"""Named tolerance levels of the tests."""

from __future__ import annotations

# Relative: two units in the last place of each side.
LAST_BITS = 5e-16
# Relative: a few operations on doubles, in another order.
ROUNDING = 1e-12
# Standard errors within which a mean of simulated numbers must fall.
STANDARD_ERRORS = 4.0
# Chance of a false alarm of a test of fit; seeds are fixed, so it fails always or never.
SIGNIFICANCE = 1e-4
