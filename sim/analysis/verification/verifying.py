"""Run all checks against known answers and return what they found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.requests import check_extras
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.verification.check import Check, Finding

COLUMNS = (
    "check", "group", "question", "source", "must_be", "found", "deviation", "tolerance", "passed",
)  # fmt: skip


@dataclass(frozen=True)
class Verification(ShowsItself):
    """What the checks against known answers found.

    Parameters
    ----------
    findings : tuple of (Check, Finding)
        In the order of the registry.
    """

    findings: tuple[tuple[Check, Finding], ...]

    @property
    def has_passed(self) -> bool:
        """Whether every check has passed."""
        return not self.failed

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that have failed."""
        return tuple(check.name for check, finding in self.findings if not finding.has_passed)

    @property
    def table(self) -> pd.DataFrame:
        """One row per check.

        Columns: check, group, question, source, must_be, found (text), deviation and tolerance
        (numbers; a check passes if its deviation is below the tolerance, or 0), passed.
        """
        import pandas as pd

        rows = [
            (
                check.name, check.group, check.question, check.source, finding.must_be,
                finding.found, finding.deviation, finding.tolerance, finding.has_passed,
            )
            for check, finding in self.findings
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __repr__(self) -> str:
        n, n_failed = len(self.findings), len(self.failed)
        return f"<Verification: {n - n_failed} of {n} checks passed>"


def _finding_of(check: Check) -> Finding:
    """Return what a check found; one that cannot be computed has failed, and others still run."""
    from sim.analysis.verification.check import Finding

    try:
        return check.find()
    except Exception as error:
        return Finding("an answer", f"{type(error).__name__}: {error}", float("nan"))


def verify(progress: Callable[[int, int], None] | None = None) -> Verification:
    """Run the model against answers that are known beforehand.

    These are closed forms, published algorithms, published random numbers, and the other of the
    model's two drivers. Random numbers have fixed seeds, so a check passes always or never. A check
    that raises an error has failed.

    Parameters
    ----------
    progress : callable, optional
        Called with (checks done, checks in all) after each.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        If `progress` cannot be called.
    """
    from sim.analysis.verification.registry import CHECKS

    check_extras(progress=progress)
    findings = []
    for done, check in enumerate(CHECKS, 1):
        findings.append((check, _finding_of(check)))
        if progress is not None:
            progress(done, len(CHECKS))
    return Verification(tuple(findings))
