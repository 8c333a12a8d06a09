"""Two scenarios in the same futures: paired differences with intervals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import checked_path
from sim.experiment.given import check_saving, check_table_name
from sim.experiment.result import make_log, run_futures
from sim.experiment.result_views import ComparisonView
from sim.experiment.spans import earlier_end, shared_months
from sim.experiment.store.identity import RunInputs
from sim.experiment.store.results import find_finished, write_result
from sim.experiment.tables.differences import COMPARISON_TABLES, Pair
from sim.model.requests import check_extras, check_request, check_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.data import Facts
    from sim.experiment.tables import Column, Table
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario


class Comparison(ComparisonView):
    """A comparison in memory. Its tables are computed when they are first asked for.

    Parameters
    ----------
    pair : Pair
        The two ensembles.
    log : mapping, optional
        What belongs to this execution rather than to the result, for the manifest.
    lend : callable, optional
        Returns the same pair whenever it is needed; the comparison then holds no pair itself.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> found = sim.compare(baseline, baseline.with_levers({"slots": 20}), replicates=8, seed=1)
    >>> found.changes[["address", "value_a", "value_b"]].values.tolist()
    [['providers.us.offers.infrastructure.slots', '10', '20']]
    >>> found.totals.columns[5:8].tolist()
    ['mean_a', 'mean_a_se', 'mean_b']
    """

    def __init__(
        self,
        pair: Pair,
        log: Mapping[str, Any] | None = None,
        lend: Callable[[], Pair] | None = None,
    ) -> None:
        self._lend = lend or (lambda: pair)
        self.scenario_a = pair.a.scenario
        self.scenario_b = pair.b.scenario
        self.months = pair.a.axes.month
        self.seed = pair.a.seed
        self.replicates = pair.a.replicates
        self._log = dict(log or {})
        self._tables: dict[str, Table] = {}

    @property
    def pair(self) -> Pair:
        """The two ensembles."""
        return self._lend()

    @cached_property
    def inputs(self) -> RunInputs:
        """What determines the comparison, and its identifier."""
        return RunInputs(
            kind="comparison",
            scenarios=(self.scenario_a, self.scenario_b),
            seed=self.seed,
            replicates=self.replicates,
            futures_per_draw=self.pair.a.futures_per_draw,
            facts_hash=self.pair.a.facts.hash,
            as_of=earlier_end((self.scenario_a, self.scenario_b), self.months[-1]),
        )

    def table(self, name: str) -> Table:
        """Return a table by name, with the description of its columns."""
        check_table_name(name, COMPARISON_TABLES, "a comparison")
        if name not in self._tables:
            self._tables[name] = COMPARISON_TABLES[name](self.pair)
        return self._tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""
        return self.table(name).frame

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, with its unit."""
        return self.table(name).columns

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and content of each file of the comparison except the manifest."""
        from sim.experiment.tables.files import result_files

        a, b = self.scenario_a, self.scenario_b
        text = "Differences are the second scenario minus the first, future by future."
        if a.months != self.months or b.months != self.months:
            text += f" Compared from {self.months[0]} to {self.months[-1]}."
        package = {
            "name": f"{a.name}-vs-{b.name}-{self.inputs.run_id}",
            "title": f"{b.title}, compared with: {a.title}",
            "description": text,
        }
        return result_files((self.table(name) for name in COMPARISON_TABLES), package)

    def save(
        self,
        root: str | Path = "results",
        fresh: bool = False,
        command_line: tuple[str, ...] | None = None,
    ) -> Path:
        """Write the comparison to ``<root>/comparisons/<a>_vs_<b>/<run id>/``; return the folder.

        Raises
        ------
        InputError
            If the root is not a path, or `fresh` or `command_line` has the wrong type.
        RunError
            If the folder cannot be written, or holds the same comparison but is damaged.
        """
        folder = checked_path(root, "the root of results")
        check_saving(fresh, command_line)
        if not fresh:
            found = find_finished(folder, self.inputs)
            if found is not None:
                return found
        return write_result(folder, self.inputs, self.files(), command_line, self._log, fresh=fresh)

    def __repr__(self) -> str:
        names = f"{self.scenario_b.name} minus {self.scenario_a.name}"
        return f"<Comparison {names}: {self.replicates} futures, seed {self.seed}>"


def compare(
    scenario_a: Scenario,
    scenario_b: Scenario,
    replicates: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    *,
    facts: Facts | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_of: str | None = None,
) -> Comparison:
    """Return what changes from one scenario to another, in the same futures.

    Random numbers belong to countries, months and purposes, not to positions in a sequence. So
    with one seed, future r of both scenarios has common random numbers and the same uncertain
    numbers, and any difference is due to the scenarios alone.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        They are compared over the months that both have; outcomes at the end are those at the end
        of the last of these. Differences are b minus a.
    replicates, seed, workers, facts, progress
        As in `simulate`.
    as_of : str, optional
        Month, "YYYY-MM", at whose end both stop; the last month that both have unless given.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        If no month is in both scenarios.
    InputError
        If `replicates`, `seed` or `workers` is not whole or out of range, if either scenario is
        not a loaded scenario, or if `as_of` is not a month of both.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> same = sim.compare(baseline, baseline, replicates=8, seed=1)
    >>> float(same.countries["difference"].abs().max())
    0.0
    """
    from sim.model.ensemble import from_month

    for scenario in (scenario_a, scenario_b):
        check_scenario(scenario)
    months = shared_months((scenario_a, scenario_b), as_of)
    check_request(replicates, seed, workers)
    check_extras(facts, progress)
    begin = time.monotonic()
    total = 2 * replicates

    def run(scenario: Scenario, offset: int) -> Ensemble:
        def report(done: int, _: int) -> None:
            if progress is not None:
                progress(offset + done, total)

        found = run_futures(scenario, replicates, seed, workers, facts, report, months[-1])
        return from_month(found, months[0])

    pair = Pair(run(scenario_a, 0), run(scenario_b, replicates))
    return Comparison(pair, make_log(time.monotonic() - begin, workers))
