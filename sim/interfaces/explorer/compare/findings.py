"""The finding of the Compare page in one line, and notes beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.findings import (
    CAUTION,
    LONGEST_NAMED,
    Finding,
    change_over_futures,
    level_in_words,
    partners_at_end,
)
from sim.analysis.pairing import absence_in_words, lacks_in_words, months_in_words
from sim.analysis.standing import Count
from sim.interfaces.explorer.compare.numbers import providers_of
from sim.words.definitions import OF_MEAN
from sim.words.text import whole_count
from sim.words.titles import country_names
from sim.words.wording import with_sign, with_span

if TYPE_CHECKING:
    from sim.interfaces.explorer.compare.columns import ScenarioColumn

_NOTHING = Count(float("nan"), float("nan"), float("nan"))


def find_largest(columns: Sequence[ScenarioColumn], of: str) -> Finding:
    """Return the finding about a provider: the scenario that changes its partners most.

    Clear changes, whose interval excludes zero, come before others of any size.
    """
    title = providers_of(columns).get(of, of)
    changes = [
        (column, partners_at_end(column.found, of))
        for column in columns
        if column.found is not None and column.found.comparison is not None
    ]
    if not changes:
        text = (
            "These runs cannot show whether one has more partners than another; each says why it "
            "is not compared with scenario 1."
        )
        return Finding("Side by side only: no difference can be computed", text, _NOTHING)
    column, found = max(changes, key=lambda item: (item[1].is_clear, abs(item[1].change or 0.0)))
    assert found.change is not None
    assert column.found is not None
    if all(other.change == 0 and other.low == other.high for _, other in changes):
        headline = f"{title}: the same partners in all"
    elif not found.is_clear:
        headline = f"{title}: no clear change of its partners"
    else:
        amount = f"{'+' if found.change > 0 else '-'}{whole_count(abs(found.change))}"
        against = next((each.label for each in columns if each.is_reference), "scenario 1")
        named = f"{title}: {amount} partners in {column.label}, against {against}"
        is_short = len(named) <= LONGEST_NAMED
        headline = named if is_short else f"{title}: {amount} partners in scenario {column.number}"
    futures = f"{column.found.ensemble.replicates:,} futures"
    amount, ends = with_span(found.change, found.low, found.high, with_sign)
    futures_in_words = f"90 % of futures: {change_over_futures(found)}"
    change = f"{amount} ({OF_MEAN}: {ends}; {futures_in_words})"
    level = level_in_words(found)
    most = f", the largest of {len(changes)} changes" if len(changes) > 1 else ""
    text = (
        f"Scenario {column.number} minus scenario 1, on average over the same {futures}: "
        f"{change}{most}. Scenario {column.number} has {level}. {CAUTION}"
    )
    return Finding(headline, text, found)


def what_is_missing(columns: Sequence[ScenarioColumn]) -> list[str]:
    """Return sentences on what one scenario has and another lacks, and how that is counted."""
    running = {str(c.number): c.found.ensemble for c in columns if c.found is not None}
    return lacks_in_words(running, providers_of(columns), country_names())


def which_months(columns: Sequence[ScenarioColumn]) -> list[str]:
    """Return sentences on which months are compared, where these are not all months of all."""
    compared = [c for c in columns if c.result is not None and not c.apart]
    scenarios = {str(c.number): c.result.scenario for c in compared if c.result is not None}
    first = next((c.result for c in compared), None)
    return [] if first is None else months_in_words(scenarios, first.months)


def why_no_probability(columns: Sequence[ScenarioColumn], code: str) -> list[str]:
    """Return sentences on why a country has no probability in some of the scenarios."""
    if code not in country_names():
        return []
    scenarios = {str(c.number): c.found.a.scenario for c in columns if c.found is not None}
    return absence_in_words(code, scenarios)
