"""Cards of what simulations found: runs, comparisons, sweeps, folders of results, answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from sim.analysis.findings import level_in_words
from sim.analysis.standing import Count
from sim.experiment.sweeps.designs.design_table import named
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.differences import COMPARISON_TABLES
from sim.interfaces.notebook.card import MOST_ROWS, Card
from sim.interfaces.notebook.plotting import charts_of
from sim.words.text import with_article
from sim.words.titles import provider_name
from sim.words.wording import counted, month_in_words, with_sign, with_span

if TYPE_CHECKING:
    from sim.analysis.answers import Answer
    from sim.experiment.catalogue.results import Results
    from sim.experiment.result_views import ComparisonView, RunView
    from sim.experiment.sweeps.stored import StoredSweep

_PARTNERS = "n_countries"
_MOST_CHANGES = 2
_AB = ("value_a", "value_b")
_OF_CATALOGUE = ("run_id", "result_kind", "result_name", "seed", "replicates", "finished", "status")


def of_run(run: RunView) -> Card:
    """Return the card of a run: partners of each provider, and the countries."""
    end, scenario = month_in_words(run.months[-1]), run.scenario
    chances = [f"p_committed_{name}" for name in scenario.providers]
    # Those first of whom a reader would ask.
    frame = run.countries.sort_values(chances[0], ascending=False, kind="stable")
    first = with_article(provider_name(scenario, next(iter(scenario.providers))))
    waits = [name for name in ("p_uncommitted",) if name in frame]
    size = (
        f"Scenario {scenario.name}, {month_in_words(run.months[0])} to {end}: "
        f"{len(frame)} countries, {counted(run.replicates, 'future')}, seed {run.seed}."
    )
    return Card(
        scenario.title,
        [size, *_levels(run, end)],
        frame[["country", "name", "region", *chances, *waits]],
        len(frame),
        [_tables("countries", RUN_TABLES), "`.summary()` says it in words.", _charts(run)],
        f"likeliest partners of {first} first",
    )


def _levels(run: RunView, end: str) -> Iterator[str]:
    """Yield how many partners each provider has in the end."""
    rows = run.totals[run.totals["outcome"] == _PARTNERS]
    for row in rows[rows["provider"].isin(list(run.scenario.providers))].to_dict("records"):
        found = Count(row["mean"], row["p05"], row["p95"], error=row["mean_se"])
        name = with_article(provider_name(run.scenario, row["provider"]))
        yield f"Partners of {name} by the end of {end}: {level_in_words(found)}."


def of_comparison(found: ComparisonView) -> Card:
    """Return the card of a comparison: what it changes for each provider, and for countries."""
    a, b = found.scenario_a, found.scenario_b
    end = month_in_words(found.months[-1])
    size = (
        f"Differences are {b.name} minus {a.name} ({_changed(found)}), in the same "
        f"{counted(found.replicates, 'future')}, seed {found.seed}."
    )
    frame = found.countries
    size_of_move = frame["difference"].abs().sort_values(ascending=False, kind="stable")
    frame = frame.loc[size_of_move.index]
    kept = [name for name in frame if not str(name).startswith("scenario_")]
    return Card(
        f"{b.title}, compared with: {a.title}",
        [size, *_changes(found, end)],
        frame[kept],
        len(frame),
        [_tables("countries", COMPARISON_TABLES), "`.summary()` says it in words.", _charts(found)],
        "those that move most first",
    )


def _changed(found: ComparisonView) -> str:
    """Return what differs between two scenarios, or in how many places they do."""
    rows = found.changes.to_dict("records")
    if not 0 < len(rows) <= _MOST_CHANGES:
        return counted(len(rows), "change")
    # An empty cell is a number that only one of them has, or draws.
    values = [[row[name] if isinstance(row[name], str) else "none" for name in _AB] for row in rows]
    pairs = zip(rows, values, strict=True)
    return "; ".join(f"{row['address']} from {a} to {b}" for row, (a, b) in pairs)


def _changes(found: ComparisonView, end: str) -> Iterator[str]:
    """Yield how many more partners each provider has in the end."""
    titles = {
        name: provider_name(scenario, name)
        for scenario in (found.scenario_b, found.scenario_a)
        for name in scenario.providers
    }
    rows = found.totals[found.totals["outcome"] == _PARTNERS]
    for row in rows[rows["provider"].isin(list(titles))].to_dict("records"):
        values = (row["difference"], row["difference_low"], row["difference_high"])
        change, ends = with_span(*values, with_sign)
        name = with_article(titles[row["provider"]])
        yield f"Partners of {name} by the end of {end}: {change} (90 % interval: {ends})."


def of_sweep(found: StoredSweep) -> Card:
    """Return the card of a finished sweep: its size, what failed, and its first points."""
    design = found.design
    names = named([scenario.name for scenario in found.scenarios])
    size = (
        f"{counted(design.n_points, 'point')} over {named(design.names)} ({design.method}) in "
        f"{names}; {counted(found.replicates, 'future')} at each, seed {found.seed}. Point 0 is "
        "the scenario as it stands."
    )
    failed = (
        [f"{counted(found.n_failed, 'point')} failed: see `.failed`."] if found.n_failed else []
    )
    frame = found.frame("points", where=pc.field("point") < MOST_ROWS)
    n_rows = (design.n_points + 1) * len(found.scenarios)
    rest = _tables("points", ("outcomes", "countries"))
    return Card(
        found.heading.title or found.scenario.title,
        [*filter(None, [found.heading.description]), size, *failed],
        frame,
        n_rows,
        [rest, _charts(found)],
    )


def of_results(found: Results) -> Card:
    """Return the card of a folder of results: how many of which kind, and the latest."""
    kinds = Counter(entry.place.kind for entry in found)
    n_whole = sum(entry.is_whole for entry in found)
    listed = ", ".join(counted(count, kind) for kind, count in sorted(kinds.items()))
    frame = found.table
    return Card(
        f"Results in {found.root}",
        [f"{listed or 'No results'}; {n_whole:,} of {len(found):,} are whole. The latest first."],
        frame[[name for name in _OF_CATALOGUE if name in frame]],
        len(frame),
        ["`.table` has all columns; `.open(run_id)` reads one, `.query(sql)` asks all of them."],
    )


def of_answer(found: Answer) -> Card:
    """Return the card of an answer: what it found, and its first table."""
    first, *others = found.tables()
    rest = _tables(first.name, [table.name for table in others])
    words = "`.sentences()` says all that was found; `.write(folder)` saves it."
    return Card(
        found.title,
        found.sentences(),
        first.frame,
        len(first.frame),
        [rest, words, _charts(found)],
    )


def _tables(first: str, names: Iterable[str]) -> str:
    """Return how to get a table whole, and the others."""
    others = ", ".join(f"`{name}`" for name in names if name != first)
    also = f"; the other tables are {others}" if others else ""
    return f"`.frame({first!r})` is the whole table{also}."


def _charts(found: Any) -> str:
    """Return which charts there are."""
    names = ", ".join(f"`{one.name}`" for one in charts_of(found))
    return f"`.plot()` draws it; the charts are {names}." if names else "No chart draws it."
