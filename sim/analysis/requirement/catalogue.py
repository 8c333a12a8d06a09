"""The levers that an offer can be improved by: limits, directions and costs."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.scenario import field_at, split_address
from sim.scenario.months import month_name, month_number
from sim.scenario.schema.fields import MONTH_PATTERN
from sim.scenario.wording import bounds_phrase, shown_number, shown_value, suggest
from sim.words.titles import address_title
from sim.words.wording import month_in_words, number

if TYPE_CHECKING:
    from sim.scenario import Lever, Scenario

USUAL = ("local_control", "fund")
OPENING = "open_from"
# A lever has at least this many steps from where it stands to its limit.
_LEAST_STEPS = 50


@dataclass(frozen=True)
class Kind:
    """A way to improve an offer.

    Parameters
    ----------
    name : str
    record : str
        ``offer`` or ``provider``: whose number it is.
    field : str
        Its key in a scenario file.
    favours : str
        ``up``, ``down`` or ``earlier``: the direction that favours the host.
    limit : float or None
        How far it goes where the scenario has no lever of its own; None for a month.
    is_money : bool
        Whether it changes what a partner costs the provider in dollars.
    status, description : str
        ``assumption`` or a source, and what it is with its cost.
    """

    name: str
    record: str
    field: str
    favours: str
    limit: float | None
    is_money: bool
    status: str
    description: str


@cache
def lever_kinds() -> Mapping[str, Kind]:
    """Return the levers by name, as ``levers.csv`` lists them.

    Examples
    --------
    >>> lever_kinds()["exclusivity"].favours
    'down'
    """
    text = files("sim.analysis.requirement").joinpath("levers.csv").read_text("utf-8")
    return {
        row["name"]: Kind(
            row["name"], row["record"], row["field"], row["favours"],
            float(row["limit"]) if row["limit"] else None, row["is_money"] == "yes",
            row["status"], row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


@dataclass(frozen=True)
class Movable:
    """A lever that is free to move, in steps from where it stands to its limit.

    Parameters
    ----------
    name, title : str
    address : str
        Dotted address of the number in the scenario.
    start, limit : float
        Where it stands, and how far it can go in the host's favour; of an opening the number of
        the month since year 0.
    step : float
        The smallest change that is tried.
    is_whole, is_money : bool
    price : float
        Cost of going all the way to the limit.
    record : str
        ``offer`` or ``provider``.
    """

    name: str
    title: str
    address: str
    start: float
    limit: float
    step: float
    is_whole: bool
    is_money: bool
    price: float
    record: str

    @property
    def field(self) -> str:
        """Its key in a scenario file."""
        return split_address(self.address)[-1]

    @property
    def unit(self) -> str:
        """Unit of its numbers in tables; "" for a pure number."""
        if self.field == OPENING:
            return f"months after {month_name(round(self.limit))}"
        spec = field_at(split_address(self.address))
        return "" if spec is None else spec.unit

    def number(self, value: float) -> float:
        """Return a value as tables have it: NaN for no limit; of an opening the months after."""
        if not math.isfinite(value):
            return math.nan
        return value - self.limit if self.field == OPENING else value

    @property
    def n_steps(self) -> int:
        """Steps from where it stands to its limit."""
        return math.ceil(abs(self.limit - self.start) / self.step - 1e-9)

    def value(self, position: int) -> float:
        """Return the value some steps away from where it stands."""
        if position >= self.n_steps:
            return self.limit
        way = math.copysign(self.step, self.limit - self.start)
        return round(self.start + position * way, 10)

    def share(self, position: int) -> float:
        """Return the share of the way from where it stands to its limit, 0-1."""
        return abs(self.value(position) - self.start) / abs(self.limit - self.start)

    def position(self, share: float) -> int:
        """Return the position nearest to a share of the way."""
        return min(self.n_steps, max(0, round(share * self.n_steps)))

    def shown(self, value: float) -> str:
        """Return a value as readers see it."""
        if self.field == OPENING:
            return month_in_words(month_name(round(value)))
        if abs(value) >= 10 or self.step >= 1.0:
            return number(round(value, 1))
        decimals = -math.floor(math.log10(self.step) + 1e-9)
        return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def find_levers(
    scenario: Scenario,
    reference: str,
    names: str | Sequence[str] | Mapping[str, float | str | None] | None = None,
    prices: Mapping[str, float] | None = None,
) -> tuple[Movable, ...]:
    """Return the levers of an offer that are free to move.

    Parameters
    ----------
    scenario : Scenario
    reference : str
        ``provider.offer``.
    names : str, sequence of str, or mapping of str to float, optional
        Names of `lever_kinds`, or of levers of the scenario that move a number of the offer; a
        mapping gives how far each may go. Control and money unless given.
    prices : mapping of str to float, optional
        Cost of going all the way with a lever; 1 each unless given.

    Raises
    ------
    InputError
        If there is no such lever, it cannot go further, or a limit or a price is impossible.
    """
    wanted = [names] if isinstance(names, str) else names or USUAL
    chosen = dict(names) if isinstance(names, Mapping) else dict.fromkeys(wanted, None)
    known = _known(scenario, reference)
    problems: list[Problem] = []
    found = []
    for name, limit in chosen.items():
        if name not in known:
            rule = f"{name!r} is not a lever of the offer {reference}."
            problems.append(Problem("", 0, rule, suggest(str(name), known)))
            continue
        own = _movable(scenario, name, *known[name])
        try:
            found.append(_checked(scenario, own, limit))
        except InputError as error:
            if names is not None:
                problems += error.problems
    problems += _price_problems(prices or {}, chosen)
    if problems:
        raise InputError(problems)
    if not found:
        rule = f"neither {' nor '.join(USUAL)} of {reference} can be improved further."
        raise InputError([Problem("", 0, rule, f"Name a lever: {', '.join(known)}.")])
    return tuple(replace(each, price=float((prices or {}).get(each.name, 1.0))) for each in found)


def _known(scenario: Scenario, reference: str) -> dict[str, tuple[Kind, str, Lever | None]]:
    """Return kind, address and the scenario's own lever of each lever of an offer, by name."""
    provider, offer = reference.split(".")
    own = {lever.target: (name, lever) for name, lever in scenario.levers.items()}
    found: dict[str, tuple[Kind, str, Lever | None]] = {}
    for kind in lever_kinds().values():
        place = f".offers.{offer}" if kind.record == "offer" else ""
        address = f"providers.{provider}{place}.{kind.field}"
        name, lever = own.get(address, ("", None))
        found[kind.name] = (kind, address, lever)
        if name and name not in lever_kinds():
            found[name] = found[kind.name]
    return found


