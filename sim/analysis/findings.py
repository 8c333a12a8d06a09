"""The finding of a view: a headline and a sentence with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.pairing import provider_names
from sim.analysis.reasons import changes_in_words
from sim.analysis.standing import Count, count, partners_by_month
from sim.words.text import short_name, whole, with_article
from sim.words.wording import by_when, error_in_words, number, span, with_sign, with_span

if TYPE_CHECKING:
    from sim.analysis.shown import Shown

LONGEST = 60
MOST_NAMED = 2
CAUTION = "A comparison of assumptions, not a forecast."


@dataclass(frozen=True)
class Finding:
    """A headline of at most sixty characters, the sentence below it, and the numbers of both."""

    headline: str
    range: str
    count: Count


def partners_at_end(shown: Shown, of: str) -> Count:
    """Return how many countries end with a provider, and the change from B to A."""
    other = None if shown.other is None else partners_by_month(shown.other, of)[:, -1]
    size = shown.ensemble.futures_per_draw
    return count(partners_by_month(shown.ensemble, of)[:, -1], other, size)


def level_in_words(found: Count) -> str:
    """Return a mean with its Monte Carlo error and the range of 90 % of futures.

    Examples
    --------
    >>> level_in_words(Count(94.2, 66, 125, error=2.13))
    '94.2 (Monte Carlo error 2.1; 90 % of futures: 66 to 125)'
    """
    error = f"Monte Carlo error {error_in_words(found.error)}"
    return f"{number(found.mean)} ({error}; 90 % of futures: {span(found.p05, found.p95)})"


def find(shown: Shown, of: str) -> Finding:
    """Return the finding of a view about the partners of a provider."""
    ensemble = shown.ensemble
    found = partners_at_end(shown, of)
    name = provider_names(shown)[of]
    end = by_when(ensemble.axes.month[-1])
    n = len(ensemble.axes.country)
    futures = f"{ensemble.replicates:,} futures"
    level = level_in_words(found)
    if found.change is None:
        text = (
            f"On average over {futures}, with {with_article(name)} alone or beside a second "
            f"partner: {level}. {CAUTION}"
        )
        return Finding(_level_headline(name, f"{whole(found.mean)} of {n}", end), text, found)
    change, ends = with_span(found.change, found.low, found.high, with_sign)
    interval = f"{change} (90 % interval: {ends})"
    text = f"A less B, on average over the same {futures}: {interval}. A has {level}. {CAUTION}"
    return Finding(_change_headline(name, found, end), text, found)


def _level_headline(name: str, amount: str, end: str) -> str:
    """Return the headline of one scenario: what would follow from it, not what will happen."""
    headline = f"{amount} countries would partner with {short_name(name)} by {end}"
    # The title of a visitor's own provider can have any length; the sentence names it.
    return headline if len(headline) <= LONGEST else f"{amount} countries would join by {end}"


def what_differs(shown: Shown, where: str = "on the page Country") -> str:
    """Return one line on what differs between A and B: the first differences, and where all are."""
    lines = changes_in_words(shown)
    if not lines:
        return "Nothing: A and B are the same."
    named = "; ".join(lines[:MOST_NAMED])
    return f"{named}; and more, all {where}." if len(lines) > MOST_NAMED else f"{named}."


def _change_headline(name: str, found: Count, end: str) -> str:
    assert found.change is not None
    name = with_article(name)
    if found.change == 0 and found.low == found.high:
        return f"A and B give {name} the same partners"
    if not found.is_clear:
        return f"A or B: no clear change for {name}"
    word = "more" if found.change > 0 else "fewer"
    amount = whole(abs(found.change))
    noun = "partner" if amount == "1" else "partners"
    return f"A brings {name} {amount} {word} {noun} by {end} than B"
