"""Text for the pages: the content of files is shown as written, never as markup."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from sim.words.wording import number, with_minus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.errors import Problem
    from sim.scenario import Scenario

_SPECIAL = re.compile(r"([\\`*_\[\]~$:<>&|])|^(\s*)([#+-]|\d+[.)])", re.MULTILINE)
_LINK = re.compile(r"https?://[\w./?=&%#~+,-]+[\w/]")

# An address in a scenario file keeps its spelling.
_ADDRESS = re.compile(r"^\w+\.\w")
_OF_LEVER = re.compile(r"^lever (\w+) ")
# Names of countries that have an article inside a sentence, besides those that are united.
_WITH_ARTICLE = frozenset(
    {"Bahamas", "Central African Republic", "Comoros", "DR Congo", "Dominican Republic", "Gambia",
     "Maldives", "Marshall Islands", "Netherlands", "Philippines", "Seychelles", "Solomon Islands"}
)  # fmt: skip
_BEFORE_PERCENT = re.compile(r"(?<=\d) %")


def escaped(text: str) -> str:
    r"""Return a text in which Markdown finds only words and plain web addresses.

    Examples
    --------
    >>> escaped("![x](http://a.b) <b>")
    '!\\[x\\](http://a.b) \\<b\\>'
    """
    return "".join(
        part if is_address else _SPECIAL.sub(_escape, readable(part))
        for part, is_address in with_addresses(text)
    )


def with_addresses(text: str) -> list[tuple[str, bool]]:
    """Return a text in parts, and whether each is a web address.

    Examples
    --------
    >>> with_addresses("see https://a.org/b.")
    [('see ', False), ('https://a.org/b', True), ('.', False)]
    """
    parts, end = [], 0
    for match in _LINK.finditer(text):
        parts += [(text[end : match.start()], False), (match.group(), True)]
        end = match.end()
    return [part for part in [*parts, (text[end:], False)] if part[0]]


def readable(text: str) -> str:
    r"""Return a text with typographic signs: a true minus, and no line break before a %.

    For text that people read on a page; files keep what a spreadsheet can read.

    Examples
    --------
    >>> ascii(readable("-4.0 to 2 %, from 2025-05"))
    "'\\u22124.0 to 2\\xa0%, from 2025-05'"
    """
    return with_minus(_BEFORE_PERCENT.sub("\u00a0%", text))


def _escape(match: re.Match[str]) -> str:
    """Return a special character, or the start of a list or a heading, as plain text."""
    if match[1]:
        return f"\\{match[1]}"
    return f"{match[2]}{match[3][:-1]}\\{match[3][-1]}"


def with_article(name: str) -> str:
    """Return a name in the form it has inside a sentence.

    Examples
    --------
    >>> with_article("United States"), with_article("China"), with_article("Netherlands")
    ('the United States', 'China', 'the Netherlands')
    """
    has_article = name.startswith("United ") or name in _WITH_ARTICLE
    return f"the {name}" if has_article else name


def short_name(name: str) -> str:
    """Return a name in the short form for headlines.

    Examples
    --------
    >>> short_name("United States"), short_name("Europe")
    ('the US', 'Europe')
    """
    return "the US" if name == "United States" else with_article(name)


def whole_count(value: float) -> str:
    """Return an expected count for a headline: whole, unless it is small.

    Examples
    --------
    >>> whole_count(111.4), whole_count(6.42)
    ('111', '6.4')
    """
    return f"{value:,.0f}" if abs(value) >= 10 else number(value)


def folded(text: str) -> str:
    """Return a text in the form used for searches: lower case, no accents, plain apostrophes.

    Examples
    --------
    >>> folded(" Côte d'Ivoire "), folded("Türkiye")
    ("cote d'ivoire", 'turkiye')
    """
    apart = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return distinct titles: titles that occur twice are followed by their key.

    A list of choices returns the title that was chosen, and takes the last of two equal ones; a
    table distinguishes its columns by their headers.

    Examples
    --------
    >>> told_apart({"a": "My plan", "b": "My plan", "c": "Theirs"})
    {'a': 'My plan (a)', 'b': 'My plan (b)', 'c': 'Theirs'}
    """
    often = Counter(titles.values())
    found = {
        key: title if often[title] == 1 else f"{title} ({key})" for key, title in titles.items()
    }
    # A title could equal another one with its key.
    return (
        found
        if len(set(found.values())) == len(found)
        else {key: f"{title} ({key})" for key, title in titles.items()}
    )


def problem_in_words(problem: Problem, scenario: Scenario | None = None) -> str:
    """Return a problem as the pages show it: levers by title, and a capital letter first.

    A problem that starts with an address in a scenario file keeps the address unchanged.

    Examples
    --------
    >>> import sim
    >>> from sim.errors import Problem
    >>> rule = Problem("", 0, "lever slots = 99 must be from 1 to 40.", "Choose one in the range.")
    >>> problem_in_words(rule, sim.load_scenario("baseline"))
    '“Places in the US infrastructure offer” = 99 must be from 1 to 40. Choose one in the range.'
    >>> problem_in_words(Problem("", 0, "levers.mine.low = 9 is too much.", ""))
    'levers.mine.low = 9 is too much.'
    """
    text = problem.message
    lever = _OF_LEVER.match(text)
    if lever and scenario is not None and lever[1] in scenario.levers:
        title = " ".join(scenario.levers[lever[1]].title.split())
        text = f"“{title}” {text[lever.end() :]}"
    first = text[:1] if _ADDRESS.match(text) else text[:1].upper()
    return f"{first}{text[1:]} {problem.remedy}".strip()
