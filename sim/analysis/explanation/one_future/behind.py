"""The numbers and facts behind each term of a choice, with where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.explanation.one_future.grounds import (
    COUNTRY,
    OF_RIVALS,
    OFFER,
    PEERS,
    PROVIDER,
    RELATION,
    WEIGHT,
    grounds_of_terms,
)
from sim.data import describe_country, load_parameters
from sim.data.features.building import FEATURE_FACTS
from sim.scenario import field_at, split_address
from sim.words.titles import address_title, fact_title
from sim.words.wording import distribution_in_words

if TYPE_CHECKING:
    from sim.analysis.explanation.one_future.weighed import Weighed
    from sim.scenario import Scenario

# Fields of the rule's records that are called otherwise among the features.
_FEATURES = {"gdp_usd_m": "gdp_usd"}


@dataclass(frozen=True)
class NumberBehind:
    """A number of the scenario behind a term, as it stands in this future and month.

    ``lever`` is the name of the lever that moves it, or "".
    """

    term: str
    address: str
    title: str
    value: float
    unit: str
    lever: str
    source: str


@dataclass(frozen=True)
class FactBehind:
    """A feature of the country behind a term, or a fact on record from which it is computed.

    ``towards`` is the provider that a feature is about, or "".
    """

    term: str
    kind: str
    name: str
    title: str
    towards: str
    value: Any
    unit: str
    year: str
    source: str
    is_estimated: bool


def numbers_behind(weighed: Weighed, paths: Sequence[int]) -> list[NumberBehind]:
    """Return the numbers behind each term of some paths."""
    scenario = weighed.built.scenario
    levers = {lever.target: name for name, lever in scenario.levers.items()}
    found = []
    for term in weighed.built.axes.term:
        for address, value in _addresses(weighed, term, paths):
            spec = field_at(split_address(address))
            assert spec is not None
            lever = levers.get(address, "")
            found.append(
                NumberBehind(
                    term,
                    address,
                    address_title(address, scenario),
                    value,
                    spec.unit,
                    lever,
                    _source(scenario, address, lever),
                )
            )
    return found


def _addresses(weighed: Weighed, term: str, paths: Sequence[int]) -> Iterator[tuple[str, float]]:
    """Yield address and value of each number that a term of some paths reads."""
    axes = weighed.built.axes
    offers = sorted({o for path in paths for o in weighed.offers_of(path)})
    for record, field in grounds_of_terms()[term]:
        if record == WEIGHT:
            yield f"parameters.{field}", float(weighed.weights[field])
        elif record == OFFER:
            for o in offers:
                address = f"providers.{axes.offer_provider[o]}.offers.{axes.offer_key[o]}.{field}"
                yield address, weighed.offer_field(o, field)
        elif record == PROVIDER:
            for p in _providers(weighed, term, offers):
                address = f"providers.{axes.provider[p]}.{field}"
                yield address, weighed.provider_field(p, field)


def _providers(weighed: Weighed, term: str, offers: Sequence[int]) -> list[int]:
    """Return the providers that a term of some offers is about: their own, or their rivals."""
    own = {int(weighed.built.world.offer["provider"][o]) for o in offers}
    if term not in OF_RIVALS:
        return sorted(own)
    every = range(len(weighed.built.axes.provider))
    return [q for q in every if any(q != p for p in own)]


def _source(scenario: Scenario, address: str, lever: str) -> str:
    """Return what a number rests on: its lever, its row of the table, or the scenario."""
    spread = scenario.uncertainties.get(address)
    drawn = f"; drawn in each future: {distribution_in_words(spread)}" if spread else ""
    if lever:
        return " ".join(scenario.levers[lever].source.split()) + drawn
    parts = split_address(address)
    if parts[0] == "parameters":
        row = load_parameters()[parts[1]]
        said = f"{row.status}, {row.source}" if row.source else row.status
        return f"docs/model.md: {said}{drawn}"
    return f"the scenario {scenario.name}{drawn}"


def facts_behind(weighed: Weighed, paths: Sequence[int]) -> list[FactBehind]:
    """Return the features of the country behind each term of some paths, and their facts."""
    built = weighed.built
    rows = describe_country(built.facts, built.features, weighed.country, built.axes.country)
    known = {(row["group"], row["name"]): row for row in rows.to_dict("records")}
    offers = sorted({o for path in paths for o in weighed.offers_of(path)})
    found = []
    for term in built.axes.term:
        columns: list[str] = []
        for record, field in grounds_of_terms()[term]:
            name = _FEATURES.get(field, field)
            if record == COUNTRY:
                groups = ["feature"]
            elif record == RELATION:
                towards = _providers(weighed, term, offers)
                groups = [f"towards {built.axes.provider[p]}" for p in towards]
            else:
                groups = []
            found += [_fact(term, group, name, known[group, name]) for group in groups]
            columns += FEATURE_FACTS[name] if groups else ()
            if record == PEERS:
                found += [
                    _fact(term, group, name, row)
                    for (group, name), row in known.items()
                    if group == "peer"
                ]
        found += [
            _fact(term, "fact", name, known["fact", name])
            for name in dict.fromkeys(columns)
            if ("fact", name) in known
        ]
    return found


def _fact(term: str, group: str, name: str, row: dict[Any, Any]) -> FactBehind:
    towards = group.removeprefix("towards ") if group.startswith("towards ") else ""
    kind = "feature" if towards else group
    return FactBehind(
        term,
        kind,
        name,
        fact_title(group, name),
        towards,
        row["value"],
        row["unit"],
        row["year"],
        row["source"],
        bool(row["imputed"]),
    )
