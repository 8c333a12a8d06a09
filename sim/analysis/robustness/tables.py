"""The tables of a comparison of settings: one row per setting, and one per setting and world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.robustness.measures import Values, as_share
from sim.experiment.sweeps.point_tables import field_columns
from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.robustness.compared import Compared

SETTING = Column("setting", "integer", "", "Number of the setting of the levers, from 1.")
WORLD = Column(
    "world", "integer", "", "Number of the world: one set of values of what is uncertain, from 1."
)
_SHARE = "share 0-1"
_BEST = "Shortfall from the best setting of the same world (regret type II)"
_NINE = "not exceeded in 90 % of the worlds"
_AT_MOST = "at most: errors of two differences from point 0 added up"
_OWN = (
    "Shortfall from the same setting in the expected world, the one nearest to the values in the "
    "scenario (regret type I); a gain counts as 0"
)


def robustness_tables(found: Compared) -> tuple[Table, ...]:
    """Return the tables of a comparison of settings."""
    return _settings(found), _regrets(found)


def _settings(found: Compared) -> Table:
    order = np.arange(len(found.crossing.settings))
    return build_table(
        "settings",
        f"One row per setting of the levers: how {found.quantity.text} fares over "
        f"{len(found.crossing.worlds):,} worlds; "
        f"{'more' if found.is_more_better else 'less'} is better.",
        ("setting",),
        [
            (SETTING, order + 1),
            *zip(field_columns(found.crossing.levers), found.crossing.settings.T, strict=True),
            *_levels(found),
            *_regrets_over_worlds(found),
            *_verdicts(found, order),
        ],
    )


def _levels(found: Compared) -> Iterator[Described]:
    """Yield the columns of the outcome over the worlds."""
    unit = found.quantity.unit
    yield Column("mean", "number", unit, "Mean of the outcome over the worlds."), found.mean
    yield Column("worst", "number", unit, "The outcome in the worst world."), _worst(found)
    text = f"What the outcome reaches in all but {found.percent:g} % of the worlds."
    yield Column("percentile", "number", unit, text), found.percentile
    side = "least" if found.is_more_better else "most"
    text = f"Share of the worlds in which the outcome is at {side} {found.threshold:g}."
    yield Column("good_enough_share", "number", _SHARE, text), found.good_enough
    text = f"What it costs: {found.cost_title}."
    yield Column("cost", "number", found.cost_unit, text), found.cost


def _regrets_over_worlds(found: Compared) -> Iterator[Described]:
    """Yield the columns of regret: of type II, then of type I."""
    unit, best, own = found.quantity.unit, found.regret, found.regret_from_expected
    top = (found.sign * found.outcome).max(axis=0) * found.sign
    yield Column("regret_mean", "number", unit, f"{_BEST}: mean."), best.mean(axis=1)
    yield Column("regret_p90", "number", unit, f"{_BEST}: {_NINE}."), _nine_in_ten(best)
    yield Column("regret_max", "number", unit, f"{_BEST}: greatest."), best.max(axis=1)
    text = f"Monte Carlo standard error of regret_max, {_AT_MOST}."
    yield Column("regret_max_se", "number", unit, text), found.greatest_regret_error
    text = (
        "Greatest regret as a share of the best outcome of its world; worlds where that is 0 are "
        "left out. Empty if it is 0 in all."
    )
    column = Column("regret_max_share", "number", _SHARE, text)
    yield column, _greatest(as_share(best, top))
    nine = _nine_in_ten(own)
    yield Column("own_regret_p90", "number", unit, f"{_OWN}: {_NINE}."), nine
    yield Column("own_regret_max", "number", unit, f"{_OWN}: greatest."), own.max(axis=1)
    text = "own_regret_p90 as a share of the outcome in the expected world. Empty if that is 0."
    column = Column("own_regret_p90_share", "number", _SHARE, text)
    yield column, as_share(nine, found.outcome[:, found.crossing.expected])


def _verdicts(found: Compared, order: NDArray[np.int64]) -> Iterator[Described]:
    """Yield the columns that single settings out."""
    text = "Whether its regret_max is least."
    yield Column("is_least_regretted", "boolean", "", text), order == found.least_regretted
    text = (
        "Whether its regret_max is above the least by no more than twice both errors together: "
        "more futures could make it the least regretted."
    )
    yield Column("is_within_chance", "boolean", "", text), found.within_chance
    text = "Whether no other setting costs less without more regret."
    yield Column("is_on_front", "boolean", "", text), found.is_on_front
    now = -1 if found.crossing.now is None else found.crossing.now
    yield (
        Column("is_now", "boolean", "", "Whether the levers of the scenario stand so."),
        order == now,
    )


def _nine_in_ten(values: Values) -> Values:
    return np.asarray(np.percentile(values, 90, axis=1, method="inverted_cdf"))


def _worst(found: Compared) -> Values:
    return np.asarray(found.sign * (found.sign * found.outcome).min(axis=1))


def _greatest(shares: Values) -> Values:
    """Return the greatest share of each setting; NaN where none is defined."""
    greatest = np.where(np.isnan(shares), -np.inf, shares).max(axis=1)
    return np.asarray(np.where(np.isfinite(greatest), greatest, np.nan))


def _regrets(found: Compared) -> Table:
    n, s = found.outcome.shape
    setting, world = (index.ravel() for index in np.indices((n, s)))
    return build_table(
        "regrets",
        "One row per setting of the levers and world.",
        ("setting", "world"),
        [
            (SETTING, setting + 1),
            (WORLD, world + 1),
            (SCENARIO, np.array(found.crossing.scenarios)[found.crossing.scenario_of][world]),
            (
                Column("point", "integer", "", "Point of the sweep."),
                found.crossing.rows.ravel() + 1,
            ),
            *(
                (column, values[world])
                for (column, values) in zip(
                    field_columns(found.crossing.uncertainties),
                    found.crossing.worlds.T,
                    strict=True,
                )
            ),
            *_values(found),
            (
                Column("is_expected", "boolean", "", "Whether it is the expected world."),
                world == found.crossing.expected,
            ),
        ],
    )  # fmt: skip


def _values(found: Compared) -> Iterator[Described]:
    unit = found.quantity.unit
    for name, text, values in (
        ("outcome", found.quantity.title, found.outcome),
        ("outcome_se", "Monte Carlo standard error of the outcome", found.error),
        ("regret", _BEST, found.regret),
        ("regret_se", f"Monte Carlo standard error of regret, {_AT_MOST}", found.regret_error),
        ("own_regret", _OWN, found.regret_from_expected),
    ):
        yield Column(name, "number", unit, f"{text}."), values.ravel()
    good = found.sign * found.outcome >= found.sign * found.threshold
    text = "Whether the outcome is good enough."
    yield Column("is_good_enough", "boolean", "", text), good.ravel()
