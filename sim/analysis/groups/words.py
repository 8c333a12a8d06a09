"""Groups of countries in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.groups.totals import (
    ALL,
    COUNTRIES,
    GDP,
    LIGHT,
    POPULATION,
    READINESS,
    WITH_CENTRE,
    GroupTotals,
)
from sim.analysis.pairing import name_of_second
from sim.words.definitions import OF_MEAN
from sim.words.text import whole_count, with_article
from sim.words.titles import country_names
from sim.words.wording import by_when, counted, percent, span, with_sign, with_span

if TYPE_CHECKING:
    from sim.analysis.groups.grouped import Grouped
    from sim.analysis.standing import Count
    from sim.scenario import Scenario

_WAITS = "uncommitted"
# At most this many countries are named one by one.
_MOST_NAMED = 6
# At most this many groups are described in full.
_MOST_IN_FULL = 3
_WEIGHT_WORDS = {GDP: "GDP", POPULATION: "population", READINESS: "AI readiness"}


def group_sentences(found: Grouped) -> list[str]:
    """Return what the members of each group do, then what the numbers rest on."""
    return [*findings_in_words(found), *notes_in_words(found)]


def findings_in_words(found: Grouped) -> list[str]:
    """Return what the members of each group do; of few groups also their shares of GDP and more."""
    lines = [
        f"By the end of {by_when(found.months[-1])}, mean of {found.replicates:,} futures, in "
        "brackets the range of 90 % of them:"
    ]
    for each in found.totals:
        lines.append(standing_in_words(found, each))
        if len(found.totals) <= _MOST_IN_FULL:
            lines += shares_in_words(found, each)
    return lines


def amount(value: float) -> str:
    """Return a mean number of countries: whole from ten on; little is not nothing.

    Examples
    --------
    >>> amount(13.7), amount(5.52), amount(0.02), amount(0.0)
    ('14', '5.5', '<0.1', '0')
    """
    text = whole_count(value)
    return "<0.1" if value > 0.0 and text == "0.0" else text


def standing_in_words(found: Grouped, each: GroupTotals) -> str:
    """Return with whom the members of a group end, and how many wait."""
    if not each.deciding:
        return f"{each.group.title}: no member decides in this scenario."
    parts = []
    for provider, name in found.providers.items():
        own = each.partners[provider, ALL][COUNTRIES]
        large, light = (
            amount(each.partners[provider, part][COUNTRIES].mean) for part in (WITH_CENTRE, LIGHT)
        )
        parts.append(
            f"{_level(own)} with {with_article(name)}, {large} of them with a data centre and "
            f"{light} by a light agreement"
        )
    parts.append(f"{_level(each.standing[_WAITS][COUNTRIES])} wait")
    n = len(each.deciding)
    head = f"{each.group.title}, {counted(n, 'member')} that decide{'s' if n == 1 else ''}"
    return f"{head}: {'; '.join(parts)}."


def members_in_words(found: Grouped, each: GroupTotals, provider: str) -> str:
    """Return how many members of a group are with a provider, to stand below a headline."""
    if not each.deciding:
        return f"In {each.group.phrase} no member decides in this scenario."
    own = each.partners[provider, ALL][COUNTRIES]
    ends = span(own.p05, own.p95)
    text = f"{amount(own.mean)} of the {len(each.deciding)} that decide (90 % of futures: {ends})"
    if own.change is not None:
        change, interval = with_span(own.change, own.low, own.high, with_sign)
        text += f"; A minus B: {change} ({OF_MEAN}: {interval})"
    side = " in A" if own.change is not None else ""
    return f"Of these{side}, in {each.group.phrase}: {text}."


def _level(count: Count) -> str:
    """Return a number of countries with the range of futures, and its change if any."""
    ends = span(count.p05, count.p95)
    if count.change is not None:
        change, interval = with_span(count.change, count.low, count.high, with_sign)
        ends += f"; change {change}, {OF_MEAN}: {interval}"
    return f"{amount(count.mean)} ({ends})"


def shares_in_words(found: Grouped, each: GroupTotals) -> list[str]:
    """Return the shares of a group's GDP, population and readiness with each provider."""
    lines = []
    for provider, name in found.providers.items():
        counts = each.partners[provider, ALL]
        known = [
            f"{percent(counts[weight].mean)} "
            f"({span(counts[weight].p05, counts[weight].p95, percent)}) of its {words}"
            for weight, words in _WEIGHT_WORDS.items()
            if counts[weight].mean == counts[weight].mean
        ]
        if known:
            lines.append(f"{each.group.title}, with {with_article(name)}: {', '.join(known)}.")
    return lines


def notes_in_words(found: Grouped) -> list[str]:
    """Return what the numbers rest on: memberships, who does not decide, what is estimated."""
    lines = [
        f"Members as of {found.members_as_of}. A member with two partners counts with both. Shares "
        "are of what the members that decide have together."
    ]
    if found.start is not None:
        lines.append(f"Changes are {_changed(found.scenario, found.start)}, in the same futures.")
    together = {code for each in found.totals for code in each.group.members}
    deciding = {code for each in found.totals for code in each.deciding}
    homes = [code for code in found.homes if code in together and code not in deciding]
    if homes:
        lines.append(f"Home of a provider, so without a decision: {_named(homes)}.")
    others = sorted(together - deciding - {*homes})
    if others:
        lines.append(f"Not part of this scenario: {_named(others)}.")
    for weight, words in _WEIGHT_WORDS.items():
        codes = sorted({code for each in found.totals for code in each.estimated[weight]})
        if codes:
            lines.append(
                f"No complete figure on record for {words}, so estimated: {_named(codes)}."
            )
    return lines


def _changed(scenario: Scenario, start: Scenario) -> str:
    """Return which scenario is compared with which."""
    return f"{name_of_second(start, scenario)} minus {start.name}"


def _named(codes: Sequence[str]) -> str:
    """Return countries by name, or how many there are."""
    names = country_names()
    if len(codes) > _MOST_NAMED:
        return f"{len(codes)} countries"
    return ", ".join(names[code] for code in codes)
