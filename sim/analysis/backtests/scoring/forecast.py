"""A forecast of one programme beside what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError, Problem

Array = NDArray[np.float64]

# What a backtest simulates unless told otherwise; only forecasts without a count need it.
ASSUMED_FUTURES = 1_000


@dataclass(frozen=True, eq=False)
class Forecast:
    """The forecast of one programme for n countries, and what they did.

    Parameters
    ----------
    programme : str
        Its name; the resamples of countries are keyed by it.
    joined : array_like of bool, shape (n,)
        Whether each country joined by the end.
    probability : array_like, shape (n,), 0-1
        Predicted probability that it does.
    count : array_like, shape (R,), optional
        Number of joiners in each simulated future.
    month : array_like, shape (n,), optional
        Month in which each country joined, counted from 0 at the launch; NaN if it did not join, or
        joined in a month that is not known.
    by_month : array_like, shape (n, T), 0-1, optional
        Predicted probability that each country has joined by the end of each month. Needs `month`.
    base_rate : float, 0-1, optional
        Share of countries that joined the programmes of the training part. It is the reference of
        the log score and the Brier score. Without it, the reference is the share of this
        programme, which no forecaster could know.

    Raises
    ------
    InputError
        If shapes differ, a number is outside its range, or there is no country.

    Notes
    -----
    A share of R futures cannot show that an outcome is impossible. Log scores therefore use
    probabilities of at least half a future, 1 / (2 R), and at most 1 less that. A forecast without
    `count` counts as one of 1,000 futures.
    """

    programme: str
    joined: NDArray[np.bool_]
    probability: Array
    count: Array | None = None
    month: Array | None = None
    by_month: Array | None = None
    base_rate: float | None = None

    def __post_init__(self) -> None:
        for name in ("joined", "probability", "count", "month", "by_month"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, np.asarray(getattr(self, name), np.float64))
        problems = [*self._wrong_shapes()] or [*self._wrong_values()]
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "joined", self.joined.astype(bool))

    def _wrong_shapes(self) -> Iterator[Problem]:
        """Yield what is wrong with the shapes."""
        n = self.joined.size
        if n == 0:
            yield self._problem("joined is empty", "Give at least one country.")
        for name in ("joined", "probability", "month"):
            given = getattr(self, name)
            if given is not None and given.shape != (n,):
                yield self._problem(
                    f"{name} has shape {given.shape}", f"Give one number a country: {(n,)}."
                )
        if self.count is not None and (self.count.ndim != 1 or self.count.size == 0):
            yield self._problem(f"count has shape {self.count.shape}", "Give one number a future.")
        if self.by_month is not None:
            shape = self.by_month.shape
            if len(shape) != 2 or shape[0] != n or shape[1] == 0:
                yield self._problem(
                    f"by_month has shape {shape}", f"Give {n} rows and one column a month."
                )
            if self.month is None:
                yield self._problem("by_month is given without month", "Give month too.")

    def _wrong_values(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        if not np.isin(self.joined, (0.0, 1.0)).all():
            yield self._problem("joined has other values than 0 and 1", "Use 0 and 1.")
        for name, most in (
            ("probability", 1.0), ("by_month", 1.0), ("base_rate", 1.0), ("count", self.joined.size)
        ):  # fmt: skip
            given = getattr(self, name)
            # The comparison is false for NaN too.
            if given is not None and not np.all((given >= 0.0) & (given <= most)):
                yield self._problem(f"{name} is not within 0 to {most:g}", "Correct the forecast.")
        if self.month is None:
            return
        dated = ~np.isnan(self.month)
        if (dated & (self.joined == 0.0)).any():
            yield self._problem("month has a value where joined is 0", "Use NaN there.")
        last = np.inf if self.by_month is None else self.by_month.shape[1] - 1
        if not ((self.month[dated] >= 0) & (self.month[dated] <= last)).all():
            yield self._problem(
                f"month is not within 0 to {last:g}", "Count months from 0 at the launch."
            )

    def _problem(self, what: str, remedy: str) -> Problem:
        return Problem("", 0, f"{self.programme}: {what}.", remedy)

    @property
    def n_countries(self) -> int:
        """Countries asked."""
        return int(self.joined.size)

    @property
    def n_joined(self) -> int:
        """Countries that joined."""
        return int(self.joined.sum())

    @property
    def own_share(self) -> float:
        """Share of the countries asked that joined."""
        return float(self.joined.mean())

    @property
    def least_probability(self) -> float:
        """Half a future: what log scores use in place of a probability of 0."""
        return 0.5 / (ASSUMED_FUTURES if self.count is None else self.count.size)

    def clipped(self, probability: ArrayLike) -> Array:
        """Return probabilities with at least half a future on either side."""
        least = self.least_probability
        return np.clip(np.asarray(probability, np.float64), least, 1.0 - least)

    @cached_property
    def reference_rate(self) -> float:
        """Probability that the reference gives to every country, with half a future either side.

        It is `base_rate`; without one it is `own_share` as it is.
        """
        return self.own_share if self.base_rate is None else float(self.clipped(self.base_rate))
