"""Dotted addresses: what a place in a scenario holds, with its bounds and unit.

One walk over the schema serves the checks, the messages, the levers, the reference page and any
code that builds a slider for a number.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.data.parameters import load_parameters
from sim.scenario.schema.fields import check_month
from sim.scenario.schema.file import ScenarioFile

Kind = Literal[
    "number", "whole number", "switch", "text", "month", "list", "map", "choice", "value"
]


@dataclass(frozen=True)
class FieldSpec:
    """What one place of a scenario holds.

    Parameters
    ----------
    kind : str
        ``number``, ``whole number``, ``switch``, ``text``, ``month``, ``list``, ``map``,
        ``choice`` or ``value`` (a scalar whose rules depend on an address).
    unit : str
        Unit of a number; ``share`` is a share from 0 to 1.
    low, high : float or None
        Inclusive bounds of a number.
    is_nullable : bool
        Whether null is a value of its own (no limit, or a computed default).
    default : object
        The default; ``...`` if the key is required.
    description, remedy : str
        What it means, and what to do when it is wrong.
    choices : tuple of str
        The allowed words of a choice.
    block : type or None
        Block of the schema under this key, or of each entry of a map or list.
    """

    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    is_nullable: bool = False
    default: Any = ...
    description: str = ""
    remedy: str = ""
    choices: tuple[str, ...] = ()
    block: type[BaseModel] | None = None
    entry: FieldSpec | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether the place holds a number."""
        return self.kind in ("number", "whole number")


def split_address(address: str) -> tuple[str, ...]:
    """Return the parts of a dotted address; a distribution's own address is one part.

    Examples
    --------
    >>> split_address("uncertainties.parameters.w_peer")
    ('uncertainties', 'parameters.w_peer')
    """
    if address.startswith("uncertainties."):
        return "uncertainties", address.removeprefix("uncertainties.")
    return tuple(address.split("."))


def field_at(path: Sequence[str | int], root: type[BaseModel] = ScenarioFile) -> FieldSpec | None:
    """Return what the schema of a file has at a path, or None if it has nothing.

    Names of providers, offers, levers and countries are accepted as they are; the caller checks
    that they exist in a scenario.

    Examples
    --------
    >>> spec = field_at(split_address("providers.us.offers.infrastructure.slots"))
    >>> spec.kind, spec.low, spec.high, spec.is_nullable
    ('whole number', 0.0, 200.0, True)
    >>> field_at(split_address("parameters.w_peer")).unit
    'utility'
    """
    spec: FieldSpec | None = FieldSpec("map", block=root)
    for position, part in enumerate(path):
        if spec is None:
            return None
        if position == 1 and path[0] == "parameters" and root is ScenarioFile:
            spec = _parameter_field(str(part))
        elif spec.entry is not None:
            spec = spec.entry
        elif spec.kind == "map" and spec.block is not None:
            spec = block_fields(spec.block).get(str(part))
        else:
            return None
    return spec


@cache
def block_fields(block: type[BaseModel]) -> Mapping[str, FieldSpec]:
    """Return the fields of a block of the schema, in the order of declaration."""
    return {name: _from_info(info) for name, info in block.model_fields.items()}


def numeric_fields(block: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of the numeric and boolean fields of a block, in order of declaration.

    Examples
    --------
    >>> from sim.scenario.schema.offers import Provider
    >>> numeric_fields(Provider)[:3]
    ('home_takes_part', 'backing', 'linkage')
    """
    return tuple(
        name
        for name, spec in block_fields(block).items()
        if spec.is_numeric or spec.kind == "switch"
    )


def _parameter_field(name: str) -> FieldSpec | None:
    row = load_parameters().get(name)
    if row is None:
        return None
    return FieldSpec(
        "number",
        unit=row.unit,
        low=row.low,
        high=row.high,
        default=row.default,
        description=row.description,
    )


def _from_info(info: FieldInfo) -> FieldSpec:
    """Read the type, bounds and descriptions of a field from the schema."""
    extra = _extra(info)
    shape = _from_type(info.annotation, info.metadata)
    return replace(
        shape,
        unit=str(extra.get("unit", shape.unit)),
        default=... if info.is_required() else info.default,
        description=info.description or "",
        remedy=str(extra.get("remedy", "")),
    )


def _from_type(annotation: Any, metadata: Sequence[Any]) -> FieldSpec:
    """Read the shape of a value from its annotation."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is Annotated:
        return _from_type(arguments[0], [*arguments[1:], *metadata])
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return replace(_from_type(inner, metadata), is_nullable=True)
    if origin is Literal:
        return FieldSpec("choice", choices=tuple(map(str, arguments)))
    if origin is tuple:
        entry = _from_type(arguments[0], ())
        return FieldSpec("list", entry=entry, block=entry.block)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        entry = _from_type(arguments[1], ())
        return FieldSpec("map", entry=entry, block=entry.block)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return FieldSpec("map", block=annotation)
    return _from_scalar(annotation, metadata)


def _from_scalar(annotation: Any, metadata: Sequence[Any]) -> FieldSpec:
    if annotation is bool:
        return FieldSpec("switch")
    if annotation in (int, float):
        low, high = _bounds(metadata)
        kind: Kind = "whole number" if annotation is int else "number"
        unit = next((str(_extra(item)["unit"]) for item in metadata if _extra(item)), "")
        return FieldSpec(kind, unit=unit, low=low, high=high)
    if annotation is str:
        is_month = any(getattr(item, "func", None) is check_month for item in metadata)
        return FieldSpec("month" if is_month else "text")
    return FieldSpec("value")


def _bounds(metadata: Sequence[Any]) -> tuple[float | None, float | None]:
    low = high = None
    for item in metadata:
        for constraint in (item, *getattr(item, "metadata", ())):
            if getattr(constraint, "ge", None) is not None:
                low = float(constraint.ge)
            if getattr(constraint, "le", None) is not None:
                high = float(constraint.le)
    return low, high


def _extra(item: Any) -> Mapping[str, Any]:
    extra = getattr(item, "json_schema_extra", None)
    return extra if isinstance(extra, dict) else {}
