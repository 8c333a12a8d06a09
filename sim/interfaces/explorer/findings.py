"""The finding of a view in one line, and its range under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.wording import number, signed, span
from sim.interfaces.explorer.standing import Count, count, partners_by_month, provider_name
from sim.interfaces.explorer.text import whole, with_article

if TYPE_CHECKING:
    from sim.interfaces.explorer.runs import Answer

LONGEST = 60
CAUTION = "A comparison of assumptions, not a forecast."


@dataclass(frozen=True)
class Finding:
    """A headline of at most sixty characters, the sentence under it, and the numbers of both."""

    headline: str
    range: str
    count: Count


def partners_at_end(answer: Answer, of: str) -> Count:
    """Return how many countries end with a provider, and the change from B to A."""
    other = None if answer.other is None else partners_by_month(answer.other, of)[:, -1]
    size = answer.ensemble.futures_per_draw
    return count(partners_by_month(answer.ensemble, of)[:, -1], other, size)


def find(answer: Answer, of: str) -> Finding:
    """Return the finding of a view about the partners of a provider."""
    ensemble = answer.ensemble
    found = partners_at_end(answer, of)
    name = provider_name(ensemble.scenario, of)
    year = ensemble.axes.month[-1][:4]
    n = len(ensemble.axes.country)
    futures = f"{ensemble.replicates:,} futures"
    level = f"{number(found.mean)} (90 % of futures: {span(found.p05, found.p95)})"
    if found.change is None:
        headline = f"{name}: {whole(found.mean)} of {n} countries by {year}"
        text = f"On average over {futures}: {level}. {CAUTION}"
        return Finding(headline, text, found)
    interval = f"{signed(found.change)} (90 % interval: {span(found.low, found.high, signed)})"
    text = (
        f"A less B, on average over the same {futures}: {interval}. A comes to {level}. {CAUTION}"
    )
    return Finding(_change_headline(name, found, year), text, found)


def _change_headline(name: str, found: Count, year: str) -> str:
    assert found.change is not None
    name = with_article(name)
    if found.change == 0 and found.low == found.high:
        return f"A and B give {name} the same partners"
    if not found.is_clear:
        return f"A or B: no clear change for {name}"
    word = "more" if found.change > 0 else "fewer"
    amount = whole(abs(found.change))
    noun = "partner" if amount == "1" else "partners"
    return f"A brings {name} {amount} {word} {noun} by {year} than B"
