"""Why two scenarios differ, computed once for all visitors: by what was changed, and by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.explanation.two_scenarios.differing import WhyDifference, explain_difference
from sim.analysis.splitting.parts import BY_ADDRESS, Part, parts_of
from sim.analysis.splitting.splitting import Split, share_out
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Of each run where there are many; the command line takes as many as wanted.
FUTURES = 200
# Futures of all runs together, up to which each has as many as the page.
_MOST_FUTURES = 8_000
_MOST_NUMBERS = 5


def split_of(
    a: Scenario, b: Scenario, of: str, futures: int, seed: int, last: str, within: str | None = None
) -> Split:
    """Return the change of a provider's partners from a to b, by what was changed.

    Parameters
    ----------
    a, b : Scenario
    of : str
        Short name of the provider.
    futures : int
        Of each run, unless all runs together would take too long.
    seed : int
    last : str
        Month at whose end the partners are counted, "YYYY-MM".
    within : str, optional
        A group of countries that is set against all others.

    Raises
    ------
    InputError
        If the two cannot be split.
    """
    return _split(_key(a, b), of, futures, seed, last, within, a, b)


def reasons_of(a: Scenario, b: Scenario, of: str, seed: int, last: str) -> WhyDifference:
    """Return the change of a provider's partners from a to b, by reason and by country.

    Raises
    ------
    InputError
        If the two cannot be compared.
    """
    return _reasons(_key(a, b), of, seed, last, a, b)


def _key(a: Scenario, b: Scenario) -> str:
    return f"{a.name} {a.hash} {b.name} {b.hash}"


def _finest(a: Scenario, b: Scenario) -> tuple[Part, ...]:
    """Return the parts of a change: its numbers where there are few, as when levers move."""
    try:
        numbers = parts_of(a, b, BY_ADDRESS)
    except InputError:
        return parts_of(a, b)
    return numbers if len(numbers) <= _MOST_NUMBERS else parts_of(a, b)


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Running every mixture of the two")
def _split(
    key: str, of: str, futures: int, seed: int, last: str, within: str | None,
    _a: Scenario, _b: Scenario,
) -> Split:  # fmt: skip
    parts = _finest(_a, _b)
    size = futures if futures << len(parts) <= _MOST_FUTURES else FUTURES
    outcome = f"n_countries({of})"
    return share_out(_a, _b, parts, outcome, size, seed, as_of=last, countries=within)


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Following the futures of both")
def _reasons(key: str, of: str, seed: int, last: str, _a: Scenario, _b: Scenario) -> WhyDifference:
    outcome = f"n_countries({of})"
    return explain_difference(_a, _b, outcome, replicates=FUTURES, seed=seed, as_of=last)
