"""Groups of countries in a result: who is with whom, and what share of each group that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.answers import Answer
from sim.analysis.groups.grouped import Grouped
from sim.analysis.groups.members import (
    country_groups,
    group_named,
    membership_date,
    unknown_group,
)
from sim.analysis.groups.tables import group_tables
from sim.analysis.groups.totals import group_totals
from sim.analysis.groups.words import group_sentences
from sim.analysis.pairing import provider_names
from sim.analysis.quantities import refusal, texts_of
from sim.analysis.shown import Shown
from sim.analysis.standing import paired_groups
from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.stored import StoredComparison, StoredRun

if TYPE_CHECKING:
    from sim.analysis.groups.members import CountryGroup
    from sim.data import Facts
    from sim.experiment.tables import Table


class Groups(Grouped, Answer):
    """Partners and shares of groups of countries, with tables and words; see `Grouped`.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> found = sim.groups(run, ["EU", "Asia"])
    >>> found.title, [table.name for table in found.tables()]
    ('Groups of countries: baseline', ['groups', 'partners', 'standings', 'members'])
    """

    NAME = "groups"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Groups of countries: {self.scenario.name}"

    def tables(self) -> tuple[Table, ...]:
        """Return the tables of groups, their partners, where they stand, and their members."""
        return group_tables(self)

    def sentences(self) -> list[str]:
        """Return what was found, in plain words: a sentence for each group, then notes."""
        return group_sentences(self)

    def __repr__(self) -> str:
        keys = ", ".join(each.group.key for each in self.totals)
        return f"<Groups of {self.scenario.name}: {keys}>"


def groups(
    result: Result | StoredRun | Comparison | StoredComparison,
    names: str | Sequence[str] = (),
) -> Groups:
    """Return how many members of groups of countries are with whom, and their share of the group.

    Parameters
    ----------
    result : run or comparison
        Of a comparison the numbers are those of the second scenario, with their change from the
        first, future by future. Stored results are simulated again, since their futures are not
        kept.
    names : str or sequence of str
        Groups such as ``EU``, ``African Union`` or ``Asia``; all unless given: blocs, then UN
        regions.

    Returns
    -------
    Groups

    Raises
    ------
    InputError
        If the result is of another kind, or there is no such group.
    ResultError
        If a stored result cannot be simulated again, since the code or the facts have changed.

    Notes
    -----
    Memberships are those of mid-2025, or of the month as of which a scenario of the past has its
    facts. Members that are the home of a provider do not decide; shares are shares of the GDP,
    population and readiness of the members that do. A member with two partners counts with both.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> found = sim.groups(run, "EU")
    >>> found.frame("partners")[["group", "provider"]].values.tolist()
    [['EU', 'us'], ['EU', 'china']]
    """
    return groups_shown(_shown(result), texts_of(names, "names"))


def groups_shown(shown: Shown, names: Sequence[str] = ()) -> Groups:
    """Return the groups of what a page shows; see `groups`."""
    ensemble = shown.ensemble
    start = None if shown.b is None else shown.b.scenario
    return Groups(
        ensemble.scenario,
        start,
        tuple(ensemble.axes.month),
        ensemble.replicates,
        ensemble.seed,
        provider_names(shown),
        {each.key: each.title for each in paired_groups(ensemble, shown.other)[0]},
        group_totals(shown, chosen_groups(ensemble.facts, names)),
        tuple(code for codes in ensemble.scenario.homes.values() for code in codes),
        membership_date(ensemble.facts),
    )


def chosen_groups(facts: Facts, names: Sequence[str]) -> list[CountryGroup]:
    """Return groups by name, each once; all that there are unless any is named.

    Raises
    ------
    InputError
        If there is no such group.
    """
    known = country_groups(facts)
    found: dict[str, CountryGroup] = {}
    for name in names:
        group = group_named(name, known)
        if group is None:
            raise refusal(*unknown_group(name, known))
        found[group.key] = group
    return [*found.values()] or [*known.values()]


def _shown(result: Any) -> Shown:
    """Return a result as what is shown.

    Raises
    ------
    InputError
        If it is no run and no comparison.
    """
    if isinstance(result, StoredRun | StoredComparison):
        result = result.again()
    if isinstance(result, Result):
        return Shown(result)
    if isinstance(result, Comparison):
        return Shown(Result(result.pair.b), Result(result.pair.a), result)
    rule = f"groups needs a run or a comparison, not a {type(result).__name__}."
    raise refusal(rule, "Give the result of sim.simulate, sim.compare or sim.load_run.")
