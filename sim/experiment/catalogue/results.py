"""The results in a folder: listed, filtered, opened, and asked as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, ResultError, checked_path, why_closed
from sim.experiment.catalogue.choosing import checked_choice, with_id
from sim.experiment.catalogue.entries import Entry, read_entries
from sim.experiment.catalogue.places import other_folders
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.catalogue.querying import QueryResult, Tables
    from sim.experiment.stored import StoredComparison, StoredRun
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.experiment.tables.table import Table

_NAME_ONE = "Name the folder that was given to --results, such as results."


class Results(ShowsItself):
    """Runs, comparisons and sweeps in a folder of results, as they were when it was opened.

    Parameters
    ----------
    root : Path
        The folder.
    entries : sequence of Entry
        What is known of each result.
    others : sequence of str
        Folders in it that hold nothing of the project.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = sim.simulate(scenario, replicates=8, seed=2).save(folder)
    ...     found = sim.results(folder)
    ...     (entry,) = found.filter(kind="run", seed=2)
    ...     print(found.open(entry.run_id).seed, len(found.filter(kind="sweep")))
    2 0
    """

    def __init__(self, root: Path, entries: Sequence[Entry], others: Sequence[str] = ()) -> None:
        self.root = root
        self.entries = tuple(entries)
        self.others = tuple(others)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The catalogue: one row per result, whole or not, the latest first."""
        return self._catalogue.frame

    @cached_property
    def _catalogue(self) -> Table:
        from sim.experiment.catalogue.base_differences import Bases
        from sim.experiment.catalogue.catalogue_table import catalogue_table

        return catalogue_table(self.entries, Bases())

    @cached_property
    def _stored(self) -> Tables:
        from sim.experiment.catalogue.stored_tables import stored_tables

        return stored_tables(self.entries)

    @cached_property
    def schema(self) -> pd.DataFrame:
        """Every column that a query can name: table, kind of result, column, type, unit, meaning.

        Texts are those of the data dictionaries of the results. Results that differ in a column
        have a row each.
        """
        from sim.experiment.catalogue.schema import schema_table

        return schema_table(self._stored, self._catalogue)

    def filter(
        self,
        *,
        kind: str | None = None,
        scenario: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        seed: int | None = None,
        is_whole: bool | None = None,
    ) -> Results:
        """Return some of the results; what is not given does not matter.

        Parameters
        ----------
        kind : str, optional
            run, comparison or sweep.
        scenario : str, optional
            Name of a scenario: of a comparison, either of the two.
        since, until : date or str, optional
            First and last day on which it was finished, in UTC; a text is YYYY-MM-DD.
        seed : int, optional
        is_whole : bool, optional
            Only whole results, or only others.

        Raises
        ------
        InputError
            If a value is of the wrong type, or `since` is later than `until`.
        """
        choice = checked_choice(kind, scenario, since, until, seed, is_whole)
        return Results(self.root, [e for e in self.entries if choice.keeps(e)], self.others)

    def open(self, run_id: str | Path) -> StoredRun | StoredComparison | StoredSweep:
        """Return a result, after checking its files.

        Parameters
        ----------
        run_id : str
            Its identifier or the first digits of it.

        Raises
        ------
        InputError
            If no result, or more than one, begins so.
        RunError
            If it is not whole.
        """
        from sim.experiment.stored import load_run

        entry = with_id(self.entries, run_id, self.root)[0]
        if entry.place.state != "finished":
            raise ResultError(
                f"{entry.place.folder} is not finished: {entry.problem}.\n"
                "  Run the same command again, or wait for the process that runs it."
            )
        return load_run(entry.place.folder)

    def query(self, sql: str) -> pd.DataFrame:
        """Return the answer to a query in SQL over the tables of all whole results.

        Parameters
        ----------
        sql : str
            One SELECT, in the dialect of DuckDB. Each table is a view over the results that have
            it; its first columns, ``run_id``, ``result_kind`` and ``result_name``, say to which
            result a row belongs. The view ``results`` is the catalogue. `schema` lists all columns.

        Raises
        ------
        InputError
            If the query is not one SELECT, or names a table or column that does not exist.
        RunError
            If memory or the disk does not suffice.

        Examples
        --------
        >>> import sim, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for seed in (1, 2):
        ...         _ = sim.simulate(sim.load_scenario("baseline"), 8, seed).save(folder)
        ...     found = sim.results(folder).query("select count(distinct run_id) n from totals")
        >>> int(found["n"][0])
        2
        """
        with self.answer(sql) as answer:
            return answer.frame()

    def answer(self, sql: str) -> AbstractContextManager[QueryResult]:
        """Return a context with the answer to a query, for reading it piece by piece.

        Raises
        ------
        InputError, RunError
            As `query` does.
        """
        from sim.experiment.catalogue.querying import answered
        from sim.experiment.tables.files import arrow_table

        return answered(self.root, self._stored, lambda: arrow_table(self._catalogue), sql)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __repr__(self) -> str:
        n_whole = sum(entry.is_whole for entry in self.entries)
        return f"<Results {self.root}: {len(self.entries)} results, {n_whole} of them whole>"


def results(path: str | Path = "results") -> Results:
    """Return the runs, comparisons and sweeps in a folder of results.

    Parameters
    ----------
    path : path
        Root of all results.

    Returns
    -------
    Results
        As the folder is now; what is written later is not in it.

    Raises
    ------
    InputError
        If the folder does not exist, cannot be read, or is that of a single result.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = sim.simulate(scenario, replicates=8, seed=1).save(folder)
    ...     found = sim.results(folder)
    ...     print(found.table[["result_kind", "result_name", "seed"]].to_string(index=False))
    result_kind result_name  seed
            run    baseline     1
    """
    root = checked_path(path, "the folder of results")
    closed = why_closed(root)
    if closed is not None:
        raise InputError([Problem(str(root), 0, *closed)])
    if not root.is_dir():
        what = "this is not a folder." if root.exists() else "this folder does not exist."
        raise InputError([Problem(str(root), 0, what, _NAME_ONE)])
    if (root / MANIFEST_FILE).is_file():
        message = "this is the folder of one result."
        raise InputError([Problem(str(root), 0, message, _NAME_ONE)])
    try:
        next(root.iterdir(), None)
    except OSError as error:
        message = f"this folder cannot be read ({error.strerror or error})."
        raise InputError([Problem(str(root), 0, message, _NAME_ONE)]) from error
    entries = sorted(read_entries(root), key=_when, reverse=True)
    runs = {entry.place.name for entry in entries if entry.place.kind == "run"}
    return Results(root, entries, other_folders(root, runs))


def _when(entry: Entry) -> datetime:
    # What is not finished is the latest of all.
    return entry.finished or datetime.max
