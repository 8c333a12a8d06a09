"""Numbers, months, paths and reasons in words for readers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sim.scenario.path_names import SOVEREIGN, UNCOMMITTED, offer_id

if TYPE_CHECKING:
    from sim.scenario import Distribution, Scenario

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

# A sum of reasons is no probability.
REASONS_COME_BACK = (
    "A country weighs them anew at every review, each time with some luck, so it may sign in the "
    "end although they add up to less than zero."
)
NOTABLE = 0.05
# Numbers from a hundred on, and zero, have no decimals.
_SMALL_WHOLE = re.compile(r"[+-]?[1-9]\d?")
_MOST_REASONS = 3
_MINUS = re.compile(r"(?<![\w.,:/)\]-])-(?=[\d.])")


def month_in_words(month: str) -> str:
    """Return a month in words.

    Examples
    --------
    >>> month_in_words("2030-12")
    'December 2030'
    """
    year, number_of_month = month.split("-")
    return f"{_MONTHS[int(number_of_month) - 1]} {year}"


def by_when(month: str) -> str:
    """Return the end of a month for a headline: the year, if the month is its last.

    Examples
    --------
    >>> by_when("2030-12"), by_when("2026-11")
    ('2030', 'November 2026')
    """
    return month[:4] if month.endswith("-12") else month_in_words(month)


def number(value: float) -> str:
    """Return a count or a size, rounded for reading.

    Examples
    --------
    >>> number(9.44), number(0.46), number(8766.2), number(0.0)
    ('9.4', '0.5', '8,766', '0')
    """
    if math.isnan(value):
        return "-"
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.1f}"


def error_in_words(value: float) -> str:
    """Return a Monte Carlo error for reading: two digits, and one where it is below 1.

    Examples
    --------
    >>> error_in_words(2.134), error_in_words(0.0412), error_in_words(152.6), error_in_words(0.0)
    ('2.1', '0.04', '153', '0')
    >>> error_in_words(float("nan"))
    '-'
    """
    if math.isnan(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1g}" if abs(value) < 1 else f"{value:.2g}"


def counted(count: int, noun: str) -> str:
    """Return a whole number of things.

    Examples
    --------
    >>> counted(1, "future"), counted(1000, "future")
    ('1 future', '1,000 futures')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(parts: Iterable[str]) -> str:
    """Return things one after another, the last after *and*.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def with_capital(text: str) -> str:
    """Return a text as it begins a sentence.

    Examples
    --------
    >>> with_capital("run of baseline"), with_capital("")
    ('Run of baseline', '')
    """
    return text[:1].upper() + text[1:]


def with_minus(text: str) -> str:
    r"""Return a text with a true minus sign before negative numbers.

    Examples
    --------
    >>> ascii(with_minus("-4.0 to 2 %, from 2025-05"))
    "'\\u22124.0 to 2 %, from 2025-05'"
    """
    return _MINUS.sub("\N{MINUS SIGN}", text)


def distribution_in_words(distribution: Distribution) -> str:
    """Return a distribution in words: its kind and range.

    Negative numbers have a minus sign, since in a table a hyphen after a space may begin a formula.

    Examples
    --------
    >>> from sim.scenario import Distribution
    >>> distribution_in_words(Distribution(distribution="triangular", low=0.2, mode=0.3, high=1))
    'triangular from 0.2 to 1, mode 0.3'
    >>> distribution_in_words(Distribution(distribution="posterior", low=0.2, mode=0.3, high=1))
    'posterior, nine times in ten from 0.2 to 1, mean 0.3'
    >>> distribution_in_words(Distribution(distribution="uniform", low=-3, high=1))
    'uniform from \N{MINUS SIGN}3 to 1'
    """
    if distribution.kind == "posterior":
        least, mean, most = (f"{getattr(distribution, n):.6g}" for n in ("low", "mode", "high"))
        return with_minus(f"posterior, nine times in ten from {least} to {most}, mean {mean}")
    given = {
        name: f"{value:.6g}"
        for name in ("low", "high", "mode", "mean", "sd")
        if (value := getattr(distribution, name)) is not None
    }
    low, high = given.pop("low", None), given.pop("high", None)
    ends = f" from {low} to {high}" if low and high else ""
    centre = "".join(f", {name} {value}" for name, value in given.items())
    return with_minus(f"{distribution.kind}{ends}{centre}")


def percent(value: float) -> str:
    """Return a share as a percentage that never rounds to certainty.

    Examples
    --------
    >>> percent(0.123), percent(0.0004), percent(0.9996), percent(0.0), percent(1.0)
    ('12 %', '<1 %', '>99 %', '0 %', '100 %')
    """
    if math.isnan(value):
        return "-"
    # Halves round to even: 0.5 to 0 and 99.5 to 100, so both are covered by the words.
    percentage = 100 * value
    if value > 0.0 and percentage <= 0.5:
        return "<1 %"
    if value < 1.0 and percentage >= 99.5:
        return ">99 %"
    return f"{percentage:.0f} %"


def with_sign(value: float) -> str:
    """Return a difference with its sign.

    Examples
    --------
    >>> with_sign(1.24), with_sign(-0.5), with_sign(0.0)
    ('+1.2', '-0.5', '0')
    """
    text = number(abs(value))
    return text if text in ("0", "0.0", "-") else f"{'+' if value > 0 else '-'}{text}"


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points.

    Examples
    --------
    >>> points(0.123), points(-0.04), points(0.0)
    ('+12.3', '-4.0', '0')
    """
    if math.isnan(value):
        return "-"
    text = f"{100 * value:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text


