"""The most that a country can ask, as tables and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.requirement.tables import COUNTRY, NAME, lever_columns
from sim.analysis.requirement.words import by_the_end
from sim.analysis.shared.estimates import P
from sim.experiment.tables.table import Column, Table, build_table
from sim.words.text import with_article
from sim.words.titles import country_names
from sim.words.wording import listed, percent

if TYPE_CHECKING:
    from sim.analysis.requirement.host.found import Bargain

_MOST_NAMED = 3


def bargain_tables(found: Bargain) -> tuple[Table, ...]:
    """Return the tables: one row an ask, one row a country that would be next."""
    return _asks(found), _next(found)


def _asks(found: Bargain) -> Table:
    asked = found.question
    i = found.country.index(asked.country)
    worth = float(found.standing.worth[:, i].mean())
    return build_table(
        "asks",
        f"One row per ask of {asked.name}: whether the provider gives it, in the same "
        f"{found.replicates:,} futures.",
        tuple(lever.name for lever in asked.levers),
        [
            *lever_columns(asked.levers, found.asks),
            (
                Column("cost", "number", "utility of the provider", "What it costs the provider: "
                       "shares of the way, times the prices of the question (assumption)."),
                found.cost,
            ),
            (
                Column("p_signs", "number", P, "Probability that the country signs when asked, on "
                       "these terms for it alone."),
                found.signs,
            ),
            (
                Column("yields", "number", "utility of the provider", "What the country is worth, "
                       "mean of futures, times that probability."),
                worth * found.signs,
            ),
            (
                Column("accepted", "number", "share 0-1", "Share of futures in which the provider "
                       "gives it rather than turn to the next country."),
                found.accepted,
            ),
            (
                Column("accepted_low", "number", "share 0-1", "Lower end of its 90 % interval, "
                       "Monte Carlo error alone."),
                found.low,
            ),
            (
                Column("accepted_high", "number", "share 0-1", "Upper end of it."),
                found.high,
            ),
            (
                Column("bearable", "number", "1", "Multiple of the prices up to which the provider "
                       "gives it in the share of futures that was asked for; empty for asking "
                       "nothing."),
                found.bearable,
            ),
        ],
    )  # fmt: skip


def _next(found: Bargain) -> Table:
    rows, names = found.shares_of_next(), country_names()
    rivals = found.rivals
    return build_table(
        "next",
        f"One row per country to which the provider would turn instead of {found.question.name}.",
        ("country",),
        [
            (COUNTRY, [found.country[i] for i, _ in rows]),
            (NAME, [names.get(found.country[i], found.country[i]) for i, _ in rows]),
            (Column("share", "number", "share 0-1", "Share of futures."), [x for _, x in rows]),
            (
                Column("yields", "number", "utility of the provider", "What it is worth to the "
                       "provider, mean of these futures, times that probability."),
                [float(rivals.yields[rivals.next == i].mean()) for i, _ in rows],
            ),
            (
                Column("p_signs", "number", P, "Probability that it signs when asked, on the terms "
                       "as they stand."),
                [float(found.others_sign[i]) for i, _ in rows],
            ),
        ],
    )  # fmt: skip


def bargain_sentences(found: Bargain) -> list[str]:
    """Return what came out: the most, what it rests on, and where the country stands."""
    # Who is not given a place at all has nothing to pay for.
    price = [_price(found)] if found.most >= 0 else []
    return [_most(found), *price, _standing(found)]


def _shown(found: Bargain, at: float, low: float = -1.0, high: float = -1.0) -> str:
    """Return the levers at a place on the way, with an interval where there is one."""
    said = []
    for j, lever in enumerate(found.question.levers):
        text = f"“{lever.title}” at {lever.shown(found.value(j, at))}"
        if high >= 0:
            ends = [lever.shown(found.value(j, max(0.0, end))) for end in (low, high)]
            text += f" (90 % interval: {' to '.join(ends)})"
        said.append(text)
    return listed(said)


def _most(found: Bargain) -> str:
    asked = found.question
    level = percent(asked.level)
    who = f"the {asked.reference.split('.')[1]} offer {by_the_end(asked.month)}"
    if found.most < 0:
        return (
            f"In the model, {asked.name} can ask nothing of {asked.provider} for {who}: even on "
            f"the terms as they stand the provider does better with it than with the next country "
            f"in only {percent(float(found.accepted[0]))} of futures, and {level} are wanted."
        )
    if found.most == 0:
        return (
            f"In the model, {asked.name} can ask {asked.provider} for nothing beyond the terms as "
            f"they stand for {who}: with more, the provider does better with the next country in "
            f"more than {percent(1.0 - asked.level)} of futures."
        )
    if found.most >= len(found.asks) - 1:
        return (
            f"In the model, {asked.name} can ask all the way to the limit of {who}: with "
            f"{_shown(found, found.most)} the provider still does better with it than with the "
            f"next country in at least {level} of futures."
        )
    at = _shown(found, found.most, found.most_low, found.most_high)
    return (
        f"In the model, the most that {asked.name} can ask of {asked.provider} for {who} is {at}: "
        f"beyond that the provider does better with the next country in more than "
        f"{percent(1.0 - asked.level)} of futures."
    )


def _price(found: Bargain) -> str:
    asked = found.question
    prices = listed(f"“{lever.title}” costs it {lever.price:g}" for lever in asked.levers)
    provider = asked.scenario.providers[asked.reference.split(".")[0]]
    text = (
        f"This rests on an assumption about {asked.provider}: going all the way with {prices}, on "
        f"the scale on which the largest market is worth {provider.value_market:g} more than the "
        "smallest. "
    )
    if all(lever.price == 0.0 for lever in asked.levers):
        return f"{text}What is asked costs {asked.provider} nothing there."
    at_limit = found.bearable[-1]
    if np.isfinite(at_limit) and at_limit > 0:
        return f"{text}All the way would be given if it cost {at_limit:.2g} times that at most."
    return f"{text}All the way would not be given at any price."


def _standing(found: Bargain) -> str:
    asked, rivals = found.question, found.rivals
    names = country_names()
    among = percent(float((rivals.rank <= found.standing.places).mean()))
    following = [
        f"{with_article(names.get(found.country[i], found.country[i]))} ({percent(share)} of "
        "futures)"
        for i, share in found.shares_of_next()[:_MOST_NAMED]
    ]
    text = (
        f"By what countries are worth to {asked.provider}, times how likely they are to sign when "
        f"asked, {asked.name} is number {int(np.median(rivals.rank))} in the median future, and "
        f"among those for whom there are places in {among} of futures. Asked, it signs with a "
        f"probability of {percent(float(found.signs[0]))} on the terms as they stand, and "
        f"{percent(float(found.signs[-1]))} at the limit."
    )
    if not following:
        return f"{text} Nobody who would sign is left outside."
    return f"{text} Next would be {listed(following)}."
