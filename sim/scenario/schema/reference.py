"""The schema in other forms: JSON Schema for editors, a reference table for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.data.parameters import load_parameters
from sim.scenario.addresses import FieldSpec, block_fields
from sim.scenario.schema.fields import NAME_PATTERN, RESERVED
from sim.scenario.schema.file import FILE_KEYS, Distribution, Estimated, Lever, ScenarioFile
from sim.scenario.schema.offers import Offer, Provider
from sim.scenario.schema.timeline import (
    AffinityShift,
    Commitment,
    Countries,
    Event,
    Horizon,
    Initial,
    Paths,
    Shock,
    Withdrawal,
)
from sim.scenario.wording import bounds_phrase, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Blocks in the order of the reference, with the address of each.
BLOCKS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", ScenarioFile),
    ("horizon", Horizon),
    ("countries", Countries),
    ("paths", Paths),
    ("estimated", Estimated),
    ("providers.<provider>", Provider),
    ("providers.<provider>.offers.<offer>", Offer),
    ("uncertainties.<address>", Distribution),
    ("levers.<lever>", Lever),
    ("events[]", Event),
    ("events[].shock", Shock),
    ("events[].affinity_shift", AffinityShift),
    ("initial", Initial),
    ("initial.commitments[]", Commitment),
    ("initial.withdrawals[]", Withdrawal),
)

# Titles of whole schemas; the schema library makes up those of their parts.
TITLES = ("alignsim scenario", "alignsim sweep")

# A file may set part of these and inherit the rest, so none of their keys is required.
_PARTIAL = ("Provider", "Offer", "Lever", "Distribution")
_NULL = {"type": "null"}
_NOT_RESERVED: dict[str, Any] = {"not": {"enum": list(RESERVED)}}
# The schema library leaves some bounds of nullable numbers under its own names.
_KEYWORDS = {"ge": "minimum", "le": "maximum"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one scenario file, for editors.

    Notes
    -----
    It describes a file before it is merged with its parents, so it requires less than loading
    does: a key may be inherited, and it cannot express rules between keys.
    """
    schema = ScenarioFile.model_json_schema()
    definitions = schema.pop("$defs")
    for name in _PARTIAL:
        definitions[name].pop("required", None)
    properties = schema["properties"]
    for key, description in FILE_KEYS.items():
        pattern = f"^{NAME_PATTERN}$"
        properties[key] = {"type": "string", "pattern": pattern, "description": description}
    _name_parameters(properties["parameters"])
    uncertain = properties["uncertainties"]
    uncertain["additionalProperties"] = {
        "anyOf": [{"$ref": "#/$defs/Distribution"}, {"const": "fixed"}]
    }
    for owner, key in ((properties, "corporate_ties"), (properties, "uncertainties")):
        _let_entries_be_null(owner[key])
    _let_entries_be_null(properties["corporate_ties"]["additionalProperties"]["anyOf"][0])
    for owner, key in (
        (properties, "providers"),
        (properties, "levers"),
        (definitions["Provider"]["properties"], "offers"),
    ):
        _let_entries_be_null(owner[key])
        owner[key]["propertyNames"] = _NOT_RESERVED
    properties["name"].update(_NOT_RESERVED)
    for key in ("events", "initial", "countries", "sources", "corporate_ties"):
        properties[key] = {"anyOf": [properties[key], _NULL]}
    schema["required"] = ["name", "title", "description"]
    schema["title"] = TITLES[0]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "$defs": definitions,
    }
    return tidied(whole)


def json_schema_text() -> str:
    """Return the JSON Schema as stored beside the scenarios."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _name_parameters(schema: dict[str, Any]) -> None:
    """List the model's parameters with their bounds, so that an editor completes them."""
    schema["properties"] = {
        name: {
            "type": ["number", "null"],
            "minimum": row.low,
            "maximum": row.high,
            "default": row.default,
            "unit": row.unit,
            "description": row.description,
        }
        for name, row in load_parameters().items()
    }
    schema["additionalProperties"] = False


def _let_entries_be_null(schema: dict[str, Any]) -> None:
    """Allow null for the entries of a map, which removes what is inherited."""
    for key in ("additionalProperties", *schema.get("patternProperties", {})):
        owner = schema if key in schema else schema.get("patternProperties", {})
        entry = owner.get(key)
        if not isinstance(entry, dict):
            continue
        choices = entry.get("anyOf", [entry])
        owner[key] = {"anyOf": [*choices, _NULL]}
    if "patternProperties" in schema:
        schema["additionalProperties"] = False


def tidied(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON Schema without internal entries, and with units in the descriptions."""
    found = _tidied(schema)
    assert isinstance(found, dict)
    return found


def _tidied(schema: Any) -> Any:
    """Drop internal entries, and put units where an editor shows them."""
    if isinstance(schema, list):
        return [_tidied(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    is_field = isinstance(schema.get("description"), str)
    kept = {}
    for key, value in schema.items():
        generated = key in ("remedy", "unit") or (key == "title" and isinstance(value, str))
        if not generated or value in TITLES:
            kept[_KEYWORDS.get(key, key)] = _tidied(value)
    unit = schema.get("unit")
    if is_field and isinstance(unit, str) and unit:
        kept["description"] = f"{schema['description']} [{unit}]"
    return kept


def reference_markdown(
    blocks: Sequence[tuple[str, type[BaseModel]]] = BLOCKS,
    file_keys: Mapping[str, str] = FILE_KEYS,
) -> str:
    """Return the reference of all keys as Markdown tables, generated from the schema.

    Parameters
    ----------
    blocks : sequence of (str, type)
        Address and schema of each block; "" is the top of the file.
    file_keys : mapping
        Top-level keys that the loader resolves, with their meaning; the schema lacks them.
    """
    return "\n".join(_sections(blocks, file_keys)) + "\n"


def _sections(
    blocks: Sequence[tuple[str, type[BaseModel]]], file_keys: Mapping[str, str]
) -> Iterator[str]:
    for address, block in blocks:
        yield f"### `{address}`" if address else "### Top level"
        yield ""
        yield (block.__doc__ or "").splitlines()[0]
        yield ""
        yield "| key | value | default | meaning |"
        yield "| --- | --- | --- | --- |"
        if not address:
            for key, description in file_keys.items():
                yield f"| `{key}` | name | none | {description} |"
        for name, spec in block_fields(block).items():
            yield f"| `{name}` | {_value_cell(spec)} | {_default_cell(spec)} | {spec.description} |"
        yield ""


def _value_cell(spec: FieldSpec) -> str:
    if spec.is_numeric and spec.low is not None and spec.high is not None:
        words = f"{spec.kind} {bounds_phrase(spec.low, spec.high, spec.unit)}"
    elif spec.kind == "choice":
        words = ", ".join(f"`{choice}`" for choice in spec.choices)
    elif spec.kind == "switch":
        words = "`true` or `false`"
    elif spec.kind == "month":
        words = "month YYYY-MM"
    else:
        words = spec.kind
    return f"{words}, or `null`" if spec.is_nullable and spec.kind in _SHOWS_NULL else words


_SHOWS_NULL = ("whole number", "month")


def _default_cell(spec: FieldSpec) -> str:
    if spec.default is ...:
        return "**required**"
    if isinstance(spec.default, BaseModel) or spec.default in ({}, ()):
        return "none"
    if isinstance(spec.default, tuple):
        return f"`{', '.join(spec.default)}`"
    if spec.default is None and spec.kind not in ("whole number",):
        return "none"
    return f"`{spec.default if isinstance(spec.default, str) else shown_value(spec.default)}`"
