"""How a number of a sampled design spreads: over a range, a distribution, or a list of values."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.sweeps.designs.columns import check_values_differ, column_of
from sim.experiment.sweeps.designs.limits import check_names
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.scenario.wording import shown_value

UNIFORM, LOG, CHOICE = "uniform", "loguniform", "choice"
_TRIANGULAR, _NORMAL, _POSTERIOR = "triangular", "normal", "posterior"


@dataclass(frozen=True)
class Spread:
    """Where the values of a number lie, as a function of shares from 0 to 1.

    Parameters
    ----------
    kind : str
        ``uniform``, ``loguniform``, ``triangular``, ``normal`` (truncated at its ends),
        ``posterior`` (the quantiles of a column of the posterior), or ``choice`` (listed values,
        each as likely).
    low, high : float
        Least and greatest value; of a choice, the least and greatest that are not null.
    mode, mean, sd : float, optional
        Of a triangular, and of a normal before truncation.
    values : tuple of float
        Of a choice, in order, NaN for null; of a posterior, in ascending order.
    is_whole : bool
        Whether values are rounded to whole numbers.

    Examples
    --------
    >>> Spread("uniform", 5, 7, is_whole=True).at(np.array([0.1, 0.5, 0.9])).tolist()
    [5.0, 6.0, 7.0]
    """

    kind: str
    low: float
    high: float
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    values: tuple[float, ...] = ()
    is_whole: bool = False

    @classmethod
    def one_of(cls, values: Iterable[Any]) -> Spread:
        """Return the spread over some values, each as likely; None stands for null.

        Raises
        ------
        InputError
            If there are fewer than two, a value is not a number, or one is listed twice.
        """
        column = column_of("a choice", [*values])
        check_values_differ({"a choice": column})
        cells = column.cells
        if len(cells) < 2:
            raise refuse("a choice must have at least two values.", "For example: [5, 10, 20].")
        finite = [cell for cell in cells if not math.isnan(cell)]
        return cls(CHOICE, min(finite), max(finite), values=tuple(cells))

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values at some shares of the probability, from 0 to 1."""
        if self.kind == CHOICE:
            place = np.minimum((shares * len(self.values)).astype(np.int64), len(self.values) - 1)
            return np.array(self.values)[place]
        if self.is_whole and self.kind in (UNIFORM, LOG):
            # Half a step further at both ends, so that every whole number is equally likely.
            low, high = math.ceil(self.low) - 0.5, math.floor(self.high) + 0.5
            found = np.floor(_quantiles(replace(self, low=low, high=high), shares) + 0.5)
            return np.clip(found, math.ceil(self.low), math.floor(self.high))
        found = _quantiles(self, shares)
        if self.is_whole:
            found = np.round(found)
        # The last bit of a quantile may lie beyond the end.
        return np.clip(found, self.low, self.high)

    def record(self) -> dict[str, Any]:
        """Return the spread as plain data, without what does not apply."""
        found: dict[str, Any] = {"kind": self.kind, "low": self.low, "high": self.high}
        for name in ("mode", "mean", "sd"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        if self.kind == CHOICE:
            found["values"] = [None if math.isnan(cell) else cell for cell in self.values]
        if self.is_whole:
            found["is_whole"] = True
        return found


def _quantiles(spread: Spread, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles of a continuous distribution."""
    from scipy import stats

    low, high = spread.low, spread.high
    if spread.kind == UNIFORM:
        return np.asarray(low + shares * (high - low))
    if spread.kind == LOG:
        logs = math.log(low) + shares * (math.log(high) - math.log(low))
        return np.asarray(np.exp(logs))
    if spread.kind == _POSTERIOR:
        return np.asarray(np.quantile(np.array(spread.values), shares))
    if spread.kind == _TRIANGULAR:
        middle = (low + high) / 2 if spread.mode is None else spread.mode
        share = (middle - low) / (high - low)
        return np.asarray(stats.triang.ppf(shares, share, loc=low, scale=high - low))
    mean, sd = spread.mean or 0.0, spread.sd or 1.0
    ends = (low - mean) / sd, (high - mean) / sd
    return np.asarray(stats.truncnorm.ppf(shares, *ends, loc=mean, scale=sd))


def spread_of(name: str, given: Any, *, is_whole: bool = False, is_log: bool = False) -> Spread:
    """Return the spread that a caller gives: a pair of ends, or a `Spread`.

    Raises
    ------
    InputError
        If it is neither, its ends are not finite numbers in order, or a logarithm is not above 0.
    """
    if isinstance(given, Spread):
        if is_whole or is_log:
            option = "whole" if is_whole else "log"
            message = f"{name} has a distribution, to which {option} does not apply."
            raise refuse(message, f"Leave {name} out of {option}, or give its two ends.")
        return given
    try:
        low, high = (float(end) for end in given)
    except (OverflowError, TypeError, ValueError):
        raise refuse(f"the range of {name} must be two numbers.", "For example: (0, 1).") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise refuse(f"the range of {name} must go from a number to a greater one.", "Swap them.")
    if is_log and low <= 0:
        raise refuse(f"the range of {name} must be above 0.", "Use a small positive number.")
    if is_whole and math.ceil(low) > math.floor(high):
        raise refuse(f"the range of {name} holds no whole number.", "Give it a wider range.")
    return Spread(LOG if is_log else UNIFORM, low, high, is_whole=is_whole)


def spreads_of(
    ranges: Any, what: str, whole: Collection[str], log: Collection[str]
) -> dict[str, Spread]:
    """Return the spread of each number that a caller gives, checked.

    Parameters
    ----------
    ranges : mapping
        Name to a pair of ends or a `Spread`.
    what : str
        The design that is made of them, for messages.
    whole, log : collection of str
        Names whose values are whole numbers, and whose logarithm is spread evenly.

    Raises
    ------
    InputError
        If it is not a map of valid ranges, or `whole` or `log` names something without a range.
    """
    if not isinstance(ranges, Mapping):
        message = f"{what} is made from a map of names to ranges."
        raise refuse(message, "For example: {'linkage': (0, 1)}.")
    for option, names in (("whole", whole), ("log", log)):
        # A text would be split into letters.
        is_array = isinstance(names, np.ndarray) and names.ndim != 1
        if isinstance(names, str | bytes) or not isinstance(names, Collection) or is_array:
            message = f"{option} = {shown_value(names)} must be a list of names."
            raise refuse(message, f"For example: {option}=['slots'].")
        for name in names:
            if not isinstance(name, str) or name not in ranges:
                raise refuse(f"{shown_value(name)} has no range.", "Name one of the ranges.")
    check_names(tuple(ranges))
    return {
        name: spread_of(name, given, is_whole=name in whole, is_log=name in log)
        for name, given in ranges.items()
    }