def alike(*texts: str) -> list[str]:
    """Return numbers with the same decimals: if one has a decimal, small whole ones get one too.

    Zero stays a bare 0.

    Examples
    --------
    >>> alike("+5", "+4.8", "+5.2"), alike("0", "7", "12.5"), alike("2", "3")
    (['+5.0', '+4.8', '+5.2'], ['0', '7.0', '12.5'], ['2', '3'])
    """
    if not any("." in text for text in texts):
        return [*texts]
    return [f"{text}.0" if _SMALL_WHOLE.fullmatch(text) else text for text in texts]


def with_span(
    value: float, low: float, high: float, show: Callable[[float], str] = number
) -> tuple[str, str]:
    """Return a number and its interval, written with the same decimals.

    Examples
    --------
    >>> with_span(5.0, 4.8, 5.2, with_sign), with_span(5.0, 4.0, 6.0)
    (('+5.0', '+4.8 to +5.2'), ('5', '4 to 6'))
    """
    middle, *_ = alike(*map(show, (value, low, high)))
    ends = span(low, high, show)
    return middle, " to ".join(alike(middle, *ends.split(" to "))[1:])


def span(low: float, high: float, show: Callable[[float], str] = number) -> str:
    """Return an interval; a dash if it is unknown.

    Examples
    --------
    >>> span(2.0, 10.0), span(0.1, 0.4, percent), span(float("nan"), 1.0)
    ('2 to 10', '10 to 40 %', '-')
    >>> span(5.0, 5.2, with_sign)
    '+5.0 to +5.2'
    """
    if math.isnan(low) or math.isnan(high):
        return "-"
    first, last = alike(show(low), show(high))
    if first.endswith(" %") and last.endswith(" %"):
        first = first.removesuffix(" %")
    return f"{first} to {last}"


def title_of_path(path: str, scenario: Scenario) -> str:
    """Return the title of a path in summaries."""
    if path == UNCOMMITTED:
        return "uncommitted: waits"
    if path == SOVEREIGN:
        return "sovereign AI alone"
    names = {offer_id(ref): ref for ref in scenario.offers}
    beside = path.removesuffix(f"_and_{SOVEREIGN}")
    if beside != path and beside in names:
        return f"{names[beside].replace('.', ' ')} + sovereign AI"
    if path in names:
        return names[path].replace(".", " ")
    for first, first_name in names.items():
        for second, second_name in names.items():
            if path == f"{first}_and_{second}":
                return f"{first_name.replace('.', ' ')} + {second_name.replace('.', ' ')}"
    return path


def providers_on_record(scenario: Scenario, country: str) -> tuple[str, ...]:
    """Return the providers to which a country is committed at the start."""
    made = scenario.initial.commitments
    return tuple(each.offer.split(".")[0] for each in made if each.country == country)


def moment_of_drivers(scenario: Scenario, country: str) -> str:
    """Return the moment of the terms behind a country's choices about each provider."""
    usual = "when it first commits to that provider (if it never does: at the end)"
    titles = [scenario.providers[key].title for key in providers_on_record(scenario, country)]
    if not titles:
        return usual
    providers = f"the provider{'' if len(titles) == 1 else 's'} {listed(titles)}"
    return (
        f"{usual}; for {providers}, with whom it has a partnership on record, in the first month, "
        "relative to having none"
    )


def term_phrase(term: str) -> str:
    """Return a term of utility in words; a term unknown to the model keeps its name.

    Stored results may have terms that no longer exist.

    Examples
    --------
    >>> term_phrase("peers"), term_phrase("unheard_of")
    ('what its peers do', 'unheard_of')
    """
    # Imported here, so that a command without futures does not wait for Numba.
    from sim.words.terms import TERM_WORDS

    return TERM_WORDS[term].phrase if term in TERM_WORDS else term


def strongest_drivers(drivers: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the strongest terms for and those against, strongest first, if they are notable.

    Examples
    --------
    >>> strongest_drivers({"gain": 1.2, "sovereignty": -0.7, "cost": -0.01})
    ({'gain': 1.2}, {'sovereignty': -0.7})
    """
    ordered = sorted(drivers.items(), key=lambda item: -abs(item[1]))
    first, second = (
        [(term, value) for term, value in ordered if value * sign >= NOTABLE] for sign in (1, -1)
    )
    return dict(first[:_MOST_REASONS]), dict(second[:_MOST_REASONS])


def drivers_in_words(drivers: Mapping[str, float]) -> str:
    """Return the strongest reasons for and against, from the terms of utility.

    Examples
    --------
    >>> drivers_in_words({"gain": 1.2, "sovereignty": -0.7, "cost": -0.01})
    'For it: what the package brings +1.2. Against: fear of dependence -0.7.'
    """
    sides = []
    for words, reasons in zip(("For it", "Against"), strongest_drivers(drivers), strict=True):
        if reasons:
            named = (f"{term_phrase(term)} {with_sign(value)}" for term, value in reasons.items())
            sides.append(f"{words}: {', '.join(named)}.")
    return " ".join(sides)
