"""Scenarios at random, for properties that must hold in all of them.

One to four providers with up to three offers each, real countries, events, uncertain numbers and
commitments on record. Rates are high and horizons short, so that much happens in few months.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.analysis.verification.worlds import as_yaml
from sim.data.codes import known_countries
from sim.scenario import Offer, Provider, Scenario, load_scenario_text, numeric_fields
from worlds import HOMES, KEYS

COUNTRIES = (
    "ARE", "AUS", "BRA", "CAN", "CHN", "CUB", "DEU", "FRA", "GBR", "IND", "IRN", "JPN", "KAZ",
    "KEN", "KOR", "MEX", "NGA", "NOR", "PAK", "POL", "RUS", "SAU", "SGP", "TUV", "TWN", "USA",
)  # fmt: skip
MONTHS = [f"{2026 + m // 12}-{m % 12 + 1:02d}" for m in range(24)]
MOST_OFFERS = 6
FIXED_IN_A_RUN = {"open_enrolment", "home_takes_part", "democracy_floor_is_hard"}

seeds = st.sampled_from([0, 1, 2, 12345, 2**32 - 1])


def share() -> st.SearchStrategy[float]:
    """Return shares, with both ends often."""
    return st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0]) | st.floats(0, 1, width=32)


@st.composite
def offers(draw: st.DrawFn, *, is_scarce: bool) -> dict[str, Any]:
    """Return the terms of an offer; open to all it admits unless some may be scarce."""
    is_open = draw(st.booleans()) if is_scarce else True
    largest = draw(st.sampled_from([0, 0, 50, 300, 1000]))
    limit = draw(share())
    terms: dict[str, Any] = {
        name: draw(share())
        for name in ("assistant", "safety", "chips", "local_control", "cost_share", "visibility")
    }
    terms |= {
        "title": "An offer",
        "open_from": draw(st.sampled_from(MONTHS[:4])),
        "data_centre_mw_min": draw(st.sampled_from([0, largest])),
        "data_centre_mw_max": largest,
        "fund_usd_m": draw(st.sampled_from([0, 20, 300])),
        "exclusivity": draw(st.sampled_from([0, 0.3, 1])),
        "intercept": draw(st.floats(-1, 3, width=32)),
        "democracy_floor": draw(st.sampled_from([0, 0.3, 0.6])),
        "democracy_floor_is_hard": draw(st.booleans()),
        "excluded": draw(st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True)),
        "max_chip_tier": draw(st.sampled_from([1, 2, 3, 3])),
        "open_enrolment": is_open,
        "slots": None if is_open else draw(st.sampled_from([None, 0, 1, 2, 4])),
        "pace_per_quarter": draw(st.sampled_from([1, 3, 20])),
        "patience_months": draw(st.integers(1, 6)),
        "cooldown_months": draw(st.integers(0, 6)),
        "concession_step": limit / 4,
        "concession_limit": limit,
        "lead_months": draw(st.sampled_from([1, 2, 6])),
    }
    return terms


@st.composite
def provider_blocks(draw: st.DrawFn, *, is_scarce: bool) -> dict[str, Any]:
    """Return one to four providers, at least one of them with an offer."""
    n = draw(st.integers(1, 4))
    blocks: dict[str, Any] = {}
    room = MOST_OFFERS
    for p in range(n):
        count = draw(st.integers(1 if p == 0 else 0, min(3, room)))
        room -= count
        blocks[KEYS[p]] = {
            "title": KEYS[p],
            "home": HOMES[p],
            "home_takes_part": draw(st.booleans()),
            "offers": {"abc"[o]: draw(offers(is_scarce=is_scarce)) for o in range(count)},
        } | {
            name: draw(share()) for name in ("backing", "linkage", "pressure", "chip_access_tier_2")
        }
    return blocks


def addresses(blocks: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the address and field of every number that an event may set."""
    return [
        (f"providers.{key}.{field}", field)
        for key in blocks
        for field in numeric_fields(Provider)
        if field not in FIXED_IN_A_RUN
    ] + [
        (f"providers.{key}.offers.{name}.{field}", field)
        for key, block in blocks.items()
        for name in block["offers"]
        for field in numeric_fields(Offer)
        if field not in FIXED_IN_A_RUN and not field.startswith("data_centre")
    ]


_WIDE: dict[str, st.SearchStrategy[Any]] = {
    "fund_usd_m": st.sampled_from([0, 1000]),
    "intercept": st.sampled_from([-2, 0, 4]),
    "max_chip_tier": st.integers(1, 3),
    "pace_per_quarter": st.integers(0, 20),
    "patience_months": st.integers(1, 9),
    "cooldown_months": st.integers(0, 9),
    "lead_months": st.integers(1, 9),
}


