"""Run a scenario many times and return the result."""

from __future__ import annotations

import operator
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import RunError, checked_path
from sim.experiment.given import check_saving, check_table_name
from sim.experiment.result_views import RunView
from sim.experiment.spans import earlier_end, shared_months
from sim.experiment.store.identity import RunInputs
from sim.experiment.store.results import find_finished, write_result
from sim.model.requests import check_as_of, check_extras, check_request, check_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.data import Facts
    from sim.experiment.tables import Column, Table
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario


def plan(
    scenarios: tuple[Scenario, ...], replicates: int, seed: int, as_of: str | None = None
) -> RunInputs:
    """Return what determines a run of one scenario or a comparison of two.

    Its identifier tells whether the result already exists.

    Raises
    ------
    InputError
        If `replicates` or `seed` is not whole or out of range, a scenario is not a scenario, two
        scenarios share no month, or `as_of` is not a month of all scenarios.
    """
    from sim.data import load_facts
    from sim.model.rows import FUTURES_PER_DRAW

    check_request(replicates, seed)
    for scenario in scenarios:
        check_scenario(scenario)
    months = shared_months(scenarios, as_of)
    return RunInputs(
        kind="run" if len(scenarios) == 1 else "comparison",
        scenarios=scenarios,
        seed=operator.index(seed),
        replicates=operator.index(replicates),
        futures_per_draw=FUTURES_PER_DRAW,
        facts_hash=load_facts().hash,
        as_of=earlier_end(scenarios, months[-1]),
    )


def run_futures(
    scenario: Scenario,
    replicates: int,
    seed: int,
    workers: int | None = None,
    facts: Facts | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_of: str | None = None,
) -> Ensemble:
    """Check the request and return the ensemble that `simulate` presents."""
    from sim.model.ensemble import run_ensemble

    check_request(replicates, seed, workers)
    check_scenario(scenario)
    check_extras(facts, progress)
    with within_memory(replicates):
        return run_ensemble(
            scenario,
            facts,
            replicates=operator.index(replicates),
            seed=operator.index(seed),
            workers=workers,
            progress=progress,
            as_of=as_of,
        )


@contextmanager
def within_memory(futures: int) -> Iterator[None]:
    """Turn a lack of memory into a message in plain words."""
    try:
        yield
    except MemoryError as error:
        raise RunError(
            f"{futures} futures do not fit into memory.\n"
            "  Ask for fewer; a thousand take about 40 MB."
        ) from error


