"""The command that looks up countries."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.options import AsJson, month_given
from sim.interfaces.cli.output import records, show_json

if TYPE_CHECKING:
    import pandas as pd

    from sim.data import Facts

Country = Annotated[
    str | None,
    typer.Argument(metavar="COUNTRY", help="ISO code such as KOR, or a name in quotes."),
]
Towards = Annotated[
    str,
    typer.Option("--scenario", help="Scenario whose providers and first month the ties refer to."),
]
WIDTH = 92


PublicBy = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="MONTH",
        parser=month_given,
        help="Show what was public in a month such as 2014-06; the scenario's first month if left "
        "out.",
    ),
]


def countries(
    country: Country = None,
    scenario: Towards = "baseline",
    as_of: PublicBy = None,
    as_json: AsJson = False,
) -> None:
    """Look up the facts of a country, with sources.

    Also shows the features that the model computes from them. A star marks an estimate, made when
    no figure is on record. Without a country, all countries are listed.

    \b
    Examples:
      alignsim countries
      alignsim countries KOR
      alignsim countries "South Korea" --json
      alignsim countries KOR --as-of 2014-06
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.data import build_features, describe_country, facts_as_of, load_facts
    from sim.scenario import load_scenario

    facts = load_facts()
    if country is None:
        _list_all(facts if as_of is None else facts_as_of(facts, as_of), as_json)
        return
    code = _code(country)
    towards = load_scenario(scenario)
    month = as_of or towards.months[0]
    facts = facts_as_of(facts, month)
    features = build_features(facts, towards.homes, towards.parameters, month)
    rows = describe_country(facts, features, code, towards.agents)
    if as_json:
        name = str(facts.countries["name"].to_dict()[code])
        share = float(facts.imputed_share()[code])
        shown = {"country": code, "name": name, "share_imputed": share, "rows": records(rows)}
        show_json(shown if facts.vintage is None else {**shown, "facts_as_of": month})
        return
    print("\n".join(_lines(rows, code, facts)))
    if code not in towards.agents:
        print(f"\nIt takes no part in the scenario {towards.name}, so it watches nobody there.")


def _code(text: str) -> str:
    """Return the code of a country given by code or name."""
    from sim.data.country_names import country_code
    from sim.errors import DataError, Problem
    from sim.scenario.wording import country_problem

    code = country_code(text)
    if code is None:
        rule, remedy = country_problem(text)
        raise DataError([Problem("", 0, f"{text[:60]!r} {rule}.", remedy)])
    return code


def _list_all(facts: Facts, as_json: bool) -> None:
    table = facts.countries.reset_index()[["iso3", "name", "un_region"]]
    table["share_imputed"] = facts.imputed_share().to_numpy()
    if as_json:
        show_json(records(table.rename(columns={"iso3": "country", "un_region": "region"})))
        return
    print(f"{'':5}{'':40}{'':12}share of facts estimated")
    for row in table.to_dict("records"):
        share = f"{100 * row['share_imputed']:.0f} %"
        name = textwrap.shorten(str(row["name"]), 38, placeholder="...")
        print(f"{row['iso3']:<5}{name:<40}{row['un_region']:<12}{share:>6}")


def _lines(rows: pd.DataFrame, code: str, facts: Facts) -> Iterator[str]:
    """Yield a country's rows by group, with sources as numbered notes at the end."""
    share = float(facts.imputed_share()[code])
    yield f"{facts.countries['name'].to_dict()[code]} ({code})"
    yield f"  {100 * share:.0f} % of the facts that the model uses are estimates, marked *."
    if facts.vintage is not None:
        yield f"  The facts are those that were public in {facts.vintage.as_of}."
    notes: dict[str, int] = {}
    for group in dict.fromkeys(rows["group"]):
        yield ""
        yield _HEADINGS.get(str(group), str(group).capitalize())
        for row in rows[rows["group"] == group].to_dict("records"):
            note = notes.setdefault(f"{row['source']} ({row['licence']})", len(notes) + 1)
            yield from _row_lines(row, note)
    yield ""
    yield "Sources and terms of use"
    for text, note in notes.items():
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=f"  [{note}] ", subsequent_indent="      "
        )


_HEADINGS = {
    "fact": "Facts",
    "feature": "Features that the model computes from them",
    "peer": "Countries that it watches (weight among its peers)",
    "agreement": "Agreements",
    "corporate tie": "Corporate ties",
    "event": "Events",
}


def _row_lines(row: dict[str, Any], note: int) -> Iterator[str]:
    value = _shown(row["value"])
    star = "*" if row["imputed"] else " "
    tail = f"{row['unit']:<24}{row['year']:<12}[{note}]"
    if len(value) <= 18 and len(row["name"]) <= 30:
        yield f"  {row['name']:<30}{value:>18}{star} {tail}"
        return
    yield from textwrap.wrap(
        f"{row['name']}: {value}", WIDTH, initial_indent="  ", subsequent_indent="    "
    )
    yield f"    {tail}"


def _shown(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, float):
        is_whole = value == int(value) and abs(value) < 1e15
        return f"{value:,.0f}" if is_whole and abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)
