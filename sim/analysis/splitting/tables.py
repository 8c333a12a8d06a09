"""The tables of a split: one row a part, and one row an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.shared.estimates import estimate_columns
from sim.experiment.tables.table import Column, Table, build_table
from sim.scenario.differing import scenario_changes
from sim.words.titles import address_title

if TYPE_CHECKING:
    from sim.analysis.splitting.shares import Shares

PART = Column("part", "string", "", "Short name of the part.")
TITLE = Column("title", "string", "", "What is changed.")
_EFFECTS = (
    ("contribution", "contributions", "What the part adds, as a mean over all orders of changing "
     "parts (Shapley value); the rows add up to the difference"),
    ("alone", "alone", "Effect of the part when nothing else is changed"),
    ("last", "last", "Effect of the part when all else is changed already"),
)  # fmt: skip
# The part of a row that holds all parts.
WHOLE = "all"


def split_tables(found: Shares) -> tuple[Table, ...]:
    """Return the tables of a split."""
    by_place = (_countries(found),) if found.by_place else ()
    return _parts(found), *by_place, _addresses(found)


def _parts(found: Shares) -> Table:
    parts = found.parts
    return build_table(
        "parts",
        f"One row per part of the change from {found.scenario_a.name} to "
        f"{found.scenario_b.name}: what it adds to {found.quantity.text} by the end of "
        f"{found.months[-1]}, over {found.replicates:,} futures.",
        ("part",),
        [
            (PART, [part.name for part in parts]),
            (TITLE, [part.title for part in parts]),
            (
                Column("n_addresses", "integer", "", "Addresses that the part changes."),
                [len(part.addresses) for part in parts],
            ),
            *(
                column
                for name, attribute, text in _EFFECTS
                for column in estimate_columns(
                    name, found.quantity.unit, text, getattr(found, attribute)
                )
            ),
        ],
    )


def _countries(found: Shares) -> Table:
    """Return the difference by group of countries, whole and by part of the change."""
    rows = [
        (each, name, value)
        for each in found.by_place
        for name, value in [
            (WHOLE, each.difference),
            *zip((part.name for part in found.parts), each.contributions, strict=True),
        ]
    ]
    titles = {part.name: part.title for part in found.parts} | {WHOLE: "all of it"}
    about = "Mean over futures of what its countries add to the outcome in"
    unit = found.quantity.unit
    text = (
        "What the part adds there (Shapley value); the parts of a group add up to its row of all, "
        "and the groups of a division to the whole"
    )
    return build_table(
        "countries",
        f"One row per group of countries and part of the change, and one for all of it: what is "
        f"added there to {found.quantity.text} by the end of {found.months[-1]}.",
        ("group", "part"),
        [
            (
                Column("division", "string", "", "region: by UN region; bloc and rest: the members "
                       "of a group, and all other countries."),
                [each.place.kind for each, *_ in rows],
            ),
            (
                Column("group", "string", "", "Short name of the group of countries."),
                [each.place.key for each, *_ in rows],
            ),
            (
                Column("group_title", "string", "", "Title of the group."),
                [each.place.title for each, *_ in rows],
            ),
            (PART, [name for _, name, _ in rows]),
            (TITLE, [titles[name] for _, name, _ in rows]),
            (Column("in_a", "number", unit, f"{about} a."), [x.in_a.mean for x, *_ in rows]),
            (Column("in_b", "number", unit, f"{about} b."), [x.in_b.mean for x, *_ in rows]),
            *estimate_columns("contribution", unit, text, [value for *_, value in rows]),
        ],
    )  # fmt: skip


def _addresses(found: Shares) -> Table:
    a, b = found.scenario_a, found.scenario_b
    changes = scenario_changes(a, b)
    owner = {address: part.name for part in found.parts for address in part.addresses}
    order = {part.name: j for j, part in enumerate(found.parts)}
    changes.sort(key=lambda change: order[owner[change[0]]])
    empty = "empty if the scenario has no such value"
    return build_table(
        "addresses",
        "One row per number, word or list in which the two scenarios differ.",
        ("address",),
        [
            (PART, [owner[address] for address, *_ in changes]),
            (
                Column("address", "string", "", "Dotted address in a scenario file."),
                [address for address, *_ in changes],
            ),
            (TITLE, [address_title(address, b, a) for address, *_ in changes]),
            (
                Column("value_a", "string", "", f"Value in a, as text; {empty}."),
                [value for _, value, _ in changes],
            ),
            (
                Column("value_b", "string", "", f"Value in b, as text; {empty}."),
                [value for *_, value in changes],
            ),
        ],
    )
