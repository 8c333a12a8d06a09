"""The finding of a view: a headline and a sentence with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.pairing import provider_names
from sim.analysis.reasons import changes_in_words, single_change
from sim.analysis.standing import Count, count, partners_by_month
from sim.analysis.summary.kinds import Kinds, data_centre_offers, partners_by_kind
from sim.experiment.outcomes import offers_of
from sim.words.definitions import OF_MEAN
from sim.words.digits import parts_that_add_up, supported, supported_change
from sim.words.text import short_name, whole_count, with_article
from sim.words.wording import by_when, error_in_words, span, with_sign

if TYPE_CHECKING:
    from sim.analysis.shown import Shown

LONGEST = 90
# Of a headline that names what is compared.
LONGEST_NAMED = 130
MOST_NAMED = 2
CAUTION = "A comparison of assumptions, not a forecast."


@dataclass(frozen=True)
class Finding:
    """A headline that fits on a line or two, the sentence below it, and their numbers."""

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
    '94 (Monte Carlo error 2.1; 90 % of futures: 66 to 125)'
    """
    error = f"Monte Carlo error {error_in_words(found.error)}"
    mean = supported(found.mean, found.p05, found.p95)
    return f"{mean} ({error}; 90 % of futures: {span(found.p05, found.p95)})"


def finding_of(shown: Shown, of: str, sides: tuple[str, str] = ("A", "B")) -> Finding:
    """Return the finding of a view about the partners of a provider.

    Parameters
    ----------
    shown : Shown
    of : str
        Key of the provider.
    sides : tuple of str
        What A and B are called, unless a single number tells them apart.
    """
    ensemble = shown.ensemble
    kinds = partners_by_kind(shown, of)
    found = kinds.all
    name = provider_names(shown)[of]
    end = by_when(ensemble.axes.month[-1])
    futures = f"{ensemble.replicates:,} futures"
    if found.change is None:
        text = (
            f"Of {len(ensemble.axes.country)} countries, on average over {futures}, with "
            f"{with_article(name)} alone or beside a second partner (Monte Carlo error "
            f"{error_in_words(found.error)}; 90 % of futures: {span(found.p05, found.p95)}). "
            f"{CAUTION}"
        )
        return Finding(_level_headline(shown, of, kinds, end), text, found)
    text = (
        f"A minus B, on average over the same {futures}: {change_in_words(found)}; "
        f"{kinds_in_words(kinds)}. A has {level_in_words(found)}. {CAUTION}"
    )
    return Finding(_change_headline(shown, name, found, end, sides), text, found)


def change_in_words(found: Count) -> str:
    """Return the change of a count with the 90 % interval of its mean, and its range over futures.

    Examples
    --------
    >>> change_in_words(Count(94, 66, 125, -12.3, -15.1, -9.4, 2.1, -31, 2))
    '-12.3 (90 % interval of the mean: -15.1 to -9.4; 90 % of futures: -31 to +2)'
    """
    assert found.change is not None
    change, ends = supported_change(found.change, found.low, found.high)
    return f"{change} ({OF_MEAN}: {ends}; 90 % of futures: {change_over_futures(found)})"


def change_over_futures(found: Count) -> str:
    """Return the range of a change over 90 % of futures.

    Examples
    --------
    >>> change_over_futures(Count(94, 66, 125, -12.3, -15.1, -9.4, 2.1, -31, 2))
    '-31 to +2'
    """
    return span(found.change_p05, found.change_p95, with_sign)


def kinds_in_words(kinds: Kinds) -> str:
    """Return the changes of partners with a data centre and of light agreements.

    Examples
    --------
    >>> one = Count(8, 4, 10, 0.5, 0.2, 0.8)
    >>> kinds_in_words(Kinds(one, one, one))
    'with a data centre +0.5 (+0.2 to +0.8), light agreements +0.5 (+0.2 to +0.8)'
    """
    named = {"with a data centre": kinds.with_data_centre, "light agreements": kinds.light}
    parts = []
    for title, found in named.items():
        assert found.change is not None
        change, ends = supported_change(found.change, found.low, found.high)
        parts.append(f"{title} {change} ({ends})")
    return ", ".join(parts)


def _level_headline(shown: Shown, of: str, kinds: Kinds, end: str) -> str:
    """Return the headline of one scenario: partners, those with a data centre, and the others."""
    found = kinds.all
    parts = parts_that_add_up(found.mean, kinds.with_data_centre.mean, found.p05, found.p95)
    amount, large, light = parts
    noun = "partner" if amount == "1" else "partners"
    who = short_name(provider_names(shown)[of])
    headline = f"{amount} {noun} of {who} by {end}{_split(shown, of, large, light)}"
    # The title of a visitor's own provider can have any length; the sentence names it.
    if len(headline) > LONGEST:
        headline = f"{amount} {noun} by {end}{_split(shown, of, large, light)}"
    return headline


def _split(shown: Shown, of: str, large: str, light: str) -> str:
    """Return what follows the number of partners: how many there are of each kind."""
    n_large = len(data_centre_offers(shown.ensemble, of))
    if n_large == 0:
        return ", none with a data centre"
    if n_large == len(offers_of(shown.ensemble.axes, of)):
        return ", all with a data centre"
    noun = "agreement" if light == "1" else "agreements"
    return f": {large} with a data centre, {light} light {noun}"


def what_differs(shown: Shown, where: str = "on the page Country") -> str:
    """Return one line on what differs between A and B: the first differences, and where all are."""
    lines = changes_in_words(shown)
    if not lines:
        return "Nothing: A and B are the same."
    named = "; ".join(lines[:MOST_NAMED])
    return f"{named}; and more, all {where}." if len(lines) > MOST_NAMED else f"{named}."


def _change_headline(
    shown: Shown, name: str, found: Count, end: str, sides: tuple[str, str]
) -> str:
    """Return the headline of two scenarios, which names what they differ in or what they are."""
    assert found.change is not None
    name, single = with_article(name), single_change(shown)
    is_same = found.change == 0 and found.low == found.high
    amount, word = whole_count(abs(found.change)), "more" if found.change > 0 else "fewer"
    more = f"{amount} {word} {'partner' if amount == '1' else 'partners'}"

    def told(a: str, b: str) -> str:
        if is_same:
            return f"{a} and {b} give {name} the same partners"
        if not found.is_clear:
            return f"{a} or {b}: no clear change for {name}"
        return f"{a} brings {name} {more} by {end} than {b}"

    if single and is_same:
        first = f"{single}: the same partners of {name}"
    elif single and not found.is_clear:
        first = f"{single}: no clear change for {name}"
    else:
        first = f"{single}: {more} of {name} by {end}" if single else told(*_told_apart(sides))
    # Names of a visitor's own can have any length; the sentences below have them.
    return first if len(first) <= LONGEST_NAMED else told("A", "B")


def _told_apart(sides: tuple[str, str]) -> tuple[str, str]:
    return ("A", "B") if sides[0] == sides[1] else sides
