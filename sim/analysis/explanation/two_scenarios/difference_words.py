"""Which countries and which reasons make a difference, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.analysis.explanation.two_scenarios.causes import CAUSES
from sim.analysis.explanation.two_scenarios.difference_tables import cause_title
from sim.analysis.pairing import name_of_second
from sim.analysis.splitting.parts import split_command
from sim.analysis.splitting.words import estimate_in_words, level_with_error
from sim.experiment.outcomes import SHARES
from sim.words.definitions import OF_MEAN
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import with_article
from sim.words.titles import country_names, offer_title, provider_name
from sim.words.wording import alike, by_when, number, percent, points, span, with_capital, with_sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.analysis.explanation.two_scenarios.divided import Divided
    from sim.analysis.shared.estimates import Estimate

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
    countries = {names[code]: each for code, each in _strongest(found.by_country).items()}
    lines.append(_what_decides(found, causes, change))
    by_place = (
        ()
        if found.quantity.is_probability
        else (
            ("By country, in percentage points", countries, points),
            ("By region", _strongest(found.by_region), change),
        )
    )
    for title, parts, show in (("By what decided", causes, change), *by_place):
        told = "; ".join(f"{name} {estimate_in_words(each, show)}" for name, each in parts.items())
        lines.append(f"{title}: {told}.")
    lines.append(
        "A country counts where it ends with the partner in one scenario and not in the other, in "
        "the same future; what decided is taken from the month after which it never again stands "
        f"alike in both.{_which_change(found)}"
    )
    return lines


def _which_change(found: Divided) -> str:
    """Return the command that says which of the changes did it; "" if there is none."""
    words = split_command(found.scenario_a, found.scenario_b, found.quantity.text, found.months[-1])
    return f" To see which of the changes did it, run: {words}" if words else ""


def _what_decides(
    found: Divided, causes: Mapping[str, Estimate], change: Callable[[float], str]
) -> str:
    """Return what decides most, and which countries move most and by what, beyond chance."""
    told = [name for name, each in causes.items() if _is_clear(each)][:2]
    parts = []
    if told:
        reasons = ", then ".join(f"{name} ({change(causes[name].mean)})" for name in told)
        parts.append(f"what decides most is {reasons}")
    moved = [] if found.quantity.is_probability else _movers(found)
    if moved:
        verb = "countries that move most are" if len(moved) > 1 else "country that moves most is"
        parts.append(f"the {verb} {', then '.join(moved)}")
    if not parts:
        return "No single reason and no single country can be told from chance."
    text = "; ".join(parts)
    return f"{with_capital(text)}."


def _movers(found: Divided) -> list[str]:
    """Return the countries that move most beyond chance, each with what decided there."""
    names = country_names()
    clear = {code: each for code, each in found.by_country.items() if _is_clear(each)}
    told = []
    for code, each in [*_strongest(clear).items()][:3]:
        own = found.by_both[found.countries.index(code)] * (1.0 if each.mean > 0.0 else -1.0)
        cause = cause_title(CAUSES[int(own.argmax())])
        told.append(f"{with_article(names[code])} ({points(each.mean)} points, by {cause})")
    return told


def _is_clear(each: Estimate) -> bool:
    return each.low > 0.0 or each.high < 0.0


def shows(found: Divided) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """Return how a level of the outcome is written, and how a change."""
    return (percent, points) if found.is_share else (number, with_sign)


def _how_much(found: Divided) -> str:
    level, change = shows(found)
    a = found.scenario_a.name
    last = name_of_second(found.scenario_a, found.scenario_b)
    unit = " points" if found.is_share else ""
    difference = found.difference
    interval = ""
    if not math.isnan(difference.low):
        interval = f" ({OF_MEAN}: {span(difference.low, difference.high, change)})"
    if not found.is_share:
        level = level_with_error(level, found.total_a.error)
    in_b, in_a = alike(level(found.total_b.mean), level(found.total_a.mean))
    return (
        f"In the model, {_said(found, in_b)} by {by_when(found.months[-1])} in the scenario "
        f"{last}, against {in_a} in {a}: a difference of "
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


def _strongest(values: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return the parts that are not 0, the largest first."""
    ordered = sorted(values.items(), key=lambda item: -abs(item[1].mean))
    return {name: each for name, each in ordered[:_MOST] if each.mean != 0.0}
