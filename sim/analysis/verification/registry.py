"""Every check of the verification, in the order in which it runs and is shown."""

from __future__ import annotations

from sim.analysis.verification import (
    bass,
    choice_rule,
    matching,
    mean_field,
    random_numbers,
    third_driver,
    thresholds,
    two_drivers,
)
from sim.analysis.verification.check import Check

CHECKS: tuple[Check, ...] = (
    *random_numbers.CHECKS,
    *choice_rule.CHECKS,
    *mean_field.CHECKS,
    *thresholds.CHECKS,
    *bass.CHECKS,
    *matching.CHECKS,
    *two_drivers.CHECKS,
    *third_driver.CHECKS,
)
