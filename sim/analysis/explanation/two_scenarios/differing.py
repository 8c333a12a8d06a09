"""Which countries and which reasons make the difference between two scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.explanation.asked_of import REPLICATES
from sim.analysis.explanation.two_scenarios.causes import CAUSES, PART, RECORD, Run, causes_of
from sim.analysis.explanation.two_scenarios.divided import Divided
from sim.analysis.quantities import Quantity, refusal
from sim.analysis.shared.tally import Tally
from sim.analysis.splitting.splitting import quantity_of
from sim.experiment.outcomes import SHARES
from sim.experiment.spans import shared_months
from sim.model.requests import check_extras, check_request, check_scenario
from sim.model.rows import draw_inputs, run_rows
from sim.model.tracing import FollowedFutures
from sim.model.world.building import build_world

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiment.tables import Table
    from sim.model.followed import Trace
    from sim.model.world.building import Built
    from sim.scenario import Scenario

    Array = NDArray[np.float64]


class WhyDifference(Divided, Answer):
    """Which countries and which reasons make two scenarios differ; see `Divided`.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> linked = baseline.with_levers({"linkage": 1})
    >>> [table.name for table in sim.explain_difference(baseline, linked, replicates=8).tables()]
    ['causes', 'countries', 'regions', 'countries_by_cause']
    """

    NAME = "why-difference"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        names = f"{self.scenario_a.title} and {self.scenario_b.title}"
        return f"Why {self.quantity.title} differs between {names}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.explanation.two_scenarios.difference_tables import difference_tables

        return difference_tables(self)

    def sentences(self) -> list[str]:
        """Return why, in words: the first two are fit to be quoted."""
        from sim.analysis.explanation.two_scenarios.difference_words import difference_sentences

        return difference_sentences(self)

    def __repr__(self) -> str:
        names = f"{self.scenario_b.name} minus {self.scenario_a.name}"
        return f"<Why {self.quantity.text} differs, {names}, {self.replicates} futures>"


def explain_difference(
    scenario_a: Scenario,
    scenario_b: Scenario,
    outcome: str | None = None,
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    as_of: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WhyDifference:
    """Return which countries and which reasons make the difference between two scenarios.

    Both are run in the same futures. A country that ends with the partner in one run and not in the
    other is traced to the month after which it never again stands alike in both: there it was not
    asked, did not take the question up, or weighed otherwise, and then the terms share what it adds
    to the difference. `sim.split` says which of the changes between the scenarios did it.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        The difference is b less a, at the end of the last month that both cover.
    outcome : str, optional
        ``n_countries(us)`` or another count or share of a provider, ``n_partners_at_end(...)`` of
        an offer, or ``p_committed(KOR, us)``; partners of the first provider unless given.
    replicates, seed, workers, as_of, progress
        As for `compare`; the number of futures is that of each run.

    Returns
    -------
    WhyDifference

    Raises
    ------
    InputError
        If an argument is wrong, or the outcome is no count of countries.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> found = sim.explain_difference(baseline, baseline.with_levers({"linkage": 1}), replicates=8)
    >>> abs(sum(each.mean for each in found.by_cause.values()) - found.difference.mean) < 1e-9
    True
    """
    for scenario in (scenario_a, scenario_b):
        check_scenario(scenario)
    check_request(replicates, seed, workers)
    check_extras(progress=progress)
    months = shared_months((scenario_a, scenario_b), as_of)
    quantity = quantity_of(scenario_a, scenario_b, outcome, seed)
    _check_quantity(quantity)
    built = [build_world(scenario, as_of=months[-1]) for scenario in (scenario_a, scenario_b)]
    pair = _Pair(built[0], built[1], quantity, months, replicates, seed)
    in_a, in_b, parts = pair.shared_out(workers, progress)
    return WhyDifference(
        scenario_a, scenario_b, quantity, months, pair.countries, in_a, in_b, parts, seed
    )


def _check_quantity(quantity: Quantity) -> None:
    """Refuse an outcome that is not a sum over the countries with a partner."""
    is_count = quantity.outcome in ("n_countries", *SHARES) and quantity.provider
    is_of_offer = quantity.outcome == "n_partners_at_end" and quantity.offer
    if not (is_count or is_of_offer or quantity.is_probability):
        rule = f"{quantity.text} is not a sum over the countries with a partner."
        remedy = (
            "Ask for n_countries, gdp_share, population_share or readiness_share of a provider, "
            "n_partners_at_end of an offer, or p_committed of a country and a provider."
        )
        raise refusal(rule, remedy)


class _Pair:
    """Two scenarios in the same futures."""

    def __init__(
        self,
        a: Built,
        b: Built,
        quantity: Quantity,
        months: tuple[str, ...],
        replicates: int,
        seed: int,
    ) -> None:
        self.built = (a, b)
        self.quantity = quantity
        self.n_months = len(months)
        self.first = tuple(each.axes.month.index(months[0]) for each in self.built)
        self.replicates, self.seed = replicates, seed
        self.holds = tuple(_holds(each, quantity) for each in self.built)
        self.countries = tuple(sorted({*a.axes.country, *b.axes.country}))
        # Index of each country in either world, -1 where it takes no part.
        self.index = tuple(
            np.array([_index(each, code) for code in self.countries]) for each in self.built
        )

    def shared_out(
        self, workers: int | None, progress: Callable[[int, int], None] | None
    ) -> tuple[Array, Array, Array]:
        """Return what each country adds in both, and the difference by what decided."""
        tally = Tally(4 * self.replicates, progress)
        ends, adds = [], []
        for side, built in enumerate(self.built):
            inputs = draw_inputs(built, self.seed, range(self.replicates))
            rows = run_rows(built, self.seed, inputs, workers, tally.of_run(), has_sums=False)
            there = self._there(rows.final_path, side)
            ends.append(there)
            adds.append(there * self._weight(side))
        gap = adds[1] - adds[0]
        differs = ends[0] != ends[1]
        followed = [
            FollowedFutures(built, self.seed, range(self.replicates)) for built in self.built
        ]

        def who(r: int, side: int) -> list[int]:
            return [int(j) for j in self.index[side][differs[r]] if j >= 0]

        def read(r: int, trace: Trace) -> Array:
            other = followed[1].trace(r, who(r, 1))
            return self._parts(gap[r], differs[r], (trace, other), ends[1][r])

        parts = followed[0].each(lambda r: who(r, 0), read, workers, tally.of_run(each=2))
        return adds[0], adds[1], np.array([*parts])

    def _there(self, final_path: NDArray[np.int8], side: int) -> NDArray[np.bool_]:
        """Return whether each country ends with the partner in each future, (R, n)."""
        index = self.index[side]
        found = self.holds[side][final_path][:, index]
        found[:, index < 0] = False
        if self.quantity.is_probability:
            found[:, np.array(self.countries) != self.quantity.country] = False
        return np.asarray(found)

    def _weight(self, side: int) -> Array:
        """Return what a country adds to the outcome if it ends with the partner, (n,)."""
        if self.quantity.outcome not in SHARES:
            return np.ones(len(self.countries))
        column = SHARES.index(self.quantity.outcome)
        return np.asarray(self.built[side].world.share[self.index[side], column])

    def _parts(
        self,
        gap: Array,
        differs: NDArray[np.bool_],
        traces: tuple[Trace, Trace],
        in_b: NDArray[np.bool_],
    ) -> Array:
        """Return the difference of one future by country and by what decided, (n, causes)."""
        found = np.zeros((len(self.countries), len(CAUSES)))
        # Who is there in both may count for another share of the world, by other facts.
        found[~differs, CAUSES.index(RECORD)] = gap[~differs]
        places = [0, 0]
        for j in np.flatnonzero(differs):
            runs = []
            for side, built in enumerate(self.built):
                i = int(self.index[side][j])
                if i < 0:
                    continue
                first, holds, names = self.first[side], self.holds[side], built.axes.path
                runs.append(Run(traces[side], places[side], i, first, holds, names))
                places[side] += 1
            if len(runs) < 2:
                found[j, CAUSES.index(PART)] = gap[j]
                continue
            with_, without = (runs[1], runs[0]) if in_b[j] else (runs[0], runs[1])
            found[j] = gap[j] * causes_of(with_, without, self.n_months)
        return found


def _holds(built: Built, quantity: Quantity) -> NDArray[np.bool_]:
    """Return which paths count as being with the partner, (K,); none without such a partner."""
    axes, world = built.axes, built.world
    if quantity.offer:
        wanted = [axes.offer.index(quantity.offer)] if quantity.offer in axes.offer else []
    else:
        wanted = [o for o, owner in enumerate(axes.offer_provider) if owner == quantity.provider]
    return np.asarray(np.isin(world.path_offer, wanted).any(axis=1))


def _index(built: Built, code: str) -> int:
    return built.axes.country.index(code) if code in built.axes.country else -1
