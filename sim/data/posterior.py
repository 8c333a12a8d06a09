"""The posterior table: joint draws of the numbers estimated on history, by month and kind."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from sim.data.parameters import load_parameters
from sim.data.table_checks import read_rows
from sim.errors import DataError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.data.table_checks import Rows

ProgrammeKind = Literal["declaration", "membership", "contract", "vote"]
KINDS: tuple[str, ...] = get_args(ProgrammeKind)
POSTERIOR_TABLE = Path(__file__).parent / "tables" / "posterior.csv"
# Columns that identify a row; every other column is an estimated number.
KEYS = ("as_of", "kind", "programme", "draw")
# The attraction of an offer that no term explains: a term of offers, not a parameter. The second,
# which a table may lack, is that of another programme of the kind, drawn apart: a rival's.
INTERCEPT, RIVAL_INTERCEPT = "intercept", "rival_intercept"
INTERCEPTS = (INTERCEPT, RIVAL_INTERCEPT)
QUANTILES = (0.05, 0.95)
# More than any table has: means become values in files, where 0.9576560000000001 is hard to read.
DECIMALS = 9
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_Group = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Joint draws of the estimated numbers for one kind of programme, as of one month.

    Parameters
    ----------
    as_of : str
        Month, YYYY-MM: nothing later than the month before is in it.
    kind : str
        One of `KINDS`.
    programme : str
        The programme whose own intercept and pace are meant; "" for a new programme of the kind.
    numbers : tuple of str
        Names of the numbers: rows of the parameter table, and `INTERCEPTS`.
    draws : ndarray, shape (N, numbers)
        One row a draw; read-only.
    """

    as_of: str
    kind: str
    programme: str
    numbers: tuple[str, ...]
    draws: NDArray[np.float64]

    def column(self, number: str) -> NDArray[np.float64]:
        """Return the draws of one number, shape (N,)."""
        return self.draws[:, self.numbers.index(number)]

    @cached_property
    def means(self) -> Mapping[str, float]:
        """Mean of each number."""
        return {name: mean_of(self.column(name)) for name in self.numbers}

    @cached_property
    def intervals(self) -> Mapping[str, tuple[float, float]]:
        """The 5 and 95 % quantiles of each number."""
        return {name: interval_of(self.column(name)) for name in self.numbers}

    @property
    def title(self) -> str:
        """What it is, for readers: ``posterior of contracts, as of 2025-05``."""
        programme = f" ({self.programme})" if self.programme else ""
        return f"posterior of {self.kind}s{programme}, as of {self.as_of}"


@dataclass(frozen=True, eq=False)
class PosteriorTable:
    """All posteriors of a table, by month, kind and programme ("" for a new programme)."""

    by_group: Mapping[_Group, Posterior]

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months as of which there is a posterior, sorted."""
        return tuple(sorted({as_of for as_of, _, _ in self.by_group}))

    def latest(self, month: str) -> str | None:
        """Return the latest month of the table that is not after a month; None if all are."""
        return max((as_of for as_of in self.months if as_of <= month), default=None)

    def kinds(self, as_of: str) -> tuple[str, ...]:
        """Return the kinds that have a posterior as of a month of the table."""
        found = {kind for month, kind, _ in self.by_group if month == as_of}
        return tuple(kind for kind in KINDS if kind in found)

    def programmes(self, as_of: str, kind: str) -> tuple[str, ...]:
        """Return the programmes that have a posterior of their own, sorted."""
        return tuple(
            sorted(name for *group, name in self.by_group if group == [as_of, kind] and name)
        )

    def find(self, as_of: str, kind: str, programme: str = "") -> Posterior | None:
        """Return the posterior of a programme, or of a new one; None if there is none."""
        return self.by_group.get((as_of, kind, programme))


def mean_of(values: NDArray[np.float64]) -> float:
    """Return the mean, to `DECIMALS`; summed exactly, so that it is the same on any processor."""
    return round(math.fsum(values.tolist()) / values.size, DECIMALS)


def interval_of(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 5 and 95 % quantiles, to `DECIMALS`."""
    low, high = np.quantile(values, QUANTILES)
    return round(float(low), DECIMALS), round(float(high), DECIMALS)


