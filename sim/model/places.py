"""Where numbers of a scenario go in the records of the mechanism, and rows of values put there.

A *row* is one future: values for some numbers, and the replicate whose luck it has. What is set in
no row keeps the value that the scenario gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.data.parameters import load_parameters
from sim.errors import RunError
from sim.scenario import split_address

if TYPE_CHECKING:
    from sim.model.axes import Axes
    from sim.model.world.building import Built
    from sim.scenario import Scenario

WEIGHT, OFFER, PROVIDER = "weight", "offer", "provider"


@dataclass(frozen=True)
class Places:
    """Numbers of a scenario and where each goes, axis J.

    Parameters
    ----------
    address : tuple of str
        Dotted addresses.
    group : tuple of str
        Which record: "weight", "offer" or "provider".
    row : tuple of int
        The offer or provider; 0 for a weight.
    field : tuple of str
        Name within the record.
    """

    address: tuple[str, ...]
    group: tuple[str, ...]
    row: tuple[int, ...]
    field: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.address)


def places_of(axes: Axes, addresses: Sequence[str]) -> Places:
    """Return where numbers go, given their addresses, which must lead to numbers of records."""
    group, row, field = [], [], []
    for address in addresses:
        parts = split_address(address)
        if parts[0] == "parameters":
            group.append(WEIGHT)
            row.append(0)
        elif len(parts) == 5:
            group.append(OFFER)
            row.append(axes.offer.index(f"{parts[1]}_{parts[3]}"))
        else:
            group.append(PROVIDER)
            row.append(axes.provider.index(parts[1]))
        field.append(parts[-1])
    return Places(tuple(addresses), tuple(group), tuple(row), tuple(field))


def shapes_world(scenario: Scenario, address: str) -> bool:
    """Return whether a number of a scenario enters the world itself, beside the records.

    Then every value of it needs a world of its own: parameters behind the facts' features, ties,
    homes that take part, and a cool-down that runs since a withdrawal on record.
    """
    parts = split_address(address)
    if parts[0] == "parameters":
        return load_parameters()[parts[1]].group == "features"
    if parts[0] != "providers" or parts[-1] == "home_takes_part":
        return True
    return parts[-1] == "cooldown_months" and any(
        ended.offer == f"{parts[1]}.{parts[3]}" for ended in scenario.initial.withdrawals
    )


def locate(built: Built, addresses: Sequence[str]) -> Places:
    """Return where some numbers of a scenario go, uncertain or not.

    Parameters
    ----------
    built : Built
        The scenario, built.
    addresses : sequence of str
        Dotted addresses, such as ``parameters.w_peer`` or ``providers.us.linkage``.

    Raises
    ------
    ScenarioError
        If an address leads to no number of the scenario.
    RunError
        If a number shapes the world, so that it cannot differ between the futures of one.

    Examples
    --------
    >>> from sim.model.world.building import build_world
    >>> from sim.scenario import load_scenario
    >>> built = build_world(load_scenario("baseline"))
    >>> locate(built, ["providers.us.linkage"]).field
    ('linkage',)
    """
    for address in addresses:
        built.scenario.value(address)
        if shapes_world(built.scenario, address):
            raise RunError(
                f"{address} shapes the world: build one for each of its values, with "
                "scenario.with_changes."
            )
    return places_of(built.axes, addresses)


@dataclass(frozen=True)
class RowInputs:
    """Rows: what each future has of its own, axis r first.

    Parameters
    ----------
    replicate : ndarray of uint64, shape (r,)
        Whose luck the future has.
    group : ndarray of int64, shape (r,)
        What it is summed with: whole numbers from 0, none left out, in rising order.
    places : Places
        Which numbers are set.
    values : ndarray, shape (r, J)
        Their values; infinite where a limit is null.
    """

    replicate: NDArray[np.uint64]
    group: NDArray[np.int64]
    places: Places
    values: NDArray[np.float64]

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return int(self.group[-1]) + 1 if self.group.size else 0


def place(
    built: Built,
    places: Places,
    values: ArrayLike,
    replicate: ArrayLike,
    group: ArrayLike | None = None,
) -> RowInputs:
    """Return rows that set some numbers and leave all others as the scenario has them.

    Parameters
    ----------
    built : Built
        The scenario, built.
    places : Places
        From `locate`, of the same world.
    values : array_like, shape (r, J)
        One row a future; 1 and 0 for true and false, NaN for null: no limit.
    replicate : array_like of int, shape (r,)
        Whose luck each future has, 0 to 999,999 in an ensemble.
    group : array_like of int, shape (r,), optional
        Futures that are summed together, in rising order from 0; all of them unless given.

    Raises
    ------
    RunError
        If the shapes disagree, a value is infinite, or the groups are out of order.
    """
    given = np.array(values, np.float64, ndmin=2)
    futures = np.array(replicate, np.uint64, ndmin=1)
    if given.shape != (futures.size, len(places)) or futures.ndim != 1:
        raise RunError(
            f"values of shape {given.shape} do not fit {futures.size} replicates and "
            f"{len(places)} places: give one row a replicate and one column a place."
        )
    if np.isinf(given).any():
        row, column = np.argwhere(np.isinf(given))[0]
        raise RunError(f"row {row}: {places.address[column]} is infinite; NaN stands for no limit.")
    groups = np.zeros(futures.size, np.int64)
    if group is not None:
        groups = np.array(group, np.int64, ndmin=1)
        steps = np.diff(groups, prepend=-1)
        if groups.shape != futures.shape or (groups.size and (steps[0] != 1 or steps.min() < 0)):
            raise RunError("groups must rise from 0, one for each replicate.")
        if steps.size and steps.max() > 1:
            raise RunError("groups must leave out no number.")
    given[np.isnan(given)] = np.inf
    return RowInputs(futures, groups, places, given)


@dataclass(frozen=True)
class Records:
    """The numbers of some futures as the mechanism reads them; see `sim.model.layout.Draw`."""

    weight: NDArray[Any]
    offer: NDArray[Any]
    provider: NDArray[Any]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return the records of ``offer`` or ``provider`` as numbers, the same memory."""
        records: NDArray[Any] = getattr(self, name)
        return records.view(np.float64).reshape(*records.shape, -1)

    def repeats(self) -> NDArray[np.bool_]:
        """Return whether each future has all the numbers of the one before it; the first has not.

        Futures that share a draw do, unless rows set a number apart.
        """
        same = np.ones(self.weight.size, np.bool_)
        same[:1] = False
        for records in (self.weight, self.offer, self.provider):
            text = np.ascontiguousarray(records).view(np.uint8).reshape(same.size, -1)
            same[1:] &= (text[1:] == text[:-1]).all(axis=1)
        return same


def records_of(built: Built, inputs: RowInputs, rows: slice) -> Records:
    """Return the records of some rows: the scenario's own numbers, and what the rows set."""
    values = inputs.values[rows]
    n = values.shape[0]
    weight = np.repeat(built.weight, n)
    offer = np.tile(built.offer, (n, 1))
    provider = np.tile(built.provider, (n, 1))
    places = inputs.places
    for j, group in enumerate(places.group):
        field, row = places.field[j], places.row[j]
        if group == WEIGHT:
            weight[field] = values[:, j]
        else:
            (offer if group == OFFER else provider)[field][:, row] = values[:, j]
    return Records(weight, offer, provider)
