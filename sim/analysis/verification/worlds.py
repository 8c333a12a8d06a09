"""Worlds made for known answers: any number of countries, every fact given.

The scenario goes through the real loader and builder and the run through the real kernels; only
the arrays about countries are replaced. Parameters start out silent (`quiet_parameters`), so that
a check names what it switches on, and no answer depends on a default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.data.parameters import load_parameters
from sim.model import layout
from sim.model.rows import Rows, draw_inputs, run_rows
from sim.model.world.building import (
    COUNTRY_RECORD,
    RELATION_RECORD,
    Built,
    build_world,
    exact_shares,
)
from sim.scenario import Scenario, load_scenario_text

VALUES = (
    "value_market", "value_readiness", "value_headroom", "value_alignment", "value_tie",
    "value_record",
)  # fmt: skip
KEYS = ("alpha", "beta", "gamma", "delta")
HOMES = ("USA", "CHN", "FRA", "ARE")
# PyYAML with libyaml, which most installations have, writes a scenario five times as fast.
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
FIRST_OFFER = 2  # path of the first offer: after uncommitted and sovereign

# Scales and shapes at which the arithmetic of an answer is easy.
_SCALES = {
    "readiness_exponent": 1.0,
    "fund_gdp_share": 0.001,
    "capex_usd_m_per_mw": 50.0,
    "own_cost_scale_relief": 0.5,
    "linkage_gain": 1.0,
    "condition_softness": 0.125,
    "switching_within_provider": 0.25,
    "waiting_half_life_months": 12.0,
    "overlap": 0.5,
    "hedge_relief": 0.25,
    "review_rate": 1.0,
    "review_rate_invited": 0.0,
    "review_rate_peers": 0.0,
    "review_readiness": 0.0,
    "concern_half_life_months": 12.0,
    "concern_spill": 0.0,
    "reversal_shock": 0.0,
    "build_months_base": 16.0,
    "build_months_per_gw": 16.0,
    "headroom_floor": 0.125,
    "stall_rate": 0.0,
    "price_sensitivity": 2.0,
    "resume_rate": 0.0,
    "supplier_exit_rate": 0.0,
    "own_lead_months": 1.0,
    "own_build_months": 16.0,
}


def quiet_parameters() -> dict[str, float]:
    """Return every parameter of the mechanism: weights and hazards 0, scales as `_SCALES`."""
    quiet = {
        name: 0.0 if row.low <= 0.0 else row.default
        for name, row in load_parameters().items()
        if row.group != "features"
    }
    return quiet | _SCALES


def offer(**terms: Any) -> dict[str, Any]:
    """Return an offer without content, open to everybody, live in the month after signature."""
    plain = {
        "title": "An offer",
        "open_enrolment": True,
        "concession_step": 0,
        "concession_limit": 0,
        "cooldown_months": 0,
        "lead_months": 1,
    }
    return plain | terms


def slotted_offer(slots: int | None, **terms: Any) -> dict[str, Any]:
    """Return an offer without content to selected countries, made as fast as slots allow."""
    return offer(open_enrolment=False, slots=slots, pace_per_quarter=200) | terms


def provider(position: int, *offers: Mapping[str, Any], **terms: Any) -> dict[str, Any]:
    """Return a provider whose offers are called a, b, c ...; all countries are worth the same."""
    named = dict(zip("abcdefgh", offers, strict=False))
    plain = {"title": KEYS[position], "home": HOMES[position], "offers": named}
    return plain | dict.fromkeys(VALUES, 0) | terms


def as_yaml(content: Mapping[str, Any]) -> str:
    """Return the text of a scenario file with that content, in that order."""
    return str(yaml.dump(dict(content), Dumper=_DUMPER, sort_keys=False))


def write_scenario(
    providers: Sequence[Mapping[str, Any]],
    months: int = 12,
    parameters: Mapping[str, float] | None = None,
    **top: Any,
) -> Scenario:
    """Return the scenario of some providers, from January 2026, read as a file is."""
    last = 2026 * 12 + months - 1
    content = {
        "name": "made",
        "title": "Made for a check",
        "description": "A world with a known answer.",
        "horizon": {"start": "2026-01", "end": f"{last // 12}-{last % 12 + 1:02d}"},
        "parameters": quiet_parameters() | dict(parameters or {}),
        "providers": {KEYS[p]: dict(block) for p, block in enumerate(providers)},
    }
    return load_scenario_text(as_yaml(content | top))


def uniform_influence(n: int) -> NDArray[np.float64]:
    """Return weights by which every country watches all others alike."""
    return exact_shares(np.ones((n, n)) - np.eye(n)).T.copy()


def make_world(
    scenario: Scenario,
    n: int,
    influence: NDArray[np.float64] | None = None,
    relation: Mapping[str, Any] | None = None,
    base_concern: Any = 0.0,
    **fact: Any,
) -> Built:
    """Return a scenario built on `n` countries that are alike but for the facts given.

    Parameters
    ----------
    scenario : Scenario
        Its initial commitments and lists of countries are lost.
    influence : ndarray of shape (n, n), optional
        Column i holds the weights of the peers of country i; nobody has peers unless given.
    relation : mapping, optional
        Arrays of shape (n, P) or scalars, by relation.
    base_concern : ndarray of shape (n,) or float
    **fact
        Arrays of shape (n,) or scalars, by country fact. The neutral country is ready, without
        capability, democratic, of chip tier 1, with power to spare and no concern.
    """
    built = build_world(scenario)
    neutral = {
        "readiness": 1.0, "capability": 0.0, "need_mw": 100.0, "headroom_mw": 20000.0,
        "gdp_usd_m": 1e6, "gdp_rank": 0.0, "power_price_rank": 0.5, "democracy": 1.0,
        "chip_tier": 1.0,
    }  # fmt: skip
    country = np.zeros(n, COUNTRY_RECORD)
    for name, value in (neutral | fact).items():
        country[name] = value
    concern = np.zeros(n)
    concern[:] = base_concern
    # Kernels compile anew for arrays of another kind, so this one is of the builder's.
    concern.flags.writeable = built.world.base_concern.flags.writeable
    n_providers, n_offers = len(built.axes.provider), len(built.axes.offer)
    relations = np.zeros((n, n_providers), RELATION_RECORD)
    for name, value in (relation or {}).items():
        relations[name] = value
    hit = np.ones((built.world.event.size, n))
    world = built.world._replace(
        country_key=np.arange(1, n + 1, dtype=np.uint64),
        country=country,
        base_concern=concern,
        relation=relations,
        start=np.zeros((n, n_offers + 1), layout.START_DTYPE),
        share=np.ascontiguousarray(exact_shares(np.ones((3, n))).T),
        influence=np.zeros((n, n)) if influence is None else influence,
        event_hit=hit,
        event_spill=np.zeros_like(hit),
    )
    axes = dataclasses.replace(built.axes, country=tuple(f"C{i:04d}" for i in range(n)))
    return dataclasses.replace(built, axes=axes, world=world)


def commit(built: Built, who: Sequence[int], o: int, stage: int) -> None:
    """Put countries on a single offer at the start, in place."""
    built.world.start["stage"][list(who), o] = stage
    built.world.country["initial_path"][list(who)] = FIRST_OFFER + o


def first_futures(built: Built, seed: int, n_futures: int) -> Rows:
    """Return the first futures of a world."""
    return run_rows(built, seed, draw_inputs(built, seed, range(n_futures)))