class Result(RunView):
    """A run in memory. Its tables are computed when they are first asked for.

    Parameters
    ----------
    ensemble : Ensemble
        The futures, as arrays; see `sim.model.ensemble.Ensemble`.
    log : mapping, optional
        What belongs to this execution rather than to the result, for the manifest.
    lend : callable, optional
        Returns the same futures whenever they are needed; the result then holds none itself.

    Examples
    --------
    >>> import sim
    >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> result.countries.set_index("country").loc["KOR", "name"]
    'South Korea'
    >>> result.months[-1], result.replicates, len(result.countries)
    ('2030-12', 8, 194)
    """

    def __init__(
        self,
        ensemble: Ensemble,
        log: Mapping[str, Any] | None = None,
        lend: Callable[[], Ensemble] | None = None,
    ) -> None:
        self._lend = lend or (lambda: ensemble)
        self.scenario = ensemble.scenario
        self.months = ensemble.axes.month
        self.seed = ensemble.seed
        self.replicates = ensemble.replicates
        self.futures_per_draw = ensemble.futures_per_draw
        self._log = dict(log or {})
        self._tables: dict[str, Table] = {}

    @property
    def ensemble(self) -> Ensemble:
        """The futures, as arrays."""
        return self._lend()

    @cached_property
    def inputs(self) -> RunInputs:
        """What determines the result, and its identifier."""
        return RunInputs(
            kind="run",
            scenarios=(self.scenario,),
            seed=self.seed,
            replicates=self.replicates,
            futures_per_draw=self.futures_per_draw,
            facts_hash=self.ensemble.facts.hash,
            as_of=earlier_end((self.scenario,), self.months[-1]),
        )

    def as_of(self, month: str) -> Result:
        """Return the run as it stood at the end of an earlier month.

        Parameters
        ----------
        month : str
            One of `months`, "YYYY-MM".

        Returns
        -------
        Result
            The same futures, simulated again up to that month, with all tables and the summary.

        Raises
        ------
        InputError
            If the run does not cover the month.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> result.as_of("2026-11").months[-1]
        '2026-11'
        """
        check_as_of(month, self.months, f"this run of {self.scenario.name}")
        if month == self.months[-1]:
            return self
        return simulate(
            self.scenario, self.replicates, self.seed, facts=self.ensemble.facts, as_of=month
        )

    def table(self, name: str) -> Table:
        """Return a table by name, with the description of its columns."""
        from sim.experiment.tables import RUN_TABLES

        check_table_name(name, RUN_TABLES, "a run")
        if name not in self._tables:
            self._tables[name] = RUN_TABLES[name](self.ensemble)
        return self._tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> result.frame("totals")["outcome"].tolist()[:3]
        ['n_countries', 'gdp_share', 'population_share']
        """
        return self.table(name).frame

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, with its unit.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> column = result.columns("providers")[3]
        >>> column.name, column.unit, column.description
        ('offer', '', 'Offer, as provider_offer.')
        """
        return self.table(name).columns

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and content of each file of the result except the manifest.

        Raises
        ------
        RunError
            If the futures were cut to the months that two scenarios share.
        """
        from sim.experiment.tables import RUN_TABLES
        from sim.experiment.tables.files import result_files

        if self.months[0] != self.scenario.months[0]:
            raise RunError(
                f"these futures of {self.scenario.name} were cut to begin in {self.months[0]}.\n"
                f"  Save the comparison, or a run that begins in {self.scenario.months[0]}."
            )
        as_of = "" if self.inputs.as_of is None else f" As of the end of {self.inputs.as_of}."
        package = {
            "name": f"{self.scenario.name}-{self.inputs.run_id}",
            "title": self.scenario.title,
            "description": f"{self.scenario.description}{as_of}",
        }
        return result_files((self.table(name) for name in RUN_TABLES), package)

    def save(
        self,
        root: str | Path = "results",
        fresh: bool = False,
        command_line: tuple[str, ...] | None = None,
    ) -> Path:
        """Write the run to ``<root>/<scenario>/<run id>/`` and return that folder.

        Parameters
        ----------
        root : path
            Root of all results.
        fresh : bool
            Write the run even if it exists already.
        command_line : tuple of str, optional
            The command that made it, for the manifest.

        Raises
        ------
        InputError
            If the root is not a path, or `fresh` or `command_line` has the wrong type.
        RunError
            If the folder cannot be written, or holds the same run but is damaged.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = result.save(folder)
        ...     print(path.parent.name, (path / "countries.csv").is_file())
        baseline True
        """
        folder = checked_path(root, "the root of results")
        check_saving(fresh, command_line)
        if not fresh:
            found = find_finished(folder, self.inputs)
            if found is not None:
                return found
        return write_result(folder, self.inputs, self.files(), command_line, self._log, fresh=fresh)

    def __repr__(self) -> str:
        n = self.replicates
        return f"<Result {self.scenario.name}: {n} futures, seed {self.seed}, {self.inputs.run_id}>"


def make_log(seconds: float, workers: int | None) -> dict[str, Any]:
    """Return what belongs to one execution of a run rather than to its result."""
    import os
    import platform

    return {
        "finished_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds_simulating": round(seconds, 3),
        "workers": workers or os.cpu_count() or 1,
        "system": platform.system(),
        "machine": platform.machine(),
    }


def simulate(
    scenario: Scenario,
    replicates: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    *,
    facts: Facts | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_of: str | None = None,
) -> Result:
    """Return many futures of a scenario as tables.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario`, perhaps changed with ``with_changes``.
    replicates : int
        Futures, 1 to 1,000,000.
    seed : int
        0 to 2**32 - 1. Equal inputs give equal bytes, on any number of workers.
    workers : int, optional
        Threads; one per core unless given.
    facts : Facts, optional
        The shipped facts unless others are given.
    progress : callable, optional
        Called with (futures done, futures in all).
    as_of : str, optional
        Month, "YYYY-MM", at whose end the futures stop; the scenario's last unless given. All
        tables and the summary then say how it stands at the end of that month.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If `replicates`, `seed` or `workers` is not whole or out of range, `scenario` is not a
        loaded scenario, or it does not cover the month `as_of`.
    RunError
        If the futures do not fit into memory.

    Examples
    --------
    >>> import sim
    >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> result.countries.columns[:4].tolist()
    ['scenario', 'country', 'name', 'region']
    """
    begin = time.monotonic()
    ensemble = run_futures(scenario, replicates, seed, workers, facts, progress, as_of)
    return Result(ensemble, make_log(time.monotonic() - begin, workers))
