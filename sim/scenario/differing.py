"""What differs between two scenarios, address by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# Dotted address, value in the first scenario, value in the second.
Change = tuple[str, str | None, str | None]
# Beginning of the address of a distribution.
UNCERTAIN = "uncertainties."
# Keys that name or describe a scenario but do not affect it.
_WORDS = ("name", "title", "description", "sources", "levers")


def _flat(value: Any, address: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted address and text of every leaf of plain data; a list is one leaf."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _flat(entry, f"{address}.{key}" if address else str(key))
    elif isinstance(value, list):
        yield address, "; ".join(_leaf(entry) for entry in value)
    else:
        yield address, _leaf(value)


def _leaf(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_leaf(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return " ".join(_leaf(entry) for entry in value)
    if value is None:
        # Not "null", which many programs read as an empty cell.
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaves(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the content of a scenario, address by address; a distribution is one leaf."""
    content = {key: value for key, value in content.items() if key not in _WORDS}
    drawn = content.pop("uncertainties", {})
    leaves = dict(_flat(content, ""))
    return leaves | {f"{UNCERTAIN}{key}": _leaf(value) for key, value in drawn.items()}


def scenario_changes(a: Scenario, b: Scenario) -> list[Change]:
    """Return the differences between two scenarios: dotted address, value in a, value in b.

    Values are texts, or None if the scenario has no such value. Names, titles and levers are not
    compared, since they do not affect a run.
    """
    return content_changes(a.to_dict(), b.to_dict())


def content_changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    """Return the differences between two scenarios, each given by its `Scenario.to_dict`.

    The content may be that of another version, which the present schema no longer accepts.
    """
    in_a, in_b = _leaves(a), _leaves(b)
    differing = [key for key in dict.fromkeys([*in_a, *in_b]) if in_a.get(key) != in_b.get(key)]
    # Terms first: the loss of a distribution only follows from a changed term.
    differing.sort(key=lambda key: key.startswith(UNCERTAIN))
    return [(key, in_a.get(key), in_b.get(key)) for key in differing]
