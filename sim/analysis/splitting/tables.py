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


def split_tables(found: Shares) -> tuple[Table, ...]:
    """Return the tables of a split."""
    return _parts(found), _addresses(found)


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
