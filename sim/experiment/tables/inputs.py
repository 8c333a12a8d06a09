"""events and parameters: the events that applied, and every number used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.data import load_parameters
from sim.experiment.intervals import quantiles
from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Table, build_table
from sim.scenario import Offer, Provider, field_at, numeric_fields, split_address

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble
    from sim.scenario import Distribution, Event, Lever, Scenario

ASSUMPTION = "assumption"
ESTIMATED = "estimated"
SCENARIO_SET = "scenario"
DRAWN = (0.05, 0.5, 0.95)


class _EventRow(NamedTuple):
    month: str
    kind: str
    title: str
    target: str
    value: float | None
    countries: str
    probability: float
    source: str


_EVENT_COLUMNS = (
    Column("month", "yearmonth", "month", "Month in which it happens."),
    Column(
        "kind",
        "string",
        "",
        "commitment or withdrawal (on record at the start), set (a term changes), shock (concern "
        "changes) or affinity_shift.",
    ),
    Column("title", "string", "", "What happens."),
    Column("target", "string", "", "Dotted address of the term, offer or provider it concerns."),
    Column(
        "value",
        "number",
        "that of the target",
        "New value of a term (1 for true, 0 for false, empty for no limit), or size of a shock "
        "(concern) or a shift (affinity); empty for entries on record at the start.",
    ),
    Column("countries", "string", "", "ISO3 codes with spaces between, or all; empty for a term."),
    Column("probability", "number", "probability 0-1", "Probability that it happens in a future."),
    Column("source", "string", "", "Where it is reported, or the word assumption."),
)


def events_table(scenario: Scenario) -> Table:
    """Return the events that applied, with the record at the start."""
    rows = [*_record_rows(scenario)]
    rows += [row for event in scenario.events for row in _event_rows(event)]
    cells = [*zip(*rows, strict=True)] if rows else [()] * len(_EVENT_COLUMNS)
    return build_table(
        "events",
        "One row per entry on record at the start, and one per effect of each dated event.",
        (),
        [
            (SCENARIO, [scenario.name] * len(rows)),
            *zip(_EVENT_COLUMNS, cells, strict=True),
        ],
    )


def _record_rows(scenario: Scenario) -> Iterator[_EventRow]:
    for c in scenario.initial.commitments:
        title = f"Committed at the start ({c.stage})"
        yield _EventRow(c.signed, "commitment", title, c.offer, None, c.country, 1.0, c.source)
    for w in scenario.initial.withdrawals:
        title = f"Ended by the {w.by} before the start"
        yield _EventRow(w.date, "withdrawal", title, w.offer, None, w.country, 1.0, w.source)


def _event_rows(event: Event) -> Iterator[_EventRow]:
    e = event
    for address, value in (event.set or {}).items():
        number = None if value is None else float(value)
        yield _EventRow(e.date, "set", e.title, address, number, "", e.probability, e.source)
    for kind in ("shock", "affinity_shift"):
        effect = getattr(event, kind)
        if effect is not None:
            about = (effect.provider, effect.size, " ".join(effect.countries))
            yield _EventRow(e.date, kind, e.title, *about, e.probability, e.source)


class _Number(NamedTuple):
    """One number as used, with its description."""

    address: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    distribution: str
    dist_low: float | None
    dist_mode: float | None
    dist_high: float | None
    dist_mean: float | None
    dist_sd: float | None
    status: str
    source: str
    description: str


_BOUNDS = "bound that any value must respect; empty if there is none."
_ARGUMENT = "of the distribution; empty if it has none."
_LOW = f"Least value (of a posterior the 5 % quantile) {_ARGUMENT}"
_HIGH = f"Greatest value (of a posterior the 95 % quantile) {_ARGUMENT}"
_NUMBER_COLUMNS = (
    Column("address", "string", "", "Dotted address of the number in a scenario file."),
    Column(
        "value",
        "number",
        "column unit",
        "Value in the scenario, before any draw; 1 for true and 0 for false; empty if there is no "
        "limit.",
    ),
    Column("unit", "string", "", "Unit of the row; switch means true or false."),
    Column("low", "number", "column unit", f"Lower {_BOUNDS}"),
    Column("high", "number", "column unit", f"Upper {_BOUNDS}"),
    Column(
        "distribution",
        "string",
        "",
        "How it is drawn, once for each group of futures: uniform, triangular, normal (truncated "
        "at its limits), loguniform, posterior (all such numbers from one row of the posterior "
        "table); empty if it is fixed.",
    ),
    Column("dist_low", "number", "column unit", _LOW),
    Column("dist_mode", "number", "column unit", f"Likeliest value {_ARGUMENT}"),
    Column("dist_high", "number", "column unit", _HIGH),
    Column("dist_mean", "number", "column unit", f"Mean {_ARGUMENT}"),
    Column("dist_sd", "number", "column unit", f"Standard deviation {_ARGUMENT}"),
    Column(
        "status",
        "string",
        "",
        "assumption; published, or another word of the parameter table; estimated, if it is drawn "
        "from the posterior; or scenario: set by the scenario, or by the defaults of scenario "
        "files.",
    ),
    Column(
        "source",
        "string",
        "",
        "What the number rests on: a key of the references, or assumption if nothing is on "
        "record; for an estimated number, the posterior; for a number set by the scenario, the "
        "name of the scenario and the source of its lever. The scenario's own sources are in the "
        "manifest.",
    ),
    Column("description", "string", "", "What the number means."),
)


def parameters_table(ensemble: Ensemble) -> Table:
    """Return every number that was used, with unit, bounds, distribution and source."""
    scenario = ensemble.scenario
    numbers = [*_parameters(scenario), *_terms(scenario)]
    cells = [*zip(*numbers, strict=True)]
    by_address = dict(
        zip(ensemble.number_names, quantiles(ensemble.number_draws, DRAWN).T, strict=True)
    )
    nothing = np.full(len(DRAWN), np.nan)
    drawn = np.array([by_address.get(number.address, nothing) for number in numbers])
    return build_table(
        "parameters",
        "One row per number: model parameters, then terms of providers and offers, then corporate "
        "ties set by the scenario.",
        ("address",),
        [
            (SCENARIO, [scenario.name] * len(numbers)),
            *zip(_NUMBER_COLUMNS, cells, strict=True),
            *(
                (
                    Column(
                        f"drawn_p{100 * q:02.0f}",
                        "number",
                        "column unit",
                        f"Quantile {100 * q:02.0f} % of the values drawn; empty if fixed.",
                    ),
                    drawn[:, j],
                )
                for j, q in enumerate(DRAWN)
            ),
        ],
    )


_Spread = tuple[str, float | None, float | None, float | None, float | None, float | None]


def _spread(distribution: Distribution | None) -> _Spread:
    """Return kind, low, mode, high, mean and standard deviation."""
    if distribution is None or distribution.kind == "fixed":
        return "", None, None, None, None, None
    d = distribution
    if d.kind == "posterior":
        return d.kind, d.low, None, d.high, d.mode, None
    return d.kind, d.low, d.mode, d.high, d.mean, d.sd


def _estimated(scenario: Scenario, address: str) -> tuple[str, str] | None:
    """Return status and source of a number that is drawn from the posterior; None for others."""
    d = scenario.uncertainties.get(address)
    if d is None or d.kind != "posterior" or scenario.posterior is None:
        return None
    column = "" if d.column == address.rpartition(".")[-1] else f"column {d.column} of the "
    shift = f", {'plus' if d.shift > 0 else 'less'} {abs(d.shift):g}" if d.shift else ""
    return ESTIMATED, f"{column}{scenario.posterior.title}{shift}"


def _parameters(scenario: Scenario) -> Iterator[_Number]:
    for name, row in load_parameters().items():
        address = f"parameters.{name}"
        value = scenario.parameters[name]
        # A row of the table without a source is an assumption, as its status says.
        status, source = row.status, row.source or row.status
        if value != row.default:
            status = SCENARIO_SET
            source = f"{_set_by(scenario)}; {row.default:g} in the parameter table"
        status, source = _estimated(scenario, address) or (status, source)
        yield _Number(
            address, value, row.unit, row.low, row.high,
            *_spread(scenario.uncertainties.get(address)), status, source, row.description,
        )  # fmt: skip


def _addresses(scenario: Scenario) -> Iterator[str]:
    for name, provider in scenario.providers.items():
        yield from (f"providers.{name}.{term}" for term in numeric_fields(Provider))
        for offer in provider.offers:
            yield from (f"providers.{name}.offers.{offer}.{t}" for t in numeric_fields(Offer))
    for country, ties in scenario.corporate_ties.items():
        yield from (f"corporate_ties.{country}.{provider}" for provider in ties)


def _terms(scenario: Scenario) -> Iterator[_Number]:
    levers = {lever.target: lever for lever in scenario.levers.values()}
    for address in _addresses(scenario):
        spec = field_at(split_address(address))
        assert spec is not None
        value = scenario.value(address)
        status, source = SCENARIO_SET, _set_by(scenario)
        if address in levers:
            status, source = _of_lever(levers[address], scenario)
        elif value == spec.default:
            source = "default of scenario files, an assumption"
        status, source = _estimated(scenario, address) or (status, source)
        yield _Number(
            address, None if value is None else float(value),
            "switch" if spec.kind == "switch" else spec.unit, spec.low, spec.high,
            *_spread(scenario.uncertainties.get(address)), status, source, spec.description,
        )  # fmt: skip


def _of_lever(lever: Lever, scenario: Scenario) -> tuple[str, str]:
    """Return status and source of a term with a lever: the source that the lever states.

    The source is about the value in the scenario file, which may have been changed since.
    """
    is_assumed = ASSUMPTION in lever.source.lower()
    source = f"{_set_by(scenario)}; its lever says: {lever.source}"
    return (ASSUMPTION if is_assumed else SCENARIO_SET), source


def _set_by(scenario: Scenario) -> str:
    """Return who set a number of the scenario.

    It names neither the extended file that set it nor a change made for this run: equal scenarios
    have equal tables, however they were made.
    """
    return f"set by the scenario {scenario.name}"
