"""What it would take for each country, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.requirement.words import by_the_end
from sim.words.titles import country_names
from sim.words.wording import listed, percent

if TYPE_CHECKING:
    from sim.analysis.requirement.each.found import Each

_MOST_NAMED = 8


def requirements_sentences(found: Each) -> list[str]:
    """Return what came out: who signs already, who would, and who would not."""
    asked, lever = found.question, found.lever
    level, n = percent(asked.level), len(found.country)
    already, reached, beyond, barred = (
        found.those(state) for state in ("already", "reached", "beyond", "barred")
    )
    lines = [
        f"In the model, {_many(already, n)} would sign {asked.offer} {by_the_end(asked.month)} "
        f"with a probability of at least {level} on the terms as they "
        f"stand{_named(found, already)}."
    ]
    way = f"“{lever.title}” from {lever.shown(lever.start)} to at most {lever.shown(lever.limit)}"
    if reached:
        lines.append(
            f"Moving {way} brings {_many(reached, n)} "
            f"there{_named(found, reached, is_needed=True)}."
        )
    else:
        lines.append(f"Moving {way} brings no other country there.")
    if beyond:
        asked_less = sum(bool(found.asked[i] < asked.level) for i in beyond)
        lines.append(
            f"For {_many(beyond, n)} this lever is not enough; {asked_less} of them are asked with "
            f"a probability below {level} even at the limit, so other terms cannot bring them "
            "there either unless the provider asks more countries."
        )
    if barred:
        lines.append(f"The rules of the offer exclude {_many(barred, n)}.")
    falling = int((found.chances[:, -1] < found.chances[:, 0] - 0.02).sum())
    if falling:
        lines.append(
            f"{_count(falling)} less likely to sign at the limit than as the lever stands, mostly "
            "because others take the places."
        )
    return lines


def _many(which: list[int], n: int) -> str:
    return f"{len(which)} of {n} countries" if which else "no country"


def _count(count: int) -> str:
    return "1 country is" if count == 1 else f"{count} countries are"


def _named(found: Each, which: list[int], *, is_needed: bool = False) -> str:
    """Return the first of some countries in brackets, with what each needs."""
    if not which:
        return ""
    names = country_names()
    said = []
    for i in which[:_MOST_NAMED]:
        name = names.get(found.country[i], found.country[i])
        if is_needed:
            low, high = (
                "beyond" if np.isinf(end) else found.lever.shown(float(end))
                for end in (found.low[i], found.high[i])
            )
            name += f" {found.lever.shown(float(found.needed[i]))} ({low} to {high})"
        said.append(name)
    if len(which) > _MOST_NAMED:
        said.append(f"{len(which) - _MOST_NAMED} more")
    return f": {listed(said)}"
