"""The generated parts of docs/model.md: terms from their docstrings, numbers from their table.

``make docs`` writes them; a test checks that they are current.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from sim.data import Parameter, load_parameters
from sim.model.layout import OFFER_COLUMNS, STAGE_NAMES
from sim.model.mechanism import terms
from sim.model.mechanism.terms import SETTLED_TERMS, TERM_NAMES
from sim.words.terms import TERM_WORDS
from sim.words.wording import with_capital

# Titles of groups of the parameter table that are more than the group's name.
GROUP_TITLES = {
    "pairs": "Pairs of offers",
    "review": "Reviews",
    "stages": "Stages of a commitment",
    "features": "Features of countries (formulas in [data.md](data.md))",
}


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split()) or " "


def _row(*cells: str) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _documented(name: str) -> tuple[str, str]:
    """Return the first line of a term's docstring without the word Return, and all that follows."""
    head, _, rest = (inspect.getdoc(getattr(terms, name)) or "").partition("\n")
    text = head.removeprefix("Return ")
    return with_capital(text), rest.strip()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _term_lines() -> Iterator[str]:
    """Yield the table of terms, in the order in which they are summed."""
    yield "| term | label | changes | what it is |"
    yield "|---|---|---|---|"
    for name in TERM_NAMES:
        changes = "by events" if name in SETTLED_TERMS else "with the state"
        yield _row(f"`{name}`", TERM_WORDS[name].label, changes, _documented(name)[0])


def _formula_lines() -> Iterator[str]:
    """Yield what a docstring says beyond its first line, term by term."""
    for name in TERM_NAMES:
        if text := _documented(name)[1]:
            yield f"**{name.capitalize()}.** {text}"
            yield ""


def _drawn(row: Parameter) -> str:
    """Return how a parameter is drawn in an ensemble."""
    if not row.distribution:
        return "fixed"
    limits = (row.dist_low, row.dist_mode, row.dist_high)
    return f"{row.distribution} {', '.join(_number(x) for x in limits if x is not None)}"


def _parameter_lines() -> Iterator[str]:
    """Yield one table per group of parameters."""
    rows = list(load_parameters().values())
    groups = list(dict.fromkeys(row.group for row in rows))
    for group in groups:
        yield f"#### {GROUP_TITLES.get(group, group.capitalize())}"
        yield ""
        yield "| parameter | unit | value | bounds | drawn in ensembles | basis | what it is |"
        yield "|---|---|---|---|---|---|---|"
        for row in rows:
            if row.group == group:
                basis = f"{row.status}, {row.source}" if row.source else row.status
                if row.estimate is not None:
                    basis += (
                        f"; history says {_number(row.estimate)} ({_number(row.estimate_low)} to "
                        f"{_number(row.estimate_high)}), {row.programmes} programmes"
                    )
                yield _row(
                    f"`{row.name}`",
                    row.unit,
                    _number(row.default),
                    f"{row.low:g} to {row.high:g}",
                    _drawn(row),
                    basis,
                    row.description,
                )
        yield ""


def generated_sections() -> dict[str, str]:
    """Return the generated text of docs/model.md by section."""
    columns = ", ".join(f"`{name}`" for name in OFFER_COLUMNS)
    stages = ", ".join(f"`{name}`" for name in STAGE_NAMES)
    return {
        "terms": "\n".join(_term_lines()),
        "formulas": "\n".join(_formula_lines()).strip(),
        "parameters": "\n".join(_parameter_lines()).strip(),
        "records": f"Stages of a commitment: {stages}.\n\nColumns of an offer's month: {columns}.",
    }
