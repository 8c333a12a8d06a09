"""A check against a known answer: what must be, what was found, how far they are apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Standard errors within which a mean of simulated numbers must fall.
STANDARD_ERRORS = 4.0
# Chance of a false alarm of a test of fit; seeds are fixed, so it fails always or never.
SIGNIFICANCE = 1e-4


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Parameters
    ----------
    must_be, found : str
        The known answer and the model's, in words or figures.
    deviation : float
        How far the two are apart, 0 or more; NaN fails.
    tolerance : float
        The deviation must be below it, or 0.
    """

    must_be: str
    found: str
    deviation: float
    tolerance: float = 0.0

    @property
    def has_passed(self) -> bool:
        """Whether the deviation is below the tolerance, or is 0."""
        return self.deviation == 0.0 or self.deviation < self.tolerance


@dataclass(frozen=True)
class Check:
    """One question with a known answer.

    Parameters
    ----------
    name : str
        Identifies it: lower-case words with hyphens.
    group : str
        Title of the checks that it belongs to.
    question : str
        What is computed.
    source : str
        Where the answer is known from.
    find : callable
        Computes it. A check may not depend on another having run.
    """

    name: str
    group: str
    question: str
    source: str
    find: Callable[[], CheckResult]


def number_within(must_be: float, found: float, tolerance: float) -> CheckResult:
    """Return a finding about a number.

    Examples
    --------
    >>> number_within(0.5, 0.51, 0.1).has_passed, number_within(0.5, 0.51, 0.001).has_passed
    (True, False)
    """
    deviation = abs(found - must_be)
    return CheckResult(f"{must_be:.5f}", f"{found:.5f}", float(deviation), float(tolerance))


def all_equal(must_be: Sequence[Any], found: Sequence[Any]) -> CheckResult:
    """Return a finding about a list that must be equal entry by entry.

    Examples
    --------
    >>> finding = all_equal([1, 2, 3], [1, 5, 3])
    >>> finding.must_be, finding.found, finding.has_passed
    ('3 equal entries', '1 differs', False)
    """
    n, others = len(must_be), len(found)
    if n != others:
        return CheckResult(f"{n} entries", f"{others} entries", float(abs(n - others)))
    return none_of(
        f"{n} equal entries", sum(a != b for a, b in zip(must_be, found, strict=True)), "differ"
    )


def none_of(must_be: str, count: int, verb: str) -> CheckResult:
    """Return a finding about things that must not occur.

    Examples
    --------
    >>> none_of("no blocking pair", 0, "block").found, none_of("no blocking pair", 2, "block").found
    ('none blocks', '2 block')
    """
    found = f"{count:,} {verb}" if count > 1 else f"{('none', '1')[count]} {verb}s"
    return CheckResult(must_be, found, float(count))


def likely(p_value: float) -> CheckResult:
    """Return a finding about a test of fit.

    Examples
    --------
    >>> likely(0.3).has_passed, likely(0.00001).has_passed
    (True, False)
    """
    is_likely = p_value > SIGNIFICANCE
    # A test that cannot be computed has failed as well.
    short = 0.0 if is_likely else SIGNIFICANCE - p_value if p_value < SIGNIFICANCE else np.nan
    return CheckResult(f"p above {SIGNIFICANCE:g}", f"p = {p_value:.2g}", float(short))
