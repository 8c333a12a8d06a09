"""The numbers of the Compare page: the same rows for every scenario, with one estimator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.countries import difference_with, probability_with
from sim.analysis.standing import OTHER_GROUPS, Count, count, final_group, path_groups
from sim.experiment.outcomes import horizon_outcomes
from sim.model.layout import SLOTS_HELD
from sim.words.digits import supported
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import told_apart, with_article
from sim.words.titles import country_names, provider_name
from sim.words.wording import percent, points, span, with_sign, with_span

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.interfaces.explorer.compare.columns import ScenarioColumn
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble

Values = NDArray[Any]
AT_THE_END = "Countries at the end"
_SUMS = ("contracted_mw", "live_mw", "fund_usd_m")


@dataclass(frozen=True)
class Row:
    """One number of every scenario.

    Parameters
    ----------
    section, title, unit : str
        Its heading, what is counted, and its unit; "probability" for probabilities 0-1.
    cells : tuple of Count or None
        One per column: the mean over futures, the range of 90 % of them (for a probability its 90
        % interval), and the change from the reference. None if the scenario has no such number.
    """

    section: str
    title: str
    unit: str
    cells: tuple[Count | None, ...]


def providers_of(columns: Sequence[ScenarioColumn]) -> dict[str, str]:
    """Return distinct titles of all providers of any column, those of the first column first."""
    found: dict[str, str] = {}
    for column in columns:
        if column.result is not None:
            scenario = column.result.scenario
            found = {name: provider_name(scenario, name) for name in scenario.providers} | found
    first = next((c.result for c in columns if c.result is not None), None)
    order = [] if first is None else list(first.ensemble.axes.provider)
    return told_apart({name: found[name] for name in dict.fromkeys([*order, *found])})


def _values(ensemble: Ensemble) -> dict[tuple[str, str], Values]:
    """Return each outcome of the futures, (R,), by provider ("" for none) and name."""
    found: dict[tuple[str, str], Values] = {
        (outcome.provider, outcome.name): outcome.values  # noqa: PD011 (no frame)
        for outcome in horizon_outcomes(ensemble)
    }
    found |= {("", group.key): final_group(ensemble, group) for group in path_groups(ensemble)}
    axes = ensemble.axes
    for o, provider in enumerate(axes.offer_provider):
        if ensemble.scenario.offers[f"{provider}.{axes.offer_key[o]}"].slots is not None:
            held = ensemble.offer_record[:, -1, o, SLOTS_HELD]
            key = (provider, "slots_held")
            found[key] = found[key] + held if key in found else held
    return found


def _rows_wanted(providers: dict[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield provider, outcome, section, title and unit of each row of counts."""
    for name, title in providers.items():
        yield name, "n_countries", AT_THE_END, f"Partners of {with_article(title)}", "countries"
    for key, title in OTHER_GROUPS.items():
        yield "", key, AT_THE_END, title, "countries"
    for name, title in providers.items():
        yield name, "slots_held", title, "Places held in its limited offers", "countries"
        for outcome in _SUMS:
            words = OUTCOME_WORDS[outcome]
            yield name, outcome, title, words.heading, words.unit


def number_rows(columns: Sequence[ScenarioColumn], country: str) -> list[Row]:
    """Return the rows of the table of numbers, without rows that are zero in every future of all.

    Parameters
    ----------
    columns : sequence of ScenarioColumn
        The reference first.
    country : str
        ISO3 code of the country whose probabilities are shown at the end.
    """
    values = [None if c.found is None else _values(c.found.ensemble) for c in columns]
    rows = []
    for provider, name, section, title, unit in _rows_wanted(providers_of(columns)):
        key = (provider, name)
        if not any(own is not None and key in own and own[key].any() for own in values):
            continue
        cells = [
            _cell(column, own, values[0], key) for column, own in zip(columns, values, strict=True)
        ]
        rows.append(Row(section, title, unit, tuple(cells)))
    return [*rows, *_probability_rows(columns, country)]


def _cell(
    column: ScenarioColumn,
    own: dict[tuple[str, str], Values] | None,
    first: dict[tuple[str, str], Values] | None,
    key: tuple[str, str],
) -> Count | None:
    """Return one cell; what a scenario does not have counts as zero, as on the command line."""
    if own is None or column.found is None or (key not in own and key not in (first or {})):
        return None
    size = column.found.ensemble.futures_per_draw
    nothing = np.zeros(column.found.ensemble.replicates)
    is_paired = column.found.other is not None and first is not None
    against = first.get(key, nothing) if is_paired and first is not None else None
    if key not in own and against is None:
        return None
    return count(own.get(key, nothing), against, size)


