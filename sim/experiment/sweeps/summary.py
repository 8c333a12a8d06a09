"""What a sweep says, in plain words: where the number of partners is least and greatest."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from sim.experiment.summaries.run import WIDTH, Section, Summary, wrap
from sim.scenario.wording import shown_value
from sim.words.wording import error_in_words, month_in_words, number, span, with_sign

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep

SHOWN = "n_countries"
_SPREAD = ("difference", "difference_low", "difference_high")
_COLUMNS = ("point", "provider", "outcome", "mean", "mean_se", *_SPREAD)


def summarise_sweep(found: StoredSweep) -> Summary:
    """Return the summary of a finished sweep."""
    sections = [Section(found.heading.title or found.scenario.title, (*_question(found),))]
    rows = _rows(found)
    end = month_in_words(found.scenario.months[-1])
    for name, provider in found.scenario.providers.items():
        heading = f"Partners of {provider.title} by {end}"
        own = rows[rows["provider"] == name].set_index("point")
        sections.append(Section(heading, (*_extremes(found, own),)))
    return Summary(tuple(sections))


def _question(found: StoredSweep) -> Iterator[str]:
    if found.heading.description:
        yield from wrap(" ".join(found.heading.description.split()))
    names = ", ".join(found.design.names)
    yield from wrap(
        f"{found.design.n_points:,} points over {names} ({found.design.method}), and the scenario "
        f"{found.scenario.name} as it stands; {found.replicates:,} futures each, seed {found.seed},"
        " with the same random numbers at every point."
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
    for words, row in (("least", moved[0]), ("greatest", moved[-1])):
        at = ", ".join(f"{f.name} {_shown(f, float(row[f.name]))}" for f in found.inputs.fields)
        change, low, high = (float(row[name]) for name in _SPREAD)
        interval = "" if math.isnan(low) else f" (90 %: {span(low, high, with_sign)})"
        head = f"{words:14}{_mean(row)}  "
        text = f"{with_sign(change)}{interval} at point {row['point']}: {at}"
        lines = textwrap.wrap(text, WIDTH - 2 - len(head))
        yield head + lines[0]
        yield from (" " * len(head) + line for line in lines[1:])
