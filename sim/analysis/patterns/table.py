"""The table of patterns: what is claimed, what is simulated, what is on record, what holds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.patterns.pattern import ABOVE
from sim.experiment.intervals import HIGH, LOW, mean_interval, quantiles
from sim.model.requests import check_extras, check_request
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.patterns.pattern import Pattern
    from sim.analysis.patterns.record import ObservedStatistic

COLUMNS = (
    "pattern", "sentence", "statistic", "unit", "simulations", "must_be", "value", "low", "high",
    "margin", "futures", "share_showing", "holds", "on_record", "programmes", "programmes_showing",
    "record_holds",
)  # fmt: skip


def pattern_table(
    replicates: int = 1000, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Return the patterns that the model is to reproduce, and whether it does.

    They serve pattern-oriented modelling (Grimm et al. 2005): a model of the right mechanism shows
    several patterns at once to which it was not fitted one by one. A pattern that does not hold is
    a finding about the model, not an error.

    Parameters
    ----------
    replicates : int
        Futures of each scenario, 1 to 1,000,000.
    seed : int
        0 to 2**32 - 1. Equal inputs give equal tables.
    progress : callable, optional
        Called with (patterns done, patterns in all) after each.

    Returns
    -------
    DataFrame
        One row per pattern. Columns:

        - pattern, sentence, statistic, unit, simulations: its name, the claim, what is computed, in
          what unit, from which scenarios;
        - must_be: when a value shows the pattern;
        - value, low, high: mean of the statistic over futures, and its 5 and 95 % quantiles;
        - margin: half the 90 % confidence interval of the mean, its Monte Carlo error;
        - futures: in how many it is defined; share_showing: the share of these that show the
          pattern, 0-1;
        - holds: whether the mean shows the pattern, by more than the margin, and so do more than
          half of these futures;
        - on_record: mean of the same statistic over earlier programmes, NaN where history has none;
        - programmes, programmes_showing: how many these are, and how many show the pattern;
        - record_holds: whether the mean and more than half of these programmes show it; None
          without any.

    Raises
    ------
    InputError
        If `replicates` or `seed` is not whole or out of range, or `progress` cannot be called.
    RunError
        If the futures do not fit into memory.

    References
    ----------
    Grimm et al. 2005.

    Examples
    --------
    >>> import sim
    >>> sim.pattern_table(replicates=8)["pattern"].tolist()[:2]
    ['uptake-american', 'uptake-chinese']
    """
    import pandas as pd

    from sim.analysis.patterns.registry import PATTERNS
    from sim.analysis.patterns.simulations import Simulations

    check_request(replicates, seed)
    check_extras(progress=progress)
    simulations = Simulations(operator.index(replicates), operator.index(seed))
    rows = []
    for done, pattern in enumerate(PATTERNS, 1):
        values = np.asarray(pattern.simulate(simulations), np.float64)
        on_record = None if pattern.on_record is None else pattern.on_record()
        rows.append(row_of(pattern, values, on_record))
        if progress is not None:
            progress(done, len(PATTERNS))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def margin_of(values: NDArray[np.float64]) -> float:
    """Return half the 90 % confidence interval of the mean over the futures that are not NaN.

    Parameters
    ----------
    values : ndarray, shape (R,)
        In the order of the futures: those that share a draw of the numbers are one unit.

    Returns
    -------
    float
        NaN with fewer than two draws.

    Examples
    --------
    >>> round(margin_of(np.array([1.0, 1.0, np.nan, 1.0, 2.0, 2.0, 2.0, 2.0])), 2)
    3.16
    """
    draw = np.arange(values.size) // FUTURES_PER_DRAW
    is_known = ~np.isnan(values)
    counts = np.bincount(draw[is_known])
    sums = np.bincount(draw[is_known], values[is_known])
    means = sums[counts > 0] / counts[counts > 0]
    if means.size < 2:
        return float("nan")
    _, low, high, _ = mean_interval(means, 1)
    return float(high - low) / 2


def row_of(
    pattern: Pattern, values: NDArray[np.float64], on_record: ObservedStatistic | None
) -> dict[str, Any]:
    """Return the row of a pattern.

    Parameters
    ----------
    pattern : Pattern
    values : ndarray, shape (R,)
        Its statistic in each future, NaN where it is not defined.
    on_record : ObservedStatistic or None
        Its statistic on earlier programmes.
    """
    known = values[~np.isnan(values)]
    low, high = quantiles(known, (LOW, HIGH)) if known.size else (np.nan, np.nan)
    mean, margin = float(known.mean()) if known.size else np.nan, margin_of(values)
    nearest = mean - margin if pattern.side == ABOVE else mean + margin
    past = np.array([] if on_record is None else [*on_record.by_programme.values()], np.float64)
    return {
        "pattern": pattern.name,
        "sentence": pattern.sentence,
        "statistic": pattern.statistic,
        "unit": pattern.unit,
        "simulations": pattern.simulations,
        "must_be": pattern.must_be,
        "value": mean,
        "low": float(low),
        "high": float(high),
        "margin": margin,
        "futures": int(known.size),
        "share_showing": float(pattern.shows(known).mean()) if known.size else np.nan,
        "holds": pattern.holds(values) and bool(pattern.shows(np.float64(nearest))),
        "on_record": np.nan if on_record is None else on_record.mean,
        "programmes": int(past.size),
        "programmes_showing": int(pattern.shows(past).sum()),
        "record_holds": pattern.holds(past) if past.size else None,
    }
