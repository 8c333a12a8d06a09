"""The meaning of a word: null, a switch, a number, or the word itself.

This is the only reader of numbers: scenario and sweep files, tables of points, options of the
command line and links all use it, so that the same characters mean the same everywhere. Words
follow JSON, with the unambiguous freedoms of YAML: ``.5``, ``20.``, ``+3``, ``True``. Words that
dialects of YAML or other programs read differently, such as ``010``, ``0x10`` or ``1_000``, are not
numbers, and `number_remedy` says what to write.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Any, TypeGuard

from sim.scenario.reading.nodes import Scalar

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NULLS = {"", "~", "null", "Null", "NULL"}
_SWITCHES = {**dict.fromkeys(("true", "True", "TRUE"), True),
             **dict.fromkeys(("false", "False", "FALSE"), False)}  # fmt: skip
_NOT_A_NUMBER = {".nan", ".NaN", ".NAN"}
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_LONGEST_INTEGER = 30

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_LEADING_ZEROS = re.compile(r"^([-+]?)0+(?=[0-9])")
_OF_ANOTHER_BASE = re.compile(r"[-+]?0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_ONE_COMMA = re.compile(r"[-+]?[0-9]{1,9},[0-9]{1,9}")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
_LONGEST_REMEDY = 40


def resolve_scalar(text: str) -> Scalar:
    """Return the meaning of an unquoted word: null, boolean, number, or the text itself.

    Spaces around a word are invisible and are ignored.

    Examples
    --------
    >>> [resolve_scalar(word) for word in ("true", "yes", "1:30", "1_000", "0o17", "-2.5e1", ".5")]
    [True, 'yes', '1:30', '1_000', '0o17', -25.0, 0.5]
    """
    word = text.strip()
    if word in _NULLS:
        return None
    if word in _SWITCHES:
        return _SWITCHES[word]
    if _INTEGER.fullmatch(word):
        return whole_number(word)
    if _DECIMAL.fullmatch(word):
        return float(word)
    if word in _NOT_A_NUMBER:
        return float("nan")
    if _INFINITY.fullmatch(word):
        return float("-inf" if word.startswith("-") else "inf")
    return text


def whole_number(text: str) -> int:
    """Return a decimal whole number of any length; of a long one, the first digits and the size.

    No number of a scenario has so many digits, but the message about such a number must be able to
    say how many.

    Examples
    --------
    >>> whole_number("-12"), whole_number("7" * 40) // 10**39
    (-12, 7)
    """
    if len(text) <= _LONGEST_INTEGER:
        return int(text)
    # Reading all digits would take quadratic time, so Python refuses.
    size: int = 10 ** (len(text) - _LONGEST_INTEGER)
    return int(text[:_LONGEST_INTEGER]) * size


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether a value is a number or a switch that fits into 64 bits as a decimal.

    Examples
    --------
    >>> [is_number(value) for value in (1, True, 0.5, float("inf"), 10**400, "1")]
    [True, True, True, False, False, False]
    """
    # Comparison is exact for whole numbers of any size; conversion would raise an error.
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def number_remedy(text: str) -> str:
    """Return what to write instead of a text that is almost a number; "" if it is not.

    Examples
    --------
    >>> [number_remedy(text) for text in ("010", "0x10", "1_000", "1,5")]
    ['Write 10.', 'Write 16.', 'Write 1000.', 'Write a decimal point: 1.5.']
    >>> number_remedy("1,000")
    'Write 1000, or 1.000 if the comma is a decimal comma.'
    """
    meant = resolve_scalar(text)
    if isinstance(meant, bool):
        return ""
    if isinstance(meant, int | float):
        # Without quotes the reader would have taken it for a number.
        return "Remove the quotes."
    word = _visible(text)
    if len(word) > _LONGEST_REMEDY:
        return ""
    if _OF_ANOTHER_BASE.fullmatch(word):
        return f"Write {int(word, 0)}."
    plain = _LEADING_ZEROS.sub(r"\1", word.replace("_", ""))
    if _GROUPED.fullmatch(plain):
        ungrouped = plain.replace(",", "")
        is_clear = plain.count(",") > 1 or "." in plain
        decimal = (
            "" if is_clear else f", or {plain.replace(',', '.')} if the comma is a decimal comma"
        )
        return f"Write {ungrouped}{decimal}."
    if _ONE_COMMA.fullmatch(plain):
        return f"Write a decimal point: {plain.replace(',', '.')}."
    return f"Write {plain}." if _DECIMAL.fullmatch(plain) else ""


def switch_remedy(value: Any) -> str:
    """Return what to write instead of a value that should be true or false.

    Examples
    --------
    >>> switch_remedy("true"), switch_remedy("yes"), switch_remedy(1)
    ('Remove the quotes.', 'Write true or false.', 'Write true or false.')
    """
    is_quoted = isinstance(value, str) and isinstance(resolve_scalar(value), bool)
    return "Remove the quotes." if is_quoted else "Write true or false."


def _visible(text: str) -> str:
    """Return a text in plain digits and signs, without spaces and invisible characters."""
    word = unicodedata.normalize("NFKC", text).translate(_MINUS)
    return "".join(
        sign for sign in word if not sign.isspace() and unicodedata.category(sign) != "Cf"
    )
