"""The tables of an answer to what it would take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.requirement.bound import REASONS
from sim.analysis.requirement.catalogue import OPENING
from sim.analysis.requirement.found import STATES, Found
from sim.analysis.requirement.searching import cost_of
from sim.analysis.shared.estimates import Estimate, P, estimate_columns
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.scenario.months import month_name
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.trials import Positions

COUNTRY = Column("country", "string", "", "ISO3 code.")
NAME = Column("country_name", "string", "", "Name of the country.")


def requirement_tables(found: Found) -> tuple[Table, ...]:
    """Return the tables of an answer."""
    frontier = (_frontier(found),) if found.frontier else ()
    return (
        _answer(found), _trials(found), *frontier, _binding(found), _moves(found),
        _certificate(found),
    )  # fmt: skip


def lever_columns(levers: Sequence[Movable], terms: Sequence[Positions]) -> Iterator[Described]:
    """Yield a column for each lever with its values."""
    for j, lever in enumerate(levers):
        description = f"{lever.title}; {lever.address} in the scenario."
        values = [lever.value(positions[j]) for positions in terms]
        yield lever_value_column(lever, lever.name, description, values)


def lever_value_column(
    lever: Movable, name: str, description: str, values: Iterable[float]
) -> Described:
    """Return a column of values of a lever, months as such; empty where a value is not finite."""
    if lever.field != OPENING:
        numbers = [value if np.isfinite(value) else np.nan for value in values]
        return Column(name, "number", lever.unit, description), numbers
    months = [month_name(round(value)) if np.isfinite(value) else None for value in values]
    return Column(name, "yearmonth", "", description), months


def _answer(found: Found) -> Table:
    levers, positions = found.levers, found.answer.positions
    asked = found.question

    return build_table(
        "answer",
        f"One row per lever: what it would take for {asked.name} to sign {asked.reference} by "
        f"{asked.month} with a probability of {asked.level:g}; state: {found.state}, "
        f"{STATES[found.state]}.",
        ("lever",),
        [
            (Column("lever", "string", "", "Name of the lever."), [x.name for x in levers]),
            (Column("title", "string", "", "What it is."), [x.title for x in levers]),
            *_values(found),
            (
                Column("share", "number", "share 0-1", "Share of the way to the limit."),
                [x.share(p) for x, p in zip(levers, positions, strict=True)],
            ),
            (
                Column("price", "number", "1", "Cost of going all the way."),
                [x.price for x in levers],
            ),
            (
                Column("cost", "number", "1", "Share of the way, times the price."),
                [x.share(p) * x.price for x, p in zip(levers, positions, strict=True)],
            ),
        ],
    )  # fmt: skip


def _values(found: Found) -> list[Described]:
    """Return where each lever stands, the answer with its interval, and the limit."""
    levers = found.levers

    def numbers(values: Iterable[float]) -> list[float]:
        return [lever.number(value) for lever, value in zip(levers, values, strict=True)]

    own = "unit of the row"
    return [
        (
            Column("unit", "string", "", "Unit of the next five numbers; empty for a pure "
                   "number."),
            [x.unit for x in levers],
        ),
        (
            Column("start", "number", own, "Where it stands in the scenario; empty where "
                   "there is no limit."),
            numbers(x.start for x in levers),
        ),
        (
            Column("answer", "number", own, "The least that is enough; where nothing is, the "
                   "best that can be had."),
            numbers(each.value for each in found.spans),
        ),
        (
            Column("low", "number", own, "End of the 90 % interval of where the level is "
                   "reached, nearer to where the lever stands; empty where there is none."),
            numbers(each.low for each in found.spans),
        ),
        (
            Column("high", "number", own, "End nearer to the limit; empty where there is none "
                   "or the level may not be reached within the limits."),
            numbers(each.high for each in found.spans),
        ),
        (
            Column("limit", "number", own, "How far the lever may go."),
            numbers(x.limit for x in levers),
        ),
        (
            Column("is_beyond", "boolean", "", "Whether the level may not be reached within "
                   "the limits."),
            [bool(np.isinf(each.high)) for each in found.spans],
        ),
    ]  # fmt: skip


def _trials(found: Found) -> Table:
    terms = [each.positions for each in found.trials]
    on_way = {each.positions for each in found.curve}
    return build_table(
        "trials",
        f"One row per set of terms that was tried, each in the same {found.replicates:,} futures, "
        "in the order of their cost.",
        tuple(lever.name for lever in found.levers),
        [
            *lever_columns(found.levers, terms),
            (
                Column("cost", "number", "1", "Shares of the way, times prices."),
                [cost_of(found.levers, p) for p in terms],
            ),
            *estimate_columns(
                "p_signs", P, "Probability that the country signs", [x.chance for x in found.trials]
            ),
            (
                Column("is_on_the_way", "boolean", "", "Whether it lies between where the levers "
                       "stand, the answer, and the limits."),
                [p in on_way for p in terms],
            ),
        ],
    )  # fmt: skip


def _frontier(found: Found) -> Table:
    terms = [each.positions for each, _ in found.frontier]
    first, second = found.levers[0], found.levers[1]
    return build_table(
        "frontier",
        f"One row per level of “{first.title}”: the least of “{second.title}” that is enough, all "
        "other levers where they stand.",
        (first.name,),
        [
            *lever_columns(found.levers, terms),
            (
                Column("is_enough", "boolean", "", "Whether it is enough; if not, the second lever "
                       "stands at its limit."),
                [is_enough for _, is_enough in found.frontier],
            ),
            (
                Column("cost", "number", "1", "Shares of the way, times prices."),
                [cost_of(found.levers, p) for p in terms],
            ),
            (
                Column("mw", "number", "MW", "Data centre that the country takes; mean of draws."),
                [found.costs[p][0] for p in terms],
            ),
            (
                Column("usd_m", "number", "USD million", "What a partnership with the country "
                       "costs the provider, after the host's share; mean of draws."),
                [found.costs[p][1] for p in terms],
            ),
            *estimate_columns(
                "p_signs", P, "Probability that the country signs",
                [each.chance for each, _ in found.frontier],
            ),
        ],
    )  # fmt: skip


def _binding(found: Found) -> Table:
    rows = [(each, name) for each in found.binding for name in REASONS]
    return build_table(
        "binding",
        "One row per set of terms and reason: in what share of futures the country signs, or what "
        "would have made it sign. The rows of one set of terms add up to 1.",
        ("terms", "reason"),
        [
            (
                Column("terms", "string", "", "as_it_is, answer or best."),
                [each.where for each, _ in rows],
            ),
            (Column("reason", "string", "", "Short name."), [name for _, name in rows]),
            (Column("meaning", "string", "", "In words."), [REASONS[name] for _, name in rows]),
            *estimate_columns("share", P, "Share of futures", [x.shares[name] for x, name in rows]),
            (
                Column("p_asked", "number", P, "Probability that the country is asked in time."),
                [each.asked.mean for each, _ in rows],
            ),
        ],
    )


def _moves(found: Found) -> Table:
    moves, names = found.moves, country_names()
    order = np.argsort(-np.abs(moves.difference), kind="stable")
    by_terms = np.full(order.size, np.nan)
    if found.moves_by_terms is not None:
        by_terms = found.moves_by_terms.difference
    text = "After minus before, of the probability of signing"
    parts = (moves.difference, moves.low, moves.high, moves.error)
    differences = [Estimate(*row) for row in np.stack(parts, axis=1)[order].tolist()]
    return build_table(
        "moves",
        f"One row per country: how likely it is to sign {found.question.reference} by "
        f"{found.question.month} on the terms as they stand and on those of the answer, in "
        f"{found.certificate.replicates:,} fresh futures.",
        ("country",),
        [
            (COUNTRY, [moves.country[i] for i in order]),
            (NAME, [names.get(moves.country[i], moves.country[i]) for i in order]),
            (Column("p_before", "number", P, "On the terms as they stand."), moves.before[order]),
            (Column("p_after", "number", P, "On the terms of the answer."), moves.after[order]),
            *estimate_columns("difference", P, text, differences, has_error=False),
            (
                Column("moves", "boolean", "", "Whether that is more than Monte Carlo error, at a "
                       "false-discovery rate of 5 %."),
                moves.moves[order],
            ),
            (
                Column("by_terms", "number", P, "The part that is due to the terms, beyond the "
                       "place set aside; empty where the terms are for all."),
                by_terms[order],
            ),
            (
                Column("rival_difference", "number", P, "After less before, of the probability of "
                       "being with another provider at the end of the month."),
                moves.rival[order],
            ),
        ],
    )  # fmt: skip


def _certificate(found: Found) -> Table:
    made = found.certificate
    rows = [("as_it_is", made.before), ("answer", made.after)]
    return build_table(
        "certificate",
        "One row per set of terms, in futures with another seed than that of the search.",
        ("terms",),
        [
            (Column("terms", "string", "", "as_it_is or answer."), [name for name, _ in rows]),
            (Column("seed", "integer", "", "Seed of the futures."), [made.seed] * 2),
            (Column("replicates", "integer", "futures", "How many."), [made.replicates] * 2),
            *estimate_columns(
                "p_signs", P, "Probability that the country signs", [x for _, x in rows]
            ),
            (
                Column("reaches_level", "boolean", "", "Whether the level is reached."),
                [x.mean >= found.question.level for _, x in rows],
            ),
        ],
    )
