"""Scenarios between two scenarios: some numbers as in the second, all others as in the first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.scenario.addresses import split_address
from sim.scenario.scenario import scenario_from_dict

if TYPE_CHECKING:
    from sim.scenario import Scenario

_NOTHING = object()


def mixture(a: Scenario, b: Scenario, addresses: Collection[str]) -> Scenario | None:
    """Return the first scenario with some addresses as they are in the second.

    Parameters
    ----------
    a, b : Scenario
    addresses : collection of str
        Of `sim.scenario.differing.scenario_changes`.

    Returns
    -------
    Scenario or None
        None where no scenario can be so: what is kept of one breaks a rule beside what is taken of
        the other, such as an event of a provider that only the other has.
    """
    content, other = deepcopy(a.to_dict()), b.to_dict()
    # No run needs them, and those of one scenario may move what only the other has.
    content.pop("levers", None)
    for address in addresses:
        place = split_address(address)
        value = _value(other, place)
        if value is _NOTHING:
            _remove(content, place)
        else:
            _put(content, place, deepcopy(value))
    try:
        return scenario_from_dict(content, a.source_files, a.parameter_set)
    except ScenarioError:
        return None


def _steps(content: Any, place: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the maps on the way to a place, as far as there are any."""
    for key in place:
        if not isinstance(content, dict):
            return
        yield content
        content = content.get(key)


def _value(content: dict[str, Any], place: tuple[str, ...]) -> Any:
    maps = [*_steps(content, place)]
    return maps[-1].get(place[-1], _NOTHING) if len(maps) == len(place) else _NOTHING


def _put(content: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    for key in place[:-1]:
        inner = content.get(key)
        if not isinstance(inner, dict):
            inner = content[key] = {}
        content = inner
    content[place[-1]] = value


def _remove(content: dict[str, Any], place: tuple[str, ...]) -> None:
    """Remove a value, and the maps that are empty without it."""
    maps = [*_steps(content, place)]
    for depth in reversed(range(len(maps))):
        maps[depth].pop(place[depth], None)
        if maps[depth]:
            return
