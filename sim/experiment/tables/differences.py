"""The tables of a comparison: paired differences by country and in total, and the changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import mean_interval, quantiles
from sim.experiment.outcomes import (
    Outcome,
    horizon_outcomes,
    is_committed,
    paired_outcomes,
    path_outcomes,
)
from sim.experiment.tables.shared_columns import COUNTRY, error_column
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

ENDS = (0.05, 0.95)
SCENARIO_A = Column("scenario_a", "string", "", "Scenario compared against.")
SCENARIO_B = Column("scenario_b", "string", "", "Scenario whose effect is in question.")
_MEAN = "90 % confidence interval of the mean difference; draws of the uncertain numbers are the "
_EMPTY = "independent units; empty with fewer than two."
_D = "probability -1 to 1"


@dataclass(frozen=True)
class Pair:
    """Two ensembles with the same months, seed and number of futures.

    Scenarios of different spans are first cut to the months that both have.
    """

    a: Ensemble
    b: Ensemble

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries that decide in either scenario."""
        return tuple(sorted({*self.a.axes.country, *self.b.axes.country}))

    def both(self, axis: str) -> tuple[str, ...]:
        """Return the names along an axis in either ensemble, those of a first."""
        names = [*getattr(self.a.axes, axis), *getattr(self.b.axes, axis)]
        return tuple(dict.fromkeys(names))


def _scenarios(pair: Pair, rows: int) -> list[Described]:
    return [
        (SCENARIO_A, [pair.a.scenario.name] * rows),
        (SCENARIO_B, [pair.b.scenario.name] * rows),
    ]


Happens = Callable[["Ensemble"], NDArray[np.bool_]]


def _ends_on(path: str) -> Happens:
    def happens(ensemble: Ensemble) -> NDArray[np.bool_]:
        if path not in ensemble.axes.path:
            return np.zeros(ensemble.final_path.shape, np.bool_)
        return np.equal(ensemble.final_path, ensemble.axes.path.index(path))

    return happens


def ends_with(provider: str) -> Happens:
    """Return a function that says who ends committed to a provider, by future and country."""

    def happens(ensemble: Ensemble) -> NDArray[np.bool_]:
        if provider not in ensemble.axes.provider:
            return np.zeros(ensemble.final_path.shape, np.bool_)
        return is_committed(ensemble, ensemble.axes.provider.index(provider))

    return happens


