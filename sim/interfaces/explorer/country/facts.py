"""The facts of one country with their sources, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.data import build_features, describe_country, facts_as_of, load_facts
from sim.words.titles import country_names, fact_title, group_title

if TYPE_CHECKING:
    from sim.scenario import Scenario


def fact_table(scenario: Scenario, code: str) -> pd.DataFrame:
    """Return everything on record about a country, as in ``alignsim countries``, in words.

    Returns
    -------
    DataFrame
        Kind of fact, what it is, value (a number, or yes or no for a switch), unit, year, a remark
        if the value is an estimate or its source is weak, source and licence.
    """
    facts = facts_as_of(load_facts(), scenario.months[0])
    features = build_features(facts, scenario.homes, scenario.parameters, scenario.months[0])
    rows = describe_country(facts, features, code, scenario.agents)
    names = country_names()
    found = []
    for row in rows.to_dict("records"):
        group, name, unit = str(row["group"]), str(row["name"]), str(row["unit"])
        is_switch = unit == "0/1"
        value = row["value"]
        if is_switch and value is not None:
            value = "yes" if value else "no"
        found.append(
            {
                "kind": group_title(group, scenario),
                "what": names.get(name, name) if group == "peer" else fact_title(group, name),
                "value": value,
                "unit": "" if is_switch else unit,
                "year": row["year"],
                "remark": _remark(bool(row["imputed"]), str(row["source"])),
                "source": row["source"],
                "licence": row["licence"],
            }
        )
    return pd.DataFrame(found)


# Sources that report other people's findings; check their figures before use.
_WEAK = re.compile(r"general knowledge|wikipedia|wikimili|investguiding|nquiringminds|from memory")


def _remark(is_estimate: bool, source: str) -> str:
    if is_estimate:
        return "estimate"
    return "weak source" if _WEAK.search(source.casefold()) else ""


def shown_facts(table: pd.DataFrame) -> pd.DataFrame:
    """Return `fact_table` for the page: one column cannot hold both numbers and words."""
    return table.assign(value=[_cell(value) for value in table["value"]])


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        is_whole = value == int(value) and abs(value) < 1e15
        return f"{value:,.0f}" if is_whole and abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)
