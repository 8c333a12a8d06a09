"""The parameter table: every number of the model, with unit, bounds, default and source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.data.parameter_checks import parameter_problems
from sim.data.table_checks import read_rows
from sim.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the rows stand, for messages.
PARAMETER_TABLE = "sim/data/tables/parameters.csv"


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table.

    The ``label`` identifies the parameter in a list. ``low`` and ``high`` are the bounds that any
    value must respect. A parameter with a ``distribution`` is uncertain: ensembles draw it between
    ``dist_low`` and ``dist_high`` around ``dist_mode`` unless a scenario fixes it. ``status`` is
    assumption, published or estimated, and speaks of the default. Where history informs a number,
    ``estimate`` is what it says as of the last posterior, over all kinds of programmes, with a 90 %
    interval, and ``programmes`` how many it rests on: not the default, since a scenario may not use
    what was learnt after its start.
    """

    name: str
    label: str
    group: str
    unit: str
    default: float
    low: float
    high: float
    distribution: str
    dist_low: float | None
    dist_mode: float | None
    dist_high: float | None
    status: str
    source: str
    estimate: float | None
    estimate_low: float | None
    estimate_high: float | None
    programmes: int | None
    description: str


def _optional(text: str) -> float | None:
    return float(text) if text else None


@cache
def load_parameters() -> Mapping[str, Parameter]:
    """Return the parameter table as an ordered, read-only mapping from name to row.

    Raises
    ------
    DataError
        If the table breaks a rule; with every problem.

    Examples
    --------
    >>> load_parameters()["w_peer"].unit
    'utility'
    """
    return read_parameters(Path(str(resources.files("sim.data").joinpath("tables/parameters.csv"))))


def read_parameters(path: Path) -> Mapping[str, Parameter]:
    """Return a parameter table as `load_parameters` returns that which ships.

    Raises
    ------
    DataError
        If the table breaks a rule; with every problem.
    """
    header, lines, problems = read_rows(path)
    if problems := problems or parameter_problems(PARAMETER_TABLE, header, lines):
        raise DataError(problems)
    table = {
        row["name"]: Parameter(
            name=row["name"],
            label=row["label"],
            group=row["group"],
            unit=row["unit"],
            default=float(row["default"]),
            low=float(row["low"]),
            high=float(row["high"]),
            distribution=row["distribution"],
            dist_low=_optional(row["dist_low"]),
            dist_mode=_optional(row["dist_mode"]),
            dist_high=_optional(row["dist_high"]),
            status=row["status"],
            source=row["source"],
            estimate=_optional(row["estimate"]),
            estimate_low=_optional(row["estimate_low"]),
            estimate_high=_optional(row["estimate_high"]),
            programmes=int(row["programmes"]) if row["programmes"] else None,
            description=row["description"],
        )
        for row in (dict(zip(header, cells, strict=True)) for _, cells in lines)
    }
    return MappingProxyType(table)


def parameter_label(name: str) -> str:
    """Return the label of a parameter; a name that is not in the table is returned unchanged.

    Examples
    --------
    >>> parameter_label("w_peer"), parameter_label("w_unheard_of")
    ('Weight of what peers do', 'w_unheard_of')
    """
    row = load_parameters().get(name)
    return name if row is None else row.label
