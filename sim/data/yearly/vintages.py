"""Vintages: the facts as they were known in an earlier month.

From PRESENT_SINCE on the panel is used unchanged. As of an earlier month a figure is the last one
public by then, according to publications.csv. Nothing later is used, with one exception, which is
flagged: before the first figures of a column were public, those first figures are used.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.data.dates import is_present
from sim.data.facts import PANEL, YEARLY, Facts, load_facts
from sim.data.imputation import PLANS, impute_panel
from sim.data.relations import FLOWS, is_in_force
from sim.data.vintage import Vintage
from sim.data.yearly.columns import (
    Known,
    first_or_last_public,
    for_every_country,
    last_public,
    mean_of_last,
    yearly_column,
)

# Columns that do not change, or that readers need to identify a country.
LASTING = ("name", "un_region", "un_subregion", "un_member", "latitude", "longitude")
# Panel figures of a single year that is in publications.csv, with that year.
ONE_YEAR = {"government_ai_readiness": 2023, "electricity_price_usc_kwh": 2019}
TIERS_SINCE = "2025-01"  # publication of the US framework for AI diffusion
MEAN_POINT, POINT, MEAN_YEARS = "un_ideal_point_mean5", "un_ideal_point", 5
# Columns of the panel that give the year of the figure beside them.
YEAR_OF = {
    "population": "population_year",
    "gdp_usd": "gdp_usd_year",
    "electricity_generation_twh": "electricity_generation_year",
    "internet_users_share": "internet_users_year",
    "liberal_democracy": "liberal_democracy_year",
    "trade_total_usd_m": "trade_total_year",
    POINT: "un_vote_year",
}
# Needed for every country, and not predictable from anything else.
NEEDED = ("population",)
# GDP at purchasing-power parity has no yearly record, so income is predicted without it.
INCOME_PREDICTORS = ("internet_users", "log_population", "liberal_democracy")
ONLY_TO_IMPUTE = "gdp_ppp_2021usd"
# Partners whose positions on the yearly lists of trade partners are known.
LISTED_PARTNERS = {"CHN": "chn", "USA": "usa"}


def _one_year(facts: Facts, column: str, as_of: str) -> Known:
    """Return a panel column of a single year if that year was public, else an empty one."""
    index = facts.countries.index
    key = facts.provenance.column(PANEL, column).sources[0]
    months = facts.publications
    rows = months[(months["source"] == key) & (months["year"] == ONE_YEAR[column])]
    is_public = bool((rows["public_from"] <= as_of).any())
    value = facts.countries[column].where(~facts.imputed[column] & is_public)
    has_any = value.notna().to_numpy()
    return Known(
        value=value,
        year=pd.Series(np.where(has_any, str(ONE_YEAR[column]), ""), index),
        source=pd.Series(np.where(has_any, key, ""), index),
        is_early=pd.Series(False, index),
    )


def _standing(facts: Facts, as_of: str) -> pd.Series:
    """Return the status under EU data-protection law in force in a month."""
    rules = in_force(facts.data_rules, as_of)
    standing = dict(zip(rules["iso3"], rules["standing"], strict=True))
    index = facts.countries.index
    return pd.Series([standing.get(str(iso3), "none") for iso3 in index], index=index)


def in_force(rows: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the rows of a table with ``since`` and ``until`` that are in force in a month."""
    dates = zip(rows["since"], rows["until"], strict=True)
    return rows[[is_in_force(since, until, as_of) for since, until in dates]]


