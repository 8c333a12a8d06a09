"""Run all checks against known answers and return what they found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.model.requests import check_extras
from sim.notebook.showing import ShowsItself
from sim.scenario.wording import suggest

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.verification.check import Check, CheckResult

COLUMNS = (
    "check", "group", "question", "source", "must_be", "found", "deviation", "tolerance", "passed",
)  # fmt: skip


@dataclass(frozen=True)
class Verification(ShowsItself):
    """What the checks against known answers found.

    Parameters
    ----------
    findings : tuple of (Check, CheckResult)
        In the order of the registry.

    Examples
    --------
    >>> import sim
    >>> found = sim.verify(only=["shift", "ties"])
    >>> found.has_passed, found.table.columns.tolist()[:3]
    (True, ['check', 'group', 'question'])
    """

    findings: tuple[tuple[Check, CheckResult], ...]

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


def _finding_of(check: Check) -> CheckResult:
    """Return what a check found; one that cannot be computed has failed, and others still run."""
    from sim.analysis.verification.check import CheckResult

    try:
        return check.find()
    except Exception as error:
        return CheckResult("an answer", f"{type(error).__name__}: {error}", float("nan"))


def _named(only: Collection[str], checks: Sequence[Check]) -> tuple[Check, ...]:
    """Return the checks of some names, in the order of the registry."""
    known = [check.name for check in checks]
    if isinstance(only, str):
        rule = f"only = {only[:60]!r} must be a list of names."
        raise InputError([Problem("", 0, rule, f"Write [{only[:60]!r}].")])
    unknown = [name for name in only if name not in known]
    if unknown:
        rule = f"there is no check {str(unknown[0])[:60]!r}."
        raise InputError([Problem("", 0, rule, suggest(str(unknown[0]), known))])
    return tuple(check for check in checks if check.name in only)


def verify(
    progress: Callable[[int, int], None] | None = None, *, only: Collection[str] | None = None
) -> Verification:
    """Run the model against answers that are known beforehand.

    These are closed forms, published algorithms, published random numbers, and the other of the
    model's two drivers. Random numbers have fixed seeds, so a check passes always or never. A check
    that raises an error has failed.

    Parameters
    ----------
    progress : callable, optional
        Called with (checks done, checks in all) after each.
    only : collection of str, optional
        Names of the checks to run; all unless given, which takes half a minute.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        If `progress` cannot be called, or there is no check of a name.

    Examples
    --------
    >>> import sim
    >>> sim.verify(only=["shift", "ties"])
    <Verification: 2 of 2 checks passed>
    """
    from sim.analysis.verification.registry import CHECKS

    check_extras(progress=progress)
    wanted = CHECKS if only is None else _named(only, CHECKS)
    findings = []
    for done, check in enumerate(wanted, 1):
        findings.append((check, _finding_of(check)))
        if progress is not None:
            progress(done, len(wanted))
    return Verification(tuple(findings))
