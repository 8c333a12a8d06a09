"""Rules for the posterior: that it exists, and that it has what is drawn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.estimated import NoPosterior, column_of, find_posterior, unit_of
from sim.scenario.wording import suggest

if TYPE_CHECKING:
    from sim.scenario.addresses import FieldSpec
    from sim.scenario.checks.checking import Draft
    from sim.scenario.reading.nodes import Path
    from sim.scenario.schema.file import Distribution


def check_estimated(draft: Draft) -> None:
    """Check that the posterior that the scenario asks for exists."""
    if draft.file.estimated is None or not _is_readable(draft):
        return
    found = find_posterior(draft.file)
    if isinstance(found, NoPosterior):
        draft.report(found.path, found.rule, found.remedy)


def _is_readable(draft: Draft) -> bool:
    """Return whether nothing on which the choice of a posterior rests was refused."""
    return draft.is_sound(("estimated",), ("horizon",), ("providers",))


def check_posterior(
    draft: Draft, address: str, path: Path, distribution: Distribution, spec: FieldSpec
) -> None:
    """Check that a number that is drawn from the posterior has a column there, in its unit.

    Parameters
    ----------
    address : str
        Of the number.
    path : path
        Place of the distribution.
    spec : FieldSpec
        What the schema says of the number.
    """
    if draft.file.estimated is None:
        rule = "is drawn from the posterior, but the scenario asks for none"
        if draft.is_sound(("estimated",)):
            remedy = "Add 'estimated: {}' at the top level, or give another distribution."
            draft.report(path, rule, remedy)
        return
    posterior = find_posterior(draft.file) if _is_readable(draft) else None
    if posterior is None or isinstance(posterior, NoPosterior):
        return
    column = column_of(address, distribution)
    where = path if distribution.column is None else (*path, "column")
    if column not in posterior.numbers:
        rule = "is not a column of the posterior"
        if distribution.column is None:
            rule = f"has no column {column} in the posterior"
        draft.report(where, rule, suggest(column, posterior.numbers))
    elif unit_of(column) != spec.unit:
        rule = f"is in {spec.unit}, but column {column} of the posterior in {unit_of(column)}"
        if distribution.column is not None:
            rule = f"is in {unit_of(column)}, but {address} in {spec.unit}"
        same = [name for name in posterior.numbers if unit_of(name) == spec.unit]
        remedy = f"Columns in {spec.unit} are {', '.join(same)}." if same else (
            "Give the number another distribution."
        )  # fmt: skip
        draft.report(where, rule, remedy)