@st.composite
def events(draw: st.DrawFn, blocks: dict[str, Any], named: list[str]) -> dict[str, Any]:
    """Return a dated event: new terms, a shock or a shift."""
    event: dict[str, Any] = {
        "date": draw(st.sampled_from(MONTHS[:12])),
        "title": draw(st.text("abc", min_size=1, max_size=4)),
        "probability": draw(st.sampled_from([1, 1, 0.5, 0])),
    }
    kind = draw(st.sampled_from(["set", "set", "shock", "affinity_shift"]))
    if kind != "set":
        event[kind] = {
            "provider": draw(st.sampled_from(sorted(blocks))),
            "size": draw(st.sampled_from([-0.5, 0.3, 1])),
            "countries": draw(st.just(["all"]) | st.just(named[:2])),
        }
        return event
    address, field = draw(st.sampled_from(addresses(blocks)))
    if field == "slots":
        key, name = address.split(".")[1], address.split(".")[3]
        is_open = blocks[key]["offers"][name]["open_enrolment"]
        value: Any = None if is_open else draw(st.sampled_from([0, 1, 2, 5, None]))
    else:
        value = draw(_WIDE.get(field, share()))
    event["set"] = {address: value}
    return event


@st.composite
def commitments(
    draw: st.DrawFn, blocks: dict[str, Any], country: list[str]
) -> list[dict[str, Any]]:
    """Return commitments on record that the offers' rules allow, one offer a country."""
    made: list[dict[str, Any]] = []
    room = {
        (key, name): 99 if terms["slots"] is None else terms["slots"]
        for key, block in blocks.items()
        for name, terms in block["offers"].items()
    }
    for code in draw(st.lists(st.sampled_from(country), max_size=4, unique=True)):
        key, name = draw(st.sampled_from(sorted(room)))
        if room[key, name] and code not in blocks[key]["offers"][name]["excluded"]:
            room[key, name] -= 1
            stage = draw(st.sampled_from(["signed", "building", "live", "stalled"]))
            made.append(
                {"country": code, "offer": f"{key}.{name}", "stage": stage, "signed": "2025-06"}
            )
    return made


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """Return high rates, and weights that make something of everything."""
    return {
        "choice_noise": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "taste_sd_provider": draw(st.sampled_from([0.0, 1.0])),
        "taste_sd_kind": draw(st.sampled_from([0.0, 0.6])),
        "taste_sd_path": draw(st.sampled_from([0.0, 0.4])),
        "review_rate": draw(st.sampled_from([0.1, 0.5, 1.0])),
        "review_rate_invited": draw(st.sampled_from([0.0, 0.3])),
        "review_rate_peers": draw(st.sampled_from([0.0, 0.5])),
        "w_peer": draw(st.sampled_from([0.0, 2.0, 6.0])),
        "w_waiting": draw(st.sampled_from([-1.0, 0.0, 1.0])),
        "review_rate_courted": draw(st.sampled_from([0.0, 0.2])),
        "build_months_base": draw(st.sampled_from([1.0, 6.0])),
        "stall_rate": draw(st.sampled_from([0.0, 0.3])),
        "supplier_exit_rate": draw(st.sampled_from([0.0, 0.4])),
        "concern_spill": draw(st.sampled_from([0.0, 0.5])),
        "own_build_months": 3.0,
        "own_lead_months": 2.0,
    }


@st.composite
def contents(draw: st.DrawFn, *, is_scarce: bool = True) -> dict[str, Any]:
    """Return the content of a scenario file; without scarcity, every offer is open to all."""
    blocks = draw(provider_blocks(is_scarce=is_scarce))
    country = sorted(
        draw(st.lists(st.sampled_from(COUNTRIES), min_size=3, max_size=10, unique=True))
    )
    outside = {b["home"] for b in blocks.values() if not b["home_takes_part"]}
    agents = [code for code in country if code not in outside] or ["NZL"]
    present = set(country) | set(agents)
    return {
        "name": "random",
        "title": "At random",
        "description": "A scenario that a test has made up.",
        "horizon": {"start": "2026-01", "end": draw(st.sampled_from(MONTHS[11:]))},
        "countries": {"exclude": sorted(set(known_countries()) - present)},
        "parameters": draw(parameters()),
        "providers": blocks,
        "events": draw(st.lists(events(blocks, agents), max_size=5)),
        "initial": {"commitments": draw(commitments(blocks, agents))},
    }


def scenario_of(content: dict[str, Any]) -> Scenario:
    """Return the scenario of some content, read as a file is."""
    return load_scenario_text(as_yaml(content))


def scenarios() -> st.SearchStrategy[Scenario]:
    """Return random scenarios."""
    return contents().map(scenario_of)


def as_int(values: Any) -> np.ndarray:
    """Return counts that are kept as floats as whole numbers."""
    whole = np.asarray(values).astype(np.int64)
    np.testing.assert_array_equal(whole, values)
    return whole
