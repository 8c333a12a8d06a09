"""Names become indices: a scenario and the facts become the arrays of the mechanism."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.data import build_features, facts_as_of, load_facts
from sim.data.features.building import TIE_FEATURES
from sim.data.features.country import COUNTRY_FEATURES
from sim.data.relations import rows_at
from sim.errors import DataError, Problem
from sim.model import layout
from sim.model.axes import Axes
from sim.model.layout import World
from sim.model.machine.philox import identity
from sim.model.requests import months_until
from sim.model.world.fields import check_fields
from sim.model.world.starting import build_start
from sim.model.world.timetable import Timetable, build_timetable
from sim.scenario import (
    OWN,
    SOVEREIGN,
    Offer,
    Provider,
    field_at,
    numeric_fields,
    path_members,
    path_names,
    split_address,
)
from sim.scenario.months import month_number
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.data import Facts, Features
    from sim.scenario import Distribution, Scenario

OFFER_FIELDS = numeric_fields(Offer)
PROVIDER_FIELDS = numeric_fields(Provider)
OFFER_RECORD = np.dtype([(name, np.float64) for name in OFFER_FIELDS])
PROVIDER_RECORD = np.dtype([(name, np.float64) for name in PROVIDER_FIELDS])
# A sum of money is in millions in the mechanism, and its name says so.
_IN_MILLIONS = {"gdp_usd": "gdp_usd_m"}
COUNTRY_FIELDS = tuple(_IN_MILLIONS.get(name, name) for name in COUNTRY_FEATURES)
# Features of a country, and the path on which it starts.
COUNTRY_RECORD = np.dtype(
    [*((name, np.float64) for name in COUNTRY_FIELDS), ("initial_path", np.int64)]
)
# Features of a country towards a provider, each 0-1.
RELATION_RECORD = np.dtype([(name, np.float64) for name in TIE_FEATURES])
QUANTUM = 2.0**-50


@dataclass(frozen=True)
class Numbers:
    """The uncertain numbers of a scenario: what is drawn anew, and how.

    ``rows`` are the values of a number in each row of the posterior, shape (N,); None for a number
    with a distribution of its own.
    """

    address: tuple[str, ...]
    distribution: tuple[Distribution, ...]
    bounds: tuple[tuple[float, float], ...]
    is_whole: tuple[bool, ...]
    rows: tuple[NDArray[np.float64] | None, ...]


@dataclass(frozen=True)
class Built:
    """A scenario ready to run: the world, and the numbers before uncertain ones are drawn.

    Parameters
    ----------
    world : World
        What is the same in every future.
    weight, offer, provider : ndarray of records, shapes (1,), (O,), (P,)
        Central values.
    numbers : Numbers
        What is drawn anew.
    timetable : Timetable
        The chance of each dated event.
    """

    scenario: Scenario
    facts: Facts
    features: Features
    axes: Axes
    world: World
    weight: NDArray[Any]
    offer: NDArray[Any]
    provider: NDArray[Any]
    numbers: Numbers
    timetable: Timetable


def exact_shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values scaled to sum to 1 along the last axis, as whole multiples of 2**-50.

    Sums of such numbers are exact in any order. What rounding leaves over goes to the largest.
    Where all values are 0 they stay so.
    """
    shares = np.asarray(values, np.float64)
    total = shares.sum(axis=-1, keepdims=True)
    shares = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    shares = np.round(shares / QUANTUM) * QUANTUM
    largest = shares.argmax(axis=-1, keepdims=True)
    rest = np.where(total > 0, 1.0, 0.0) - shares.sum(axis=-1, keepdims=True)
    kept = np.take_along_axis(shares, largest, axis=-1)
    np.put_along_axis(shares, largest, kept + rest, axis=-1)
    return shares


def build_axes(scenario: Scenario, terms: Sequence[str], as_of: str | None = None) -> Axes:
    """Return the names along each axis: paths are enumerated from the scenario's offers."""
    references = list(scenario.offers)
    owner = [reference.split(".")[0] for reference in references]
    offer = [offer_id(reference) for reference in references]
    by_provider = {name: tuple(provider.offers) for name, provider in scenario.providers.items()}
    members = path_members(by_provider, scenario.has_sovereign_path)
    held = [tuple(member for member in each if member != OWN) for each in members]
    return Axes(
        country=tuple(sorted(scenario.agents)),
        path=tuple(path_names(by_provider, scenario.has_sovereign_path)),
        offer=tuple(offer),
        provider=tuple(scenario.providers),
        month=months_until(scenario, as_of),
        term=tuple(terms),
        offer_provider=tuple(owner),
        offer_key=tuple(reference.split(".")[1] for reference in references),
        path_offers=tuple(tuple("_".join(offer) for offer in each) for each in held),
        path_providers=tuple(tuple(name for name, _ in each) for each in held),
        path_has_own=tuple(OWN in each for each in members),
    )


