"""The command that freezes forecasts and scores those on record."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    Replicates,
    Seed,
    Workers,
    folder_given,
    month_given,
    shown_scenario,
)
from sim.interfaces.cli.output import notice, records, show_json
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.places import FORECASTS

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.forecasts.ledger import Ledger
    from sim.analysis.forecasts.scoring import ForecastScores

TODAY = "today"
OfScenario = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A scenario file, or the name of one in the folder scenarios."
    ),
]
Ledgers = Annotated[
    Path,
    typer.Option(
        "--ledgers", metavar="PATH", parser=folder_given, help="Folder in which ledgers are kept."
    ),
]
Score = Annotated[
    Path | None,
    typer.Option(
        "--score",
        metavar="EVENTS.csv",
        parser=folder_given,
        help="Freeze nothing; score every ledger in the folder against this events table.",
    ),
]
KnownTo = Annotated[
    str | None,
    typer.Option(
        "--known-to",
        metavar="MONTH",
        parser=month_given,
        help="With --score: month up to which the events are complete; that of the latest event if "
        "left out.",
    ),
]
OnlyPath = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="Only the path of the ledger; with --score, only the scores."
    ),
]
_MOST_SHOWN = 5
_WIDTH = 92
# What only a new forecast needs.
_OF_FREEZING = {
    "scenario": "SCENARIO",
    "replicates": "-n",
    "seed": "--seed",
    "workers": "--workers",
}


def forecast(
    context: typer.Context,
    scenario: OfScenario = TODAY,
    replicates: Replicates = 5000,
    seed: Seed = 1,
    workers: Workers = None,
    ledgers: Ledgers = FORECASTS,
    score: Score = None,
    known_to: KnownTo = None,
    as_json: AsJson = False,
    quiet: OnlyPath = False,
) -> None:
    """Freeze today's probabilities, or score old ones.

    Writes the probability that each country signs each offer within 6, 12 and 24 months to a dated
    CSV file, with a JSON file beside it that says how to make it again. Nothing is ever
    overwritten. --score compares all of them with what happened since.

    \b
    Examples:
      alignsim forecast
      alignsim forecast today -n 10000 --seed 7
      alignsim forecast --score events.csv --known-to 2027-06
    """  # noqa: D301 (the mark keeps click from joining the lines)
    if score is not None:
        _refuse_options_of_freezing(context)
        _score(score, ledgers, known_to, as_json, quiet)
        return
    if known_to is not None:
        raise typer.BadParameter("it belongs to --score.", param_hint="'--known-to'")
    from sim.analysis.forecasts.freezing import forecast as freeze
    from sim.scenario import load_scenario

    wanted = load_scenario(scenario)
    words = ["alignsim", "forecast", shown_scenario(scenario)]
    command = (*words, "--replicates", str(replicates), "--seed", str(seed))
    with unwinding(), shown_progress(replicates, as_json or quiet) as progress:
        ledger = freeze(
            wanted, replicates, seed, workers, ledgers, progress=progress, command_line=command
        )
    if as_json:
        show_json(_ledger_as_data(ledger))
    elif quiet:
        print(ledger.path)
    else:
        if not ledger.is_new:
            notice(f"This forecast is on record since {ledger.origin['frozen_on']}; it stays.")
        print("\n".join(_ledger_lines(ledger)))


def _refuse_options_of_freezing(context: typer.Context) -> None:
    """Refuse options beside --score that would have no effect."""
    for name, shown in _OF_FREEZING.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name != "DEFAULT":
            message = "it has no effect with --score, which scores every ledger in the folder."
            raise typer.BadParameter(message, param_hint=f"'{shown}'")


def _ledger_as_data(ledger: Ledger) -> dict[str, Any]:
    table = ledger.table
    return {
        "ledger": ledger.name,
        "path": str(ledger.path),
        "is_new": ledger.is_new,
        "origin": {key: each for key, each in ledger.origin.items() if key != "fields"},
        "forecasts": records(table[~table["already_on_record"]]),
    }


def _ledger_lines(ledger: Ledger) -> Iterator[str]:
    """Yield how many signatures of each offer are expected by each horizon."""
    from sim.words.wording import counted, month_in_words, number

    table = ledger.table[~ledger.table["already_on_record"]]
    ends = table["by_month"].unique().tolist()
    yield f"Signatures expected after {month_in_words(table['from_month'].iloc[0])}"
    heads = [f"by {month_in_words(end)}" for end in ends]
    yield f"  {'':32}{'not yet':>8}" + "".join(f"{head:>20}" for head in heads)
    for (provider, offer), rows in table.groupby(["provider", "offer"], sort=False):
        expected = [rows.loc[rows["by_month"] == end, "p_signed"] for end in ends]
        cells = "".join(f"{number(float(p.sum())):>20}" for p in expected)
        yield f"  {f'{provider} {offer}':32}{len(expected[0]):>8}{cells}"
    made = ledger.origin["files"][ledger.path.name]
    yield f"  {counted(ledger.replicates, 'future')}; SHA-256 {made['sha256']}"
    yield ""
    yield f"Ledger: {ledger.path}"


def _score(score: Path, ledgers: Path, known_to: str | None, as_json: bool, quiet: bool) -> None:
    from sim.analysis.forecasts.scoring import score_forecasts

    found = score_forecasts(score, ledgers, known_to)
    if as_json:
        show_json(
            {
                "known_to": found.known_to,
                "scores": records(found.table),
                "answers": records(found.answers),
            }
        )
    else:
        print("\n".join(_score_lines(found, has_surprises=not quiet)))


def _score_lines(found: ForecastScores, has_surprises: bool) -> Iterator[str]:
    """Yield the scores of each ledger and horizon, and the largest surprises."""
    from sim.analysis.forecasts.scoring import ALL_OFFERS, OPEN, surprises
    from sim.words.wording import month_in_words, number

    yield f"Answers are known to the end of {month_in_words(found.known_to)}."
    for name, table in found.table.groupby("ledger", sort=False):
        first = table.iloc[0]
        yield ""
        yield f"{name}: frozen on {first['frozen_on']}"
        for months, rows in table.groupby("months", sort=True):
            total = rows[rows["offer"] == ALL_OFFERS].iloc[0]
            end = month_in_words(total["by_month"])
            if total["status"] == OPEN:
                yield (
                    f"  {months} months: open until the end of {end}; "
                    f"{number(total['n_forecast'])} signatures forecast"
                )
                continue
            yield f"  {f'{months} months, to {end}':32}{_HEADS}"
            for row in rows.to_dict("records"):
                yield f"    {_offer_name(row):30}{_cells(row)}"
            if has_surprises:
                yield from _surprise_lines(*surprises(found, str(name), int(str(months))))
    yield ""
    yield "Scores are means over pairs of country and offer at risk; lower is better. The base rate"
    yield "is the best constant for what was observed, which nobody knew beforehand."


_HEADS = "at risk  forecast  observed  log score  base rate    Brier"


def _offer_name(row: Any) -> str:
    from sim.analysis.forecasts.scoring import ALL_OFFERS

    if row["offer"] == ALL_OFFERS and not row["provider"]:
        return "all offers"
    return f"{row['provider']} {row['offer']}"


def _cells(row: Any) -> str:
    scores = (row["log_score"], row["log_score_base_rate"], row["brier_score"])
    shown = "  ".join(f"{'-' if each != each else f'{each:.4f}':>9}" for each in scores)
    return f"{row['n_at_risk']:>7,}{row['n_forecast']:>10.1f}{row['n_observed']:>10}  {shown}"


def _surprise_lines(signed: pd.DataFrame, others: pd.DataFrame) -> Iterator[str]:
    """Yield the answers of one horizon that were least expected."""
    from sim.words.wording import percent

    for words, rows in (
        ("Signed, least expected first", signed),
        ("Did not sign, likeliest first", others),
    ):
        named = [
            f"{row['country']} {percent(row['p_signed'])} ({row['provider']} {row['offer']})"
            for row in rows.head(_MOST_SHOWN).to_dict("records")
        ]
        text = f"{words}: {'; '.join(named) if named else 'nobody'}"
        # A number and its percent sign stay on one line.
        lines = textwrap.wrap(
            text.replace(" %", "\u00a0%"),
            _WIDTH, initial_indent="    ", subsequent_indent="      ",
        )  # fmt: skip
        yield from (line.replace("\u00a0", " ") for line in lines)
