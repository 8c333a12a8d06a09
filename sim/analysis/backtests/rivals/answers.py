"""Tables of answers to programmes, which rivals learn from: their columns, and checks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

# Facts about a country, as they were known at the launch of the programme it was asked to join.
# Those with `rival_` are about the leader of the other bloc.
FACTS = (
    "log_gdp",
    "gdp_rank",
    "log_population",
    "readiness",
    "democracy",
    "capability",
    "concern",
    "affinity",
    "ally",
    "record",
    "exposure",
    "dispute",
    "likeness",
    "rival_affinity",
    "rival_ally",
    "rival_record",
    "rival_exposure",
    "distrust",
)
PROGRAMME, JOINED = "programme", "joined"


def check_answers(train: pd.DataFrame, test: pd.DataFrame, facts: Sequence[str]) -> None:
    """Refuse tables that a rival cannot learn from or predict.

    Parameters
    ----------
    train, test : DataFrame
        One row for each country asked in a programme. Both need `programme` and the facts, `train`
        needs `joined` (0 or 1) too.
    facts : sequence of str
        Columns that the rival uses.

    Raises
    ------
    InputError
        If a table is empty, a column is missing, a fact is not a finite number, `joined` is other
        than 0 and 1, or a programme is in both tables.
    """
    problems = []
    for name, table, needed in (
        ("training part", train, (PROGRAMME, JOINED, *facts)),
        ("test part", test, (PROGRAMME, *facts)),
    ):
        if table.empty:
            problems.append(Problem("", 0, f"The {name} has no rows.", "Give one row a country."))
        problems += [
            Problem("", 0, f"The {name} has no column {column}.", _remedy(column))
            for column in needed
            if column not in table
        ]
        problems += _unknown_facts(name, table, [fact for fact in facts if fact in table])
    if not problems:
        wrong = sorted(set(train[JOINED].unique().tolist()) - {0, 1}, key=str)
        if wrong:
            message = f"The training part has joined = {wrong[0]}; allowed are 0 and 1."
            problems.append(Problem("", 0, message, "Leave out countries without an answer."))
        both = sorted(set(train[PROGRAMME]) & set(test[PROGRAMME]))
        if both:
            message = f"{', '.join(both)}: in the training part and in the test part."
            problems.append(Problem("", 0, message, "Take it out of the training part."))
    if problems:
        raise InputError(problems)


def check_variety(train: pd.DataFrame) -> None:
    """Refuse a training part from which no difference between countries can be learnt.

    Raises
    ------
    InputError
        If it has one programme only, or nobody joined, or everybody did.
    """
    n_programmes, answers = train[PROGRAMME].nunique(), train[JOINED].unique()
    if n_programmes < 2:
        message = "The training part has one programme; at least two are needed."
        raise InputError([Problem("", 0, message, "Add programmes, or use the base rate.")])
    if len(answers) < 2:
        everyone = "every country joined" if answers[0] else "no country joined"
        message = f"In the training part {everyone}; countries of both kinds are needed."
        raise InputError([Problem("", 0, message, "Add programmes, or use the base rate.")])


def _remedy(column: str) -> str:
    """Return how to provide a column."""
    if column == "neighbours":
        return (
            "Add it, 0 to 1: the share of the country's peers that joined earlier programmes "
            "of the bloc. Or leave out the neighbours' rule."
        )
    return "Add the column, or leave out the rivals that use it."


def _unknown_facts(name: str, table: pd.DataFrame, facts: Sequence[str]) -> list[Problem]:
    """Return facts that are not finite numbers."""
    found = []
    for fact in facts:
        column = table[fact]
        if column.dtype.kind not in "biuf":
            n_wrong = len(column)
        else:
            n_wrong = int((~np.isfinite(column.to_numpy(np.float64, na_value=np.nan))).sum())
        if n_wrong:
            message = f"The {name} has {n_wrong} rows in which {fact} is not a finite number."
            found.append(Problem("", 0, message, "Fill in a number, or leave the rows out."))
    return found
