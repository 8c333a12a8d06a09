"""The command that lists, shows and removes results."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.interfaces.cli.catalogue.details import as_data, damage_of, detail_lines
from sim.interfaces.cli.catalogue.listing import list_lines
from sim.interfaces.cli.options import AsJson, ResultsFolder
from sim.interfaces.cli.output import bytes_in_words, notice, records, show_json
from sim.interfaces.places import RESULTS
from sim.model.requests import LARGEST_SEED

if TYPE_CHECKING:
    from sim.experiment.catalogue.results import Results

Ids = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID...]", help="Results to show: the first digits of the run id are enough."
    ),
]
KindOf = Annotated[
    Literal["run", "comparison", "sweep"] | None,
    typer.Option("--kind", help="Only runs, comparisons or sweeps."),
]
OfScenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="Only results of this scenario."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="Finished on this day or later: YYYY-MM-DD, UTC."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="Finished on this day or earlier."),
]
OfSeed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help="Only results of this seed."),
]
Whole = Annotated[
    bool | None,
    typer.Option("--whole/--not-whole", help="Only results that are whole, or only others."),
]
Remove = Annotated[
    bool,
    typer.Option("--remove", help="Remove the results named or filtered, after asking."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking.")]


def results(
    ids: Ids = None,
    results: ResultsFolder = RESULTS,
    kind: KindOf = None,
    scenario: OfScenario = None,
    since: Since = None,
    until: Until = None,
    seed: OfSeed = None,
    whole: Whole = None,
    remove: Remove = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """List, show or remove runs, comparisons and sweeps.

    The list says of each result what it is, when it was finished, its size, what distinguishes its
    scenario from the one that it extends, and, if it is not whole, why. With an ID, it shows that
    result, after reading every file to check it. Removing asks first. It refuses results that a
    process is writing, and folders that hold other files.

    \b
    Examples:
      alignsim results
      alignsim results --kind sweep --since 2026-11-01
      alignsim results 6aced970
      alignsim results --scenario baseline --not-whole --remove
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.experiment.catalogue.choosing import with_id
    from sim.experiment.catalogue.results import Results
    from sim.experiment.catalogue.results import results as results_in

    found = results_in(results)
    chosen = found.filter(
        kind=kind, scenario=scenario, since=since, until=until, seed=seed, is_whole=whole
    )
    if ids:
        named = [entry for given in ids for entry in with_id(chosen.entries, given, results)]
        once = {entry.place.folder: entry for entry in named}
        chosen = Results(found.root, list(once.values()))
    if remove:
        filters = (kind, scenario, since, until, seed, whole)
        if not ids and all(value is None for value in filters):
            raise typer.BadParameter("--remove needs an ID or a filter, such as --scenario.")
        _remove(chosen, yes, as_json)
    elif ids:
        _show(chosen, as_json)
    elif as_json:
        show_json(records(chosen.table))
    else:
        print("\n".join(list_lines(chosen, found)))


def _show(chosen: Results, as_json: bool) -> None:
    """Print all that is known of some results, after checking every file."""
    from sim.experiment.catalogue.base_differences import Bases

    bases = Bases()
    shown = []
    for entry in chosen:
        problem = damage_of(entry)
        differing = None if entry.manifest is None else bases.differing(entry.manifest)
        if as_json:
            shown.append(as_data(entry, problem, differing))
        else:
            print("\n".join(detail_lines(entry, problem, differing)))
    if as_json:
        show_json(shown)


def _remove(chosen: Results, is_sure: bool, as_json: bool) -> None:
    """Remove results, after asking."""
    from sim.errors import InputError, Problem
    from sim.experiment.catalogue.removing import check_removable, remove_entries
    from sim.words.wording import counted

    check_removable(chosen.entries)
    if len(chosen) and not is_sure:
        for entry in chosen:
            notice(f"{entry.place.kind} {entry.place.name}: {entry.place.folder}")
        size = bytes_in_words(sum(entry.n_bytes for entry in chosen))
        if as_json or not sys.stdin.isatty():
            message = f"{len(chosen)} results would be removed, and nobody is there to ask."
            raise InputError([Problem("", 0, message, "Add --yes to remove them.")])
        if not typer.confirm(f"Remove {counted(len(chosen), 'result')}, {size}?", err=True):
            notice("Nothing was removed.")
            raise typer.Exit(1)
    remove_entries(chosen.entries)
    if as_json:
        show_json([str(entry.place.folder) for entry in chosen])
    else:
        print(f"Removed: {counted(len(chosen), 'result')}.")