@cache
def load_posteriors(path: Path = POSTERIOR_TABLE) -> PosteriorTable:
    """Return the posterior table; it is read and checked when it is first asked for.

    Parameters
    ----------
    path : Path
        The shipped table unless given.

    Raises
    ------
    DataError
        With every problem found: columns that are missing, repeated or not an estimated number;
        cells that break their column's rule; draws that are not 0 to N - 1; no rows.

    Examples
    --------
    >>> table = load_posteriors()
    >>> table.latest("2025-12"), table.kinds("2025-05")
    ('2025-05', ('declaration', 'membership', 'contract', 'vote'))
    """
    header, rows, problems = read_rows(path)
    problems += _header_problems(path, header) if header else []
    if not problems and not rows:
        problems = [Problem(str(path), 1, "the table has no rows.", _ESTIMATE)]
    if problems:
        raise DataError(problems)
    numbers = tuple(name for name in header if name not in KEYS)
    groups = _by_group(path, header, rows, problems)
    draws = _numbers(path, header, groups, problems)
    if problems:
        raise DataError(problems)
    return PosteriorTable(
        MappingProxyType(
            {group: Posterior(*group, numbers, draws[group]) for group in sorted(groups)}
        )
    )


_ESTIMATE = "Write the table anew by an estimation."


def _header_problems(path: Path, header: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the names of the columns."""
    parameters = load_parameters()
    found = []
    for name in (*KEYS, INTERCEPT):
        if name not in header:
            found.append((f"column {name} is missing.", f"Add it; {_ESTIMATE.lower()}"))
    for position, name in enumerate(header):
        if name in header[:position]:
            found.append((f"column {name} stands twice.", "Keep one of the two."))
        elif name in KEYS or name in INTERCEPTS:
            continue
        elif name not in parameters:
            rule = f"column {name!r} is neither an intercept nor a row of parameters.csv."
            found.append((rule, "Rename or delete it."))
        elif parameters[name].group == "features":
            rule = f"column {name} shapes the facts, which are the same in every future of a run."
            found.append((rule, "Delete it."))
    return [Problem(str(path), 1, *each) for each in found]


def _by_group(
    path: Path, header: Sequence[str], rows: Rows, problems: list[Problem]
) -> dict[_Group, Rows]:
    """Return the rows of each posterior in the order of its draws; report keys that are wrong."""
    place = {name: header.index(name) for name in KEYS}
    numbered: dict[_Group, dict[int, tuple[int, list[str]]]] = {}
    for line, cells in rows:
        if len(cells) != len(header):
            rule = f"the row has {len(cells)} cells, the header {len(header)}."
            problems.append(Problem(str(path), line, rule, "Check quotes and commas."))
            continue
        as_of, kind, programme, draw = (cells[place[name]] for name in KEYS)
        if not _MONTH.fullmatch(as_of):
            rule = f"as_of = {as_of!r} must be a month written YYYY-MM."
            problems.append(Problem(str(path), line, rule, "Correct the cell."))
        elif kind not in KINDS:
            rule = f"kind = {kind!r} must be one of {', '.join(KINDS)}."
            problems.append(Problem(str(path), line, rule, "Correct the cell."))
        elif not _WHOLE.fullmatch(draw):
            rule = f"draw = {draw!r} must be a whole number from 0."
            problems.append(Problem(str(path), line, rule, "Correct the cell."))
        else:
            of_group = numbered.setdefault((as_of, kind, programme), {})
            first = of_group.setdefault(int(draw), (line, cells))
            if first[0] != line:
                rule = f"draw = {draw} repeats line {first[0]}."
                problems.append(Problem(str(path), line, rule, "Keep one of the two rows."))
    for group, of_group in numbered.items():
        gap = next((n for n in range(len(of_group)) if n not in of_group), None)
        if gap is not None and not problems:
            line = of_group[min(n for n in of_group if n > gap)][0]
            shown = ", ".join(filter(None, group))
            rule = f"the draws of {shown} must be numbered from 0 without gaps; {gap} is missing."
            problems.append(Problem(str(path), line, rule, "Number the draws anew."))
    return {group: [of_group[n] for n in sorted(of_group)] for group, of_group in numbered.items()}


def _numbers(
    path: Path, header: Sequence[str], groups: Mapping[_Group, Rows], problems: list[Problem]
) -> dict[_Group, NDArray[np.float64]]:
    """Return the draws of each posterior; report cells that are not finite numbers."""
    columns = [j for j, name in enumerate(header) if name not in KEYS]
    found = {}
    for group, rows in groups.items():
        try:
            draws = np.array([[float(cells[j]) for j in columns] for _, cells in rows])
        except ValueError:
            draws = np.array([math.nan])
        # Only a table with a fault is searched for it cell by cell.
        if not np.isfinite(draws).all():
            for line, cells in rows:
                wrong = [j for j in columns if not _is_finite(cells[j])]
                rules = [f"{header[j]} = {cells[j]!r} must be a finite number." for j in wrong]
                problems += [Problem(str(path), line, rule, "Correct the cell.") for rule in rules]
        draws.flags.writeable = False
        found[group] = draws
    return found


def _is_finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
