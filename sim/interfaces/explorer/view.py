"""What a visitor looks at, and the link that restores it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

FUTURES = (200, 500, 1000, 2000)
LARGEST_SEED = 2**32 - 1
LONGEST_VALUE = 60
MOST_PARAMETERS = 120
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{3}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

Settings = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Side:
    """One scenario with the knobs that the visitor has moved, by short name of the lever."""

    scenario: str = "baseline"
    levers: Settings = ()

    def with_lever(self, name: str, value: float | None) -> Side:
        """Return the side with one knob moved, or put back where `value` is None."""
        return replace(self, levers=_set(self.levers, name, value))


@dataclass(frozen=True)
class View:
    """Everything that a link restores.

    Parameters
    ----------
    a : Side
        The scenario looked at.
    b : Side or None
        The one it is compared with.
    beliefs : tuple of (str, float)
        Model parameters that the visitor has pinned, by name; they hold for both sides.
    country : str
        ISO3 code of the country looked at closely.
    month : str
        Month of the map, "YYYY-MM"; "" for the last.
    of : str
        Short name of the provider whose partners are counted; "" for the first.
    futures, seed : int
        As on the command line.
    """

    a: Side = field(default_factory=Side)
    b: Side | None = None
    beliefs: Settings = ()
    country: str = "KOR"
    month: str = ""
    of: str = ""
    futures: int = 500
    seed: int = 1

    def side(self, name: str) -> Side:
        """Return side "a" or "b"; where there is no b, a fresh baseline."""
        return self.a if name == "a" else (self.b or Side())

    def with_side(self, name: str, side: Side) -> View:
        """Return the view with side "a" or "b" replaced."""
        return replace(self, a=side) if name == "a" else replace(self, b=side)

    def with_belief(self, name: str, value: float | None) -> View:
        """Return the view with one parameter pinned, or drawn again where `value` is None."""
        return replace(self, beliefs=_set(self.beliefs, name, value))


def _set(settings: Settings, name: str, value: float | None) -> Settings:
    """Return settings with one entry set or dropped, in the order of names."""
    rest = {key: old for key, old in settings if key != name}
    if value is not None:
        rest[name] = value
    return tuple(sorted(rest.items()))


def _shown(value: float) -> str:
    """Return a number as short as it can be read back exactly."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def write_link(view: View) -> dict[str, str]:
    """Return the query parameters of a view; what is as at a first visit is left out.

    Examples
    --------
    >>> write_link(View(a=Side("baseline", (("slots", 20.0),)), seed=7))
    {'a': 'baseline', 'a.slots': '20', 'seed': '7'}
    """
    parameters = {"a": view.a.scenario}
    parameters |= {f"a.{name}": _shown(value) for name, value in view.a.levers}
    if view.b is not None:
        parameters["b"] = view.b.scenario
        parameters |= {f"b.{name}": _shown(value) for name, value in view.b.levers}
    parameters |= {f"belief.{name}": _shown(value) for name, value in view.beliefs}
    plain = View()
    for name in ("country", "month", "of", "futures", "seed"):
        value = getattr(view, name)
        if value != getattr(plain, name):
            parameters[name] = str(value)
    return parameters


def read_link(parameters: Mapping[str, str]) -> tuple[View, tuple[str, ...]]:
    """Return the view of a link, and what in it could not be used, in words.

    Nothing in a link is trusted: names must look like names and numbers like numbers, and whether
    they exist and are in range is checked where they are used.

    Examples
    --------
    >>> view, notes = read_link({"a": "baseline", "a.slots": "20", "seed": "many"})
    >>> view.a.levers, view.seed, notes
    ((('slots', 20.0),), 1, ('The link asks for seed = many, which is no whole number in range.',))
    """
    notes: list[str] = []
    if len(parameters) > MOST_PARAMETERS:
        return View(), ("The link is too long and was not used.",)
    sides = {}
    for side in ("a", "b"):
        name = parameters.get(side, "baseline")
        if not _NAME.fullmatch(name):
            notes.append("The link names a scenario that cannot exist; the baseline is shown.")
            name = "baseline"
        sides[side] = Side(name, _read_settings(parameters, f"{side}.", notes))
    country = parameters.get("country", "KOR").upper()
    month, of = parameters.get("month", ""), parameters.get("of", "")
    view = View(
        a=sides["a"],
        b=sides["b"] if "b" in parameters else None,
        beliefs=_read_settings(parameters, "belief.", notes),
        country=country if _COUNTRY.fullmatch(country) else "KOR",
        month=month if _MONTH.fullmatch(month) else "",
        of=of if _NAME.fullmatch(of) else "",
        futures=_read_whole(parameters, "futures", 500, max(FUTURES), notes),
        seed=_read_whole(parameters, "seed", 1, LARGEST_SEED, notes),
    )
    if view.futures not in FUTURES:
        nearest = min(FUTURES, key=lambda n: abs(n - view.futures))
        notes.append(f"The link asks for {view.futures} futures; {nearest} are run.")
        view = replace(view, futures=nearest)
    return view, tuple(notes)


def _read_settings(parameters: Mapping[str, str], start: str, notes: list[str]) -> Settings:
    found: Settings = ()
    for key, text in parameters.items():
        name = key.removeprefix(start)
        if name == key:
            continue
        value = _number(text)
        if value is None or not _NAME.fullmatch(name):
            notes.append(f"The link sets {key[:LONGEST_VALUE]} to something that is no number.")
        else:
            found = _set(found, name, value)
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text[:LONGEST_VALUE])
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _read_whole(
    parameters: Mapping[str, str], name: str, default: int, most: int, notes: list[str]
) -> int:
    text = parameters.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most:
        return int(text)
    asked = text[:LONGEST_VALUE]
    notes.append(f"The link asks for {name} = {asked}, which is no whole number in range.")
    return default
