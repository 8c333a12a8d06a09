"""What a comparison says, in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.experiment.summaries.run import HeadedLines, Summary, wrap
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.wording import (
    counted,
    distribution_in_words,
    error_in_words,
    month_in_words,
    number,
    percent,
    points,
    span,
    with_sign,
)

if TYPE_CHECKING:
    from sim.experiment.result_tables import ComparisonTables
    from sim.scenario import Scenario

MOST_CHANGES = 12
MOST_MOVED = 8
_OUTCOMES = ("n_countries", "gdp_share", "contracted_mw", "live_mw", "fund_usd_m")


def summarise_comparison(comparison: ComparisonTables) -> Summary:
    """Return the summary of a comparison."""
    a, b = comparison.scenario_a, comparison.scenario_b
    end = month_in_words(comparison.months[-1])
    sections = [
        HeadedLines(f"{b.title}, compared with: {a.title}", (*_question(comparison),)),
        HeadedLines("What was changed", (*_changes(comparison),)),
        HeadedLines(f"What it does by {end}", (*_totals(comparison),)),
    ]
    names = dict.fromkeys([*a.providers, *b.providers])
    titles = {**_titles(comparison)}
    for name in names:
        heading = f"Countries whose probability of being with {titles[name]} moves most"
        sections.append(HeadedLines(heading, (*_moved(comparison, f"p_committed_{name}"),)))
    if comparison.notes:
        lines = tuple(line for note in comparison.notes for line in wrap(note, "  "))
        sections.append(HeadedLines("Not the same in both", lines))
    return Summary(tuple(sections))


def _titles(comparison: ComparisonTables) -> dict[str, str]:
    found: dict[str, str] = {}
    for scenario in (comparison.scenario_b, comparison.scenario_a):
        found |= {name: provider.title for name, provider in scenario.providers.items()}
    return found


def _question(comparison: ComparisonTables) -> Iterator[str]:
    yield from wrap(
        f"{counted(comparison.replicates, 'future')}, seed {comparison.seed}. Each future has the "
        "same random numbers and the same uncertain numbers in both scenarios, so any difference "
        "is due to the scenarios. Differences are the second minus the first; 90 % intervals are "
        "those of the mean difference in this model, not in the world."
    )
    yield from _months(comparison)


def _months(comparison: ComparisonTables) -> Iterator[str]:
    """Yield which months are compared, if they are not all months of both scenarios."""
    a, b = comparison.scenario_a, comparison.scenario_b
    if a.months == b.months == comparison.months:
        return
    first, last = (month_in_words(comparison.months[t]) for t in (0, -1))
    spans = [f"{month_in_words(s.months[0])} to {month_in_words(s.months[-1])}" for s in (a, b)]
    if a.months == b.months:
        end = month_in_words(a.months[-1])
        yield f"All figures are as of the end of {last}; both scenarios go on to {end}."
        return
    yield from wrap(
        f"The first covers {spans[0]}, the second {spans[1]}. They are compared over the months "
        f"that both have, {first} to {last}."
    )


def _changes(comparison: ComparisonTables) -> Iterator[str]:
    table = comparison.changes
    if table.empty:
        yield "Nothing: the two scenarios are the same."
    a, b = comparison.scenario_a, comparison.scenario_b
    lines: dict[str, None] = {}
    for row in table.to_dict("records"):
        address = str(row["address"])
        if address == "events":
            lines |= dict.fromkeys(_changed_events(a, b))
            continue
        whole = _added_or_removed(address, a, b)
        if address.startswith("uncertainties."):
            values = [_drawn(scenario, address) for scenario in (a, b)]
        else:
            values = [_shown(row["value_a"]), _shown(row["value_b"])]
        lines[whole or f"{address}: {values[0]} -> {values[1]}"] = None
    for line in list(lines)[:MOST_CHANGES]:
        yield from wrap(line, "  ")
    if len(lines) > MOST_CHANGES:
        yield f"... and {len(lines) - MOST_CHANGES} more; see changes.csv."


def _shown(value: object) -> str:
    return textwrap.shorten(value, 30, placeholder="...") if isinstance(value, str) else "none"


def _drawn(scenario: Scenario, address: str) -> str:
    """Return how a scenario draws a number."""
    distribution = scenario.uncertainties.get(address.removeprefix("uncertainties."))
    return "not drawn" if distribution is None else distribution_in_words(distribution)


def _changed_events(a: Scenario, b: Scenario) -> Iterator[str]:
    """Yield the events that only one scenario has, and those whose effects differ.

    Two events are the same if month and title are equal.
    """
    names = sorted({(event.date, event.title) for event in (*a.events, *b.events)})
    is_same = True
    for date, title in names:
        first, second = (
            [event for event in side.events if (event.date, event.title) == (date, title)]
            for side in (a, b)
        )
        if first != second:
            is_same = False
            what = "changed" if first and second else "removed" if first else "added"
            yield f"event {what}: {title} ({date})"
    if is_same:
        yield "events: another order within a month"


def _added_or_removed(address: str, a: Scenario, b: Scenario) -> str | None:
    """Return the line about a whole provider or offer that only one scenario has."""
    parts = address.removeprefix("uncertainties.").split(".")
    if parts[0] != "providers" or len(parts) < 3:
        return None
    for what, name, sides in (
        ("provider", parts[1], (a.providers, b.providers)),
        ("offer", f"{parts[1]}.{parts[3]}" if len(parts) > 4 else "", (a.offers, b.offers)),
    ):
        if name and (name in sides[0]) != (name in sides[1]):
            return f"{what} {name}: {'removed' if name in sides[0] else 'added'}"
    return None


def _totals(comparison: ComparisonTables) -> Iterator[str]:
    table = comparison.totals
    yield f"{'':27}{'first':>8}{'':8}{'second':>8}{'':7}{'difference':>12}  90 % interval"
    titles = _titles(comparison)
    for provider in dict.fromkeys(table["provider"].dropna()):
        yield titles[provider]
        own = table[table["provider"] == provider].set_index("outcome")
        for outcome in _OUTCOMES:
            found, is_share = OUTCOME_WORDS[outcome], outcome == "gdp_share"
            called = found.label if is_share else found.amount
            yield _total_line(own.loc[outcome].to_dict(), f"  {called}", is_share)
    yield "Countries that end"
    rest = table[table["provider"].isna()].set_index("outcome")
    for outcome, words in (
        ("n_on_uncommitted", "  uncommitted"),
        ("n_on_sovereign", "  with sovereign AI alone"),
        ("n_countries_hedging", "  with two providers"),
    ):
        yield _total_line(rest.loc[outcome].to_dict(), words, is_share=False)


def _total_line(row: Mapping[Any, float], words: str, is_share: bool) -> str:
    show, change = (percent, points) if is_share else (number, with_sign)
    unit = " points" if is_share else ""
    interval = span(row["difference_low"], row["difference_high"], change)
    scale = 100.0 if is_share else 1.0
    means = [f"{show(row[f'mean_{side}']):>8} {_error(row, side, scale):<7}" for side in ("a", "b")]
    return f"{words:<27}{means[0]}{means[1]}{change(row['difference']):>12}  {interval}{unit}"


def _error(row: Mapping[Any, float], side: str, scale: float) -> str:
    """Return the Monte Carlo error of a mean; results of earlier versions have none."""
    return f"±{error_in_words(scale * row.get(f'mean_{side}_se', float('nan')))}"


def _moved(comparison: ComparisonTables, outcome: str) -> Iterator[str]:
    table = comparison.countries
    own = table[table["outcome"] == outcome]
    order = own["difference"].abs().sort_values(ascending=False, kind="stable").index
    own = own.loc[order]
    own = own[own["difference"] != 0].head(MOST_MOVED)
    if own.empty:
        yield "None: no country's probability differs."
        return
    yield f"{'':28}{'first':>6}{'second':>8}{'points':>8}  {'90 %':<16}gained / lost in futures"
    for row in own.to_dict("records"):
        name = textwrap.shorten(f"{row['name']} ({row['country']})", 27, placeholder="...")
        interval = span(row["difference_low"], row["difference_high"], points)
        yield (
            f"{name:<28}{percent(row['p_a']):>6}{percent(row['p_b']):>8}"
            f"{points(row['difference']):>8}  {interval:<16}"
            f"{percent(row['p_gained'])} / {percent(row['p_lost'])}"
        )
