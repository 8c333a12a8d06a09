"""Numbers set in a scenario that is already checked, without writing it out and reading it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from sim.scenario.addresses import split_address
from sim.scenario.building import CHECKS
from sim.scenario.checks.checking import Draft
from sim.scenario.reading.nodes import Node
from sim.scenario.schema.fields import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.schema.file import ScenarioFile

AnyBlock = TypeVar("AnyBlock", bound=Block)


def with_numbers(
    file: ScenarioFile, values: Mapping[str, float], offer_names: Mapping[str, tuple[str, ...]]
) -> ScenarioFile | None:
    """Return a scenario's content with numbers set; None if that breaks a rule.

    Only the block of each number is validated again, and then the rules between keys. To say which
    rule is broken takes the text of the scenario, which `Scenario.with_changes` writes.

    Parameters
    ----------
    file : ScenarioFile
        Checked and complete.
    values : mapping
        Address of a number of a provider, an offer, a parameter or a corporate tie, to its value. A
        number that is set is no longer drawn.
    offer_names : mapping
        Offers of each provider.
    """
    try:
        for address, value in values.items():
            file = _with_number(file, split_address(address), value)
    except ValidationError:
        return None
    drawn = {name: each for name, each in file.uncertainties.items() if name not in values}
    file = file.model_copy(update={"uncertainties": drawn})
    draft = Draft(file, Node({}), offer_names)
    for check in CHECKS:
        check(draft)
    return None if draft.problems else file


def _with_number(file: ScenarioFile, parts: tuple[str, ...], value: float) -> ScenarioFile:
    group, name, *rest = parts
    if group == "parameters":
        return _copy(file, parameters={**file.parameters, name: float(value)})
    if group == "corporate_ties":
        ties = {**file.corporate_ties.get(name, {}), rest[0]: value}
        all_ties = {**file.corporate_ties, name: ties}
        return _copy(file, corporate_ties={code: all_ties[code] for code in sorted(all_ties)})
    provider = file.providers[name]
    if len(rest) == 1:
        provider = _validated(provider, rest[0], value)
    else:
        _, offer, field = rest
        offers = {**provider.offers, offer: _validated(provider.offers[offer], field, value)}
        provider = _copy(provider, offers=offers)
    return _copy(file, providers={**file.providers, name: provider})


def _copy(block: AnyBlock, **fields: Any) -> AnyBlock:
    return block.model_copy(update=fields)


def _validated(block: AnyBlock, field: str, value: float) -> AnyBlock:
    """Return a block with one field set; the others, validated before, are kept as they are."""
    fields = {name: getattr(block, name) for name in type(block).model_fields}
    return type(block).model_validate(fields | {field: value})
