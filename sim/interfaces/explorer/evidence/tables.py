"""The tables of the Evidence page: columns with their origin, estimates, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.data import facts_as_of, load_facts, load_parameters
from sim.data.parameters import parameter_label
from sim.words.titles import panel_titles, programme_title

if TYPE_CHECKING:
    from sim.analysis.evidence import Evidence
    from sim.data.parameters import Parameter
    from sim.scenario import Scenario

ASSUMPTION = "assumption"
# For downloads: the page says the same in words.
ESTIMATE_COLUMNS = (
    "estimate, all kinds", "estimate, 90 % low", "estimate, 90 % high", "estimated from",
)  # fmt: skip


def column_table() -> pd.DataFrame:
    """Return the origin of every column of every table of facts: one row per column."""
    provenance = load_facts().provenance
    rows = []
    for table in provenance.tables.values():
        for column in table.columns.values():
            sources = [provenance.sources[key] for key in column.sources]
            rows.append(
                {
                    "what it is": column.definition,
                    "unit": column.unit,
                    "in the model": "yes" if column.role == "feature" else "",
                    "values": column.coverage,
                    "year": "by row" if column.year in table.columns else column.year,
                    "source": "; ".join(f"{s.publisher}, {s.title}" for s in sources),
                    "licence": column.licence,
                    "caveat": column.caveat,
                    "table": table.name.replace("_", " "),
                    "column": column.name,
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
                "read from": source.read_from,
            }
            for source in sources
        ]
    )


def estimate_table(scenario: Scenario) -> pd.DataFrame:
    """Return the countries with estimated facts in a scenario: how many and which, most first."""
    facts = facts_as_of(load_facts(), scenario.months[0])
    records = facts.provenance.tables["country_panel"].columns
    used = [name for name in facts.imputed if records[str(name)].role == "feature"]
    share = facts.imputed_share().to_dict()
    names, titles = facts.countries["name"].to_dict(), panel_titles()
    rows = []
    for code, flags in facts.imputed[used].to_dict("index").items():
        estimated = [str(name) for name in used if flags[name]]
        if estimated:
            row = {"country": names[code], "facts estimated (0-1)": float(share[code])}
            rows.append(row | {"which": "; ".join(titles[name] for name in estimated)})
    table = pd.DataFrame(rows)
    order = ["facts estimated (0-1)", "country"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def parameter_table(scenario: Scenario, evidence: Evidence | None = None) -> pd.DataFrame:
    """Return every model parameter as a scenario uses it, with its basis and what the record says.

    Parameters
    ----------
    scenario : Scenario
    evidence : Evidence, optional
        Without it nothing is said of the record.
    """
    record = {} if evidence is None else _estimated(evidence)
    rows = []
    for name, row in load_parameters().items():
        value = scenario.parameters[name]
        spread = scenario.uncertainties.get(f"parameters.{name}")
        low = None if spread is None else spread.low
        high = None if spread is None else spread.high
        basis = row.status if not row.source else f"{row.status}; {row.source}"
        if value != row.default:
            basis = "set here"
        if spread is not None and spread.kind == "posterior" and scenario.posterior is not None:
            basis = f"estimated; {scenario.posterior.title}"
        rows.append(
            {
                "name": parameter_label(name),
                "what it is": row.description,
                "value": value,
                "unit": "" if row.unit == "1" else row.unit,
                "drawn from": low,
                "drawn to": high,
                "what the record says": "",
                "basis": basis,
                "part of the model": row.group,
                "name in files": name,
                **dict.fromkeys(ESTIMATE_COLUMNS),
            }
        )
        if evidence is not None:
            rows[-1] |= record.get(name) or {"what the record says": _assumed(row)}
    return pd.DataFrame(rows)


def _estimated(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """Return what the record says about each number that it informs, all kinds together."""
    numbers = evidence.numbers[evidence.numbers["kind"] == "all"]
    names = sorted(programme_title(str(name)) for name in evidence.programmes["programme"])
    return {
        row["number"]: {
            "what the record says": f"{row['identification']}: {row['mean']:.2f} "
            f"({row['low']:.2f} to {row['high']:.2f}), from {row['n_programmes']} programmes",
            **dict(
                zip(
                    ESTIMATE_COLUMNS,
                    (row["mean"], row["low"], row["high"], "; ".join(names)),
                    strict=True,
                )
            ),
        }
        for row in numbers.to_dict("records")
    }


def _assumed(row: Parameter) -> str:
    """Return what stands in for a record, and the range that it is drawn from by default."""
    if row.dist_low is None or row.dist_high is None:
        return f"nothing: {row.status}"
    return f"nothing: {row.status}, {row.dist_low:g} to {row.dist_high:g}"


def lever_table(scenario: Scenario) -> pd.DataFrame:
    """Return the levers of a scenario with their sources."""
    return pd.DataFrame(
        [
            {
                "lever": lever.title,
                "what it means": " ".join(lever.explanation.split()),
                "from": lever.low,
                "to": lever.high,
                "rests on": " ".join(lever.source.split()),
                "address in a scenario file": lever.target,
            }
            for lever in scenario.levers.values()
        ]
    )
