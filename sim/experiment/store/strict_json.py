"""Strict JSON: refuses what Python's reader accepts but no result contains."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

# Levels of maps and lists; a manifest has about ten.
DEEPEST = 40


def read_json(content: bytes) -> Any:
    """Return the plain data of a JSON text.

    Raises
    ------
    ValueError
        If it is not JSON in UTF-8; contains Infinity, NaN, a number that would become infinite,
        half a surrogate pair, or a key twice in a map; or is nested deeper than `DEEPEST` levels.

    Examples
    --------
    >>> read_json(b'{"seed": 1}')
    {'seed': 1}
    >>> read_json(b'{"seed": Infinity}')
    Traceback (most recent call last):
    ...
    ValueError: Infinity is not a number of JSON
    """
    try:
        found = json.loads(
            content.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_without_doubles,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check_depth_and_text(found)
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice in a map")
    return found


def _check_depth_and_text(found: Any) -> None:
    """Refuse data nested too deeply, and text that cannot be written as UTF-8."""
    level = [found]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                value.encode("utf-8")
            elif isinstance(value, list):
                below += value
            elif isinstance(value, dict):
                below += [*value, *value.values()]
        if not below:
            return
        level = below
    raise ValueError("it is nested too deeply")
