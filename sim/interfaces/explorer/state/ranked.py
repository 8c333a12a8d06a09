"""The order of beliefs by how far they move an outcome, once a visitor has asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.interfaces.explorer.state import session

if TYPE_CHECKING:
    from sim.analysis.what_matters.matters import WhatMatters

_KEPT = "ranking"
_PARAMETERS = "parameters."


def keep_ranking(found: WhatMatters) -> bool:
    """Remember in which order numbers move an outcome, the strongest first, and which it is.

    Returns
    -------
    bool
        Whether the order was another one before.
    """
    numbers = (found.numbers[j] for j in found.order.tolist())
    names = [
        address.removeprefix(_PARAMETERS)
        for number in numbers
        for address in number.addresses
        if address.startswith(_PARAMETERS)
    ]
    order, before = (names, found.quantity.title), session.kept(_KEPT)
    session.keep(_KEPT, order)
    return bool(order != before)


def ranked_beliefs() -> tuple[list[str], str]:
    """Return parameters by how far they move an outcome, and its title; none before it was asked.

    Numbers that move as one have the same place.
    """
    found: tuple[list[str], str] = session.kept(_KEPT) or ([], "")
    return found
