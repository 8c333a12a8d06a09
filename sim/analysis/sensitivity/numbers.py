"""The numbers that an analysis ranks, levers and uncertainties alike, each with its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.data import load_parameters
from sim.experiment.sweeps.designs.roles import LEVER, Role
from sim.scenario.estimated import is_from_posterior
from sim.words.titles import address_title
from sim.words.wording import distribution_in_words

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.scenario import Scenario

_ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Number:
    """One number, or several that move as one.

    Parameters
    ----------
    name : str
        As in the design: a lever or an address; for several, a name of the group.
    addresses : tuple of str
        Dotted addresses.
    role : str
        ``lever`` or ``uncertainty``.
    title, unit : str
        Its name for readers, and its unit.
    low, high : float
        Ends of its range; NaN for a group of numbers with different ranges.
    drawn : str
        How the scenario draws it, in words; "" if it does not.
    source : str
        What its range rests on.
    """

    name: str
    addresses: tuple[str, ...]
    role: Role
    title: str
    unit: str
    low: float
    high: float
    drawn: str
    source: str

    @property
    def is_lever(self) -> bool:
        """Whether somebody chooses it."""
        return self.role == LEVER


def number_of(scenario: Scenario, field: SweptField, role: Role, low: float, high: float) -> Number:
    """Return one number of a design as it is ranked.

    Parameters
    ----------
    scenario : Scenario
    field : SweptField
    role : str
        ``lever`` or ``uncertainty``.
    low, high : float
        Ends of the range over which the design varies it.
    """
    drawn = scenario.uncertainties.get(field.address)
    return Number(
        field.name,
        (field.address,),
        role,
        address_title(field.address, scenario),
        "switch" if field.spec.kind == "switch" else field.spec.unit,
        low,
        high,
        "" if drawn is None else distribution_in_words(drawn),
        source_of(scenario, field),
    )


def source_of(scenario: Scenario, field: SweptField) -> str:
    """Return what the range of a number rests on.

    A lever says so itself; a number of the posterior rests on earlier programmes; a parameter has
    its source in the parameter table. All else is an assumption of the scenario.
    """
    if field.lever is not None:
        return " ".join(field.lever.source.split())
    if is_from_posterior(scenario.uncertainties.get(field.address)):
        assert scenario.posterior is not None
        return scenario.posterior.title
    row = load_parameters().get(field.address.removeprefix("parameters."))
    if row is not None and field.address.startswith("parameters."):
        return f"{row.status}: {row.source}" if row.source else row.status
    return _ASSUMPTION


def numbers_of_sweep(found: StoredSweep, in_groups: bool) -> tuple[Number, ...]:
    """Return the numbers of a sweep, or its groups where the analysis cannot part them."""
    design = found.design
    ends = np.stack([np.fmin.reduce(design.points), np.fmax.reduce(design.points)], axis=1)
    if design.sampling:
        # The range that was asked for, which points come near to.
        ends = np.array([(each["low"], each["high"]) for each in design.sampling.spreads])
    single = [
        number_of(found.scenario, field, role, low, high)
        for field, role, (low, high) in zip(
            found.fields, found.inputs.roles, ends.tolist(), strict=True
        )
    ]
    groups = design.sampling.groups if design.sampling and in_groups else ()
    if not groups:
        return tuple(single)
    return tuple(
        joined_numbers(
            name, [one for one, group in zip(single, groups, strict=True) if group == name]
        )
        for name in dict.fromkeys(groups)
    )


def joined_numbers(name: str, members: Sequence[Number]) -> Number:
    """Return several numbers that move together as one."""
    if len(members) == 1:
        return members[0]
    first = members[0]
    addresses = tuple(address for one in members for address in one.addresses)
    sources, drawn = (
        "; ".join(dict.fromkeys(texts))
        for texts in zip(*((one.source, one.drawn) for one in members), strict=True)
    )
    is_alike = len({(one.unit, one.low, one.high) for one in members}) == 1
    unit, low, high = (first.unit, first.low, first.high) if is_alike else ("", np.nan, np.nan)
    title = title_of_group(name, [one.title for one in members])
    return Number(name, addresses, first.role, title, unit, low, high, drawn, sources)


def title_of_group(name: str, titles: Sequence[str]) -> str:
    """Return what numbers that move together are called: what their titles share, or all.

    Examples
    --------
    >>> title_of_group("g", ["United States: heavy, fee (USD)", "United States: light, fee (USD)"])
    'United States, both offers: fee'
    >>> title_of_group("terms", ["Linkage", "Local control"])
    'terms (Linkage, Local control)'
    """
    heads = {title.partition(": ")[0] for title in titles}
    tails = {title.rpartition(", ")[2].partition(" (")[0] for title in titles}
    if len(heads) == len(tails) == 1 and all(": " in title and ", " in title for title in titles):
        which = "both offers" if len(titles) == 2 else f"all {len(titles)} offers"
        return f"{heads.pop()}, {which}: {tails.pop()}"
    return f"{name} ({', '.join(titles)})"
