"""The command what-would-it-take: terms on which a country signs, and the most that it can ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    Changes,
    Levers,
    Quiet,
    Seed,
    Workers,
    changed,
    read_pairs,
)
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables
from sim.scenario.schema.fields import MONTH_PATTERN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.errors import Problem

Country = Annotated[
    str | None,
    typer.Argument(metavar="COUNTRY", help="Code or name of the country; left out with --all."),
]
In = Annotated[
    str,
    typer.Option(
        "--scenario", metavar="NAME", help="A scenario file, or the name of one in scenarios."
    ),
]
OfOffer = Annotated[
    str | None,
    typer.Option(
        "--offer",
        metavar="OFFER",
        help="Offer, such as us.infrastructure; the first of the scenario if left out.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="MONTH",
        help="Last month that counts, YYYY-MM, or a year; the last if left out.",
    ),
]
Probability = Annotated[
    float,
    typer.Option(
        "--probability",
        "-p",
        metavar="SHARE",
        help="Probability of signing that is wanted, above "
        "0 and below 1; with --host that the provider accepts.",
    ),
]
Move = Annotated[
    list[str] | None,
    typer.Option(
        "--move",
        metavar="NAME[=LIMIT]",
        help="Lever that may move, and how far it may go: fund, data_centre_size, smallest_size, "
        "cost_share, local_control, exclusivity, democracy_floor, democracy_strictness, linkage, "
        "backing, slots, pace, opening. May be given more than once; local_control and fund if "
        "left out.",
    ),
]
Price = Annotated[
    list[str] | None,
    typer.Option(
        "--price",
        metavar="NAME=NUMBER",
        help="What it costs to go all the way with a lever; 1 each if left out.",
    ),
]
At = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        metavar="NAME=VALUE",
        help="Say what these terms do instead of searching for terms; may be given more than once.",
    ),
]
OnlyIt = Annotated[
    bool,
    typer.Option(
        "--only-it",
        help="Offer the terms to this country alone, with one of the places set aside for it.",
    ),
]
Host = Annotated[
    bool,
    typer.Option(
        "--host",
        help="The other side: the most that the country can ask before the provider turns to the "
        "next one.",
    ),
]
EveryCountry = Annotated[
    bool, typer.Option("--all", help="All countries, by one lever; local_control if left out.")
]
Futures = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        "-n",
        min=1,
        help="Futures of each trial; 200, or 400 with --all, if left out.",
    ),
]


def what_would_it_take(
    country: Country = None,
    offer: OfOffer = None,
    by: By = None,
    probability: Probability = 0.5,
    move: Move = None,
    price: Price = None,
    at: At = None,
    only_it: OnlyIt = False,
    host: Host = False,
    every: EveryCountry = False,
    scenario: In = "baseline",
    changes: Changes = None,
    lever: Levers = None,
    replicates: Futures = None,
    seed: Seed = 1,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say on which terms a country would sign.

    It finds the smallest change of levers that makes it as likely as wanted that the country signs
    an offer by a date.

    All terms are tried in the same futures, and the answer is checked in fresh ones. It says what
    stands in the way, what the terms cost, and who else moves. --set and --lever change the
    scenario beforehand; --move says what may change in the answer.

    \b
    Examples:
      alignsim what-would-it-take Brazil --offer us.infrastructure --by 2027
      alignsim what-would-it-take IND --by 2027 --move local_control --move slots=20
      alignsim what-would-it-take "Saudi Arabia" --by 2027 --only-it --price fund=0.5
      alignsim what-would-it-take Indonesia --only-it --at local_control=0.8
      alignsim what-would-it-take KOR --host --move local_control
      alignsim what-would-it-take --all --move fund --by 2028-06
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.scenario import load_scenario

    _check_form(country, only_it=only_it, host=host, every=every, price=price, at=at)
    limits, given, terms = _levers(move, price, at)
    levers, prices = limits or None, given or None
    world = changed(load_scenario(scenario), changes, lever)
    asked: dict[str, Any] = {
        "offer": offer, "by": by, "probability": probability, "seed": seed, "workers": workers,
    }  # fmt: skip
    if replicates is not None:
        asked["replicates"] = replicates
    with unwinding(), shown_progress(None, as_json or quiet, doing="Trying terms") as progress:
        asked["progress"] = progress
        if every:
            from sim.analysis.requirement.each.everybody import USUAL_LEVER, what_would_each_take

            found: Any = what_would_each_take(world, lever=levers or USUAL_LEVER, **asked)
            chart = "requirements"
        elif host:
            from sim.analysis.requirement.host.bargaining import most_it_can_ask

            found = most_it_can_ask(world, str(country), levers=levers, prices=prices, **asked)
            chart = "most_asked"
        else:
            from sim.analysis.requirement.requiring import what_would_it_take as answer

            asked |= {"terms": terms or None, "only_it": only_it}
            found = answer(world, str(country), levers=levers, prices=prices, **asked)
            chart = "requirement"
    show_answer(found, chart, out, as_json, quiet)


def _check_form(
    country: str | None,
    *,
    only_it: bool,
    host: bool,
    every: bool,
    price: Sequence[str] | None,
    at: Sequence[str] | None,
) -> None:
    """Check that a country is named, or all are asked about, and not both."""
    from sim.errors import InputError, Problem
    from sim.words.wording import listed

    problems: list[Problem] = []
    if country is None and not every:
        rule = "no country is named."
        problems.append(Problem("", 0, rule, "Name one, or ask about all of them with --all."))
    if every and country is not None:
        rule = f"{country[:60]!r} is named, and --all asks about every country."
        problems.append(Problem("", 0, rule, "Leave one of the two out."))
    others = {"--only-it": only_it, "--host": host, "--all": every}
    given = [name for name, is_given in others.items() if is_given]
    if len(given) > 1:
        rule = f"{listed(given)} are different questions."
        problems.append(Problem("", 0, rule, "Ask one at a time."))
    if every and price:
        rule = "--price weighs levers against each other, and --all asks about one."
        problems.append(Problem("", 0, rule, "Leave --price out."))
    if at and (every or host):
        rule = "--at gives terms to one country, and --all and --host ask for terms."
        problems.append(Problem("", 0, rule, "Leave one of the two out."))
    if problems:
        raise InputError(problems)


def _limit(text: str) -> float | str:
    """Return a number, or a month as it is written."""
    return text if re.fullmatch(MONTH_PATTERN, text, re.ASCII) else float(text)


def _levers(
    move: Sequence[str] | None, price: Sequence[str] | None, at: Sequence[str] | None
) -> tuple[dict[str, Any], dict[str, float], dict[str, Any]]:
    """Return the limits, prices and values of levers that were given."""
    from sim.errors import InputError

    problems: list[Problem] = []
    example = "local_control=0.8"
    found = (
        read_pairs(move, "--move", problems, example=example, read=_limit,
                   what="a number or month", is_bare=True),
        read_pairs(price, "--price", problems, example=example, read=float, what="a number"),
        read_pairs(at, "--at", problems, example=example, read=_limit, what="a number or month"),
    )  # fmt: skip
    if problems:
        raise InputError(problems)
    return found
