"""The command portfolio: which countries a provider should ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    AsOf,
    Changes,
    Levers,
    Quiet,
    ScenarioName,
    Seed,
    Workers,
    changed,
    read_pairs,
)
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables

if TYPE_CHECKING:
    from collections.abc import Sequence

Offer = Annotated[
    str | None,
    typer.Option(
        "--offer",
        metavar="OFFER",
        help="Offer by selection, such as us.infrastructure; the first one if left out.",
    ),
]
Aim = Annotated[
    str,
    typer.Option(
        "--objective",
        metavar="MEASURE",
        help="partners, camp, compute, live_compute, gdp, population, readiness, rival_loss, or a "
        "weighted sum: partners=1,readiness=2.",
    ),
]
Slots = Annotated[
    int | None,
    typer.Option(
        "--slots",
        metavar="N",
        help="How many countries can hold the offer, partners on record included; as the scenario "
        "has it if left out.",
    ),
]
Megawatts = Annotated[
    float | None,
    typer.Option("--megawatts", metavar="MW", help="Most megawatts that may be promised."),
]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget-usd-m",
        metavar="USD_M",
        help="Most that the provider may promise to pay, USD million: its share of data centres "
        "and funds.",
    ),
]
Terms = Annotated[
    list[str] | None,
    typer.Option(
        "--terms",
        metavar="NAME=LEVERS",
        help="A setting of the terms to choose from, such as more=local_control=0.8,fund=600; may "
        "be given more than once.",
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="COUNTRIES",
        help="Countries that are asked in any case, by code or name, separated by commas or "
        "semicolons.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="COUNTRIES", help="Countries that are not asked."),
]
Thoroughly = Annotated[
    Literal["full", "quick"],
    typer.Option(
        "--search", help="quick takes about a third of the futures, as the explorer does."
    ),
]
Fresh = Annotated[
    int,
    typer.Option(
        "--replicates", "-n", min=1, max=20_000, help="Fresh futures in which the set is evaluated."
    ),
]


def portfolio(
    scenario_name: ScenarioName,
    offer: Offer = None,
    objective: Aim = "partners",
    slots: Slots = None,
    megawatts: Megawatts = None,
    budget_usd_m: Budget = None,
    terms: Terms = None,
    include: Include = None,
    exclude: Exclude = None,
    search: Thoroughly = "full",
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    replicates: Fresh = 400,
    seed: Seed = 1,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Choose the countries that a provider should ask.

    Only these countries are asked; everything else goes on as the scenario has it. Sets are
    compared in the same futures, and the best is evaluated in fresh ones: against the largest
    economies, the readiest countries, chance, and the partners in fact.

    \b
    Examples:
      alignsim portfolio baseline
      alignsim portfolio baseline --objective compute --megawatts 5000
      alignsim portfolio today --objective partners=1,readiness=2 --include Japan
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.portfolio.choosing import EFFORTS
    from sim.analysis.portfolio.choosing import portfolio as choose
    from sim.scenario import load_scenario

    scenario = changed(load_scenario(scenario_name), changes, lever)
    settings = _settings(terms)
    most = EFFORTS[search].most(slots or 10, replicates, 1 + len(settings))
    doing = "Comparing sets of countries"
    with (
        unwinding(),
        shown_progress(most, as_json or quiet, doing=doing, is_most=True) as progress,
    ):
        found = choose(
            scenario, offer, objective=objective, slots=slots, megawatts=megawatts,
            budget_usd_m=budget_usd_m, terms=settings, include=_countries(include),
            exclude=_countries(exclude), search=search, replicates=replicates, seed=seed,
            workers=workers, as_of=as_of, progress=progress,
        )  # fmt: skip
    show_answer(found, "portfolio", out, as_json, quiet)


def _countries(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Return the countries of an option; a name with a comma is separated by semicolons."""
    found: list[str] = []
    for text in texts or ():
        mark = ";" if ";" in text else ","
        found += [part.strip() for part in text.split(mark) if part.strip()]
    return tuple(found)


def _settings(texts: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    """Return the settings of terms of the command line."""
    from sim.errors import InputError, Problem

    def read(text: str) -> dict[str, Any]:
        wrong: list[Problem] = []
        values = read_pairs(text.split(","), "--terms", wrong, example="fund=600")
        if wrong:
            raise ValueError
        return values

    problems: list[Problem] = []
    found = read_pairs(
        texts, "--terms", problems, example="more=local_control=0.8,fund=600", read=read,
        what="levers with their values",
    )  # fmt: skip
    if problems:
        raise InputError(problems)
    return found
