"""The tables of what it would take for each country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.requirement.tables import COUNTRY, NAME, lever_columns, lever_value_column
from sim.analysis.shared.estimates import P
from sim.experiment.tables.table import Column, Table, build_table
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.analysis.requirement.each.found import Each

STATES = ("already", "reached", "beyond", "barred")


def requirements_tables(found: Each) -> tuple[Table, ...]:
    """Return the tables: one row a country, and one row a country and value of the lever."""
    return _countries(found), _values(found)


def _countries(found: Each) -> Table:
    order = [i for state in STATES for i in found.those(state)]
    names, asked, lever = country_names(), found.question, found.lever
    best = found.chances[order].max(axis=1)
    return build_table(
        "countries",
        f"One row per country: where “{lever.title}” makes it sign {asked.reference} by "
        f"{asked.month} with a probability of {asked.level:g}.",
        ("country",),
        [
            (COUNTRY, [found.country[i] for i in order]),
            (NAME, [names.get(found.country[i], found.country[i]) for i in order]),
            (
                Column("state", "string", "", "already: on the terms as they stand; reached: "
                       "within the limits; beyond: not within them; barred: a rule of the offer "
                       "excludes it."),
                [found.state(i) for i in order],
            ),
            lever_value_column(
                lever, "needed", "Value of the lever; empty if beyond.", found.needed[order]
            ),
            lever_value_column(
                lever, "needed_low", "End of its 90 % interval, Monte Carlo error alone, nearer to "
                "where the lever stands; empty if beyond.", found.low[order],
            ),
            lever_value_column(
                lever, "needed_high", "End nearer to the limit; empty if beyond.",
                found.high[order],
            ),
            (
                Column("p_now", "number", P, "Probability of signing, as the lever stands."),
                found.chances[order, 0],
            ),
            (Column("p_limit", "number", P, "The same at the limit."), found.chances[order, -1]),
            (Column("p_best", "number", P, "The highest on the way."), best),
            (Column("p_asked_limit", "number", P, "Probability of being asked, at the limit."),
             found.asked[order]),
        ],
    )  # fmt: skip


def _values(found: Each) -> Table:
    n, m = found.chances.shape
    return build_table(
        "values",
        f"One row per country and value of the lever, in the same {found.replicates:,} futures.",
        ("country", found.lever.name),
        [
            (COUNTRY, [code for code in found.country for _ in range(m)]),
            *lever_columns([found.lever], [(p,) for p in found.positions] * n),
            (
                Column("p_signs", "number", P, "Probability that the country signs."),
                found.chances.ravel(),
            ),
        ],
    )
