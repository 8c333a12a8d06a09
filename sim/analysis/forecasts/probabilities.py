"""The table of a forecast: for each country, offer and horizon the probability of a signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.experiment.probability_interval import probability_interval
from sim.experiment.tables.countries import is_on_record, signature_probability
from sim.experiment.tables.table import Column, Table, build_table
from sim.scenario.months import month_name, month_number

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

HORIZONS = (6, 12, 24)
KEY = ("iso3", "provider", "offer", "by_month")
_P = "probability 0-1"
_COLUMNS = (
    Column("iso3", "string", "ISO3 code", "Country that decides; XKX is Kosovo."),
    Column("country", "string", "", "Name of the country."),
    Column("provider", "string", "", "Short name of the provider."),
    Column("offer", "string", "", "Short name of the offer within its provider."),
    Column("from_month", "yearmonth", "month", "Last month before the forecast begins."),
    Column("by_month", "yearmonth", "month", "Month by whose end the signature counts."),
    Column("months", "integer", "months", "Months from from_month to by_month."),
    Column(
        "p_signed",
        "number",
        _P,
        "Share of futures in which the country signs the offer by the end of by_month, whether or "
        "not it withdraws later.",
    ),
    Column(
        "p_signed_chance_low",
        "number",
        _P,
        "Lower end of the 90 % interval of p_signed by its Monte Carlo error; empty with fewer "
        "than two draws of the uncertain numbers.",
    ),
    Column("p_signed_chance_high", "number", _P, "Upper end of that interval."),
    Column(
        "already_on_record",
        "boolean",
        "",
        "Whether the scenario has the partnership on record at its start. Then the row is no "
        "forecast, and is not scored.",
    ),
)


@dataclass(frozen=True)
class Span:
    """The months of a forecast.

    Parameters
    ----------
    from_month : str
        Last month before it begins.
    by_months : mapping
        Last month of each horizon, by the number of months after `from_month`.
    """

    from_month: str
    by_months: dict[int, str]

    @property
    def last(self) -> str:
        """The last month of the longest horizon."""
        return [*self.by_months.values()][-1]


def forecast_span(scenario: Scenario) -> Span:
    """Return the months of a forecast from a scenario: the horizons that it covers.

    Raises
    ------
    InputError
        If the scenario covers none of them.

    Notes
    -----
    It begins after the month for which the scenario states its record (``initial.as_of``), or with
    its first month where that comes sooner.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> span = forecast_span(load_scenario("today"))
    >>> span.from_month, span.by_months
    ('2026-11', {6: '2027-05', 12: '2027-11', 24: '2028-11'})
    """
    before = month_number(scenario.months[0]) - 1
    as_of = scenario.initial.as_of
    begin = before if as_of is None else min(before, month_number(as_of))
    ends = {months: month_name(begin + months) for months in HORIZONS}
    covered = {months: end for months, end in ends.items() if end in scenario.months}
    if not covered:
        rule = (
            f"{scenario.name} ends in {scenario.months[-1]}; a forecast from {month_name(begin)} "
            f"needs months up to {ends[HORIZONS[0]]}."
        )
        raise InputError([Problem("", 0, rule, "Move horizon.end, or name another scenario.")])
    return Span(month_name(begin), covered)


def forecast_table(ensemble: Ensemble, span: Span) -> Table:
    """Return the table of a forecast.

    Parameters
    ----------
    ensemble : Ensemble
        Futures that reach at least to the last month of `span`.
    span : Span
        The months of the forecast.
    """
    rows = [row for offer_rows in _rows(ensemble, span) for row in offer_rows]
    rows.sort(key=lambda row: row[:4] + row[6:7])
    return build_table(
        "forecast",
        "One row per country, offer and horizon: the probability that the country signs by then.",
        KEY,
        list(zip(_COLUMNS, zip(*rows, strict=True), strict=True)),
    )


def _rows(ensemble: Ensemble, span: Span) -> Iterator[Iterator[tuple[object, ...]]]:
    """Yield the rows of each offer and horizon."""
    axes = ensemble.axes
    names = ensemble.facts.countries.loc[list(axes.country), "name"].tolist()
    for o, offer in enumerate(axes.offer_key):
        on_record = is_on_record(ensemble, o).tolist()
        for months, by_month in span.by_months.items():
            found = signature_probability(_until(ensemble, axes.month.index(by_month)), o)
            p = found.mean
            low, high = probability_interval(p, p, p, found.standard_error)
            fixed = (axes.offer_provider[o], offer, span.from_month, by_month, months)
            columns = (p.tolist(), low.tolist(), high.tolist(), on_record)
            yield (
                (code, name, *fixed, *values)
                for code, name, *values in zip(axes.country, names, *columns, strict=True)
            )


def _until(ensemble: Ensemble, t: int) -> Ensemble:
    """Return an ensemble that knows of no invitation or signature after month t."""

    def cut(month: NDArray[np.int16]) -> NDArray[np.int16]:
        return np.where(month <= t, month, -1).astype(np.int16)

    return replace(
        ensemble,
        month_invited=cut(ensemble.month_invited),
        month_signed=cut(ensemble.month_signed),
    )
