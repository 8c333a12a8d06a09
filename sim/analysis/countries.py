"""Values of single countries: their probabilities, paired differences, and the terms behind them.

Probabilities equal those of the table of countries but are computed alone: that table has some
ninety columns, most of them only for files, and takes ten times as long.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.summary.changes import partner_changes
from sim.experiment.probability_interval import interval_ends
from sim.experiment.rounding import round_numbers
from sim.experiment.tables.countries import commitment_probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.shown import Shown
    from sim.experiment.result import Result
    from sim.model.ensemble import Ensemble

# One table per run in view; visitors who ask at the same time wait for the first.
_MADE: WeakKeyDictionary[Result, pd.DataFrame] = WeakKeyDictionary()
_LOCK = threading.Lock()


def country_probabilities(result: Result) -> pd.DataFrame:
    """Return where countries end, to be treated as read-only.

    Returns
    -------
    DataFrame
        One row per country that decides, with columns of the table ``countries`` of a run and the
        same digits: country, name, region, p_uncommitted, share_imputed, and for each provider
        p_committed_<provider> with _low, _high and _se_chance.
    """
    made = _MADE.get(result)
    if made is None:
        # Outside the lock: dropped futures are computed again here, and nobody else waits.
        ensemble = result.ensemble
        with _LOCK:
            made = _MADE.get(result)
            if made is None:
                made = _MADE[result] = _made(ensemble)
    return made


def _made(ensemble: Ensemble) -> pd.DataFrame:
    agents = list(ensemble.axes.country)
    panel = ensemble.facts.countries.loc[agents]
    waits = ensemble.country_path[:, ensemble.axes.path.index("uncommitted"), -1]
    numbers: dict[str, Any] = {"p_uncommitted": waits / ensemble.replicates}
    for p, provider in enumerate(ensemble.axes.provider):
        name, found = f"p_committed_{provider}", commitment_probability(ensemble, p)
        numbers |= {
            name: found.mean,
            f"{name}_low": found.low,
            f"{name}_high": found.high,
            f"{name}_se_chance": found.standard_error,
        }
    numbers["share_imputed"] = ensemble.facts.imputed_share()[agents].to_numpy()
    words = {
        "country": agents,
        "name": panel["name"].to_numpy(),
        "region": panel["un_region"].to_numpy(),
    }
    return pd.DataFrame(words | {name: round_numbers(each) for name, each in numbers.items()})


def path_probabilities(ensemble: Ensemble, code: str, paths: Sequence[str]) -> NDArray[np.float64]:
    """Return a country's probability of each path by month, (K, T); 0 of one not known."""
    i = ensemble.axes.country.index(code)
    probability = np.zeros((len(paths), len(ensemble.axes.month)))
    for k, path in enumerate(paths):
        if path in ensemble.axes.path:
            probability[k] = ensemble.country_path[i, ensemble.axes.path.index(path)]
    return probability / ensemble.replicates


def drivers(result: Result, code: str, provider: str) -> dict[str, float]:
    """Return the mean terms behind a country's choices about a provider, by term.

    Empty if the run has no such provider.
    """
    ensemble = result.ensemble
    if provider not in ensemble.axes.provider:
        return {}
    i, p = ensemble.axes.country.index(code), ensemble.axes.provider.index(provider)
    values = ensemble.driver_sum[i, p] / ensemble.replicates
    return dict(zip(ensemble.axes.term, map(float, values), strict=True))


def probability_with(result: Result, code: str, provider: str) -> tuple[float, float, float]:
    """Return the probability that a country ends with a provider, and the ends of its interval.

    Zero if the run has no such provider.
    """
    if provider not in result.ensemble.axes.provider:
        return 0.0, 0.0, 0.0
    frame = country_probabilities(result)
    row = frame[frame["country"] == code]
    name = f"p_committed_{provider}"
    low, high = interval_ends(row, name)
    return float(row[name].iloc[0]), float(low[0]), float(high[0])


def difference_with(shown: Shown, code: str, provider: str) -> tuple[float, float, float]:
    """Return the probability that a country ends with a provider, A minus B, with its interval.

    Unknown if it does not take part in both.
    """
    found = partner_changes(shown, provider)
    row = found[found["code"] == code]
    if row.empty:
        return np.nan, np.nan, np.nan
    columns = ("difference", "difference_low", "difference_high")
    change, low, high = (float(row[column].iloc[0]) for column in columns)
    return change, low, high
