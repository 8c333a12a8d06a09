"""Which countries and which reasons make a difference, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.analysis.explanation.two_scenarios.difference_tables import cause_title
from sim.analysis.splitting.words import estimate_in_words
from sim.experiment.outcomes import SHARES
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import with_article
from sim.words.titles import country_names, offer_title, provider_name
from sim.words.wording import alike, by_when, number, percent, points, span, with_sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.analysis.explanation.two_scenarios.divided import Divided
    from sim.analysis.splitting.shares import Estimate

_MOST = 5


def difference_sentences(found: Divided) -> list[str]:
    """Return which countries and reasons make the difference; the first two are to be quoted.

    Parameters
    ----------
    found : Divided
    """
    lines = [_how_much(found)]
    if not found.parts.any():
        who = "The country ends" if found.quantity.is_probability else "Every country ends"
        return [*lines, f"{who} alike in both, in every future."]
    _, change = shows(found)
    names = {code: with_article(name) for code, name in country_names().items()}
    causes = {cause_title(name): each for name, each in _strongest(found.by_cause).items()}
    countries = {
        with_article(names[code]): each for code, each in _strongest(found.by_country).items()
    }
    lines.append(
        f"What decides most is {_first(causes, change, 2)}; the countries that move most are "
        f"{_first(countries, lambda value: f'{points(value)} points', 3)}."
    )
    for title, parts, show in (
        ("By what decided", causes, change),
        ("By country, in percentage points", countries, points),
        ("By region", _strongest(found.by_region), change),
    ):
        told = "; ".join(f"{name} {estimate_in_words(each, show)}" for name, each in parts.items())
        lines.append(f"{title}: {told}.")
    lines.append(
        "A country counts where it ends with the partner in one scenario and not in the other, in "
        "the same future; what decided is taken from the month after which it never again stands "
        f"alike in both. alignsim split {found.scenario_a.name} {found.scenario_b.name} says which "
        "of the changes did it."
    )
    return lines


def shows(found: Divided) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """Return how a level of the outcome is written, and how a change."""
    return (percent, points) if found.is_share else (number, with_sign)


def _how_much(found: Divided) -> str:
    level, change = shows(found)
    a, b = found.scenario_a.name, found.scenario_b.name
    last = f"{b} as changed" if a == b else b
    unit = " points" if found.is_share else ""
    difference = found.difference
    interval = ""
    if not math.isnan(difference.low):
        interval = f" (90 % interval: {span(difference.low, difference.high, change)})"
    in_b, in_a = alike(level(found.total_b.mean), level(found.total_a.mean))
    return (
        f"In the model, {_said(found, in_b)} by {by_when(found.months[-1])} in the scenario "
        f"{last}, and {in_a} in {a}: a difference of "
        f"{change(difference.mean)}{unit}{interval}."
    )


def _said(found: Divided, level: str) -> str:
    """Return the outcome as a clause, such as *the United States has 54 partners*."""
    quantity = found.quantity
    having = next(each for each in (found.scenario_b, found.scenario_a)
                  if quantity.provider in each.providers)  # fmt: skip
    who = with_article(provider_name(having, quantity.provider))
    if quantity.is_probability:
        country = with_article(country_names()[quantity.country])
        return f"the probability that {country} is a partner of {who} is {level}"
    if quantity.outcome in SHARES:
        return f"partners of {who} hold {level} {OUTCOME_WORDS[quantity.outcome].amount}"
    if quantity.offer:
        owned = {ref.replace(".", "_", 1): ref for ref in having.offers}
        return f"the offer {offer_title(having, owned[quantity.offer])} has {level} partners"
    return f"{who} has {level} partners"


def _first(parts: Mapping[str, Estimate], show: Callable[[float], str], most: int) -> str:
    named = [f"{name} ({show(each.mean)})" for name, each in [*parts.items()][:most]]
    return ", then ".join(named)


def _strongest(values: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return the parts that are not 0, the largest first."""
    ordered = sorted(values.items(), key=lambda item: -abs(item[1].mean))
    return {name: each for name, each in ordered[:_MOST] if each.mean != 0.0}
