"""Months of which answers can be known, and the check of one that a caller names."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sim.data.facts import load_facts
from sim.errors import Problem
from sim.scenario.months import month_name, month_number
from sim.scenario.schema.fields import MONTH_PATTERN
from sim.scenario.wording import shown_value


def last_month() -> str:
    """Return the latest month, YYYY-MM, of which anything can be known: this one.

    Where a clock is behind the tables that ship, the latest month of those.
    """
    return max(f"{date.today():%Y-%m}", str(load_facts().events["date"].max())[:7])


def check_known_to(name: str, month: Any) -> list[Problem]:
    """Return the problem with a month to whose end answers are known, if there is one."""
    return _check(name, month, last_month())


def check_known_before(name: str, month: Any) -> list[Problem]:
    """Return the problem with a month before which answers are known, if there is one."""
    return _check(name, month, month_name(month_number(last_month()) + 1))


def _check(name: str, month: Any, latest: str) -> list[Problem]:
    if not isinstance(month, str) or not re.fullmatch(MONTH_PATTERN, month, re.ASCII):
        rule = f"{name} = {shown_value(month)} must be a month."
        return [Problem("", 0, rule, "Write it as YYYY-MM, such as 2025-05.")]
    if month > latest:
        rule = f"{name} = {month!r} is in the future: nobody knows its answers yet."
        return [Problem("", 0, rule, f"Give {latest} or an earlier month.")]
    return []