def _in_order(
    ensemble: Ensemble, countries: tuple[str, ...], values: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return values (R, n) in the order of the given countries; False for those not taking part."""
    place = {code: i for i, code in enumerate(ensemble.axes.country)}
    wide = np.zeros((values.shape[0], len(countries)), np.bool_)
    for j, code in enumerate(countries):
        if code in place:
            wide[:, j] = values[:, place[code]]
    return wide


def country_differences_table(pair: Pair) -> Table:
    """Return the table of countries: probabilities in both scenarios and paired differences."""
    outcomes: dict[str, Happens] = {}
    outcomes |= {f"p_committed_{name}": ends_with(name) for name in pair.both("provider")}
    outcomes |= {f"p_{name}": _ends_on(name) for name in pair.both("path")}
    countries, rows = pair.countries, len(outcomes) * len(pair.countries)
    found = np.array([paired_probabilities(pair, happens) for happens in outcomes.values()])
    panel = pair.a.facts.countries["name"]
    columns = [
        Column("p_a", "number", "probability 0-1", "Probability in scenario a."),
        Column("p_b", "number", "probability 0-1", "Probability in scenario b."),
        Column("difference", "number", _D, "Probability in b minus that in a."),
        Column("difference_low", "number", _D, f"Lower end of the {_MEAN}{_EMPTY}"),
        Column("difference_high", "number", _D, f"Upper end of the {_MEAN}{_EMPTY}"),
        Column("difference_se", "number", "probability 0-1", "Standard error of the difference."),
        Column("p_gained", "number", "probability 0-1", "Share of futures with it in b only."),
        Column("p_lost", "number", "probability 0-1", "Share of futures with it in a only."),
    ]
    what = (
        "Event whose probability is given, at the end of the last month; named as in a run's "
        "countries.csv."
    )
    return build_table(
        "countries",
        "One row per country and outcome. The same futures of both scenarios are compared.",
        ("country", "outcome"),
        [
            *_scenarios(pair, rows),
            (COUNTRY, [code for code in countries for _ in outcomes]),
            (
                Column("name", "string", "", "Name of the country."),
                [panel[code] for code in countries for _ in outcomes],
            ),
            (Column("outcome", "string", "", what), list(outcomes) * len(countries)),
            *((column, found[:, j].T.ravel()) for j, column in enumerate(columns)),
        ],
        has_twin=True,
    )


def paired_probabilities(pair: Pair, happens: Happens) -> NDArray[np.float64]:
    """Return an outcome's probabilities and their differences, (8, countries).

    Probability in a, in b, their difference, its two ends and its error, gained, lost.
    """
    a = _in_order(pair.a, pair.countries, happens(pair.a))
    b = _in_order(pair.b, pair.countries, happens(pair.b))
    gained, lost = (b & ~a), (a & ~b)
    change = gained.astype(np.int8) - lost.astype(np.int8)
    difference = mean_interval(change, pair.a.futures_per_draw)
    limits = (difference[0], np.maximum(difference[1], -1.0), np.minimum(difference[2], 1.0))
    probability = (a.mean(axis=0), b.mean(axis=0))
    return np.stack([*probability, *limits, difference[3], gained.mean(axis=0), lost.mean(axis=0)])


def total_differences_table(pair: Pair) -> Table:
    """Return the table of outcomes at the horizon: both means and the paired difference."""
    rows = [*_paired_outcomes(pair)]
    a, b = (
        np.stack([row[side].values.astype(np.float64) for row in rows], axis=1) for side in (0, 1)
    )
    mean, low, high, error = mean_interval(b - a, pair.a.futures_per_draw)
    least, most = quantiles(b - a, ENDS)
    of = "Short name of the provider; empty for an outcome that belongs to none."
    unit = "column unit"
    spread = "of the difference over futures, including parameters and chance."
    return build_table(
        "totals",
        "One row per outcome at the end of the last month, in both scenarios.",
        (),
        [
            *_scenarios(pair, len(rows)),
            (Column("provider", "string", "", of), [row[0].provider for row in rows]),
            (Column("outcome", "string", "", "What is counted."), [row[0].name for row in rows]),
            (Column("unit", "string", "", "Unit of the row."), [row[0].unit for row in rows]),
            (Column("mean_a", "number", unit, "Mean over futures of a."), a.mean(axis=0)),
            (error_column("mean_a", unit), mean_interval(a, pair.a.futures_per_draw)[3]),
            (Column("mean_b", "number", unit, "Mean over futures of b."), b.mean(axis=0)),
            (error_column("mean_b", unit), mean_interval(b, pair.b.futures_per_draw)[3]),
            (Column("difference", "number", unit, "Mean of b minus a."), mean),
            (Column("difference_low", "number", unit, f"Lower end of the {_MEAN}{_EMPTY}"), low),
            (Column("difference_high", "number", unit, f"Upper end of the {_MEAN}{_EMPTY}"), high),
            (Column("difference_se", "number", unit, "Standard error of the difference."), error),
            (Column("difference_p05", "number", unit, f"Quantile 5 % {spread}"), least),
            (Column("difference_p95", "number", unit, f"Quantile 95 % {spread}"), most),
        ],
    )


def _paired_outcomes(pair: Pair) -> Iterator[tuple[Outcome, Outcome]]:
    """Yield each outcome in both scenarios; zero if one of them does not have it."""
    a, b = ([*horizon_outcomes(side), *path_outcomes(side)] for side in (pair.a, pair.b))
    return paired_outcomes(a, b, pair.a.replicates)


# Keys that name or describe a scenario but do not affect it.
_WORDS = ("name", "title", "description", "sources", "levers")


def _flat(value: Any, address: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted address and text of every leaf of plain data; a list is one leaf."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _flat(entry, f"{address}.{key}" if address else str(key))
    elif isinstance(value, list):
        yield address, "; ".join(_leaf(entry) for entry in value)
    else:
        yield address, _leaf(value)


def _leaf(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_leaf(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return " ".join(_leaf(entry) for entry in value)
    if value is None:
        # Not "null", which many programs read as an empty cell.
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaves(scenario: Scenario) -> dict[str, str]:
    """Return the content of a scenario, address by address; a distribution is one leaf."""
    content = {key: value for key, value in scenario.to_dict().items() if key not in _WORDS}
    drawn = content.pop("uncertainties", {})
    leaves = dict(_flat(content, ""))
    return leaves | {f"uncertainties.{key}": _leaf(value) for key, value in drawn.items()}


def scenario_changes(a: Scenario, b: Scenario) -> list[tuple[str, str | None, str | None]]:
    """Return the differences between two scenarios: dotted address, value in a, value in b.

    Values are texts, or None if the scenario has no such value. Names, titles and levers are not
    compared, since they do not affect a run.
    """
    in_a, in_b = _leaves(a), _leaves(b)
    differing = [key for key in dict.fromkeys([*in_a, *in_b]) if in_a.get(key) != in_b.get(key)]
    # Terms first: the loss of a distribution only follows from a changed term.
    differing.sort(key=lambda key: key.startswith("uncertainties."))
    return [(key, in_a.get(key), in_b.get(key)) for key in differing]


def changes_table(pair: Pair) -> Table:
    """Return the differences between the two scenarios."""
    changes = scenario_changes(pair.a.scenario, pair.b.scenario)
    empty = "none for null; empty if the scenario has no such value"
    return build_table(
        "changes",
        "One row per number, word or list in which the two scenarios differ.",
        ("address",),
        [
            *_scenarios(pair, len(changes)),
            (
                Column("address", "string", "", "Dotted address in a scenario file."),
                [address for address, _, _ in changes],
            ),
            (
                Column("value_a", "string", "", f"Value in a, as text; {empty}."),
                [value for _, value, _ in changes],
            ),
            (
                Column("value_b", "string", "", f"Value in b, as text; {empty}."),
                [value for _, _, value in changes],
            ),
        ],
    )


def _notes_on_months(pair: Pair) -> Iterator[str]:
    """Yield which months are compared, if the two scenarios do not cover the same ones."""
    a, b = pair.a.scenario, pair.b.scenario
    if a.months == b.months:
        return
    first, last = pair.a.axes.month[0], pair.a.axes.month[-1]
    spans = " and ".join(f"{s.name} covers {s.months[0]} to {s.months[-1]}" for s in (a, b))
    yield (
        f"{spans}: the two are compared from {first} to {last}. Outcomes are those at the end of "
        f"{last}, and withdrawals are counted from {first} on."
    )
    for early, late in ((a, b), (b, a)):
        if early.months[0] < late.months[0]:
            yield (
                f"{late.name} starts in {first} from its own record; {early.name} has run since "
                f"{early.months[0]} by then."
            )


def _notes(pair: Pair) -> Iterator[str]:
    yield from _notes_on_months(pair)
    for axis, word in (("provider", "provider"), ("offer", "offer"), ("path", "path")):
        for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
            missing = [n for n in getattr(one.axes, axis) if n not in getattr(other.axes, axis)]
            if missing:
                names, who = ", ".join(missing), other.scenario.name
                counted = "there its probabilities and sums count as zero"
                yield f"{who} has no {word} {names}: {counted}."
    for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
        missing = sorted(set(one.axes.country) - set(other.axes.country))
        if missing:
            names, who = " ".join(missing), other.scenario.name
            counted = "their probabilities count as zero"
            yield f"in {who} these countries do not take part; {counted}: {names}."


def notes_table(pair: Pair) -> Table:
    """Return what could not be paired, and how it was treated."""
    notes = [*_notes(pair)]
    text = "What one scenario lacks, and how it was treated."
    return build_table(
        "notes",
        "One row per item that only one of the two scenarios has.",
        ("note",),
        [*_scenarios(pair, len(notes)), (Column("note", "string", "", text), notes)],
    )


COMPARISON_TABLES: Mapping[str, Callable[[Pair], Table]] = MappingProxyType(
    {
        "countries": country_differences_table,
        "totals": total_differences_table,
        "changes": changes_table,
        "notes": notes_table,
    }
)
