"""Everything on record about one country, row by row with its source: for people, not the model."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd

from sim.data.facts import PANEL, Facts
from sim.data.features.building import TIE_FEATURES, Features
from sim.data.provenance import ColumnRecord, Provenance
from sim.data.yearly.vintages import ONLY_TO_IMPUTE
from sim.errors import DataError, Problem

COLUMNS = ("group", "name", "value", "unit", "year", "source", "licence", "imputed")
FEATURE_UNITS = {
    "need_mw": "MW",
    "headroom_mw": "MW",
    "gdp_usd": "USD",
    "population": "persons",
    "chip_tier": "tier 1-3",
}
PEERS_SHOWN = 10
_DERIVED = "computed from the facts; formula in docs/data.md"

Row = tuple[str, str, Any, str, str, str, str, bool]


def _citation(column: ColumnRecord, provenance: Provenance, key_of_row: str = "") -> str:
    """Return publishers and titles of a column's sources, or of the source that this row names."""
    keys = (key_of_row,) if key_of_row else column.sources
    sources = (provenance.sources[key] for key in keys)
    return "; ".join(f"{source.publisher}, {source.title}" for source in sources)


def _figure_origin(facts: Facts, column: ColumnRecord, iso3: str) -> tuple[str, str, str]:
    """Return year, source and licence of a figure as of an earlier month."""
    vintage = facts.vintage
    assert vintage is not None
    if column.name not in vintage.year:
        return column.year, _citation(column, facts.provenance), column.licence
    source = _citation(column, facts.provenance)
    licence = column.licence
    key = str(vintage.source.loc[iso3, column.name])
    if key:
        source = _citation(column, facts.provenance, key)
        licence = facts.provenance.sources[key].licence
    if bool(vintage.anachronistic.loc[iso3].get(column.name, False)):
        source = f"{source}; anachronistic: not public by {vintage.as_of}"
    return str(vintage.year.loc[iso3, column.name]), source, licence


def _is_shown(facts: Facts, column: ColumnRecord) -> bool:
    """Return whether a column holds facts: not a year or source key, and not wholly unknown."""
    if column.type == "year" or column.unit == "source key" or column.name not in facts.countries:
        return False
    if facts.vintage is None or column.role == "feature":
        return column.name != ONLY_TO_IMPUTE or facts.vintage is None
    values = facts.countries[column.name]
    return bool((values.notna() & (values != "")).any())


def _fact_rows(facts: Facts, iso3: str) -> Iterator[Row]:
    records = facts.provenance.tables[PANEL].columns
    row = facts.countries.loc[iso3].to_dict()
    for column in records.values():
        if not _is_shown(facts, column):
            continue
        value = row[column.name]
        unknown = value == "" or (column.is_numeric and math.isnan(value))
        year = column.year
        if year in row:
            year = "" if math.isnan(row[year]) else f"{row[year]:.0f}"
        imputed = column.is_numeric and bool(facts.imputed.loc[iso3, column.name])
        source = _citation(column, facts.provenance, row.get(f"{column.name}_source", ""))
        licence = column.licence
        if facts.vintage is not None:
            year, source, licence = _figure_origin(facts, column, iso3)
        if imputed:
            year, source = "", "imputed; method in docs/data.md"
        if imputed and unknown:
            source = "not public yet; docs/data.md says what is used instead"
        shown = None if unknown else (int(value) if column.type in ("flag", "integer") else value)
        yield "fact", column.name, shown, column.unit, year, source, licence, imputed


def _licence_of_computed(facts: Facts) -> str:
    """Return the terms of figures computed from all sources: those of the strictest one."""
    return facts.provenance.sources["VD"].licence


def _feature_rows(facts: Facts, features: Features, iso3: str) -> Iterator[Row]:
    licence = _licence_of_computed(facts)
    flags = features.imputed.loc[iso3].to_dict()
    for feature, value in features.country.loc[iso3].to_dict().items():
        name = str(feature)
        unit = FEATURE_UNITS.get(name, "0-1")
        yield "feature", name, value, unit, "", _DERIVED, licence, bool(flags[name])
    censored = features.exposure_censored.loc[iso3].to_dict()
    for provider in features.homes:
        for name in TIE_FEATURES:
            value = getattr(features, name)[provider].to_dict()[iso3]
            imputed = bool(censored[provider] if name == "exposure" else flags[name])
            year = features.as_of if name in ("ally", "tie", "distrust") else ""
            yield f"towards {provider}", name, value, "0-1", year, _DERIVED, licence, imputed


