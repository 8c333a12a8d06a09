"""The parameter table: every number of the model, with unit, bounds, default and source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the rows stand, for messages.
PARAMETER_TABLE = "sim/data/tables/parameters.csv"
LONGEST_LABEL = 40
# What a value rests on: nothing on record; a published figure; the project's own estimation on
# history, whose joint draws are in the posterior table.
STATUSES = ("assumption", "published", "estimated")


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table.

    The ``label`` identifies the parameter in a list, in at most `LONGEST_LABEL` characters.
    ``low`` and ``high`` are the bounds that any value must respect. A parameter with a
    ``distribution`` is uncertain: ensembles draw it between ``dist_low`` and ``dist_high`` around
    ``dist_mode`` unless a scenario fixes it. ``status`` is one of `STATUSES`, and speaks of the
    default. Where history informs a number, ``estimate`` is what it says as of the last posterior,
    over all kinds of programmes, with a 90 % interval, and ``programmes`` how many it rests on: not
    the default, since a scenario may not use what was learnt after its start.
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

    Examples
    --------
    >>> load_parameters()["w_peer"].unit
    'utility'
    """
    text = resources.files("sim.data").joinpath("tables/parameters.csv").read_text("utf-8")
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
        for row in csv.DictReader(text.splitlines())
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
