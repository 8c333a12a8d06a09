"""All that is known of one result, as lines of text or as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.interfaces.cli.catalogue.listing import WIDTH, failed_in_words
from sim.interfaces.cli.output import bytes_in_words

if TYPE_CHECKING:
    from sim.experiment.catalogue.base_differences import Differing
    from sim.experiment.catalogue.entries import Entry


def damage_of(entry: Entry) -> str:
    """Return why a result is not whole, after reading its files; "" if it is."""
    from sim.errors import RunError
    from sim.experiment.store.results import check_result

    if not entry.is_whole:
        return entry.problem
    try:
        check_result(entry.place.folder)
    except RunError as error:
        return str(error).splitlines()[0].rstrip(".")
    return ""


def _status(entry: Entry, problem: str) -> str:
    return "damaged" if problem and entry.is_whole else entry.status


def detail_lines(entry: Entry, problem: str, differing: Differing | None) -> Iterator[str]:
    """Yield what is known of a result, in lines with a word before each."""
    yield f"{entry.place.kind} {entry.run_id}: {entry.place.name}"
    state = problem or "every file is as it was written"
    lines = [("status", f"{_status(entry, problem)}: {state}"), ("folder", str(entry.place.folder))]
    if entry.manifest is not None and differing is not None:
        lines += _stated_lines(entry)
        if entry.n_failed:
            lines.append(("failed", failed_in_words(entry)))
        if differing.base:
            lines.append(("base", differing.base))
        lines += [("differs" if not n else "", part) for n, part in enumerate(differing.parts())]
        files = (
            f"{name} ({bytes_in_words(about['bytes'])})" for name, about in _files(entry).items()
        )
        lines.append(("files", ", ".join(files)))
    for word, text in lines:
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=f"  {word:<11}", subsequent_indent=" " * 13,
            break_on_hyphens=False,
        )  # fmt: skip


def _stated_lines(entry: Entry) -> list[tuple[str, str]]:
    """Return what the manifest and the log of a result state."""
    from sim.experiment.catalogue.entries import read_log

    log = read_log(entry.place.folder)
    took = log.get("seconds_simulating")
    when = "" if entry.finished is None else f"{entry.finished.isoformat(' ')} UTC"
    if isinstance(took, int | float):
        when += f", after {took:,.1f} s on {log.get('workers')} threads"
    months = [entry.stated("first_month"), entry.stated("last_month")]
    command = entry.stated("command_line")
    of = f" of {entry.scenario}" if entry.place.kind == "sweep" else ""
    points = "" if entry.n_points == 1 else f" at each of {entry.n_points:,} points"
    if entry.place.kind == "comparison":
        points = " of each scenario"
    lines = [
        ("title", str(entry.title)),
        ("months", " to ".join(str(month) for month in months)),
        ("futures", f"{entry.stated('replicates'):,}{points}{of}, seed {entry.stated('seed')}"),
        ("finished", when),
        ("written by", str(entry.stated("created_by"))),
        ("revision", str(entry.stated("git_revision"))),
        ("command", " ".join(command) if command else "from Python"),
    ]
    return [(word, text) for word, text in lines if "None" not in text]


def _files(entry: Entry) -> dict[str, Any]:
    return dict(entry.manifest["files"]) if entry.manifest is not None else {}


def as_data(entry: Entry, problem: str, differing: Differing | None) -> dict[str, Any]:
    """Return all that is known of a result as plain data."""
    changes = () if differing is None else differing.changes
    return {
        "run_id": entry.run_id,
        "result_kind": entry.place.kind,
        "result_name": entry.place.name,
        "folder": str(entry.place.folder),
        "status": _status(entry, problem),
        "problem": problem,
        "scenario": entry.scenario,
        "compared_with": entry.compared_with,
        "title": entry.title,
        "first_month": entry.stated("first_month"),
        "last_month": entry.stated("last_month"),
        "seed": entry.stated("seed"),
        "replicates": entry.stated("replicates"),
        "n_points": entry.n_points,
        "n_failed": entry.n_failed,
        "finished": None if entry.finished is None else entry.finished.isoformat(" "),
        "command_line": entry.stated("command_line"),
        "base": None if differing is None else differing.base,
        "varied": [] if differing is None else list(differing.varied),
        "differences": [
            {"address": address, "value_in_base": before, "value": value}
            for address, before, value in changes
        ],
        "files": sorted(_files(entry)),
        "n_bytes": entry.n_bytes,
    }
