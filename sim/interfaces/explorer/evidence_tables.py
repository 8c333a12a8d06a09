"""The tables of the page Evidence: columns with their origin, estimates, numbers assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.data import load_facts, load_parameters

if TYPE_CHECKING:
    from sim.scenario import Scenario

ASSUMPTION = "assumption"


def column_table() -> pd.DataFrame:
    """Return where every column of every table of facts comes from: a row a column."""
    provenance = load_facts().provenance
    rows = []
    for table in provenance.tables.values():
        for column in table.columns.values():
            sources = [provenance.sources[key] for key in column.sources]
            rows.append(
                {
                    "table": table.name,
                    "column": column.name,
                    "what it is": column.definition,
                    "unit": column.unit,
                    "used by the model": "yes" if column.role == "feature" else "",
                    "values": column.coverage,
                    "year": column.year,
                    "source": "; ".join(f"{s.publisher}, {s.title}" for s in sources),
                    "licence": column.licence,
                    "caveat": column.caveat,
                }
            )
    return pd.DataFrame(rows).fillna("")


def source_table() -> pd.DataFrame:
    """Return the sources of the facts, with their terms of use."""
    sources = load_facts().provenance.sources.values()
    return pd.DataFrame(
        [
            {
                "key": source.key,
                "publisher": source.publisher,
                "title": source.title,
                "year": source.year,
                "licence": source.licence,
            }
            for source in sources
        ]
    )


def estimate_table() -> pd.DataFrame:
    """Return the countries with estimated facts: how many, and which, most first."""
    facts = load_facts()
    records = facts.provenance.tables["country_panel"].columns
    used = [name for name in facts.imputed if records[str(name)].role == "feature"]
    share = facts.imputed_share().to_dict()
    names = facts.countries["name"].to_dict()
    rows = []
    for code, flags in facts.imputed[used].to_dict("index").items():
        estimated = [str(name) for name in used if flags[name]]
        if estimated:
            row = {"country": names[code], "share estimated": float(share[code])}
            rows.append(row | {"facts estimated": ", ".join(estimated)})
    table = pd.DataFrame(rows)
    order = ["share estimated", "country"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def parameter_table(scenario: Scenario) -> pd.DataFrame:
    """Return every model parameter as a scenario uses it, with what it rests on."""
    rows = []
    for name, row in load_parameters().items():
        value = scenario.parameters[name]
        spread = scenario.uncertainties.get(f"parameters.{name}")
        drawn = ""
        if spread is not None and spread.low is not None and spread.high is not None:
            drawn = f"{spread.low:g} to {spread.high:g}"
        basis = row.status if not row.source else f"{row.status}; {row.source}"
        rows.append(
            {
                "group": row.group,
                "name": name,
                "what it is": row.description,
                "value": value,
                "unit": row.unit,
                "drawn": drawn,
                "basis": basis if value == row.default else "set here",
            }
        )
    return pd.DataFrame(rows)


def lever_table(scenario: Scenario) -> pd.DataFrame:
    """Return the levers of a scenario with what each rests on."""
    return pd.DataFrame(
        [
            {
                "lever": lever.title,
                "what it means": " ".join(lever.explanation.split()),
                "from": lever.low,
                "to": lever.high,
                "rests on": " ".join(lever.source.split()),
                "address": lever.target,
            }
            for lever in scenario.levers.values()
        ]
    )
