"""Numbers with no more digits than their interval supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.words.wording import alike, number, span, with_sign

if TYPE_CHECKING:
    from collections.abc import Callable

# Widths of an interval from which on decimals say nothing: of a count, and of a difference.
WIDE, WIDE_CHANGE = 2.0, 10.0


def supported(value: float, low: float, high: float) -> str:
    """Return a count or size with the digits that its interval supports.

    Examples
    --------
    >>> supported(58.8, 10, 133), supported(4.21, 3.9, 4.6), supported(0.3, 0, 12)
    ('59', '4.2', '0.3')
    """
    is_wide = high - low >= WIDE and abs(value) >= 1
    return f"{value:,.0f}" if is_wide else number(value)


def supported_change(value: float, low: float, high: float) -> tuple[str, str]:
    """Return a difference and its interval, both with a sign and the digits that it supports.

    Examples
    --------
    >>> supported_change(12.34, 4.2, 20.5), supported_change(1.5, 0.4, 2.6)
    (('+12', '+4 to +20'), ('+1.5', '+0.4 to +2.6'))
    """
    show = _whole_with_sign if high - low >= WIDE_CHANGE else with_sign
    middle, *_ = alike(*map(show, (value, low, high)))
    return middle, _ends(low, high, show, middle)


def _ends(low: float, high: float, show: Callable[[float], str], middle: str) -> str:
    ends = span(low, high, show)
    return " to ".join(alike(middle, *ends.split(" to "))[1:])


def _whole_with_sign(value: float) -> str:
    # An end that a rounding would put on zero keeps its decimal: zero would read as unclear.
    return with_sign(value) if abs(value) < 1 else with_sign(round(value))


def parts_that_add_up(total: float, part: float, low: float, high: float) -> tuple[str, str, str]:
    """Return a count, a part of it and the rest, in digits that add up.

    Parameters
    ----------
    total, part : float
        Countries.
    low, high : float
        Interval of the total, which decides on the digits.

    Examples
    --------
    >>> parts_that_add_up(58.8, 8.4, 10, 133), parts_that_add_up(4.25, 1.06, 4, 5)
    (('59', '8', '51'), ('4.2', '1.1', '3.1'))
    >>> parts_that_add_up(58.8, 0.2, 10, 133)
    ('59', '<1', '59')
    >>> parts_that_add_up(104.5, 9.7, 104, 105)
    ('104', '10', '94')
    """
    is_wide = high - low >= WIDE and total >= 1
    digits = 0 if is_wide or total >= 10 else 1
    whole, own = round(total, digits), round(part, digits)
    text = f"<{1 if digits == 0 else 0.1}" if part > 0 and own == 0 else f"{own:,.{digits}f}"
    return f"{whole:,.{digits}f}", text, f"{max(whole - own, 0.0):,.{digits}f}"
