"""A whole scenario file: its top level, its uncertainties and its levers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from sim.data.posterior import ProgrammeKind
from sim.scenario.reading.scalars import is_number, resolve_scalar
from sim.scenario.schema.fields import (
    NAME_PATTERN,
    REQUIRED,
    Block,
    Code,
    FreeMap,
    Line,
    Month,
    NamedMap,
    Number,
    Prose,
    broken,
    check_name,
    described,
)
from sim.scenario.schema.offers import Provider
from sim.scenario.schema.timeline import Countries, Event, Horizon, Initial, Paths

Name = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^{NAME_PATTERN}$"),
    AfterValidator(check_name),
]
DistributionKind = Literal["uniform", "triangular", "normal", "loguniform", "posterior", "fixed"]
Tie = Annotated[Number, Field(ge=0, le=1, json_schema_extra={"unit": "share"})]


def _spelled_out(value: Any) -> Any:
    """Read the word ``fixed`` as a distribution without width."""
    return {"distribution": "fixed"} if value == "fixed" else value


def _numeric_keys(value: Any) -> Any:
    """Turn the keys of a map of stops into numbers, in ascending order."""
    if not isinstance(value, Mapping):
        return value
    stops = {}
    for key, text in value.items():
        stop = resolve_scalar(key) if isinstance(key, str) else key
        if isinstance(stop, bool) or not is_number(stop):
            raise broken(
                "must have numbers as keys", "Write each stop as a value and its label: 0.5: half."
            )
        stops[float(stop)] = text
    return dict(sorted(stops.items()))


class Distribution(Block):
    """How an uncertain number is drawn."""

    distribution: DistributionKind = described(
        REQUIRED,
        "Kind of distribution; posterior takes the number from the row of the posterior that all "
        "such numbers share; the single word fixed instead of the map drops one that the parameter "
        "table or a parent file gives.",
    )
    low: Number | None = described(None, "Least value; for a normal, where it is truncated.")
    mode: Number | None = described(None, "Likeliest value of a triangular distribution.")
    high: Number | None = described(None, "Greatest value; for a normal, where it is truncated.")
    mean: Number | None = described(None, "Mean of a normal distribution before truncation.")
    sd: Number | None = described(None, "Standard deviation of a normal distribution.")
    column: Code | None = described(
        None, "Column of the posterior; the last part of the address if left out."
    )
    shift: Number | None = described(
        None, "What is added to the values of the posterior; 0 if left out."
    )

    @property
    def kind(self) -> str:
        """Kind of the distribution: uniform, triangular, normal, loguniform or posterior."""
        return self.distribution


class Estimated(Block):
    """The posterior from which estimated numbers are drawn jointly."""

    as_of: Month | None = described(
        None,
        "Month at whose start the posterior was known; the latest posterior that is not after it "
        "is taken. The start of the horizon if left out.",
    )
    kind: ProgrammeKind | None = described(
        None,
        "Kind of programme; that of the offers, which then must all be of one kind, if left out.",
    )
    programme: Line | None = described(
        None,
        "Programme whose own intercept and pace are drawn; those of a new programme if left out.",
    )


class Lever(Block):
    """A lever: one number of the scenario with a name, a range and an explanation."""

    target: Code = described(REQUIRED, "Dotted address of the number that the lever sets.")
    low: Number = described(0.0, "Least value of the lever, within the bounds of its target.")
    high: Number = described(1.0, "Greatest value of the lever, within the bounds of its target.")
    title: Line = described(REQUIRED, "Title of the lever for readers.")
    explanation: Prose = described(REQUIRED, "What moving it means, in plain words.")
    source: Prose = described("assumption", "What the range or the present value rests on.")
    stops: Annotated[Mapping[float, Line], BeforeValidator(_numeric_keys)] = described(
        {}, "Labels of some positions of the lever.", max_length=20
    )


# Keys of a file that the loader resolves, with their meaning; the schema does not list them.
FILE_KEYS: dict[str, str] = {
    "extends": "Name of another scenario on which this one builds, in the same folder or else "
    "shipped with alignsim: maps merge key by key, lists are replaced, and null removes an "
    "inherited entry.",
    "parameter_set": "Name of a file in the folder parameter_sets whose parameters and "
    "uncertainties are read before this file's own.",
}


# Keys that define the points of a sweep: a file that has one is not a scenario.
KEYS_OF_POINTS = ("grid", "latin_hypercube", "points_file")
# A scenario has at least one of these keys: what it builds on, or who makes offers in it.
KEYS_OF_SCENARIOS = ("extends", "providers")


def is_sweep(keys: Collection[str]) -> bool:
    """Return whether a file is a sweep rather than a scenario, by its top-level keys.

    Examples
    --------
    >>> is_sweep(("name", "scenario", "grid")), is_sweep(("name", "extends", "levers"))
    (True, False)
    """
    is_scenario = any(key in keys for key in KEYS_OF_SCENARIOS)
    return any(key in keys for key in KEYS_OF_POINTS) or ("scenario" in keys and not is_scenario)


class ScenarioFile(Block):
    """A scenario file, merged with everything that it extends."""

    name: Name = described(REQUIRED, "Name of the scenario; must equal the file's name.")
    title: Line = described(REQUIRED, "What the scenario is about, on one line.")
    description: Prose = described(REQUIRED, "What it assumes and why, in a few plain sentences.")
    sources: tuple[Prose, ...] = described(
        (), "Where its sizes and dates come from.", max_length=60
    )
    horizon: Horizon = described(Horizon(), "The months that a run covers.")
    countries: Countries = described(Countries(), "Who takes part.")
    paths: Paths | None = described(
        None, "Which choices countries have besides the offers; all of them if left out."
    )
    estimated: Estimated | None = described(
        None,
        "Draws the numbers that history identifies from the posterior, unless the file sets them "
        "or gives them another distribution; nothing is drawn from it if left out.",
    )
    parameters: FreeMap[Number] = described(
        {}, "Values of model parameters; each drops the parameter's distribution."
    )
    uncertainties: FreeMap[Annotated[Distribution, BeforeValidator(_spelled_out)]] = described(
        {}, "Distributions of uncertain numbers, by dotted address.", max_length=300
    )
    levers: NamedMap[Lever] = described({}, "Levers by short name.", max_length=60)
    corporate_ties: FreeMap[FreeMap[Tie]] = described(
        {},
        "Corporate ties of a country to a provider, replacing those computed from the facts.",
    )
    providers: NamedMap[Provider] = described(
        REQUIRED, "One to four providers, which make offers, each under a short name."
    )
    events: tuple[Event, ...] = described((), "What happens on given dates.", max_length=500)
    initial: Initial = described(Initial(), "What is on record when the run starts.")
