"""The schema of a sweep file: which question, which scenario, which points."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from sim.experiment.sweeps.designs.point_problems import MOST_FIELDS, MOST_POINTS
from sim.experiment.sweeps.designs.samples.sampling import MOST_TRAJECTORIES
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES
from sim.scenario.schema.fields import (
    REQUIRED,
    Block,
    FreeMap,
    Line,
    Number,
    Prose,
    Switch,
    Whole,
    described,
    whole,
)
from sim.scenario.schema.file import Name
from sim.scenario.schema.reference import TITLES, reference_markdown, tidied

Spacing = Literal["linear", "log"]
# The keys that define points; a file has exactly one.
WAYS = ("grid", "zip", "latin_hypercube", "sobol", "saltelli", "morris", "points_file")
# Words in place of a list of names: every number that a scenario draws; every one with a range.
DRAWN, ALL = "drawn", "all"


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


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


Ranges = FreeMap[Range]
Groups = FreeMap[Annotated[tuple[Line, ...], Field(min_length=1)]]
_SEED = "Seed of the points; not the seed of the futures."
_RANGES = (
    "Lever or dotted address of each number, with its range, besides those of levers and "
    "uncertainties. Whole numbers stay whole."
)
_GROUPS = (
    "Name of each group, with the numbers that move together; the others move alone. Nobody is "
    "grouped if left out."
)


def _ranges() -> Any:
    return described({}, _RANGES, max_length=MOST_FIELDS)


class LatinHypercube(Block):
    """Points that fill the space of some ranges evenly, one in each slice of each range."""

    points: Whole = whole(REQUIRED, 1, MOST_POINTS, "points", "How many points.")
    seed: Whole = whole(1, 0, LARGEST_SEED, "", _SEED)
    optimise: Literal["maximin", "discrepancy"] | None = described(
        None,
        "Keeps the points apart (maximin) or spreads them evenly (discrepancy); for at most 2,000 "
        "points.",
    )
    ranges: Ranges = _ranges()


class Sobol(Block):
    """The first points of a scrambled Sobol' sequence, which can grow."""

    points: Whole = whole(REQUIRED, 1, MOST_POINTS, "points", "How many points: a power of two.")
    seed: Whole = whole(1, 0, LARGEST_SEED, "", _SEED)
    ranges: Ranges = _ranges()


class Saltelli(Block):
    """Rows from which Sobol' indices are estimated: points * (numbers + 2) of them."""

    points: Whole = whole(
        REQUIRED, 1, MOST_POINTS, "points", "Points of the base sequence: a power of two."
    )
    seed: Whole = whole(1, 0, LARGEST_SEED, "", _SEED)
    second_order: Switch = described(
        False,
        "Whether indices of pairs can be estimated too, from points * (2 * numbers + 2) rows.",
    )
    groups: Groups = described({}, _GROUPS, max_length=MOST_FIELDS)
    ranges: Ranges = _ranges()


class Morris(Block):
    """Trajectories from which elementary effects are estimated."""

    trajectories: Whole = whole(
        REQUIRED, 1, MOST_TRAJECTORIES, "trajectories",
        "How many; each moves every number once, in numbers + 1 points. 10 to 50 are usual.",
    )  # fmt: skip
    seed: Whole = whole(1, 0, LARGEST_SEED, "", _SEED)
    levels: Whole = whole(4, 4, 10, "values", "How many values each number takes: an even number.")
    groups: Groups = described({}, _GROUPS, max_length=MOST_FIELDS)
    ranges: Ranges = _ranges()


class SweepFile(Block):
    """A sweep file; exactly one of seven keys, grid to points_file, defines the points."""

    name: Name = described(REQUIRED, "Name of the sweep; must equal the file's name.")
    title: Line = described(REQUIRED, "What the sweep is about, on one line.")
    description: Prose = described(
        REQUIRED, "Which question it answers, and how, in a few plain sentences."
    )
    sources: Annotated[tuple[Prose, ...], Field(max_length=60)] = described(
        (), "What the values and ranges rest on."
    )
    scenario: Annotated[
        tuple[Name, ...], Field(min_length=1, max_length=20), BeforeValidator(_one_or_more)
    ] = described(
        REQUIRED,
        "Name of the scenario to vary: a file in the parent folder of the folder sweeps, or beside "
        "a sweep file that is elsewhere; otherwise a shipped one. A list of names makes the "
        "scenario a factor: the points run in each.",
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
    zip: FreeMap[Axis] | None = described(
        None,
        "The first values of all levers or dotted addresses, the second values, and so on.",
        max_length=MOST_FIELDS,
    )
    latin_hypercube: LatinHypercube | None = described(
        None, "Points that fill the space of some ranges evenly."
    )
    sobol: Sobol | None = described(
        None, "Points that fill the space of some ranges evenly, and of which more can be added."
    )
    saltelli: Saltelli | None = described(
        None, "Points for Sobol' indices: which numbers the variance of an outcome is due to."
    )
    morris: Morris | None = described(
        None, "Points for elementary effects: which of many numbers matter at all."
    )
    points_file: Line | None = described(
        None,
        "Name of a CSV file in the same folder or below it: levers or dotted addresses in the "
        "first line, then one point per line.",
    )
    levers: FreeMap[Axis] = described(
        {},
        "Numbers that somebody chooses: a list of names, the word all for every lever, or a map of "
        "names to values or ranges. A number that the design does not vary yet is varied, over the "
        "range of its lever unless another is given.",
        max_length=MOST_FIELDS,
    )
    uncertainties: FreeMap[Axis] = described(
        {},
        "Numbers that nobody chooses: a list of names, the word drawn for every number that the "
        "scenario draws, the word all for those and every other parameter with a distribution, or "
        "a map of names to values or ranges. Without a range a number has its distribution.",
        max_length=MOST_FIELDS,
    )
    invalid_points: Literal["refuse", "fail"] = described(
        "refuse",
        "What becomes of points that break a rule of the scenario: nothing runs, or the others run "
        "and these fail.",
    )


BLOCKS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", SweepFile),
    ("grid.<lever or address>, and those of zip, levers and uncertainties", Axis),
    ("latin_hypercube", LatinHypercube),
    ("sobol", Sobol),
    ("saltelli", Saltelli),
    ("morris", Morris),
    ("<design>.ranges.<lever or address>", Range),
)


def sweep_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a sweep file, for editors."""
    schema = SweepFile.model_json_schema()
    known = schema["properties"]
    axis = {"anyOf": [{"$ref": "#/$defs/Axis"}, {"type": "array", "minItems": 1}]}
    for way in ("grid", "zip"):
        for choice in known[way]["anyOf"]:
            if "additionalProperties" in choice:
                choice["additionalProperties"] = axis
    for role, words in (("levers", [ALL]), ("uncertainties", [DRAWN, ALL])):
        named = known[role]
        each = {"anyOf": [*axis["anyOf"], {"type": "null"}]}
        as_map = {key: named.pop(key) for key in ("type", "maxProperties") if key in named}
        named.pop("additionalProperties")
        names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        as_map["additionalProperties"] = each
        named["anyOf"] = [as_map, names, {"enum": words}]
    names = known["scenario"]
    listed = {key: names.pop(key) for key in ("type", "items", "minItems", "maxItems")}
    names["anyOf"] = [listed["items"], listed]
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
