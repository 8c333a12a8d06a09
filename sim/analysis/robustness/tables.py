"""The tables of a comparison of settings: one row per setting, and one per setting and world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.robustness.measures import as_share
from sim.experiment.sweeps.point_tables import field_columns
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.robustness.comparing import Robustness

SETTING = Column("setting", "integer", "", "Number of the setting of the levers, from 1.")
WORLD = Column(
    "world", "integer", "", "Number of the world: one set of values of what is uncertain, from 1."
)
_BEST = "Shortfall from the best setting of the same world (regret type II)"
_NINE = "not exceeded in 90 % of the worlds"
_OWN = (
    "Shortfall from the same setting in the expected world, the one nearest to the values in the "
    "scenario (regret type I); a gain counts as 0"
)


def robustness_tables(found: Robustness) -> tuple[Table, ...]:
    """Return the tables of a comparison of settings."""
    return _settings(found), _regrets(found)


def _settings(found: Robustness) -> Table:
    unit = found.quantity.unit
    best, own = found.regret, found.regret_from_expected
    top = (found.sign * found.outcome).max(axis=0) * found.sign
    n = len(found.crossing.settings)
    order = np.arange(n)

    def nine_in_ten(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.percentile(values, 90, axis=1, method="inverted_cdf"))

    def column(name: str, unit: str, text: str, values: np.ndarray) -> Described:
        return Column(name, "number", unit, text), values

    expected = found.outcome[:, found.crossing.expected]
    share = "share 0-1"
    return build_table(
        "settings",
        f"One row per setting of the levers: how {found.quantity.text} fares over "
        f"{len(found.crossing.worlds):,} worlds; "
        f"{'more' if found.is_more_better else 'less'} is better.",
        ("setting",),
        [
            (SETTING, order + 1),
            *zip(field_columns(found.crossing.levers), found.crossing.settings.T, strict=True),
            column("mean", unit, "Mean of the outcome over the worlds.", found.mean),
            column("worst", unit, "The outcome in the worst world.", _worst(found)),
            column(
                "percentile", unit,
                f"What the outcome reaches in all but {found.percent:g} % of the worlds.",
                found.percentile,
            ),
            column("regret_mean", unit, f"{_BEST}: mean over the worlds.", best.mean(axis=1)),
            column("regret_p90", unit, f"{_BEST}: {_NINE}.", nine_in_ten(best)),
            column("regret_max", unit, f"{_BEST}: greatest over the worlds.", best.max(axis=1)),
            column(
                "regret_max_share", share,
                "Greatest regret as a share of the best outcome of its world; worlds where that is "
                "0 are left out. Empty if it is 0 in all.",
                _greatest(as_share(best, top)),
            ),
            column("own_regret_p90", unit, f"{_OWN}: {_NINE}.", nine_in_ten(own)),
            column("own_regret_max", unit, f"{_OWN}: greatest over the worlds.", own.max(axis=1)),
            column(
                "own_regret_p90_share", share,
                "own_regret_p90 as a share of the outcome in the expected world. Empty if that is "
                "0.",
                as_share(nine_in_ten(own), expected),
            ),
            column(
                "good_enough_share", share,
                f"Share of the worlds in which the outcome is at "
                f"{'least' if found.is_more_better else 'most'} {found.threshold:g}.",
                found.good_enough,
            ),
            column("cost", found.cost_unit, f"What it costs: {found.cost_title}.", found.cost),
            (
                Column("is_least_regretted", "boolean", "", "Whether its regret_max is least."),
                order == found.least_regretted,
            ),
            (
                Column(
                    "is_on_front", "boolean", "",
                    "Whether no other setting costs less without more regret.",
                ),
                found.is_on_front,
            ),
            (
                Column("is_now", "boolean", "", "Whether the levers of the scenario stand so."),
                order == (-1 if found.crossing.now is None else found.crossing.now),
            ),
        ],
    )  # fmt: skip


def _worst(found: Robustness) -> np.ndarray:
    return np.asarray(found.sign * (found.sign * found.outcome).min(axis=1))


def _greatest(shares: np.ndarray) -> np.ndarray:
    """Return the greatest share of each setting; NaN where none is defined."""
    greatest = np.where(np.isnan(shares), -np.inf, shares).max(axis=1)
    return np.asarray(np.where(np.isfinite(greatest), greatest, np.nan))


def _regrets(found: Robustness) -> Table:
    n, s = found.outcome.shape
    setting, world = (index.ravel() for index in np.indices((n, s)))
    return build_table(
        "regrets",
        "One row per setting of the levers and world.",
        ("setting", "world"),
        [
            (SETTING, setting + 1),
            (WORLD, world + 1),
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


def _values(found: Robustness) -> Iterator[Described]:
    unit = found.quantity.unit
    for name, text, values in (
        ("outcome", found.quantity.title, found.outcome),
        ("outcome_se", "Monte Carlo standard error of the outcome", found.error),
        ("regret", _BEST, found.regret),
        ("own_regret", _OWN, found.regret_from_expected),
    ):
        yield Column(name, "number", unit, f"{text}."), values.ravel()
    good = found.sign * found.outcome >= found.sign * found.threshold
    text = "Whether the outcome is good enough."
    yield Column("is_good_enough", "boolean", "", text), good.ravel()