def _dyads(facts: Facts, as_of: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs with the shares listed by a month, and the smallest share of each list."""
    index = facts.countries.index
    shares: dict[str, dict[tuple[str, str], float]] = {}
    smallest = {}
    for flow, word in FLOWS.items():
        lists = yearly_column(facts, f"{flow}_share_smallest")
        known = first_or_last_public(lists, as_of)
        smallest[flow] = known.value
        row = np.flatnonzero(known.value.notna())
        place = known.year.to_numpy()[row].astype(np.int64) - lists.years[0]
        for partner, short in LISTED_PARTNERS.items():
            listed = yearly_column(facts, f"{flow}_share_{short}").value[row, place]
            for iso3, share in zip(index[row].tolist(), listed.tolist(), strict=True):
                if share == share and iso3 != partner:
                    a, b = sorted((iso3, partner))
                    own, other = ("a", "b") if iso3 == a else ("b", "a")
                    shares.setdefault(f"{own}_{word}_{other}", {})[a, b] = share
    return _with_shares(facts.dyads, shares), pd.DataFrame(smallest)


def _with_shares(
    dyads: pd.DataFrame, shares: dict[str, dict[tuple[str, str], float]]
) -> pd.DataFrame:
    """Return the pairs with these shares and no others; a new pair has no border."""
    codes = ["iso3_a", "iso3_b"]
    old = list(zip(*(dyads[name].tolist() for name in codes), strict=True))
    pairs = sorted({*old, *(pair for listed in shares.values() for pair in listed)})
    row = {pair: place for place, pair in enumerate(pairs)}
    place = [row[pair] for pair in old]
    columns: dict[str, Any] = {name: [pair[k] for pair in pairs] for k, name in enumerate(codes)}
    for name in dyads.columns.drop(codes).astype(str):
        filled = np.full(len(pairs), 0.0 if name == "land_border" else np.nan)
        if "_share_" in name:
            listed = shares.get(name, {})
            filled[[row[pair] for pair in listed]] = list(listed.values())
        else:
            filled[place] = dyads[name].to_numpy()
        columns[name] = filled
    return pd.DataFrame(columns)


def _on_record(rows: pd.DataFrame, begun: str, ended: str, as_of: str) -> pd.DataFrame:
    """Return the rows that had begun by a month, without ends that came later.

    A date that gives only a year counts from December of that year.
    """
    months = rows[begun].str[:7]
    months = months.where(months.str.len() != 4, months + "-12")
    known = rows[(months != "") & (months <= as_of)].reset_index(drop=True)
    if ended:
        known[ended] = known[ended].where(known[ended].str[:7] <= as_of, "")
    return known


def _panel(facts: Facts, as_of: str, dated: dict[str, Known]) -> pd.DataFrame:
    """Return the panel of a month before gaps are filled: empty where nothing was public."""
    panel = facts.countries
    records = facts.provenance.tables[PANEL].columns
    columns: dict[str, pd.Series] = {}
    for name, record in records.items():
        if name in LASTING:
            columns[name] = panel[name]
        elif name in dated:
            columns[name] = dated[name].value
        else:
            empty = np.nan if record.is_numeric else ""
            columns[name] = pd.Series(empty, index=panel.index)
    for name, year in YEAR_OF.items():
        columns[year] = pd.to_numeric(dated[name].year)
    for name, known in dated.items():
        if f"{name}_source" in panel:
            columns[f"{name}_source"] = known.source
    columns["data_rules"] = _standing(facts, as_of)
    if as_of >= TIERS_SINCE:
        columns["ai_diffusion_tier"] = panel["ai_diffusion_tier"]
    return pd.DataFrame(columns, index=panel.index)[list(panel)]


def _complete(facts: Facts, panel: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the panel with its gaps filled, and flags of estimates and of missing figures."""
    records = facts.provenance.tables[PANEL].columns
    numeric = [str(name) for name in facts.imputed]
    plans = [
        plan._replace(predictors=INCOME_PREDICTORS) if plan.column == "gdp_usd" else plan
        for plan in PLANS
        if panel[plan.column].notna().any()
    ]
    complete, imputed = impute_panel(panel, numeric, records, plans)
    for name in numeric:
        is_used = records[name].role == "feature" and name != ONLY_TO_IMPUTE
        if is_used and complete[name].isna().all():
            imputed[name] = True
    return complete, imputed


def _known_columns(facts: Facts, as_of: str) -> dict[str, Known]:
    """Return what was known by a month in each dated column of the panel."""
    yearly = facts.provenance.tables[YEARLY].columns
    records = facts.provenance.tables[PANEL].columns
    found: dict[str, Known] = {}
    for name, record in records.items():
        if name in NEEDED:
            found[name] = for_every_country(yearly_column(facts, name), as_of)
        elif name in yearly and record.is_numeric:
            # Columns for readers go without; the model needs the first figures.
            look_up = first_or_last_public if record.role == "feature" else last_public
            found[name] = look_up(yearly_column(facts, name), as_of)
    found[MEAN_POINT] = mean_of_last(yearly_column(facts, POINT), MEAN_YEARS, as_of)
    return found | {name: _one_year(facts, name, as_of) for name in ONE_YEAR}


def _build(facts: Facts, as_of: str) -> Facts:
    """Return the facts of a month before the present vintage."""
    dated = _known_columns(facts, as_of)
    countries, imputed = _complete(facts, _panel(facts, as_of, dated))
    early = pd.DataFrame(False, index=imputed.index, columns=imputed.columns)
    for name, known in dated.items():
        early[name] = known.is_early
    pairs, smallest = _dyads(facts, as_of)
    vintage = Vintage(
        as_of=as_of,
        anachronistic=early,
        year=pd.DataFrame({name: known.year for name, known in dated.items()}).assign(
            data_rules=as_of
        ),
        source=pd.DataFrame({name: known.source for name, known in dated.items()}).assign(
            data_rules=facts.provenance.column("data_rules", "standing").sources[0]
        ),
        smallest_listed=smallest,
    )
    return dataclasses.replace(
        facts,
        countries=countries,
        imputed=imputed,
        dyads=pairs,
        treaties=_on_record(facts.treaties, "since", "until", as_of),
        ties=_on_record(facts.ties, "date", "ended", as_of),
        events=_on_record(facts.events, "date", "", as_of),
        vintage=vintage,
    )


@lru_cache(maxsize=8)
def _build_shipped(as_of: str) -> Facts:
    """Build from the shipped facts; kept, because every point of a sweep asks again."""
    return _build(load_facts(), as_of)


def facts_as_of(facts: Facts, as_of: str) -> Facts:
    """Return the facts as they were known in a month.

    Parameters
    ----------
    facts : Facts
        The present vintage, or the facts of that same month.
    as_of : str
        Month, "YYYY-MM".

    Returns
    -------
    Facts
        From PRESENT_SINCE on, the given facts. As of an earlier month ``countries``, ``imputed``,
        ``dyads``, ``treaties``, ``ties`` and ``events`` hold what was public by then, and
        ``vintage`` says from which years. For the shipped facts, the same object on every call.

    Raises
    ------
    ValueError
        If the facts are already those of another month.

    Examples
    --------
    >>> facts = load_facts()
    >>> facts_as_of(facts, "2025-05") is facts
    True
    >>> early = facts_as_of(facts, "2014-07")
    >>> float(early.countries.loc["KOR", "gdp_usd"]), early.vintage.year.loc["KOR", "gdp_usd"]
    (1370600000000.0, '2013')
    """
    if facts.vintage is not None:
        if facts.vintage.as_of != as_of:
            known = facts.vintage.as_of
            raise ValueError(f"the facts are those of {known}; give the present ones for {as_of}")
        return facts
    if is_present(as_of):
        return facts
    return _build_shipped(as_of) if facts is load_facts() else _build(facts, as_of)
