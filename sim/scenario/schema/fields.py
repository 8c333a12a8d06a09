"""Building blocks of the schema: numbers with bounds and units, text, months, codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.types import AllowInfNan, Strict
from pydantic_core import PydanticCustomError

from sim.scenario.reading.scalars import switch_remedy

# No hyphen at the beginning: a command line would take the name for an option.
NAME_PATTERN = r"[a-z0-9][a-z0-9_-]{0,59}"
IDENTIFIER_PATTERN = r"[a-z][a-z0-9_]{0,29}"
# Words that programs reading the tables would not take for names.
RESERVED = ("false", "inf", "infinity", "na", "nan", "none", "null", "true")
MOST_CODES = 200
MONTH_PATTERN = r"[0-9]{4}-(0[1-9]|1[0-2])"

_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Block(BaseModel):
    """Base of every block of a scenario file: no unknown keys, no later changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


def broken(rule: str, remedy: str = "") -> PydanticCustomError:
    """Return an error whose rule and remedy are already worded for users."""
    return PydanticCustomError("own_rule", "{rule}", {"rule": rule, "remedy": remedy})


def _integral(value: Any) -> Any:
    """Accept 10.0 as a whole number, since sliders and tables give it."""
    is_whole = isinstance(value, float) and value == value and abs(value) < 1e15
    return int(value) if is_whole and value == int(value) else value


def _without_negative_zero(value: float) -> float:
    return value + 0.0


def check_text(text: str) -> str:
    """Return the text without surrounding space; refuse invisible or misleading characters."""
    # What can be printed is of none of these kinds; most texts are, and then need no closer look.
    for character in "" if text.isprintable() else text:
        if character in "\n\t":
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} or character in _BIDIRECTIONAL:
            raise broken(
                f"contains the control character U+{ord(character):04X}, which text may not",
                "Delete that character.",
            )
    stripped = text.strip()
    if not stripped:
        raise broken("must not be blank", "Write a few words.")
    return stripped


def check_line(text: str) -> str:
    """Return a text after checking that it is on one line."""
    stripped = check_text(text)
    if "\n" in stripped or "\t" in stripped:
        raise broken("must be on one line", "Join the lines, or move detail to 'description'.")
    return stripped


def check_month(value: Any) -> Any:
    """Return a month as YYYY-MM; refuse anything else."""
    if not isinstance(value, str) or not re.fullmatch(MONTH_PATTERN, value, re.ASCII):
        remedy = "Write four digits of the year, a hyphen, two of the month: 2025-05."
        if isinstance(value, str) and re.fullmatch(MONTH_PATTERN + r"-[0-9]{2}", value):
            remedy = f"Leave the day out: {value[:7]}."
        raise broken("must be a month written YYYY-MM", remedy)
    return value


def check_switch(value: Any) -> Any:
    """Return a boolean; refuse yes, no, on and off, which YAML dialects read differently."""
    if not isinstance(value, bool):
        raise broken("must be true or false", switch_remedy(value))
    return value


def check_name(name: str) -> str:
    """Return a name; refuse a word that would not be read back as a name."""
    if name in RESERVED:
        raise broken(
            "is a reserved word: programs that read the tables take it for a missing value, a "
            "number, or true or false",
            f"Choose another name, such as {name}_1.",
        )
    return name


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_Value = TypeVar("_Value")


def _frozen(value: Mapping[str, _Value]) -> Mapping[str, _Value]:
    return MappingProxyType(dict(value))


Number: TypeAlias = Annotated[
    float, Strict(), AllowInfNan(False), AfterValidator(_without_negative_zero)
]
Whole: TypeAlias = Annotated[int, BeforeValidator(_integral), Strict()]
Switch: TypeAlias = Annotated[bool, BeforeValidator(check_switch)]
Month: TypeAlias = Annotated[
    str, BeforeValidator(check_month), Field(json_schema_extra={"pattern": f"^{MONTH_PATTERN}$"})
]
Line: TypeAlias = Annotated[
    str, StringConstraints(strict=True, max_length=200), AfterValidator(check_line)
]
Reference: TypeAlias = Annotated[
    str, StringConstraints(strict=True, max_length=600), AfterValidator(check_line)
]
Prose: TypeAlias = Annotated[
    str, StringConstraints(strict=True, max_length=2000), AfterValidator(check_text)
]
Code: TypeAlias = Annotated[str, StringConstraints(strict=True, max_length=120)]
Identifier: TypeAlias = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^{IDENTIFIER_PATTERN}$"),
    AfterValidator(check_name),
]
# A single code means a list of one, so that `home: USA` can be written naturally.
Codes: TypeAlias = Annotated[
    tuple[Code, ...],
    BeforeValidator(_one_or_more),
    Field(max_length=MOST_CODES),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "maxItems": MOST_CODES},
            ]
        }
    ),
]
NamedMap: TypeAlias = Annotated[Mapping[Identifier, _Value], AfterValidator(_frozen)]
FreeMap: TypeAlias = Annotated[Mapping[str, _Value], AfterValidator(_frozen)]


def number(
    default: float, low: float, high: float, unit: str, description: str, remedy: str = ""
) -> Any:
    """Return a field for a number with inclusive bounds and a unit."""
    extra: dict[str, Any] = {"unit": unit, "remedy": remedy}
    return Field(float(default), ge=low, le=high, description=description, json_schema_extra=extra)


def whole(
    default: int | None, low: int, high: int, unit: str, description: str, remedy: str = ""
) -> Any:
    """Return a field for a whole number with inclusive bounds and a unit."""
    extra: dict[str, Any] = {"unit": unit, "remedy": remedy}
    return Field(default, ge=low, le=high, description=description, json_schema_extra=extra)


def share(default: float, description: str) -> Any:
    """Return a field for a number from 0 to 1."""
    return number(default, 0, 1, "share", description)


def described(default: Any, description: str, **constraints: Any) -> Any:
    """Return a field that is not a number."""
    return Field(default, description=description, **constraints)


REQUIRED: Any = ...
