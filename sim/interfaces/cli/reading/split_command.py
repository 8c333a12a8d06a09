"""The command split: which changes moved the result."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    AsOf,
    Changes,
    Levers,
    Quiet,
    Replicates,
    Seed,
    Workers,
    all_or_problems,
    changed,
    read_pairs,
)
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables

First = Annotated[
    str, typer.Argument(metavar="A", help="Scenario to start from: a file or a name.")
]
Second = Annotated[
    str | None,
    typer.Argument(
        metavar="[B]",
        help="Scenario whose difference from A is divided; if left out, A as --set and --lever "
        "change it.",
    ),
]
Outcome = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="Outcome, such as n_countries(us) or p_committed(KOR, us); partners of the first "
        "provider if left out.",
    ),
]
PartsBy = Annotated[
    Literal["group", "address"],
    typer.Option(
        "--parts",
        help="group (levers, other terms of each provider, beliefs, events, record) or address "
        "(each number apart).",
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        metavar="NAME=ADDRESSES",
        help="Put addresses, or all below one, in a group of their own, separated by commas; may "
        "be given more than once.",
    ),
]

Countries = Annotated[
    str | None,
    typer.Option(
        "--countries",
        metavar="NAME",
        help="Also set a group of countries such as EU or 'African Union' against all others; UN "
        "regions are always told apart.",
    ),
]


def split(
    scenario_a: First,
    scenario_b: Second = None,
    outcome: Outcome = None,
    parts: PartsBy = "group",
    group: Groups = None,
    countries: Countries = None,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    replicates: Replicates = 500,
    seed: Seed = 1,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say which changes moved the result.

    The difference between two scenarios is divided among what was changed.

    Every mixture of the two is run in the same futures: with two parts 4 runs, with eight 256. What
    a part adds is its mean over all orders of changing parts, so the parts add up to the
    difference. A number of partners is also divided by UN region. --set and --lever change B.

    \b
    Examples:
      alignsim split baseline today
      alignsim split baseline --lever linkage=1 --lever us_pressure=0.9 --parts address
      alignsim split baseline diplomatic-tool --outcome "p_committed(KOR, us)"
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.splitting.parts import parts_of
    from sim.analysis.splitting.splitting import share_out
    from sim.scenario import load_scenario

    a, b = all_or_problems(
        lambda: load_scenario(scenario_a), lambda: load_scenario(scenario_b or scenario_a)
    )
    b = changed(b, changes, lever)
    found_parts = parts_of(a, b, parts, _groups(group))
    total = replicates << len(found_parts)
    with unwinding(), shown_progress(total, as_json or quiet) as progress:
        found = share_out(
            a, b, found_parts, outcome, replicates, seed, workers, as_of, progress, countries
        )
    show_answer(found, "split", out, as_json, quiet)


def _groups(texts: list[str] | None) -> dict[str, tuple[str, ...]]:
    """Return the groups of the command line."""
    from sim.errors import InputError, Problem

    def read(text: str) -> tuple[str, ...]:
        addresses = tuple(part.strip() for part in text.split(",") if part.strip())
        if not addresses:
            raise ValueError
        return addresses

    problems: list[Problem] = []
    example = "control=providers.us.offers.infrastructure"
    found = read_pairs(texts, "--group", problems, example=example, read=read, what="addresses")
    if problems:
        raise InputError(problems)
    return found
