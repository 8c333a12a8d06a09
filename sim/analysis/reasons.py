"""Differences between the two scenarios, and the reasons that moved a country, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.countries import difference_with, drivers
from sim.analysis.pairing import only_in, provider_names, sides_of
from sim.experiment.summaries.explaining import counted_drivers, filters_in
from sim.experiment.tables.countries import BY_SELECTION
from sim.scenario import split_address
from sim.scenario.differing import UNCERTAIN
from sim.words.text import with_article
from sim.words.titles import address_title, offer_title
from sim.words.wording import (
    distribution_in_words,
    month_in_words,
    number,
    percent,
    points,
    span,
    term_phrase,
)

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.experiment.result import Result
    from sim.scenario import Scenario

MOST_CHANGES = 8
LEAST_CHANGE = 0.05
_EVENTS = "events"


def changes_for_readers(shown: Shown) -> pd.DataFrame:
    """Return what differs between the two scenarios, with A before B as on the page.

    Returns
    -------
    DataFrame
        One row per number, word or list: what it is, its value in A and in B, and its address in a
        scenario file.
    """
    assert shown.comparison is not None
    assert shown.b is not None
    scenarios = shown.a.scenario, shown.b.scenario
    # The comparison starts from B, which it names a.
    rows = shown.comparison.frame("changes").to_dict("records")
    return pd.DataFrame(
        [
            {
                "what": address_title(str(row["address"]), *scenarios),
                "A": _change_value(shown.a.scenario, row["address"], row["value_b"]),
                "B": _change_value(shown.b.scenario, row["address"], row["value_a"]),
                "address in a scenario file": str(row["address"]),
            }
            for row in rows
        ],
        columns=["what", "A", "B", "address in a scenario file"],
    )


_VALUES = {"true": "yes", "false": "no", "none": "no limit"}


def _change_value(scenario: Scenario, address: str, text: Any) -> str | float:
    """Return a value as a number, or in words."""
    if address.startswith(UNCERTAIN):
        drawn = scenario.uncertainties.get(address.removeprefix(UNCERTAIN))
        return "one value, not drawn" if drawn is None else distribution_in_words(drawn)
    if not isinstance(text, str):
        return "nothing"
    try:
        return float(text)
    except ValueError:
        return _VALUES.get(text, text)


def _told_changes(shown: Shown) -> list[tuple[str, str, str, str]]:
    """Return title, values in A and in B, and address of each difference that is told.

    The loss of a distribution is not: it only follows from setting the number.
    """
    table = changes_for_readers(shown)
    addresses = set(table["address in a scenario file"])
    return [
        (what, *(f"{v:,g}" if isinstance(v, float) else v for v in (a, b)), address)
        for what, a, b, address in table.itertuples(index=False, name=None)
        if address.removeprefix(UNCERTAIN) not in addresses - {address}
    ]


def changes_in_words(shown: Shown) -> list[str]:
    """Return the differences between the two scenarios, each under its title."""
    # A dictionary, so that the line about a whole provider appears once.
    found: dict[str, None] = {}
    for what, a, b, address in _told_changes(shown):
        if address == _EVENTS:
            found |= dict.fromkeys(_events_in_words(shown))
            continue
        found[_whole_in_one(shown, address) or f"{what}: {a} in A, {b} in B"] = None
    lines = list(found)
    if len(lines) > MOST_CHANGES:
        rest = len(lines) - MOST_CHANGES
        lines = [*lines[:MOST_CHANGES], f"and {rest} more, in the CSV of the changes"]
    return lines


def single_change(shown: Shown) -> str:
    """Return the one number or word in which A differs from B; "" if they differ in more or none.

    Examples
    --------
    >>> import sim
    >>> from sim.interfaces.charts.registry import shown_of
    >>> baseline = sim.load_scenario("baseline")
    >>> moved = baseline.with_levers({"linkage": 0.9})
    >>> single_change(shown_of(sim.compare(baseline, moved, replicates=8, seed=1), {}))
    'Tie to the US project and its diplomacy at 0.9 instead of 0.5'
    """
    rows = _told_changes(shown)
    if len(rows) != 1:
        return ""
    what, a, b, address = rows[0]
    if address == _EVENTS or _whole_in_one(shown, address):
        return ""
    return f"{what} at {a} instead of {b}"


def _events_in_words(shown: Shown) -> list[str]:
    """Return the events that only one side has, or has otherwise, each with its month."""
    a, b = (
        {(event.date, " ".join(event.title.split())): event for event in side.scenario.events}
        for side in sides_of(shown).values()
    )
    found = []
    for month, title in sorted(a.keys() | b.keys()):
        own, other = a.get((month, title)), b.get((month, title))
        if own != other:
            where = "in A and B, not alike" if own and other else f"only in {'A' if own else 'B'}"
            found.append(f"Event {where}: {title} ({month_in_words(month)})")
    return found


def _whole_in_one(shown: Shown, address: str) -> str:
    """Return the line about a provider or offer that only one side has, or "" if both do."""
    sides = {name: side.scenario for name, side in sides_of(shown).items()}
    parts = [str(part) for part in split_address(address.removeprefix(UNCERTAIN))]
    provider = {"providers": parts[1:2], "corporate_ties": parts[2:3]}.get(parts[0], [])
    having = [side for side, scenario in sides.items() if {*provider} & {*scenario.providers}]
    if len(having) == 1:
        return f"Provider {provider_names(shown)[provider[0]]}: only in {having[0]}"
    if parts[0] != "providers" or len(parts) < 5:
        return ""
    offer = f"{parts[1]}.{parts[3]}"
    having = [side for side, scenario in sides.items() if offer in scenario.offers]
    if len(having) == 1:
        return f"Offer {offer_title(sides[having[0]], offer)}: only in {having[0]}"
    return ""


def what_changed(shown: Shown, code: str) -> list[str]:
    """Return sentences on what A changes for a country, and why; none without a comparison.

    First the differences between the scenarios, then for each provider the change of probability
    and the reasons that changed with it.
    """
    if shown.comparison is None or shown.b is None:
        return []
    lines = changes_in_words(shown)
    if not lines:
        return []
    for provider, title in provider_names(shown).items():
        change, low, high = difference_with(shown, code, provider)
        name = with_article(title)
        clear = "clear of zero" if low > 0 or high < 0 else "not clear of zero"
        so = "with it"
        if change == 0 and low == high:
            clear, so = "the same in every future", "all the same"
        moves = f"{points(change)} points ({span(low, high, points)})"
        text = f"Probability of being with {name}: {moves}, {clear}."
        moved = moved_reasons(shown, code, provider)
        words = f" Reasons that moved {so}: {moved}." if moved else ""
        lines.append(f"{text}{words}")
    return lines


def moved_reasons(shown: Shown, code: str, provider: str) -> str:
    """Return what changed most from B to A: filters, then reasons, in utility; "" if nothing did.

    These are means over futures: they show what changed along with the probability, not how much
    of that change they caused.
    """
    assert shown.b is not None
    if only_in(shown, provider):
        return ""
    a, b = (drivers(result, code, provider) for result in (shown.a, shown.b))
    change = {term: value - b.get(term, 0.0) for term, value in a.items()}
    ordered = sorted(change.items(), key=lambda item: -abs(item[1]))
    words = moved_filters(shown, code, provider)
    words += [
        f"{term_phrase(term)} {'+' if value > 0 else '-'}{number(abs(value))}"
        for term, value in ordered[:3]
        if abs(value) >= LEAST_CHANGE
    ]
    return ", ".join(words)


def moved_filters(shown: Shown, code: str, provider: str) -> list[str]:
    """Return in which offers of a provider either filter moved notably from B to A, in words.

    The filters are the provider's, how often it invites the country, and the country's, how often
    it signs once invited. Offers that both sides leave open to all have only rules for the first.
    """
    assert shown.b is not None
    sides = (filters_in(result.ensemble, code, provider) for result in (shown.a, shown.b))
    a, b = ({each.reference: each for each in filters} for filters in sides)
    words = []
    for reference in (name for name in a if name in b):
        one, other = a[reference], b[reference]
        pairs = {
            f"invited to the {one.title}": (one.invited, other.invited),
            f"signs the {one.title} once invited": (one.signs_then, other.signs_then),
        }
        if BY_SELECTION in (one.access, other.access):
            words += [
                f"{what} in {percent(now)} instead of {percent(before)}"
                for what, (now, before) in pairs.items()
                if abs(now - before) >= LEAST_CHANGE
            ]
    return words


Reasons = dict[str, float]


def reasons_in_words(shown: Shown, code: str) -> dict[str, tuple[Reasons, Reasons | None]]:
    """Return what each reason adds for a country towards each provider, by key of the provider.

    For each provider, the reasons of A by their words, and those of B: None without a B, and
    empty where a side has no such provider.
    """
    return {
        provider: (
            _worded(shown.a, code, provider),
            None if shown.b is None else _worded(shown.b, code, provider),
        )
        for provider in provider_names(shown)
    }


def _worded(result: Result, code: str, provider: str) -> Reasons:
    """Return the reasons that count by their words; see `counted_drivers`."""
    found = counted_drivers(result.scenario, code, provider, drivers(result, code, provider))
    return {term_phrase(term): value for term, value in found.items()}
