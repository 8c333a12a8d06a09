"""The difference between two scenarios, divided among what was changed, on common luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.quantities import (
    Quantities,
    Quantity,
    in_futures,
    quantities_of_futures,
)
from sim.analysis.shared.estimates import estimates
from sim.analysis.shared.given import check_text
from sim.analysis.shared.tally import Tally
from sim.analysis.splitting.mixing import mixture
from sim.analysis.splitting.parts import BY_GROUP, Part, parts_of
from sim.analysis.splitting.shares import PlaceShares, Shares, Values
from sim.analysis.splitting.where import Area, Gathered, areas_of, measured_at
from sim.errors import InputError
from sim.experiment.result import run_futures
from sim.experiment.spans import shared_months
from sim.experiment.sweeps.point_tables import world_outcomes
from sim.model.ensemble import from_month
from sim.model.requests import check_extras, check_request, check_scenario
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    from sim.experiment.tables import Table
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

REPLICATES = 500


class Split(Shares, Answer):
    """What each part of a change adds to an outcome, with tables and words; see `Shares`.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> other = baseline.with_levers({"linkage": 1.0, "us_pressure": 0.9})
    >>> found = sim.split(baseline, other, by="address", replicates=8)
    >>> found.frame()[["part"]].values.tolist()
    [['providers.us.linkage'], ['providers.us.pressure']]
    """

    NAME = "split"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        names = f"from {self.scenario_a.title} to {self.scenario_b.title}"
        return f"What moved {self.quantity.title}, {names}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.splitting.tables import split_tables

        return split_tables(self)

    def sentences(self) -> list[str]:
        """Return what came out, in words."""
        from sim.analysis.splitting.words import split_sentences

        return split_sentences(self)

    def __repr__(self) -> str:
        names = f"{self.scenario_b.name} minus {self.scenario_a.name}"
        return f"<Split of {self.quantity.text}, {names}, over {len(self.parts)} parts>"


def split(
    scenario_a: Scenario,
    scenario_b: Scenario,
    outcome: str | None = None,
    *,
    by: str = BY_GROUP,
    groups: Mapping[str, Sequence[str]] | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    as_of: str | None = None,
    countries: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Split:
    """Divide the difference between two scenarios among what differs between them.

    With G parts, 2**G scenarios are run in the same futures, each with another set of parts as in
    the second scenario and all else as in the first. What a part adds is the mean, over all orders
    in which the parts may be changed, of what changing it adds (its Shapley value). So the parts
    add up to the difference, and what two parts do only together is halved between them. A number
    of partners, or their share of the world, is also divided by group of countries.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        The difference is b less a, at the end of the last month that both cover.
    outcome : str, optional
        Such as ``n_countries(us)`` or ``p_committed(KOR, us)``; partners of the first provider
        unless given.
    by : str
        ``group``: levers, other terms of each provider, beliefs, events, the record, the rest;
        ``address``: each number apart.
    groups : mapping of str to sequence of str, optional
        Groups of your own, each with addresses or beginnings of addresses.
    replicates, seed, workers, as_of, progress
        As for `compare`; the number of futures is that of each run.
    countries : str, optional
        A group of countries such as ``EU`` or ``African Union``, set against all others; UN regions
        are always told apart.

    Returns
    -------
    Split

    Raises
    ------
    InputError
        If an argument is wrong, the two scenarios are alike or differ in more than eight parts, or
        there is no such outcome.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> other = baseline.with_levers({"linkage": 1.0, "us_pressure": 0.9})
    >>> found = sim.split(baseline, other, by="address", replicates=8)
    >>> abs(found.difference.mean - sum(each.mean for each in found.contributions)) < 1e-9
    True
    """
    for scenario in (scenario_a, scenario_b):
        check_scenario(scenario)
    return share_out(
        scenario_a, scenario_b, parts_of(scenario_a, scenario_b, by, groups), outcome,
        replicates, seed, workers, as_of, progress, countries,
    )  # fmt: skip


def share_out(
    scenario_a: Scenario,
    scenario_b: Scenario,
    parts: Sequence[Part],
    outcome: str | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    as_of: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    countries: str | None = None,
) -> Split:
    """Divide the difference between two scenarios among the parts of `parts_of`; see `split`."""
    check_request(replicates, seed, workers)
    check_extras(progress=progress)
    months = shared_months((scenario_a, scenario_b), as_of)
    quantity = quantity_of(scenario_a, scenario_b, outcome, seed)
    tally = Tally(replicates << len(parts), progress)
    places, gathered = areas_of(quantity, countries), Gathered(len(parts))

    def run(mask: int) -> Values:
        scenario = _scenario(scenario_a, scenario_b, parts, mask)
        report = tally.of_run()
        found = run_futures(scenario, replicates, seed, workers, None, report, months[-1])
        counted = from_month(found, months[0])
        if places:
            gathered.add(mask, measured_at(counted, quantity, places))
        return _measured(counted, quantity)

    values = np.array([run(mask) for mask in range(1 << len(parts))])
    return Split(
        scenario_a, scenario_b, quantity, months, tuple(parts), values, seed, FUTURES_PER_DRAW,
        _by_place(gathered, places),
    )  # fmt: skip


def _by_place(gathered: Gathered, places: Sequence[Area]) -> tuple[PlaceShares, ...]:
    """Return what each group of countries adds to the difference."""
    if not places:
        return ()
    first, last = estimates(gathered.first), estimates(gathered.last)
    difference = estimates(gathered.last - gathered.first)
    parts = [estimates(values) for values in gathered.contributions]
    return tuple(
        PlaceShares(place, first[j], last[j], difference[j], tuple(part[j] for part in parts))
        for j, place in enumerate(places)
    )


def _scenario(a: Scenario, b: Scenario, parts: Sequence[Part], mask: int) -> Scenario:
    """Return the first scenario with a set of parts as in the second."""
    if mask == 0:
        return a
    if mask == (1 << len(parts)) - 1:
        return b
    chosen = [x for g, part in enumerate(parts) if (mask >> g) & 1 for x in part.addresses]
    found = mixture(a, b, chosen)
    assert found is not None, "parts are chosen so that every set of them can be taken over"
    return found


def quantity_of(a: Scenario, b: Scenario, outcome: str | None, seed: int) -> Quantity:
    """Return what is asked for; both scenarios may have it, or one alone."""
    check_text("outcome", outcome, "n_countries(us)")
    text = outcome or f"n_countries({next(iter(a.providers))})"
    try:
        return _known(b, seed).find(text)
    except InputError:
        return _known(a, seed).find(text)


def _known(scenario: Scenario, seed: int) -> Quantities:
    few = run_futures(scenario, 1, seed, 1, as_of=scenario.months[0])
    return quantities_of_futures(few, scenario)


def _measured(counted: Ensemble, quantity: Quantity) -> Values:
    """Return the outcome in each future; 0 where a scenario has no such provider or offer."""
    if quantity.is_probability:
        axes = counted.axes
        is_there = quantity.provider in axes.provider and quantity.country in axes.country
    else:
        key = (quantity.provider, quantity.offer, quantity.outcome)
        is_there = key in {each.key for each in world_outcomes(counted)}
    return in_futures(counted, quantity) if is_there else np.zeros(counted.replicates)