def _peer_rows(facts: Facts, features: Features, iso3: str, agents: Sequence[str]) -> Iterator[Row]:
    """Yield the peers of a country among those that take part, weighted as in a run."""
    # A country that takes no part decides nothing in a run, and a single one has no peers.
    if iso3 not in agents or len(agents) < 2:
        return
    weights = features.peer_weights(agents)[list(agents).index(iso3)].tolist()
    watched = sorted(zip(agents, weights, strict=True), key=lambda item: -item[1])
    for peer, weight in watched[:PEERS_SHOWN]:
        yield "peer", peer, weight, "share 0-1", "", _DERIVED, _licence_of_computed(facts), False


def _rows_of(table: pd.DataFrame, iso3: str) -> list[dict[Hashable, Any]]:
    return table[table["iso3"] == iso3].to_dict("records")


def _record_rows(facts: Facts, iso3: str) -> Iterator[Row]:
    licence = facts.provenance.sources["EVENTS"].licence
    source = _citation(facts.provenance.column("treaties", "kind"), facts.provenance)
    for row in _rows_of(facts.treaties, iso3):
        partner = f" with {row['counterpart']}" if row["counterpart"] else ""
        name = f"{row['agreement']}{partner}"
        span = f"{row['since']} to {row['until']}" if row["until"] else row["since"]
        yield "agreement", name, row["kind"], "class", span, source, licence, False
    for row in _rows_of(facts.ties, iso3):
        name = f"{row['provider_firm']} with {row['country_firm']}"
        span = f"{row['date']} to {row['ended']}" if row["ended"] else row["date"]
        yield "corporate tie", name, row["strength"], "0-1", span, row["source"], licence, False
    for row in _rows_of(facts.events, iso3):
        kind = ", ".join(word for word in (row["kind"], row["detail"]) if word)
        what = f"{row['event']} ({kind}; {row['confidence']} confidence)"
        name, source = row["programme"], row["source"]
        yield "event", name, what, "event", row["date"], source, licence, False


def describe_country(
    facts: Facts, features: Features, iso3: str, agents: Sequence[str]
) -> pd.DataFrame:
    """Return what is known and computed about one country, with source and licence of each row.

    Parameters
    ----------
    facts : Facts
    features : Features
        Built from the same facts, of the same month, for the providers of interest.
    iso3 : str
        ISO3 code, any case.
    agents : sequence of str
        ISO3 codes of the countries that take part, such as `Scenario.agents`: peers are watched
        among them only, so a country that takes no part has no rows of the group ``peer``.

    Returns
    -------
    DataFrame
        Columns ``group`` (fact, feature, towards <provider>, peer, agreement, corporate tie,
        event), ``name``, ``value`` (number, text or None where unknown), ``unit``, ``year`` (year,
        month or date), ``source``, ``licence``, ``imputed`` (True where the value, or a fact behind
        it, is an estimate; for exposure also where the partner is outside the trade lists).

    Raises
    ------
    DataError
        If the country is not in the panel.

    Examples
    --------
    >>> from sim.data import build_features, load_facts, load_parameters
    >>> facts = load_facts()
    >>> values = {name: row.default for name, row in load_parameters().items()}
    >>> features = build_features(facts, {"us": ("USA",)}, values, "2025-12")
    >>> rows = describe_country(facts, features, "kor", ("JPN", "KOR", "TWN"))
    >>> rows.loc[rows["name"] == "OpenAI with Kakao", "year"].item()
    '2025-02-04'
    """
    code = iso3.upper()
    if code not in facts.countries.index:
        near = get_close_matches(code, facts.countries.index, 1)
        hint = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{hint}Use a three-letter code such as KOR; XKX is Kosovo."
        raise DataError([Problem("", 0, f"{iso3!r} is not a country of the panel.", remedy)])
    rows = [
        *_fact_rows(facts, code),
        *_feature_rows(facts, features, code),
        *_peer_rows(facts, features, code, agents),
        *_record_rows(facts, code),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
