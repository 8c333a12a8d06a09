"""Dated things of a scenario: the horizon, events, and what was on record at the start."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.schema.fields import (
    REQUIRED,
    Block,
    Code,
    Codes,
    FreeMap,
    Line,
    Month,
    Number,
    Reference,
    Switch,
    broken,
    described,
    number,
    share,
)


def _check_event_value(value: Any) -> Any:
    """Refuse lists and maps; the rest is checked once the address is known."""
    if isinstance(value, list | dict):
        raise broken("must be a number, true, false or null", "Give the new value of that term.")
    return value


EventValue = Annotated[
    Any,
    BeforeValidator(_check_event_value),
    Field(json_schema_extra={"type": ["number", "boolean", "null"]}),
]


class Horizon(Block):
    """The months that a run covers, both ends included."""

    start: Month = described(
        "2025-05",
        "First month. Before 2025-05, the facts are those known then; later, those of the panel.",
    )
    end: Month = described("2030-12", "Last month; at most 240 months in all.")
    known_since: Month | None = described(
        None,
        "Month since which the offers have been known, so that waiting has been losing value; the "
        "first month if left out.",
    )


class Countries(Block):
    """Who takes part."""

    exclude: Codes = described((), "Countries or blocs left out of the run.")


class Paths(Block):
    """Which choices countries have besides the offers and waiting."""

    sovereign: Switch = described(
        True, "Whether a country can build sovereign AI (true) or not (false)."
    )


class Shock(Block):
    """A rise (or fall) of sovereignty concern about a provider."""

    provider: Code = described(REQUIRED, "Provider about which concern changes.")
    size: Number = number(
        0,
        -5,
        5,
        "concern",
        "Change of sovereignty concern; it fades with its half-life.",
    )
    countries: Codes = described(("all",), "Who feels it: all, or a list of countries and blocs.")


class AffinityShift(Block):
    """A lasting change of political closeness to a provider, as after an election."""

    provider: Code = described(REQUIRED, "Provider to which closeness changes.")
    size: Number = number(0, -1, 1, "index", "Lasting change; affinity is limited to 0 to 1.")
    countries: Codes = described(
        ("all",), "Whose affinity changes: all, or a list of countries and blocs."
    )


class Event(Block):
    """A dated event: new terms, a shock to trust, or a turn of foreign policy."""

    date: Month = described(REQUIRED, "Month in which it happens, within the horizon.")
    title: Line = described(REQUIRED, "What happens, in a few words.")
    source: Reference = described("assumption", "Where it is reported, or the word assumption.")
    probability: Number = share(1, "Probability that it happens at all in a future.")
    set: FreeMap[EventValue] | None = described(
        None,
        "New values of terms of providers and offers from this month on, by dotted address.",
    )
    shock: Shock | None = described(None, "Shock to sovereignty concern about a provider.")
    affinity_shift: AffinityShift | None = described(None, "Lasting change of affinity.")


class Commitment(Block):
    """A partnership that exists when the run starts."""

    country: Code = described(REQUIRED, "Country that has committed itself.")
    offer: Code = described(REQUIRED, "Offer that it has taken, as provider.offer.")
    stage: Literal["signed", "building", "live", "stalled"] = described(
        "signed", "Stage that it has reached by as_of."
    )
    signed: Month = described(REQUIRED, "Month of signature or announcement.")
    source: Reference = described("assumption", "Where it is reported, or the word assumption.")


class Withdrawal(Block):
    """A partnership that was left, or called off, before the run starts."""

    country: Code = described(REQUIRED, "Country concerned.")
    offer: Code = described(REQUIRED, "Offer that ended, as provider.offer.")
    by: Literal["supplier", "country"] = described(REQUIRED, "Who ended it.")
    date: Month = described(REQUIRED, "Month in which it ended.")
    source: Reference = described("assumption", "Where it is reported, or the word assumption.")


class Initial(Block):
    """What is on record when the run starts."""

    as_of: Month | None = described(
        None, "Month up to which the record was read; the start of the horizon if left out."
    )
    commitments: tuple[Commitment, ...] = described((), "Partnerships that exist.", max_length=400)
    withdrawals: tuple[Withdrawal, ...] = described((), "Partnerships that ended.", max_length=400)
