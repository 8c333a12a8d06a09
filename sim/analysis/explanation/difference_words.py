"""Which countries and which reasons make a difference, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.analysis.explanation.difference_tables import cause_title
from sim.analysis.explanation.moves import listed
from sim.analysis.splitting.words import estimate_in_words
from sim.words.titles import country_names
from sim.words.wording import by_when, number, percent, points, with_sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.analysis.explanation.differing import WhyDifference
    from sim.analysis.splitting.shares import Estimate

_MOST = 5


def difference_sentences(found: WhyDifference) -> list[str]:
    """Return which countries and reasons make the difference; the first two are to be quoted.

    Parameters
    ----------
    found : WhyDifference
    """
    level, change = shows(found)
    a, b = found.scenario_a.name, found.scenario_b.name
    if a == b:
        b = f"{b} as changed"
    difference = estimate_in_words(found.difference, change)
    lines = [
        f"In the model, {found.quantity.title[:1].lower()}{found.quantity.title[1:]} by "
        f"{by_when(found.months[-1])} comes to {level(found.total_b.mean)} in {b} and to "
        f"{level(found.total_a.mean)} in {a}: a difference of {difference}."
    ]
    if found.difference.mean == 0.0 and not found.parts.any():
        return [*lines, "No country ends otherwise in any future."]
    causes = _strongest(found.by_cause)
    names = country_names()
    countries = {names[code]: value for code, value in _strongest(found.by_country).items()}
    first = listed([f"{cause_title(cause)} ({change(each.mean)})" for cause, each in
                    [*causes.items()][:2]])  # fmt: skip
    who = listed([f"{name} ({change(each.mean)})" for name, each in [*countries.items()][:3]])
    lines.append(f"What decides most is {first}; the countries that move most are {who}.")
    told = "; ".join(
        f"{cause_title(cause)} {estimate_in_words(each, change)}" for cause, each in causes.items()
    )
    lines.append(f"By what decided: {told}.")
    told = "; ".join(
        f"{name} {estimate_in_words(each, change)}" for name, each in countries.items()
    )
    lines.append(f"By country: {told}.")
    told = "; ".join(
        f"{region} {estimate_in_words(each, change)}"
        for region, each in _strongest(found.by_region).items()
    )
    lines.append(f"By region: {told}.")
    lines.append(
        "A country counts where it ends with the partner in one scenario and not in the other, in "
        "the same future; what decided is taken from the month after which it never again stands "
        f"alike in both. alignsim split {found.scenario_a.name} {found.scenario_b.name} says which "
        "of the changes did it."
    )
    return lines


def shows(found: WhyDifference) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """Return how a level of the outcome is written, and how a change."""
    if found.is_share:
        return percent, points
    return number, with_sign


def _strongest(values: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return the parts that are not 0, the largest first."""
    ordered = sorted(values.items(), key=lambda item: -abs(item[1].mean))
    return {name: each for name, each in ordered[:_MOST] if each.mean != 0.0}
