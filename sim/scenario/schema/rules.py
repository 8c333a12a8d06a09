"""The rule for one value: whether a number, switch or month fits its place, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.reading.scalars import number_remedy, switch_remedy
from sim.scenario.wording import bounds_phrase, with_unit

if TYPE_CHECKING:
    from sim.scenario.addresses import FieldSpec

_PLAIN = "Write a plain decimal number such as 1000 or 0.25: no unit, %, comma or underscore."


@dataclass(frozen=True)
class Broken:
    """A rule that a value breaks, such as 'must be at least 0 MW', and what to do about it."""

    rule: str
    remedy: str


def broken_rule(spec: FieldSpec, value: Any) -> Broken | None:
    """Return the rule that a value breaks at its place, or None if it fits.

    Parameters
    ----------
    spec : FieldSpec
        A number, whole number or switch of the schema, or a row of the parameter table.
    value : object
        The value as written.

    Examples
    --------
    >>> from sim.scenario.addresses import field_at
    >>> spec = field_at(("providers", "us", "offers", "infrastructure", "data_centre_mw_max"))
    >>> broken_rule(spec, -50)
    Broken(rule='must be at least 0 MW', remedy='Use 0 for an offer without a data centre.')
    >>> broken_rule(spec, 300) is None
    True
    """
    if value is None and spec.is_nullable:
        return None
    if spec.kind == "switch":
        if isinstance(value, bool):
            return None
        return Broken("must be true or false", switch_remedy(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Broken(f"must be a {spec.kind}{_range(spec)}", _number_remedy(spec, value))
    if isinstance(value, float) and not math.isfinite(value):
        return Broken("must be a finite number", _default_remedy(spec))
    if spec.low is not None and value < spec.low:
        return Broken(f"must be at least {with_unit(spec.low, spec.unit)}", _default_remedy(spec))
    if spec.high is not None and value > spec.high:
        return Broken(f"must be at most {with_unit(spec.high, spec.unit)}", _default_remedy(spec))
    if spec.kind == "whole number" and value != int(value):
        below = math.floor(value)
        return Broken("must be a whole number", f"Write {below} or {below + 1}.")
    return None


def _range(spec: FieldSpec) -> str:
    if spec.low is None or spec.high is None:
        return ""
    return f" {bounds_phrase(spec.low, spec.high, spec.unit)}"


def _number_remedy(spec: FieldSpec, value: Any) -> str:
    if value is None:
        return f"Write a number. {spec.remedy}".strip()
    return (number_remedy(value) if isinstance(value, str) else "") or _PLAIN


def _default_remedy(spec: FieldSpec) -> str:
    if spec.remedy:
        return spec.remedy
    if spec.low is not None and spec.high is not None:
        return f"Give a number {bounds_phrase(spec.low, spec.high, spec.unit)}."
    return _PLAIN
