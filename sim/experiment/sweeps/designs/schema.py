"""The schema of a sweep file: which question, which scenario, which points."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from sim.experiment.sweeps.designs.point_problems import MOST_FIELDS, MOST_POINTS
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES
from sim.scenario.schema.fields import (
    REQUIRED,
    Block,
    FreeMap,
    Line,
    Number,
    Prose,
    Whole,
    described,
    whole,
)
from sim.scenario.schema.file import Name
from sim.scenario.schema.reference import TITLES, reference_markdown, tidied

Spacing = Literal["linear", "log"]


class Axis(Block):
    """Values of one number in a grid: a list of them, or even steps from low to high."""

    values: tuple[Any, ...] | None = described(
        None,
        "The values, in order; true, false and null if the number or switch can take them. A list "
        "alone instead of the map means the same.",
        max_length=10_000,
    )
    low: Number | None = described(None, "Least value, if the values are not listed.")
    high: Number | None = described(None, "Greatest value, if the values are not listed.")
    steps: Whole | None = whole(
        None, 2, 10_000, "values", "How many values from low to high, both ends included."
    )
    spacing: Spacing = described("linear", "Even steps of the number itself, or of its logarithm.")


class Range(Block):
    """Range of one number in a Latin hypercube."""

    low: Number = described(REQUIRED, "Least value.")
    high: Number = described(REQUIRED, "Greatest value.")
    spacing: Spacing = described(
        "linear", "Spread evenly in the number itself, or in its logarithm."
    )


class LatinHypercube(Block):
    """Points that fill the space of some ranges evenly."""

    points: Whole = Field(
        REQUIRED,
        ge=1,
        le=MOST_POINTS,
        description="How many points.",
        json_schema_extra={"unit": "points", "remedy": ""},
    )
    seed: Whole = whole(1, 0, LARGEST_SEED, "", "Seed of the points; not the seed of the futures.")
    ranges: FreeMap[Range] = described(
        REQUIRED,
        "Lever or dotted address of each number, with its range. Whole numbers stay whole.",
        max_length=MOST_FIELDS,
    )


class SweepFile(Block):
    """A sweep file; exactly one of grid, latin_hypercube and points_file defines the points."""

    name: Name = described(REQUIRED, "Name of the sweep; must equal the file's name.")
    title: Line = described(REQUIRED, "What the sweep is about, on one line.")
    description: Prose = described(
        REQUIRED, "Which question it answers, and how, in a few plain sentences."
    )
    sources: Annotated[tuple[Prose, ...], Field(max_length=60)] = described(
        (), "What the values and ranges rest on."
    )
    scenario: Name = described(
        REQUIRED,
        "Name of the scenario to vary: a file in the parent folder of the folder sweeps, or beside "
        "a sweep file that is elsewhere; otherwise a shipped one.",
    )
    replicates: Whole = whole(
        100, 1, MOST_REPLICATES, "futures", "Futures at each point, the same for all points."
    )
    seed: Whole = whole(
        1, 0, LARGEST_SEED, "", "Seed of the random numbers, the same for all points."
    )
    grid: FreeMap[Axis] | None = described(
        None,
        "Every combination of the values of each lever or dotted address; the last varies fastest.",
        max_length=MOST_FIELDS,
    )
    latin_hypercube: LatinHypercube | None = described(
        None, "Points that fill the space of some ranges evenly."
    )
    points_file: Line | None = described(
        None,
        "Name of a CSV file in the same folder or below it: levers or dotted addresses in the "
        "first line, then one point per line.",
    )


BLOCKS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", SweepFile),
    ("grid.<lever or address>", Axis),
    ("latin_hypercube", LatinHypercube),
    ("latin_hypercube.ranges.<lever or address>", Range),
)


def sweep_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a sweep file, for editors."""
    schema = SweepFile.model_json_schema()
    axis = {"anyOf": [{"$ref": "#/$defs/Axis"}, {"type": "array", "minItems": 1}]}
    for choice in schema["properties"]["grid"]["anyOf"]:
        if "additionalProperties" in choice:
            choice["additionalProperties"] = axis
    schema["title"] = TITLES[1]
    definitions = schema.pop("$defs")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return tidied({**head, **schema, "$defs": definitions})


def sweep_json_schema_text() -> str:
    """Return the JSON Schema as stored beside the sweep files."""
    return json.dumps(sweep_json_schema(), indent=2, ensure_ascii=False) + "\n"


def sweep_reference_markdown() -> str:
    """Return the reference of all keys as Markdown tables, generated from the schema."""
    return reference_markdown(BLOCKS, {})