def _record(values: Sequence[Any], fields: Sequence[str], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return one record a block of the scenario; an absent limit is infinite."""
    records = np.zeros(len(values), dtype)
    for row, block in enumerate(values):
        for name in fields:
            value = getattr(block, name)
            records[name][row] = np.inf if value is None else float(value)
    return records


def _path_arrays(axes: Axes) -> dict[str, Any]:
    """Return what paths hold, and what is left of each without an offer."""
    n_offers = len(axes.offer)
    offers = [tuple(axes.offer.index(name) for name in held) for held in axes.path_offers]
    index = {held: k for k, held in enumerate(zip(offers, axes.path_has_own, strict=True))}
    path_offer = np.full((len(offers), 2), -1, np.int64)
    path_provider = np.zeros((len(offers), len(axes.provider)), np.int64)
    path_without = np.tile(np.arange(len(offers), dtype=np.int64)[:, None], (1, n_offers))
    for (members, is_own), k in index.items():
        for side, o in enumerate(members):
            path_offer[k, side] = o
            path_provider[k, axes.provider.index(axes.offer_provider[o])] = 1
            path_without[k, o] = index[tuple(m for m in members if m != o), is_own]
    has_own = np.array(axes.path_has_own, np.int64)
    return {
        "sovereign": axes.path.index(SOVEREIGN) if SOVEREIGN in axes.path else int(layout.NO_PATH),
        "path_key": np.array([identity(name) for name in axes.path], np.uint64),
        "path_offer": path_offer,
        "path_own": has_own,
        "path_size": has_own + (path_offer >= 0).sum(axis=1),
        "path_provider": path_provider,
        "path_without": path_without,
        "path_alone": np.array([index[(o,), False] for o in range(n_offers)], np.int64),
        "provider_key": np.array([identity(f"provider {p}") for p in axes.provider], np.uint64),
        "kind_key": np.array([identity(f"kind {name}") for name in layout.KIND_NAMES], np.uint64),
    }


def _country_arrays(
    scenario: Scenario, features: Features, axes: Axes, rows: NDArray[np.intp]
) -> dict[str, Any]:
    """Return what is known of each agent, alone and with each provider; `rows` (n,) its facts."""
    agents = list(axes.country)
    table = features.country
    country = np.zeros(len(agents), COUNTRY_RECORD)
    for name, field in zip(COUNTRY_FEATURES, COUNTRY_FIELDS, strict=True):
        values = table[name].to_numpy()[rows]
        country[field] = values / 1e6 if name in _IN_MILLIONS else values
    relation = np.zeros((len(agents), len(axes.provider)), RELATION_RECORD)
    for name in TIE_FEATURES:
        ties = getattr(features, name)
        for p, provider in enumerate(axes.provider):
            relation[name][:, p] = ties[provider].to_numpy()[rows]
    for code, stated in scenario.corporate_ties.items():
        if code in agents:
            for provider, tie in stated.items():
                relation["tie"][agents.index(code), axes.provider.index(provider)] = tie
    world_total = table[["gdp_usd", "population", "readiness"]]
    shares = exact_shares(world_total.to_numpy().T).T
    # A country alone has no peers.
    weights = exact_shares(features.peer_weights(agents)) if len(agents) > 1 else np.zeros((1, 1))
    return {
        "base_concern": table["base_concern"].to_numpy(np.float64)[rows],
        "country_key": np.array([identity(code) for code in agents], np.uint64),
        "country": country,
        "relation": relation,
        "share": np.ascontiguousarray(shares[rows]),
        "influence": np.ascontiguousarray(weights.T),
    }


def _offer_array(scenario: Scenario, axes: Axes) -> NDArray[Any]:
    """Return identity, provider and opening month of each offer."""
    first = month_number(axes.month[0])
    offer = np.zeros(len(axes.offer), layout.OFFER_DTYPE)
    for o, (name, terms) in enumerate(zip(axes.offer, scenario.offers.values(), strict=True)):
        opening = first if terms.open_from is None else month_number(terms.open_from)
        offer[o] = (
            identity(name),
            axes.provider.index(axes.offer_provider[o]),
            max(0, opening - first),
        )
    return offer


def _build_numbers(scenario: Scenario) -> Numbers:
    """Return the uncertain numbers of a scenario."""
    known = {
        address: distribution
        for address, distribution in scenario.uncertainties.items()
        if distribution.distribution != "fixed"
    }
    specs = [field_at(split_address(address)) for address in known]
    bounds, is_whole = [], []
    for spec in specs:
        assert spec is not None
        low = -np.inf if spec.low is None else spec.low
        high = np.inf if spec.high is None else spec.high
        bounds.append((float(low), float(high)))
        is_whole.append(spec.kind == "whole number")
    rows = tuple(scenario.posterior_rows(address) for address in known)
    return Numbers(tuple(known), tuple(known.values()), tuple(bounds), tuple(is_whole), rows)


def _check_countries(scenario: Scenario, facts: Facts) -> None:
    """Check that a caller's own facts know every country that takes part or is a home.

    Raises
    ------
    DataError
        With those that are missing.
    """
    homes = {code for home in scenario.homes.values() for code in home}
    missing = sorted({*scenario.agents, *homes} - {*facts.countries.index})
    if missing:
        shown = ", ".join(missing[:8]) + (", ..." if len(missing) > 8 else "")
        rule = f"the facts have no row for {shown}, which the scenario names."
        remedy = "Add them to country_panel.csv, or leave them out by countries.exclude."
        raise DataError([Problem("", 0, rule, remedy)])


@cache
def _check_records() -> None:
    """Check, once in a process, that every term is whole and reads only fields that are there."""
    from sim.model.world.registered import check_terms

    check_terms()
    check_fields(
        {
            "offer": {*OFFER_FIELDS, *(layout.OFFER_DTYPE.names or ())},
            "provider": PROVIDER_FIELDS,
            "country": COUNTRY_RECORD.names or (),
            "relation": TIE_FEATURES,
        }
    )


def build_world(scenario: Scenario, facts: Facts | None = None, as_of: str | None = None) -> Built:
    """Return the arrays of a scenario: the only place where names become indices.

    Parameters
    ----------
    scenario : Scenario
        Validated.
    facts : Facts, optional
        The shipped facts unless others are given; taken as of the scenario's first month.
    as_of : str, optional
        Month, "YYYY-MM", at whose end the world stops; the scenario's last unless given. What is
        due later, such as an event, never happens; nothing before it depends on this.

    Raises
    ------
    InputError
        If the scenario does not cover the month `as_of`.
    DataError
        If the facts lack a country of the scenario, or a number that the model needs; if the
        mechanism reads a field that does not exist.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> built = build_world(load_scenario("baseline"))
    >>> built.axes.path[2:4], built.world.country.shape
    (('us_infrastructure', 'us_adoption'), (194,))
    """
    from sim.model.mechanism.terms import TERM_NAMES

    _check_records()
    axes = build_axes(scenario, TERM_NAMES, as_of)
    if facts is not None:
        _check_countries(scenario, facts)
    facts = facts_as_of(load_facts() if facts is None else facts, axes.month[0])
    features = build_features(facts, scenario.homes, scenario.parameters, axes.month[0])
    rows = rows_at(facts.row, axes.country)
    countries = _country_arrays(scenario, features, axes, rows)
    paths = _path_arrays(axes)
    offer = _record(list(scenario.offers.values()), OFFER_FIELDS, OFFER_RECORD)
    provider = _record(list(scenario.providers.values()), PROVIDER_FIELDS, PROVIDER_RECORD)
    weight = np.zeros(1, np.dtype([(name, np.float64) for name in scenario.parameters]))
    for name, value in scenario.parameters.items():
        weight[name] = value
    timetable = build_timetable(scenario, axes.country, axes.offer, axes.provider)
    start = build_start(scenario, axes, paths["path_offer"], offer)
    countries["country"]["initial_path"] = start.path
    offers = _offer_array(scenario, axes)
    hit = timetable.hit
    known_since = scenario.horizon.known_since or axes.month[0]
    world = World(
        first_month=month_number(axes.month[0]),
        n_months=len(axes.month),
        months_known=month_number(axes.month[0]) - month_number(known_since),
        **countries,
        **paths,
        start=start.deal,
        offer=offers,
        offer_order=np.argsort(offers["key"]),
        event=timetable.event,
        event_hit=hit,
        event_spill=np.ascontiguousarray(hit @ countries["influence"]),
    )
    return Built(
        scenario, facts, features, axes, world, weight, offer, provider,
        _build_numbers(scenario), timetable,
    )  # fmt: skip
