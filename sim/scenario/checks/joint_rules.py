"""Rules between numbers, for many points at once.

A design changes a few numbers of a scenario at thousands of points. Each value can be checked
against its own bounds; what remains are the rules of `checks` that compare two numbers, or a number
and the record. They are repeated here as conditions on whole columns. They only find the points;
the checks themselves then report what is wrong there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Column = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Returns the values of a number at all points, by dotted address; NaN if it is null.
ColumnAt = Callable[[str], Column]


def points_in_doubt(scenario: Scenario, columns: Mapping[str, Column], n_points: int) -> Flags:
    """Return which points may break a rule between numbers, shape (points,).

    Parameters
    ----------
    scenario : Scenario
        A valid scenario; its numbers apply where a design does not set them.
    columns : mapping
        Dotted address to its values at all points (points,), each within its own bounds; 1 and 0
        for true and false, NaN for null.
    n_points : int
        Number of points.

    Notes
    -----
    Every point that breaks a rule is found. A test compares this with the checks of a file.
    """

    def at(address: str) -> Column:
        if address in columns:
            return columns[address]
        value = scenario.value(address)
        return np.full(n_points, np.nan if value is None else float(value))

    doubt = np.zeros(n_points, np.bool_)
    for rule in (_sizes, _concessions, _enrolment, _record, _homes):
        for broken in rule(scenario, columns, at):
            doubt |= broken
    return doubt


def _stems(scenario: Scenario, columns: Mapping[str, Column], *fields: str) -> Iterator[str]:
    """Yield the addresses, without their last part, of offers with a field that is set."""
    for reference in scenario.offers:
        stem = f"providers.{reference.replace('.', '.offers.')}."
        if any(stem + field in columns for field in fields):
            yield stem


def _sizes(scenario: Scenario, columns: Mapping[str, Column], at: ColumnAt) -> Iterator[Flags]:
    """Find smallest data centres above the largest: now, in a draw, or after an event."""
    for stem in _stems(scenario, columns, "data_centre_mw_min", "data_centre_mw_max"):
        ends = [f"{stem}data_centre_mw_{end}" for end in ("min", "max")]
        yield at(ends[0]) > at(ends[1])
        # A number that is set is no longer drawn.
        drawn = [None if end in columns else scenario.uncertainties.get(end) for end in ends]
        largest_low = drawn[0].high if drawn[0] and drawn[0].high is not None else at(ends[0])
        smallest_high = drawn[1].low if drawn[1] and drawn[1].low is not None else at(ends[1])
        yield np.broadcast_to(largest_low > smallest_high, at(ends[0]).shape)
        sizes = {end: at(end) for end in ends}
        for event in scenario.events:
            new = {key: v for key, v in (event.set or {}).items() if key in sizes}
            sizes |= {key: np.full_like(sizes[key], float(value)) for key, value in new.items()}
            if new:
                yield sizes[ends[0]] > sizes[ends[1]]


def _concessions(
    scenario: Scenario, columns: Mapping[str, Column], at: ColumnAt
) -> Iterator[Flags]:
    """Find concession steps above the limit of concessions."""
    for stem in _stems(scenario, columns, "concession_step", "concession_limit"):
        limit = at(f"{stem}concession_limit")
        yield (limit > 0) & (limit < at(f"{stem}concession_step"))


def _enrolment(scenario: Scenario, columns: Mapping[str, Column], at: ColumnAt) -> Iterator[Flags]:
    """Find offers that are open to all but have slots, now or after an event."""
    for stem in _stems(scenario, columns, "open_enrolment", "slots"):
        is_open = at(f"{stem}open_enrolment") > 0
        slots = f"{stem}slots"
        yield is_open & ~np.isnan(at(slots))
        if any((event.set or {}).get(slots) is not None for event in scenario.events):
            yield is_open


def _record(scenario: Scenario, columns: Mapping[str, Column], at: ColumnAt) -> Iterator[Flags]:
    """Find slots that commitments on record exceed, and exclusive offers held with another."""
    held: dict[str, set[str]] = {}
    for made in scenario.initial.commitments:
        held.setdefault(made.country, set()).add(made.offer)
    pairs = [offers for offers in held.values() if len(offers) > 1]
    for stem in _stems(scenario, columns, "slots", "exclusivity"):
        reference = stem.removeprefix("providers.").removesuffix(".").replace(".offers.", ".")
        partners = sum(reference in offers for offers in held.values())
        yield at(f"{stem}slots") < partners
        if any(reference in offers for offers in pairs):
            yield at(f"{stem}exclusivity") >= 1


def _homes(scenario: Scenario, columns: Mapping[str, Column], at: ColumnAt) -> Iterator[Flags]:
    """Find homes that do not take part but are on record, or leave nobody else to decide."""
    switches = [f"providers.{name}.home_takes_part" for name in scenario.providers]
    if not any(switch in columns for switch in switches):
        return
    initial = scenario.initial
    on_record = {made.country for made in initial.commitments}
    on_record |= {ended.country for ended in initial.withdrawals}
    outside = [at(switch) == 0 for switch in switches]
    for provider, stands in zip(scenario.providers.values(), outside, strict=True):
        if on_record & {*provider.home}:
            yield stands
    homes = {code for provider in scenario.providers.values() for code in provider.home}
    if not set(scenario.agents) - homes:
        yield np.logical_or.reduce(outside)