def _probability_rows(columns: Sequence[ScenarioColumn], country: str) -> list[Row]:
    name = country_names().get(country, country)
    rows = []
    for provider, title in providers_of(columns).items():
        cells = tuple(_probability_cell(column.found, country, provider) for column in columns)
        if any(cell is not None for cell in cells):
            rows.append(
                Row(
                    f"{name}: probabilities at the end",
                    f"With {with_article(title)}",
                    "probability",
                    cells,
                )
            )
    return rows


def takes_part(result: Result | None, code: str) -> bool:
    """Return whether a country decides in a run."""
    return result is not None and code in result.ensemble.axes.country


def _probability_cell(found: ShownAnswer | None, code: str, provider: str) -> Count | None:
    if found is None or not takes_part(found.a, code):
        return None
    if provider not in found.ensemble.axes.provider:
        return None
    own = Count(*probability_with(found.a, code, provider))
    if found.comparison is None or not takes_part(found.b, code):
        return own
    change, low, high = difference_with(found, code, provider)
    return replace(own, change=change, low=low, high=high)


def cell_in_words(cell: Count | None, unit: str) -> tuple[str, str, str]:
    """Return a cell's number, its range and its change in words; "" for no change.

    Examples
    --------
    >>> cell_in_words(Count(0.5, 0.4, 0.6, 0.1, 0.05, 0.15), "probability")
    ('50 %', '40 to 60 %', '+10.0 points (+5.0 to +15.0)')
    >>> cell_in_words(Count(9.9, 9, 10, 0.01, -0.01, 0.02), "countries")
    ('9.9', '9 to 10', 'less than 0.1 apart')
    >>> cell_in_words(Count(123.485, 99, 140, 5.0, 4.8, 5.2), "countries")
    ('123', '99 to 140', '+5.0 (+4.8 to +5.2)')
    """
    if cell is None:
        return "-", "", ""
    if unit == "probability":
        mean, spread = percent(cell.mean), span(cell.p05, cell.p95, percent)
    else:
        mean, spread = supported(cell.mean, cell.p05, cell.p95), span(cell.p05, cell.p95)
    if cell.change is None:
        return mean, spread, ""
    if cell.change == 0 and cell.low == cell.high:
        return mean, spread, "the same"
    change = points if unit == "probability" else with_sign
    noun = " points" if unit == "probability" else ""
    if {change(value) for value in (cell.change, cell.low, cell.high)} <= {"0", "0.0"}:
        # Not the same: one may be 9.9 and the other 10.0.
        return mean, spread, f"less than 0.1{noun} apart"
    amount, ends = with_span(cell.change, cell.low, cell.high, change)
    return mean, spread, f"{amount}{noun} ({ends})"


def reads_clear(cell: Count, unit: str) -> bool:
    """Return whether the interval of a change excludes zero, even after rounding.

    Examples
    --------
    >>> reads_clear(Count(9, 8, 9, 0.02, 0.01, 0.1), "countries")
    False
    """
    show = points if unit == "probability" else with_sign
    return cell.is_clear and not {show(cell.low), show(cell.high)} & {"0", "0.0"}


def number_table(rows: Sequence[Row], columns: Sequence[ScenarioColumn]) -> pd.DataFrame:
    """Return the numbers as a table for a spreadsheet: one row per number and scenario.

    Probabilities and their changes are shares 0-1; empty where the page shows a dash or no change.
    """
    records = []
    for row in rows:
        for column, cell in zip(columns, row.cells, strict=True):
            nothing = Count(np.nan, np.nan, np.nan)
            shown = nothing if cell is None else cell
            records.append(
                {
                    "section": row.section,
                    "number": row.title,
                    "unit": "probability 0-1" if row.unit == "probability" else row.unit,
                    "scenario": column.label,
                    "mean": shown.mean,
                    "range": "90 % interval" if row.unit == "probability" else "90 % of futures",
                    "90 % low": shown.p05,
                    "90 % high": shown.p95,
                    "minus scenario 1": np.nan if shown.change is None else shown.change,
                    "minus scenario 1, 90 % low": shown.low,
                    "minus scenario 1, 90 % high": shown.high,
                }
            )
    return pd.DataFrame(records)
