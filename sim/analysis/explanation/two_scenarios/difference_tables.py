"""The tables of a difference of two scenarios, by country and by what decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.explanation.two_scenarios.causes import CAUSE_WORDS, CAUSES
from sim.analysis.shared.estimates import estimate_columns
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.words.titles import country_names
from sim.words.wording import term_phrase

if TYPE_CHECKING:
    from sim.analysis.explanation.two_scenarios.divided import Divided
    from sim.analysis.shared.estimates import Estimate


def cause_title(cause: str) -> str:
    """Return what decided, in words.

    Examples
    --------
    >>> cause_title("asked"), cause_title("peers")
    ('whether a country is asked', 'what peers do')
    """
    return CAUSE_WORDS.get(cause) or term_phrase(cause)


def difference_tables(found: Divided) -> tuple[Table, ...]:
    """Return the tables of a difference."""
    a, b = found.scenario_a.name, found.scenario_b.name
    of = f"the difference of {found.quantity.text}, {b} minus {a}, by the end of {found.months[-1]}"
    over = f"{found.replicates:,} futures; the rows add up to it"
    names = country_names()
    return (
        build_table(
            "causes",
            f"One row per thing that decided, and its part of {of}, over {over}.",
            ("cause",),
            [
                _text("cause", "Term of utility, or what else decided.", CAUSES),
                _text("title", "The same in words.", map(cause_title, CAUSES)),
                *_estimated(found, found.by_cause),
            ],
        ),
        build_table(
            "countries",
            f"One row per country, and its part of {of}, over {over}.",
            ("country",),
            [
                _text("country", "ISO3 code.", found.countries),
                _text("name", "Its name.", [names[code] for code in found.countries]),
                _number(found, "in_a", "What it adds to the outcome in a.", found.in_a),
                _number(found, "in_b", "What it adds to the outcome in b.", found.in_b),
                *_estimated(found, found.by_country),
            ],
        ),
        build_table(
            "regions",
            f"One row per UN region, and its part of {of}, over {over}.",
            ("region",),
            [_text("region", "The region.", found.by_region), *_estimated(found, found.by_region)],
        ),
        _both(found, of),
    )


def _both(found: Divided, of: str) -> Table:
    pairs = [tuple(pair) for pair in np.argwhere(found.by_both != 0.0).tolist()]
    return build_table(
        "countries_by_cause",
        f"One row per country and thing that decided there, and its part of {of}: mean over "
        "futures. Pairs without any part are left out.",
        ("country", "cause"),
        [
            _text("country", "ISO3 code.", [found.countries[j] for j, _ in pairs]),
            _text("cause", "Term of utility, or what else decided.", [CAUSES[c] for _, c in pairs]),
            (
                Column("mean", "number", found.quantity.unit, "Mean of its part."),
                [found.by_both[j, c] for j, c in pairs],
            ),
        ],
    )


def _text(name: str, description: str, values: Iterable[str]) -> Described:
    return Column(name, "string", "", description), [*values]


def _number(found: Divided, name: str, description: str, values: Any) -> Described:
    return Column(name, "number", found.quantity.unit, description), values.mean(axis=0)


def _estimated(found: Divided, values: Mapping[str, Estimate]) -> Iterator[Described]:
    text = "Its part: mean over futures"
    return estimate_columns("mean", found.quantity.unit, text, [*values.values()], stem="")
