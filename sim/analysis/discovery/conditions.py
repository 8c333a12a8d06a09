"""Conditions in the words of the tables, such as ``n_countries(us) < 6``.

A condition is one clause or several joined by *and* and *or*; *and* binds more closely. A clause
compares a number with a threshold, or says something of one future: ``KOR signs before JPN``. The
words in which answers repeat a condition are read too.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.quantities import Quantities, Quantity, refusal
from sim.experiment.summaries.focus import checked_focus
from sim.experiment.summaries.run import most_limited_offer
from sim.scenario.path_names import offer_id
from sim.words.text import with_article
from sim.words.titles import country_names, offer_title, provider_name
from sim.words.wording import by_when, month_in_words

if TYPE_CHECKING:
    from sim.scenario import Scenario

MEAN = "mean"
# Columns of the tables of a sweep that a clause may name; the mean unless it names one.
COLUMNS = (MEAN, "p05", "p50", "p95", "difference")
COMPARISONS: dict[str, Callable[[Any, float], Any]] = {
    "<=": operator.le, ">=": operator.ge, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
    "==": operator.eq, "=": operator.eq,
}  # fmt: skip
_IN_WORDS = {
    "fewer than": "<", "less than": "<", "more than": ">", "at least": ">=", "at most": "<=",
    "exactly": "=",
}  # fmt: skip
_COLUMN_WORDS = {
    "p05": "5 % of futures below", "p50": "half of the futures below",
    "p95": "95 % of futures below", "difference": "change from the scenario as it stands",
}  # fmt: skip
_SIGN_WORDS = {
    "<": "below", ">": "above", "<=": "at most", ">=": "at least", "=": "equal to",
    "==": "equal to", "!=": "other than",
}  # fmt: skip
_NUMBERS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
]  # fmt: skip
_COMPARE = re.compile(r"(.+?)\s*(<=|>=|!=|==|=|<|>)\s*([^<>=!]+)")
_COLUMN = re.compile(rf"({'|'.join(COLUMNS)})\s*\(\s*(.+)\)")
_COUNT = re.compile(
    rf"({'|'.join(_IN_WORDS)})\s+(\S+)(?:\s+of\s+(?:the\s+)?(\S+))?\s+"
    r"(?:places\s+(?:are\s+)?filled(?:\s+(?:of|in)\s+(?P<offer>\S+))?|partners\s+of\s+(?P<whose>\S+))",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"(\S.*?)\s+signs(?:\s+(?!before\b)(\S+))?(?:\s+before\s+(\S.*))?")
_IS_WITH = re.compile(r"(\S.*?)\s+(is|is not)\s+with\s+(\S+)")
_BY = re.compile(r"\s+by\s+(?:the\s+end(?:\s+of\s+(\d{4}(?:-\d\d)?))?|(\d{4}(?:-\d\d)?))$")
FORMS = (
    "Write, for example, n_countries(us) < 60, p_committed(KOR, us) > 0.5, 'fewer than six of ten "
    "places filled by the end', KOR signs before JPN, or KOR is with us."
)


@dataclass(frozen=True)
class Compare:
    """A clause that compares a number with a threshold."""

    quantity: Quantity
    column: str
    sign: str
    threshold: float
    month: str

    @property
    def words(self) -> str:
        """The clause for readers."""
        column = "" if self.column == MEAN else f" ({_COLUMN_WORDS[self.column]})"
        value = f"{self.threshold:,.10g}"
        return f"{self.quantity.title}{column}: {_SIGN_WORDS[self.sign]} {value}"

    def holds(self, values: Any) -> Any:
        """Return where values fulfil the clause."""
        return COMPARISONS[self.sign](values, self.threshold)


@dataclass(frozen=True)
class Signs:
    """A clause about signatures in one future: that a country signs, perhaps before another.

    ``offers`` are those that count, as provider_offer; all if there are none.
    """

    country: str
    offers: tuple[str, ...]
    what: str
    before: str
    month: str

    @property
    def words(self) -> str:
        """The clause for readers."""
        names = country_names()
        first = f"{names[self.country]} signs{f' with {self.what}' if self.what else ''}"
        return f"{first} before {names[self.before]}" if self.before else first


@dataclass(frozen=True)
class IsWith:
    """A clause about where a country ends in one future."""

    quantity: Quantity
    is_with: bool
    whose: str
    month: str

    @property
    def words(self) -> str:
        """The clause for readers."""
        name = country_names()[self.quantity.country]
        return f"{name} is {'' if self.is_with else 'not '}with {self.whose}"


Clause = Compare | Signs | IsWith


@dataclass(frozen=True)
class Condition:
    """A condition, which holds if all clauses of at least one group hold.

    Parameters
    ----------
    text : str
        As it was given.
    groups : tuple of tuple of clause
    last : str
        Month at whose end it is judged unless a clause says otherwise.
    """

    text: str
    groups: tuple[tuple[Clause, ...], ...]
    last: str

    @property
    def clauses(self) -> Iterator[Clause]:
        """Yield every clause."""
        for group in self.groups:
            yield from group

    @property
    def words(self) -> str:
        """The condition for readers, with the month of each clause."""
        return " or ".join(
            " and ".join(f"{each.words} by {by_when(each.month)}" for each in group)
            for group in self.groups
        )


def read_condition(text: str, known: Quantities, months: tuple[str, ...]) -> Condition:
    """Return the condition that a text describes.

    Parameters
    ----------
    text : str
    known : Quantities
        What the result keeps.
    months : tuple of str
        Those that the result covers.

    Raises
    ------
    InputError
        If it cannot be read, or names something that the result does not have.
    """
    if not isinstance(text, str) or not text.strip():
        raise refusal("the condition is empty.", FORMS)
    joined = " ".join(text.split())
    asked = _as_asked(joined, known, months)
    groups = tuple(
        tuple(_clause(part.strip(), known, months) for part in re.split(r"\s+and\s+", group))
        for group in re.split(r"\s+or\s+", asked)
    )
    return Condition(joined, groups, months[-1])


def _as_asked(text: str, known: Quantities, months: tuple[str, ...]) -> str:
    """Return a condition in the words of the tables, if it is in those of answers."""
    scenario = known.scenario
    # Their *and* joins no clauses.
    for code, name in country_names().items():
        text = text.replace(name, code) if " and " in name else text
    whose = {with_article(provider_name(scenario, key)): key for key in scenario.providers}
    signed = whose | {offer_title(scenario, ref): offer_id(ref) for ref in scenario.offers}
    titles = {each.title: each.text for each in known.all}
    columns = {words: name for name, words in _COLUMN_WORDS.items()}
    signs = {words: sign for sign, words in reversed(_SIGN_WORDS.items())}

    def number(found: re.Match[str]) -> str:
        name = titles.get(found[1]) or f"p_committed({found[2]}, {whose[found[3]]})"
        name = f"{columns[found[4]]}({name})" if found[4] else name
        return f"{name} {signs[found[5]]} "

    title = rf"({_any(titles)}|Probability that (.+?) is with ({_any(whose)}))"
    column = rf"(?: \(({_any(columns)})\))?"
    text = re.sub(rf"{title}{column}: ({_any(signs)}) ", number, text)
    text = re.sub(rf"signs with ({_any(signed)})\b", lambda m: f"signs {signed[m[1]]}", text)
    text = re.sub(rf"with ({_any(whose)})\b", lambda m: f"with {whose[m[1]]}", text)
    dates = {month_in_words(month): month for month in months}
    return re.sub(rf"by ({_any(dates)})\b", lambda m: f"by {dates[m[1]]}", text)


def _any(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _clause(text: str, known: Quantities, months: tuple[str, ...]) -> Clause:
    bare, month = _month(text, months)
    count = _COUNT.fullmatch(bare)
    if count is not None:
        return _counted(count, known, month)
    compare = _COMPARE.fullmatch(bare)
    if compare is not None:
        column = _COLUMN.fullmatch(compare[1])
        name = compare[1] if column is None else column[2]
        threshold = _number(compare[3])
        return Compare(
            known.find(name), column[1] if column else MEAN, compare[2], threshold, month
        )
    is_with = _IS_WITH.fullmatch(bare)
    if is_with is not None:
        quantity = known.find(f"p_committed({is_with[1]}, {is_with[3]})")
        whose = with_article(provider_name(known.scenario, quantity.provider))
        return IsWith(quantity, is_with[2] == "is", whose, month)
    signs = _SIGNS.fullmatch(bare)
    if signs is not None:
        scenario = known.scenario
        before = checked_focus(signs[3], scenario, "country") if signs[3] else ""
        offers, what = _offers(signs[2] or "", scenario)
        country = checked_focus(signs[1], scenario, "country")
        return Signs(country, offers, what, before, month)
    raise refusal(f"the condition {text[:100]!r} cannot be read.", FORMS)


def _month(text: str, months: tuple[str, ...]) -> tuple[str, str]:
    """Return a clause without its date, and the month that the date means."""
    found = _BY.search(text)
    if found is None:
        return text, months[-1]
    given = found[1] or found[2]
    month = months[-1] if given is None else given if "-" in given else f"{given}-12"
    if month not in months:
        rule = f"the condition {text[:100]!r}: the result has no month {month}."
        raise refusal(rule, f"It covers {months[0]} to {months[-1]}.")
    return text[: found.start()], month


def _number(text: str) -> float:
    """Return the number that a threshold states."""
    word = text.strip()
    if word.lower() in _NUMBERS:
        return float(_NUMBERS.index(word.lower()))
    is_share = word.endswith("%")
    try:
        value = float(word.removesuffix("%").replace(",", ""))
    except ValueError:
        rule = f"the threshold {word[:60]!r} is not a number."
        raise refusal(rule, "Write it with a decimal point: 0.35.") from None
    return value / 100 if is_share else value


def _counted(found: re.Match[str], known: Quantities, month: str) -> Compare:
    """Return a clause such as *fewer than six of ten places filled*."""
    sign, threshold = _IN_WORDS[found[1].lower()], _number(found[2])
    scenario = known.scenario
    if found["whose"]:
        whose = offer_id(found["whose"])
        name = "n_countries" if whose in scenario.providers else "n_partners_at_end"
        return Compare(known.find(f"{name}({whose})"), MEAN, sign, threshold, month)
    slots = {offer_id(ref): offer.slots for ref, offer in scenario.offers.items()}
    offer = offer_id(found["offer"]) if found["offer"] else most_limited_offer(scenario)
    if offer is None:
        limited = ", ".join(slots)
        rule = f"no offer of the scenario {scenario.name} has a limited number of places."
        raise refusal(
            rule, f"Name one: '{found[1]} {found[2]} partners of OFFER'; it has {limited}."
        )
    quantity = known.find(f"n_partners_at_end({offer})")
    if found[3] is not None and _number(found[3]) != slots[offer]:
        rule = f"the condition says that {offer} has {found[3]} places; it has {slots[offer]}."
        raise refusal(rule, "Write that number, or leave it out.")
    return Compare(quantity, MEAN, sign, threshold, month)


def _offers(text: str, scenario: Scenario) -> tuple[tuple[str, ...], str]:
    """Return the offers that a clause names by provider or offer, and their title."""
    if not text:
        return (), ""
    ids = {offer_id(ref): ref for ref in scenario.offers}
    if text in scenario.providers:
        own = tuple(name for name, ref in ids.items() if ref.split(".")[0] == text)
        return own, with_article(provider_name(scenario, text))
    name = offer_id(text)
    if name in ids:
        return (name,), offer_title(scenario, ids[name])
    rule = f"{text!r} is not a provider or an offer of the scenario {scenario.name}."
    raise refusal(rule, f"Choose one of {', '.join([*scenario.providers, *ids])}.")
