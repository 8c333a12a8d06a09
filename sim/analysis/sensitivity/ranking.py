"""A ranking of numbers by what they do to one outcome, as charts, tables and sentences take it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.words.wording import number, percent, span, with_sign

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.analysis.sensitivity.indices import Index
    from sim.analysis.sensitivity.numbers import Number

SOBOL, MORRIS, SCORES = "sobol", "morris", "scores"
# What each method measures, for axes and sentences.
MEASURES = {
    SOBOL: "share of the variance",
    MORRIS: "mean effect over its range",
    SCORES: "share of the variance, by a forest",
}


@dataclass(frozen=True)
class Ranked:
    """One number with what it does.

    Parameters
    ----------
    number : Number
    value, low, high : float
        The index by which numbers are ranked, and its 90 % interval: total order, mean absolute
        effect, or score of the forest.
    alone, alone_low, alone_high : float
        The first order; NaN for other methods.
    at_low, at_high : float
        The outcome at the low and at the high end of the number's range; NaN if unknown.
    is_above_noise : bool
        Whether the interval of the index lies above what noise alone may give.
    """

    number: Number
    value: float
    low: float
    high: float
    alone: float
    alone_low: float
    alone_high: float
    at_low: float
    at_high: float
    is_above_noise: bool

    @classmethod
    def of(
        cls,
        number: Number,
        index: Index,
        alone: Index,
        j: int,
        at: tuple[float, float],
        above: bool,
    ) -> Ranked:
        """Return a number with the entries j of its indices, and the outcome at both ends."""
        value, low, high = (float(part[j]) for part in index)
        own, own_low, own_high = (float(part[j]) for part in alone)
        return cls(number, value, low, high, own, own_low, own_high, *at, is_above_noise=above)


@dataclass(frozen=True)
class Ranking:
    """Numbers in the order of their effect on one outcome.

    Parameters
    ----------
    quantity : Quantity
        The outcome.
    month : str
        The last month, at whose end it is counted.
    method : str
        SOBOL, MORRIS or SCORES.
    rows : tuple of Ranked
        The strongest first.
    middle : float
        What ends are compared with: the outcome of the scenario as it stands, or the mean of all
        points.
    middle_in_words : str
        What the middle is.
    """

    quantity: Quantity
    month: str
    method: str
    rows: tuple[Ranked, ...]
    middle: float
    middle_in_words: str

    @property
    def has_ends(self) -> bool:
        """Whether the outcome at both ends is known for any number."""
        return any(not math.isnan(row.at_low) for row in self.rows)

    @property
    def is_share(self) -> bool:
        """Whether the index is a share of a variance."""
        return self.method != MORRIS

    def level(self, value: float) -> str:
        """Return an amount of the outcome for reading; a probability as a percentage."""
        return percent(value) if "0-1" in self.quantity.unit else number(value)

    def change(self, value: float) -> str:
        """Return a change of the outcome for reading, with its sign."""
        if "0-1" in self.quantity.unit:
            return "-" if math.isnan(value) else f"{100 * value:+.0f} points"
        return with_sign(value)

    def index(self, value: float) -> str:
        """Return an index for reading: a share as a percentage, an effect in the outcome's unit."""
        if self.is_share:
            # Estimates of a share may fall below 0, or above 1.
            return percent(min(max(value, 0.0), 1.0))
        if "0-1" in self.quantity.unit:
            return f"{100 * value:.0f} points"
        return number(value)

    def index_span(self, low: float, high: float) -> str:
        """Return the interval of an index for reading."""
        if self.is_share:
            low, high = max(low, 0.0), min(high, 1.0)
        return span(low, high, self.index)


def ends_in_words(one: Number) -> str:
    """Return the range of a number in words; "" for a group of numbers.

    Examples
    --------
    >>> from sim.analysis.sensitivity.numbers import Number
    >>> ends_in_words(Number("fund", (), "lever", "Fund", "USD million", 0, 2000, "", ""))
    '0 to 2,000 USD million'
    """
    if one.unit == "switch":
        return "no to yes"
    if math.isnan(one.low):
        return ""
    ends = span(one.low, one.high, end_in_words)
    unit = "" if one.unit in ("1", "") or "0-1" in one.unit or "share" in one.unit else one.unit
    return f"{ends} {unit}".strip()


def end_in_words(value: float) -> str:
    """Return one end of a range, in three digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
