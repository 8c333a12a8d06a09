"""What a sweep says, in plain words: where the number of partners is least and greatest."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from sim.experiment.summaries.run import WIDTH, HeadedLines, Summary, wrap
from sim.experiment.sweeps.designs.design_table import named
from sim.scenario.wording import shown_value
from sim.words.wording import error_in_words, month_in_words, number, span, with_sign

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep

SHOWN = "n_countries"
_MOST_FAILURES = 5
_SPREAD = ("difference", "difference_low", "difference_high")
_COLUMNS = ("point", "provider", "outcome", "mean", "mean_se", *_SPREAD)


def summarise_sweep(found: StoredSweep) -> Summary:
    """Return the summary of a finished sweep."""
    sections = [HeadedLines(found.heading.title or found.scenario.title, (*_question(found),))]
    if found.n_failed:
        sections.append(HeadedLines(f"Failed: {_of_points(found)}", (*_failures(found),)))
    for scenario in found.scenarios:
        one = found.within(scenario.name)
        rows = _rows(one)
        end = month_in_words(scenario.months[-1])
        of = f" in {scenario.name}" if len(found.scenarios) > 1 else ""
        for name, provider in scenario.providers.items():
            heading = f"Partners of {provider.title} by {end}{of}"
            own = rows[rows["provider"] == name].set_index("point")
            sections.append(HeadedLines(heading, (*_extremes(one, own),)))
    return Summary(tuple(sections))


def _of_points(found: StoredSweep) -> str:
    total = found.design.n_points * len(found.scenarios)
    return f"{found.n_failed:,} of {total:,} points"


def _failures(found: StoredSweep) -> Iterator[str]:
    """Yield the first points that failed, each with its error."""
    rows = found.failed.to_dict("records")
    for row in rows[:_MOST_FAILURES]:
        of = f"{row['scenario']}, " if len(found.scenarios) > 1 else ""
        yield from wrap(f"{of}point {row['point']}: {row['error']}")
    yield from wrap(
        "All failed points are in points.csv, with their errors. The same command tries them again "
        "and reuses the others."
    )


def _question(found: StoredSweep) -> Iterator[str]:
    if found.heading.description:
        yield from wrap(" ".join(found.heading.description.split()))
    names = " and ".join(scenario.name for scenario in found.scenarios)
    stands = f"the scenario {names} as it stands"
    if len(found.scenarios) > 1:
        stands = f"the scenarios {names} as they stand, each with all points"
    yield from wrap(
        f"{found.design.n_points:,} points over {named(found.design.names)} "
        f"({found.design.method}), and {stands}; {found.replicates:,} futures each, seed "
        f"{found.seed}, with the same random numbers at every point."
    )


def _rows(found: StoredSweep) -> pd.DataFrame:
    """Return the rows of the shown outcome: a few numbers per point."""
    fields = [name for name in found.design.names if name not in _COLUMNS]
    return found.frame("outcomes", [*_COLUMNS, *fields], pc.field("outcome") == SHOWN)


def _shown(field: SweptField, cell: float) -> str:
    """Return a cell in the notation of a sweep file."""
    value = field.setting(cell)
    return shown_value(value) if value is None or isinstance(value, bool) else format(value, "g")


def _mean(row: Mapping[Any, Any]) -> str:
    """Return the mean at a point with its Monte Carlo standard error."""
    return f"{number(float(row['mean'])):>6} ±{error_in_words(float(row['mean_se'])):<5}"


def _extremes(found: StoredSweep, rows: pd.DataFrame) -> Iterator[str]:
    """Yield the mean at point 0, and the points with the least and greatest mean."""
    records = rows.reset_index().to_dict("records")
    yield f"{'as it stands':14}{_mean(records[0])}"
    moved = sorted(records[1:], key=lambda row: float(row["mean"]))
    if not moved:
        return
    for words, row in (("least", moved[0]), ("greatest", moved[-1])):
        shown = [f"{f.name} {_shown(f, float(row[f.name]))}" for f in found.fields]
        at = named(shown)
        change, low, high = (float(row[name]) for name in _SPREAD)
        interval = "" if math.isnan(low) else f" (90 %: {span(low, high, with_sign)})"
        head = f"{words:14}{_mean(row)}  "
        text = f"{with_sign(change)}{interval} at point {row['point']}: {at}"
        lines = textwrap.wrap(text, WIDTH - 2 - len(head))
        yield head + lines[0]
        yield from (" " * len(head) + line for line in lines[1:])
