"""The words of error messages: values, bounds with units, and suggestions."""

from __future__ import annotations

import difflib
import json
import math
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sim.data.codes import known_countries
from sim.data.country_names import codes_of, country_code, iso_name, n_names, nearest_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_LONGEST_VALUE = 60
_CODES = "Use three-letter ISO codes such as KOR; 'alignsim countries' lists them."
_LONGEST_LIST = 12
_LONGEST_CODE = 3
PARAMETERS_PAGE = "All parameters are listed in docs/model.md."
_MOST_DIGITS = 30

# Number of comparisons for suggestions in one file. Enough for a hundred slips, and for two seconds
# at most; a file with thousands of problems is not a slip.
_MOST_COMPARISONS = 40_000
_comparisons_left: ContextVar[int | None] = ContextVar("comparisons left", default=None)

# How a unit reads after a number. Other units follow the number unchanged.
_UNIT_PHRASES: Mapping[str, str] = {
    "share": "(a share from 0 to 1)",
    "index": "(an index)",
    "1": "(a plain number)",
    "tier": "(a tier)",
}


def shown_value(value: Any) -> str:
    """Return a value as in a scenario file, on one line and shortened.

    Examples
    --------
    >>> [shown_value(value) for value in (-50, 0.5, None, True, "2025-13")]
    ['-50', '0.5', 'null', 'true', '"2025-13"']
    """
    if isinstance(value, dict | list | tuple):
        kind = "a map of" if isinstance(value, dict) else "a list of"
        return f"({kind} {len(value)})"
    if isinstance(value, float):
        return shown_number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return shown_whole(value)
    if isinstance(value, str | bool | None):
        text = json.dumps(value, ensure_ascii=not (isinstance(value, str) and value.isprintable()))
    else:
        text = json.dumps(str(type(value).__name__))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 4] + '..."'


def shown_whole(value: int) -> str:
    """Return a whole number of any size; a very long one by the count of its digits.

    Examples
    --------
    >>> shown_whole(-50), shown_whole(10**4999)
    ('-50', '(a number of 5,000 digits)')
    """
    size = abs(value)
    if size < 10**_MOST_DIGITS:
        return str(value)
    # Python refuses to print numbers of many thousand digits; the logarithm may be off by one.
    digits = int(math.log10(size)) + 1
    digits += (size >= 10**digits) - (size < 10 ** (digits - 1))
    return f"(a {'negative ' if value < 0 else ''}number of {digits:,} digits)"


def shown_number(value: float) -> str:
    """Return a number in the shortest form without loss.

    Examples
    --------
    >>> [shown_number(value) for value in (10.0, 0.35, float("inf"), 1e-06, 100000.0)]
    ['10', '0.35', '.inf', '1e-06', '100000']
    """
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))


def with_unit(value: float, unit: str) -> str:
    """Return a number with its unit, in the form it has in a sentence.

    Examples
    --------
    >>> with_unit(0, "MW"), with_unit(1, "share")
    ('0 MW', '1 (a share from 0 to 1)')
    """
    return f"{shown_number(float(value))} {_UNIT_PHRASES.get(unit, unit)}".strip()


def bounds_phrase(low: float, high: float, unit: str) -> str:
    """Return bounds with their unit: 'from 0 to 20000 MW'."""
    if unit == "share" and (low, high) == (0, 1):
        return "from 0 to 1"
    phrase = "" if unit in _UNIT_PHRASES or not unit else f" {unit}"
    return f"from {shown_number(float(low))} to {shown_number(float(high))}{phrase}"


@contextmanager
def bounded_guessing() -> Iterator[None]:
    """Limit the time for suggestions while one file is read, however much is wrong with it."""
    if _comparisons_left.get() is not None:
        yield
        return
    token = _comparisons_left.set(_MOST_COMPARISONS)
    try:
        yield
    finally:
        _comparisons_left.reset(token)


def _may_compare(n_words: int) -> bool:
    left = _comparisons_left.get()
    if left is None:
        return True
    _comparisons_left.set(left - n_words)
    return left >= n_words


def suggest(word: str, known: Iterable[str]) -> str:
    """Return 'Did you mean …?', or the known names if none is near, or nothing.

    The word itself is never suggested: if it is known, something else is wrong.

    Examples
    --------
    >>> suggest("local_contrl", ["local_control", "linkage"])
    "Did you mean 'local_control'?"
    >>> suggest("zzz", ["local_control", "linkage"])
    'Known are: linkage, local_control.'
    """
    words = [name for name in known if name != word]
    if not _may_compare(len(words)):
        return ""
    names = sorted(words)
    near = nearest(word, names)
    if near is not None:
        return f"Did you mean '{near}'?"
    if names and len(names) <= 40:
        more = ", ..." if len(names) > _LONGEST_LIST * 2 else ""
        return f"Known are: {', '.join(names[: _LONGEST_LIST * 2])}{more}."
    return ""


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name nearest to a word; None if none is near.

    Examples
    --------
    >>> nearest("Offres", ["offers", "home"]), nearest("zzz", ["offers", "home"])
    ('offers', None)
    """
    lowered = {name.lower(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(str(word)[:80].lower(), lowered, n=1, cutoff=likeness)
    return lowered[near[0]] if near else None


def suggest_country(word: str) -> str:
    """Return what to write for a country that is not given by its code.

    Examples
    --------
    >>> suggest_country("Norwya"), suggest_country("Holland")
    ("Did you mean 'NOR' (Norway)?", "Did you mean 'NLD' (Netherlands)?")
    >>> suggest_country("Korea")
    "Did you mean 'KOR' (South Korea) or 'PRK' (North Korea)?"
    """
    text, known = str(word)[:80], known_countries()
    codes = codes_of(text)
    outside = [code for code in codes if code not in known]
    if outside:
        return f"The data have no {iso_name(outside[0])} ({outside[0]}). {_CODES}"
    if not codes:
        codes = tuple(_near_countries(text))
    guesses = " or ".join(f"'{code}' ({known[code]})" for code in codes if code in known)
    return f"Did you mean {guesses}?" if guesses else _CODES


def country_problem(word: str, what: str = "country") -> tuple[str, str]:
    """Return rule and remedy for a word that is not the code of a country.

    Examples
    --------
    >>> country_problem("Holland")
    ('must be the three-letter code of a country', 'Write NLD (Netherlands).')
    >>> country_problem("Congo")[0], country_problem("Atlantis")[0]
    ('is the name of more than one country', 'is not a country of the data')
    """
    named = country_code(str(word))
    if str(word).upper() in known_countries():
        return "must be in capitals", f"Write {named}."
    if named is not None:
        remedy = f"Write {named} ({known_countries()[named]})."
        return "must be the three-letter code of a country", remedy
    is_shared = len(codes_of(str(word))) > 1
    rule = "is the name of more than one country" if is_shared else f"is not a {what} of the data"
    return rule, suggest_country(word)


def _near_countries(text: str) -> Sequence[str]:
    """Return the codes of countries whose code or name is similar, within the limit."""
    known = known_countries()
    if not _may_compare(n_names() + len(known)):
        return ()
    if len(text) > _LONGEST_CODE:
        return nearest_codes(text) or difflib.get_close_matches(text.upper(), known, 1, 0.8)
    swapped = [code for code in known if sorted(code) == sorted(text.upper())]
    return swapped or difflib.get_close_matches(text.upper(), known, 3, 0.6)
