"""Calibration: from the records of earlier programmes to a posterior, its tables and its check."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.calibration.fitting import Fit, fit
from sim.analysis.calibration.posterior import (
    N_DRAWS,
    ImportanceDiagnostics,
    check_by_importance,
    posterior_table,
    sample,
)
from sim.analysis.calibration.record import ProgrammeRecord
from sim.analysis.calibration.tables import numbers_table, programmes_table
from sim.analysis.history.known_months import check_known_before
from sim.analysis.history.programmes import history_programmes, known_programmes
from sim.analysis.history.written import write_tables
from sim.errors import InputError, Problem, RunError
from sim.model.requests import check_workers
from sim.notebook.showing import Draws

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 3  # programmes: fewer say nothing on how programmes differ
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Calibration(Draws):
    """What the record of programmes says about the numbers of the model.

    Parameters
    ----------
    as_of : str
        Month "YYYY-MM": nothing of that month or later is used; empty where all is.
    fit : Fit
        The posterior.
    check : ImportanceDiagnostics or None
        By importance sampling, where asked for.

    Examples
    --------
    >>> import sim
    >>> found = sim.calibrate("2016-01")
    >>> found.as_of, found.programmes["programme"].nunique()
    ('2016-01', 3)
    """

    as_of: str
    fit: Fit
    check: ImportanceDiagnostics | None

    @property
    def numbers(self) -> pd.DataFrame:
        """What is known of each number, for all programmes and by kind; see `numbers_table`."""
        return numbers_table(self.fit)

    @property
    def programmes(self) -> pd.DataFrame:
        """Intercept and rate of reviews of each programme; see `programmes_table`."""
        return programmes_table(self.fit)

    def posterior(self, n_draws: int = N_DRAWS) -> pd.DataFrame:
        """Return joint draws for each kind, and for each programme; see `posterior_table`."""
        return posterior_table(self.fit, self.as_of, self.fit.layout.programmes, n_draws)

    def write(self, folder: Path) -> Path:
        """Write numbers, programmes and the posterior as CSV, and how they came about; see there.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        about = {
            "as_of": self.as_of,
            "programmes": self.fit.layout.programmes,
            "log_posterior": self.fit.log_posterior,
            "pareto_k": None if self.check is None else self.check.khat,
        }
        tables = {
            "numbers": self.numbers,
            "programmes": self.programmes,
            "posterior": self.posterior(),
        }
        return write_tables(folder, tables, about)


def calibrate(
    as_of: str | None = None,
    leave_out: Collection[str] = (),
    *,
    workers: int | None = None,
    progress: Progress = lambda text: None,
    start: Fit | None = None,
    checks: bool = False,
) -> Calibration:
    """Estimate the numbers of the model from the programmes that ship.

    Parameters
    ----------
    as_of : str, optional
        Month "YYYY-MM": only what was known before it is used; everything unless given.
    leave_out : collection of str
        Programmes of the events table that are left out.
    workers : int, optional
        Threads; one a core unless given. The result does not depend on it.
    progress : callable
        Called with a line of text on each step.
    start : Fit, optional
        Of nearly the same programmes: where to begin.
    checks : bool
        Whether the normal approximation is checked by importance sampling, which takes longer.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        If `as_of` is not a month or lies in the future, a programme to leave out does not exist, or
        `workers` is not a whole number.
    RunError
        If fewer than three programmes are left, or the estimation does not converge; nothing is
        returned then.

    Examples
    --------
    >>> import sim
    >>> found = sim.calibrate("2016-01")
    >>> found.numbers.columns[:4].tolist()
    ['number', 'kind', 'mean', 'low']
    """
    _check_asked(as_of, leave_out, workers)
    threads = workers or os.cpu_count() or 1
    progress("reading the programmes")
    records = [
        ProgrammeRecord(built, answers) for built, answers in known_programmes(as_of, leave_out)
    ]
    _check_number(records, as_of)
    found = fit(records, threads, progress, start)
    check = None
    if checks:
        progress("checking the normal approximation")
        check = check_by_importance(records, found, sample(found, N_DRAWS), threads)
    return Calibration(as_of or "", found, check)


def _check_asked(as_of: Any, leave_out: Any, workers: Any) -> None:
    """Refuse what is not a month, a month in the future, and programmes that do not exist."""
    problems = [] if as_of is None else check_known_before("as_of", as_of)
    known = sorted(history_programmes())
    if isinstance(leave_out, str):
        rule = f"leave_out = {leave_out!r} must be a list of programmes."
        problems.append(Problem("", 0, rule, f"Write [{leave_out!r}]."))
    elif unknown := sorted(set(map(str, leave_out)) - set(known)):
        rule = f"leave_out = {unknown[0]!r} is not a programme that ships as a scenario."
        problems.append(Problem("", 0, rule, f"Programmes are {', '.join(known)}."))
    problems += check_workers(workers)
    if problems:
        raise InputError(problems)


def _check_number(records: Sequence[ProgrammeRecord], as_of: str | None) -> None:
    """Refuse too few programmes."""
    if len(records) < FEWEST:
        when = f" before {as_of}" if as_of else ""
        raise RunError(
            f"{len(records)} programme{'s have' if len(records) != 1 else ' has'} answers{when}, "
            f"and an estimation needs {FEWEST}: choose a later month."
        )
