"""Changes made in code, as dotted addresses with values, turned into a layer to merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import Problem
from sim.scenario.addresses import numeric_fields, split_address
from sim.scenario.reading.nodes import Node, Plain, from_plain
from sim.scenario.schema.offers import Offer, Provider
from sim.scenario.wording import shown_number, shown_value, suggest

_MAX_DEPTH = 20
_LONGEST_ADDRESS = 300
_FIXED_KEYS = {
    "extends": "Load a file that extends the other one.",
    "parameter_set": "Name the set in a scenario file.",
}


class _NotPlainError(ValueError):
    """A value that no scenario file can hold."""


def layer_of_changes(
    changes: Mapping[str, Any],
    offer_names: Mapping[str, tuple[str, ...]] | None,
    problems: list[Problem],
) -> Node:
    """Return changes as nested nodes without file positions.

    Parameters
    ----------
    changes : mapping
        Dotted address to value.
    offer_names : mapping or None
        Offers of each provider of the scenario to be changed; addresses into providers that do
        not exist are reported. None for a whole scenario.
    problems : list of Problem
        Receives the problems with unusable changes.
    """
    content: dict[str, Plain] = {}
    if not isinstance(changes, Mapping):
        problems.append(not_a_map("changes", changes))
        return from_plain(content)
    for address, value in changes.items():
        problem = _address_problem(address, offer_names)
        if problem is not None:
            problems.append(problem)
            continue
        try:
            plain = to_plain_value(value)
        except _NotPlainError as error:
            remedy = "Use numbers, text, true, false, None, lists and maps of these."
            problems.append(Problem("", 0, f"{address} {error}.", remedy))
            continue
        if not _place(content, split_address(address), plain):
            message = f"{address} is changed twice, as a whole and in part."
            problems.append(Problem("", 0, message, "Put both into one value."))
    return from_plain(content)


def not_a_map(what: str, given: object) -> Problem:
    """Return the problem with changes that are not a map of names and values."""
    message = f"{what} must be a map of names and values, not a {type(given).__name__}."
    return Problem("", 0, message, "For example: {'providers.us.linkage': 0.9}.")


def to_plain_value(value: Any, depth: int = 0) -> Plain:
    """Return a value as lists and maps of plain scalars; NumPy numbers become Python numbers.

    Examples
    --------
    >>> to_plain_value({"countries": ("KOR", "JPN"), 0.5: "half"})
    {'countries': ['KOR', 'JPN'], '0.5': 'half'}
    """
    if depth > _MAX_DEPTH:
        raise _NotPlainError(f"is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return {_key(key): to_plain_value(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_value(entry, depth + 1) for entry in value]
    # An empty shape marks a NumPy scalar, as a slider or a design may pass.
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        value = value.item()
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise _NotPlainError(f"is a {type(value).__name__}, which no scenario can hold")


def _key(key: Any) -> str:
    if isinstance(key, int | float) and not isinstance(key, bool):
        return shown_number(float(key))
    if not isinstance(key, str):
        raise _NotPlainError(f"has a key that is a {type(key).__name__}, not text")
    return key


def _address_problem(
    address: Any, offer_names: Mapping[str, tuple[str, ...]] | None
) -> Problem | None:
    """Return what is wrong with an address itself."""
    is_text = isinstance(address, str) and 0 < len(address) <= _LONGEST_ADDRESS
    if not is_text or not address.isprintable() or "" in split_address(address):
        message = f"the address {shown_value(address)} must be names joined by dots."
        return Problem("", 0, message, "For example: providers.us.linkage.")
    parts = split_address(address)
    if parts[0] in _FIXED_KEYS:
        return Problem("", 0, f"{address} cannot be changed here.", _FIXED_KEYS[parts[0]])
    if offer_names is None or parts[0] != "providers" or len(parts) < 2:
        return None
    # A whole provider or offer may be new; a term of a missing one is a slip.
    if parts[1] not in offer_names and len(parts) > 2:
        what, missing = "provider", parts[1]
    elif len(parts) > 4 and parts[2] == "offers" and parts[3] not in offer_names[parts[1]]:
        what, missing = "offer", parts[3]
    else:
        return None
    message = f"{address}: the scenario has no {what} {shown_value(missing)}."
    return Problem("", 0, message, suggest(address, _addresses(offer_names)))


def _addresses(offer_names: Mapping[str, tuple[str, ...]]) -> list[str]:
    terms = [
        f"providers.{name}.{term}" for name in offer_names for term in numeric_fields(Provider)
    ]
    return terms + [
        f"providers.{name}.offers.{offer}.{term}"
        for name, offers in offer_names.items()
        for offer in offers
        for term in numeric_fields(Offer)
    ]


def _place(content: dict[str, Plain], parts: tuple[str, ...], value: Plain) -> bool:
    """Put a value at its place among the changes; return False if another change is there."""
    for part in parts[:-1]:
        below = content.setdefault(part, {})
        if not isinstance(below, dict):
            return False
        content = below
    present = content.get(parts[-1])
    if parts[-1] in content:
        if not (isinstance(present, dict) and isinstance(value, dict)):
            return False
        return not present.keys() & value.keys() and present.update(value) is None
    content[parts[-1]] = value
    return True
