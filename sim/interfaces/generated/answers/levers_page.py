"""The table of levers in docs/what-would-it-take.md: how far they go, and what they cost."""

from __future__ import annotations

from sim.analysis.requirement.catalogue import lever_kinds
from sim.interfaces.generated.sections import markdown_table

_WAYS = {"up": "more", "down": "less", "earlier": "earlier"}


def generated_sections() -> dict[str, str]:
    """Return the table of levers."""
    rows = [
        [
            f"`{kind.name}`",
            f"`{kind.field}` of the {kind.record}",
            _WAYS[kind.favours],
            "first month" if kind.limit is None else f"{kind.limit:,g}",
            f"{kind.description} ({kind.status})",
        ]
        for kind in lever_kinds().values()
    ]
    heads = ["lever", "term", "favours the host", "limit", "what it is, and its cost"]
    return {"levers": markdown_table(rows, heads)}