def _movable(
    scenario: Scenario, name: str, kind: Kind, address: str, lever: Lever | None
) -> Movable:
    """Return a lever with its usual limit: that of the scenario's own lever where it has one."""
    title = address_title(address, scenario)
    if kind.field == OPENING:
        provider, offer = address.split(".")[1::2][:2]
        opens = scenario.providers[provider].offers[offer].open_from or scenario.months[0]
        first = month_number(scenario.months[0])
        stands = max(month_number(opens), first)
        return Movable(name, title, address, stands, first, 1.0, True, False, 1.0, kind.record)
    assert kind.limit is not None
    limit = kind.limit
    if lever is not None:
        limit = float(lever.high if kind.favours == "up" else lever.low)
    spec = field_at(split_address(address))
    whole = spec is not None and spec.kind == "whole number"
    value = scenario.value(address)
    start = math.inf if value is None else float(value)
    limit = max(start, limit) if kind.favours == "up" else min(start, limit)
    return Movable(
        name, title, address, start, limit, _step(start, limit, whole), whole, kind.is_money, 1.0,
        kind.record,
    )  # fmt: skip


def _step(start: float, limit: float, is_whole: bool) -> float:
    """Return the largest power of ten that fits fifty times in the way; 1 for whole numbers."""
    reach = abs(limit - start)
    if is_whole or not math.isfinite(reach) or reach == 0.0:
        return 1.0
    return float(10.0 ** math.floor(math.log10(reach / _LEAST_STEPS) + 1e-9))


