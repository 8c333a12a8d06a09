"""The tables of a run: one function each, and the registry used to write a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.experiment.tables.countries import countries_table
from sim.experiment.tables.inputs import events_table, parameters_table
from sim.experiment.tables.providers import (
    partners_table,
    providers_table,
    totals_table,
    transitions_table,
)
from sim.experiment.tables.table import Column, Table
from sim.experiment.tables.timeline import countries_timeline_table, timeline_table

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble

__all__ = ["RUN_TABLES", "Column", "Table"]

# In the order in which readers meet them.
RUN_TABLES: Mapping[str, Callable[[Ensemble], Table]] = MappingProxyType(
    {
        "countries": countries_table,
        "timeline": timeline_table,
        "providers": providers_table,
        "partners": partners_table,
        "totals": totals_table,
        "transitions": transitions_table,
        "countries_timeline": countries_timeline_table,
        "events": lambda ensemble: events_table(ensemble.scenario),
        "parameters": parameters_table,
    }
)
