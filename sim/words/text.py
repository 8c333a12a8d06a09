"""Text for the pages: what comes from files is shown as written, never as markup."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sim.words.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.errors import Problem
    from sim.scenario import Scenario

_SPECIAL = re.compile(r"([\\`*_\[\]~$:<>&|])|^(\s*)([#+-]|\d+[.)])", re.MULTILINE)
_LINK = re.compile(r"https?://[\w./?=&%#~+,-]+[\w/]")

_MINUS = re.compile(r"(?<![\w.,:/)\]-])-(?=[\d.])")
# An address in a scenario file is written as it stands there.
_ADDRESS = re.compile(r"^\w+\.\w")
_OF_LEVER = re.compile(r"^lever (\w+) ")
_BEFORE_PERCENT = re.compile(r"(?<=\d) %")


def escaped(text: str) -> str:
    r"""Return a text in which Markdown finds nothing but words and plain web addresses.

    Examples
    --------
    >>> escaped("![x](http://a.b) <b>")
    '!\\[x\\](http://a.b) \\<b\\>'
    """
    parts, end = [], 0
    for match in _LINK.finditer(text):
        before = readable(text[end : match.start()])
        parts += [_SPECIAL.sub(_escape, before), match.group()]
        end = match.end()
    return "".join([*parts, _SPECIAL.sub(_escape, readable(text[end:]))])


def readable(text: str) -> str:
    r"""Return a text with the signs of print: a minus that is one, no line end before a %.

    For what people read on a page; files keep what a spreadsheet can read.

    Examples
    --------
    >>> ascii(readable("-4.0 to 2 %, from 2025-05"))
    "'\\u22124.0 to 2\\xa0%, from 2025-05'"
    """
    return _MINUS.sub("\u2212", _BEFORE_PERCENT.sub("\u00a0%", text))


def _escape(match: re.Match[str]) -> str:
    """Return a special character, or the start of a list or a heading, as plain text."""
    if match[1]:
        return f"\\{match[1]}"
    return f"{match[2]}{match[3][:-1]}\\{match[3][-1]}"


def with_article(name: str) -> str:
    """Return a name as it stands inside a sentence.

    Examples
    --------
    >>> with_article("United States"), with_article("China")
    ('the United States', 'China')
    """
    return f"the {name}" if name.startswith("United ") else name


def short_name(name: str) -> str:
    """Return a name as it stands inside a headline, where there is little room.

    Examples
    --------
    >>> short_name("United States"), short_name("Europe")
    ('the US', 'Europe')
    """
    return "the US" if name == "United States" else with_article(name)


def whole(value: float) -> str:
    """Return an expected count for a headline: whole, but for small numbers.

    Examples
    --------
    >>> whole(111.4), whole(6.42)
    ('111', '6.4')
    """
    return f"{value:,.0f}" if abs(value) >= 10 else number(value)


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return titles of which no two are alike: those that are have their key behind them.

    A list of choices sends back the words that were chosen, and takes the last of two that are
    alike; a head of a table tells columns apart by them.

    Examples
    --------
    >>> told_apart({"a": "My plan", "b": "My plan", "c": "Theirs"})
    {'a': 'My plan (a)', 'b': 'My plan (b)', 'c': 'Theirs'}
    """
    often = Counter(titles.values())
    found = {
        key: title if often[title] == 1 else f"{title} ({key})" for key, title in titles.items()
    }
    # A title could say by itself what another one says with its key.
    return (
        found
        if len(set(found.values())) == len(found)
        else {key: f"{title} ({key})" for key, title in titles.items()}
    )


def problem_in_words(problem: Problem, scenario: Scenario | None = None) -> str:
    """Return a problem as the pages say it: a lever by its title, and with a capital letter.

    What begins with an address in a scenario file keeps it as it has to be written.

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
