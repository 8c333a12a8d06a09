"""Levers and uncertainties: what somebody chooses, and what nobody chooses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal

from sim.experiment.sweeps.designs.point_problems import refuse
from sim.scenario import split_address
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from sim.scenario import Scenario

Role = Literal["lever", "uncertainty"]
LEVER: Role = "lever"
UNCERTAINTY: Role = "uncertainty"
_PLURAL = {LEVER: "levers", UNCERTAINTY: "uncertainties"}
# Groups of numbers that belong to the model or to the facts, not to an actor.
_OF_NOBODY = ("parameters", "corporate_ties")


def usual_role(scenario: Scenario, name: str, address: str) -> Role:
    """Return the role of a number that the design does not name as lever or uncertainty.

    A lever of the scenario is a lever. Parameters, corporate ties, and numbers that the scenario
    draws are uncertainties. What is left are terms of an offer or a provider, which are levers.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> baseline = load_scenario("baseline")
    >>> usual_role(baseline, "linkage", "providers.us.linkage")
    'lever'
    >>> usual_role(baseline, "parameters.w_peer", "parameters.w_peer")
    'uncertainty'
    """
    if name in scenario.levers:
        return LEVER
    is_drawn = address in scenario.uncertainties
    return UNCERTAINTY if is_drawn or split_address(address)[0] in _OF_NOBODY else LEVER


def checked_roles(
    names: Collection[str], levers: Collection[str], uncertainties: Collection[str]
) -> Mapping[str, Role]:
    """Return the role of each number that is named as one or the other.

    Raises
    ------
    InputError
        If a name is not one of the design's, or is named as both.
    """
    found: dict[str, Role] = {}
    for role, listed in ((LEVER, levers), (UNCERTAINTY, uncertainties)):
        if isinstance(listed, str) or not isinstance(listed, Collection):
            message = f"{_PLURAL[role]} = {shown_value(listed)} must be a list of names."
            raise refuse(message, "For example: ['slots'].")
        for name in listed:
            if name not in names:
                message = f"{shown_value(name)} is not varied by this design."
                raise refuse(message, f"Name one of {', '.join(names)}.")
            if name in found:
                message = f"{name} is named as lever and as uncertainty."
                raise refuse(message, "Keep one of the two.")
            found[name] = role
    return {name: found[name] for name in names if name in found}
