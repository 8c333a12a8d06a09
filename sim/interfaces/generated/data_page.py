"""What is generated from the facts: parts of docs/data.md, and the credits of the tables' licence.

Features come from their docstrings, columns, sources and credits from provenance. ``make docs``
writes them; tests hold them current.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sim.data.facts import Facts
from sim.data.features import country as country_features
from sim.data.features import peers as peer_features
from sim.data.features import ties as tie_features
from sim.data.provenance import PLAIN_FACTS, Source

DOCUMENTED: dict[str, Callable[..., Any]] = {
    **{name: found.build for name, found in country_features.COUNTRY_FEATURES.items()},
    "base_concern": country_features.base_concern,
    "affinity": tie_features.affinity,
    "ally": tie_features.security_tie,
    "tie": tie_features.corporate_tie,
    "record": tie_features.earlier_answers,
    "dispute": tie_features.dispute,
    "likeness": tie_features.likeness,
    "rival_affinity": tie_features.rival_affinity,
    "exposure": tie_features.exposure,
    "distrust": tie_features.distrust,
    "peers": peer_features.peers,
}


def _feature_lines() -> Iterator[str]:
    """Yield one paragraph per feature: its name and the text of its docstring."""
    for name, function in DOCUMENTED.items():
        text = (inspect.getdoc(function) or "").split("\nParameters\n")[0]
        paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
        head = paragraphs[0].removeprefix("Return ")
        yield f"**`{name}`**: {head} {' '.join(paragraphs[1:])}".rstrip()
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "/") or " "


def _column_lines(facts: Facts) -> Iterator[str]:
    """Yield one table of columns for each table of facts."""
    for table in facts.provenance.tables.values():
        yield f"### {table.name}.csv"
        yield ""
        yield f"{table.title}. Key: {', '.join(table.key)}. {table.caveat}".rstrip()
        yield ""
        yield "| column | what | unit | source | year | licence | values | used by | caveat |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for column in table.columns.values():
            used = "model" if column.role == "feature" else "readers"
            cells = (
                f"`{column.name}`",
                column.definition,
                column.unit,
                ", ".join(column.sources),
                column.year,
                column.licence,
                str(column.coverage),
                used,
                column.caveat,
            )
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
        yield ""


def _source_lines(facts: Facts) -> Iterator[str]:
    """Yield the list of sources and cited works."""
    yield "| key | title | publisher | year | licence | read from |"
    yield "|---|---|---|---|---|---|"
    records = {**facts.provenance.sources, **facts.provenance.references}
    for source in records.values():
        cells = (
            source.key,
            source.title,
            source.publisher,
            str(source.year),
            source.licence,
            source.read_from,
        )
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _credit_lines(sources: Iterable[Source]) -> Iterator[str]:
    """Yield one line a publisher and licence, with the titles; plain facts need no credit."""
    titles: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        if source.licence != PLAIN_FACTS:
            titles.setdefault((source.publisher, source.licence), []).append(source.title)
    for (publisher, licence), found in sorted(titles.items()):
        yield f"- **{publisher}** ({licence}): {'; '.join(found)}."


def credit_sections(sources: Iterable[Source]) -> dict[str, str]:
    """Return the generated text of sim/data/tables/LICENSE.md by section."""
    return {"credits": "\n".join(_credit_lines(sources))}


def generated_sections(facts: Facts) -> dict[str, str]:
    """Return the generated text of docs/data.md by section: features, columns, sources."""
    return {
        "features": "\n".join(_feature_lines()).strip(),
        "columns": "\n".join(_column_lines(facts)).strip(),
        "sources": "\n".join(_source_lines(facts)).strip(),
    }