def _checked(scenario: Scenario, own: Movable, limit: float | str | None) -> Movable:
    """Return a lever with the limit that was asked for, if it can go there."""
    kind = next(each for each in lever_kinds().values() if each.field == own.field)
    if limit is None:
        if own.start != own.limit and math.isfinite(own.start):
            return own
        where = "no limit" if math.isinf(own.start) else own.shown(own.start)
        rule = f"lever {own.name} stands at {where} and can go no further in the host's favour."
        remedy = f"Give it a limit of its own, such as {own.name}=..., or take another lever."
        raise InputError([Problem("", 0, rule, remedy)])
    spec = field_at(split_address(own.address))
    if kind.field == OPENING:
        return _opened(scenario, own, limit)
    if spec is None or spec.low is None or spec.high is None:
        rule = f"lever {own.name} = {shown_number(float(limit))}: this lever takes no limit."
        raise InputError([Problem("", 0, rule, f"Write {own.name} alone.")])
    low, high = (own.start, spec.high) if kind.favours == "up" else (spec.low, own.start)
    # What is not a number is outside every bound.
    wanted = math.nan if isinstance(limit, str | bool) else float(limit)
    if not low <= wanted <= high or wanted == own.start:
        given = str(limit) if math.isnan(wanted) else shown_number(wanted)
        way = "above" if kind.favours == "up" else "below"
        rule = f"lever {own.name} = {given} must be {way} {own.shown(own.start)}, where it stands,"
        rule += f" and {bounds_phrase(spec.low, spec.high, spec.unit)}."
        remedy = f"Give a value {way} where it stands: only terms better for the country are "
        remedy += "tried. For worse ones change the scenario and ask anew."
        raise InputError([Problem("", 0, rule, remedy)])
    if own.is_whole and wanted != int(wanted):
        rule = f"lever {own.name} = {shown_number(wanted)} must be a whole number."
        remedy = f"Write {math.floor(wanted)} or {math.ceil(wanted)}."
        raise InputError([Problem("", 0, rule, remedy)])
    return replace(own, limit=wanted, step=_step(own.start, wanted, own.is_whole))


def _opened(scenario: Scenario, own: Movable, limit: float | str) -> Movable:
    """Return the opening of an offer with the earliest month that was asked for."""
    first, stands = scenario.months[0], month_name(round(own.start))
    is_month = isinstance(limit, str) and re.fullmatch(MONTH_PATTERN, limit, re.ASCII)
    if not is_month or not first <= str(limit) < stands:
        rule = f"lever {own.name} = {shown_value(limit)} must be a month before {stands}, when the "
        rule += f"offer opens, and not before {first}, when the scenario begins."
        remedy = "Only terms better for the country are tried: give an earlier month, YYYY-MM."
        raise InputError([Problem("", 0, rule, remedy)])
    return replace(own, limit=float(month_number(str(limit))))


def _price_problems(prices: Mapping[str, float], chosen: Mapping[str, object]) -> list[Problem]:
    found = []
    for name, price in prices.items():
        if name not in chosen:
            rule = f"price {name}: {name} is not one of the levers that may move."
            found.append(Problem("", 0, rule, f"They are {', '.join(chosen)}."))
        is_number = isinstance(price, int | float) and not isinstance(price, bool)
        if not is_number or not 0.0 <= price < math.inf:
            rule = f"price {name} = {price} must be a number from 0 on."
            found.append(Problem("", 0, rule, "1 is the usual price of going all the way."))
    return found
