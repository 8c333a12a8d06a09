"""How a sweep differs from an earlier result of the same name, so that nobody confuses the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import RunError
from sim.experiment.store.identity import code_digest
from sim.experiment.store.sweep_folders import SWEEPS
from sim.experiment.sweeps.finished import list_sweeps
from sim.experiment.sweeps.stored import StoredSweep
from sim.scenario.differing import scenario_changes

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

# More changes of a scenario, or of ranges, are counted and not listed.
_MOST_LISTED = 5


def changes_since(root: Path, inputs: SweepInputs) -> list[str]:
    """Return in words how a sweep differs from the latest result of the same name.

    Parameters
    ----------
    root : Path
        Root of all results.
    inputs : SweepInputs
        The sweep that is to be made.

    Returns
    -------
    list of str
        Lines for readers; none if there is no earlier result.
    """
    from sim.experiment.store.manifest import read_manifest

    name = inputs.heading.name
    for entry in list_sweeps(root, most=None, name=name):
        if entry.run_id == inputs.run_id:
            continue
        try:
            old = StoredSweep(entry.path, read_manifest(entry.path))
        except RunError:
            continue
        found = [f"  {change}" for change in _changes(old, inputs)] or ["  texts of the sweep"]
        where = (root / SWEEPS / name / entry.run_id).as_posix()
        return [f"The sweep has changed since {where}, which stays as it is:", *found]
    return []


def _changes(old: StoredSweep, new: SweepInputs) -> Iterator[str]:
    """Yield what differs: what it was and what it is."""
    was = old.inputs
    for what, before, now in (
        ("design", was.design.method, new.design.method),
        ("futures at each point", f"{was.replicates:,}", f"{new.replicates:,}"),
        ("seed", str(was.seed), str(new.seed)),
        ("facts", was.facts_hash[:12], new.facts_hash[:12]),
        ("code", str(old.manifest.get("code_digest"))[:12], code_digest()[:12]),
    ):
        if before != now:
            yield f"{what}: {before}, now {now}"
    yield from _of_scenarios(was, new)
    yield from _of_numbers(was, new)


def _of_scenarios(was: SweepInputs, new: SweepInputs) -> Iterator[str]:
    before = {scenario.name: scenario for scenario in was.scenarios}
    now = {scenario.name: scenario for scenario in new.scenarios}
    if before.keys() != now.keys():
        yield f"scenarios: {' and '.join(before)}, now {' and '.join(now)}"
    for name in [name for name in before if name in now]:
        changes = scenario_changes(before[name], now[name])
        for address, a, b in changes[:_MOST_LISTED]:
            yield f"{address} of {name}: {a or 'none'}, now {b or 'none'}"
        if len(changes) > _MOST_LISTED:
            yield f"{len(changes) - _MOST_LISTED} more values of {name}"


def _of_numbers(was: SweepInputs, new: SweepInputs) -> Iterator[str]:
    before, now = (dict(zip(i.design.names, i.design.points.T, strict=True)) for i in (was, new))
    n = 0
    for name in dict.fromkeys([*before, *now]):
        a, b = (_span(found.get(name)) for found in (before, now))
        if a != b:
            n += 1
            if n <= _MOST_LISTED:
                yield f"{name}: {a}, now {b}"
    if n > _MOST_LISTED:
        yield f"{n - _MOST_LISTED} more numbers of the design"
    roles = (dict(zip(i.design.names, i.roles, strict=True)) for i in (was, new))
    old_roles, new_roles = roles
    for name in [name for name in before if name in now]:
        if old_roles[name] != new_roles[name]:
            yield f"role of {name}: {old_roles[name]}, now {new_roles[name]}"


def _span(cells: np.ndarray | None) -> str:
    """Return the values of a number in words: how many, from where to where."""
    if cells is None:
        return "not varied"
    values = np.unique(cells[~np.isnan(cells)])
    null = " and null" if np.isnan(cells).any() else ""
    if not len(values):
        return "null"
    if len(values) == 1:
        return f"{values[0]:g}{null}"
    return f"{len(values):,} values from {values[0]:g} to {values[-1]:g}{null}"
