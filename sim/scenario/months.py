"""Months as numbers: the distance between two months, and the month that follows."""

from __future__ import annotations


def month_number(month: str) -> int:
    """Return a month "YYYY-MM" as a number of months since year 0.

    Examples
    --------
    >>> month_number("2025-05") - month_number("2024-12")
    5
    """
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """Return the month with a number of months since year 0, as "YYYY-MM".

    Examples
    --------
    >>> month_name(month_number("2025-12") + 1)
    '2026-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
