"""Names of paths: identifiers in tables, and the names that key their random numbers."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNCOMMITTED, SOVEREIGN = "uncommitted", "sovereign"
TWO_PARTNERS = "two"  # the group of all paths with two providers
# Groups of countries beside those of each provider, which therefore cannot have their names.
GROUPS_OF_NOBODY = (TWO_PARTNERS, SOVEREIGN, UNCOMMITTED)
# What a path can hold: an offer, by its provider and its name, or sovereign AI.
Member = tuple[str, ...]
Members = tuple[Member, ...]
OWN: Member = (SOVEREIGN,)


def offer_id(reference: str) -> str:
    """Return the name of an offer in tables, which is also the name of the path with it alone.

    Parameters
    ----------
    reference : str
        As scenario files name it: ``provider.offer``.

    Examples
    --------
    >>> offer_id("us.infrastructure")
    'us_infrastructure'
    """
    return reference.replace(".", "_", 1)


def name_of_members(held: Members) -> str:
    """Return the name of the path that holds these, whichever of them a file lists first.

    The name keys taste and luck of the path, and a map in a file has no order that could mean
    anything. Offers stand in reverse alphabetical order, sovereign AI comes last.

    Parameters
    ----------
    held : tuple of members
        None, one or two.

    Examples
    --------
    >>> us, china = ("us", "a"), ("china", "b")
    >>> name_of_members((us, china)), name_of_members((china, us)), name_of_members((OWN, china))
    ('us_a_and_china_b', 'us_a_and_china_b', 'china_b_and_sovereign')
    >>> name_of_members(())
    'uncommitted'
    """
    offers = sorted((member for member in held if member != OWN), reverse=True)
    named = [*offers, *(member for member in held if member == OWN)]
    return "_and_".join("_".join(member) for member in named) or UNCOMMITTED


def path_members(
    offers: Mapping[str, tuple[str, ...]], has_sovereign: bool = True
) -> list[Members]:
    """Return what each path holds.

    Nothing; sovereign AI; each offer; each pair of offers of two providers; each offer
    beside sovereign AI.

    Parameters
    ----------
    offers : mapping
        Names of the offers of each provider, in the order of the file.
    has_sovereign : bool
        Whether countries can build sovereign AI.

    Examples
    --------
    >>> path_members({"us": ("a",), "china": ("b",)})[2:5]
    [(('us', 'a'),), (('china', 'b'),), (('us', 'a'), ('china', 'b'))]
    """
    singles = [(provider, offer) for provider, listed in offers.items() for offer in listed]
    pairs = [(one, other) for one, other in combinations(singles, 2) if one[0] != other[0]]
    own: list[Members] = [(OWN,)] if has_sovereign else []
    beside = [(single, OWN) for single in singles] if has_sovereign else []
    return [(), *own, *((single,) for single in singles), *pairs, *beside]


def path_names(offers: Mapping[str, tuple[str, ...]], has_sovereign: bool = True) -> list[str]:
    """Return the names of all paths, in the order of `path_members`.

    Examples
    --------
    >>> path_names({"us": ("a",), "china": ("b",)})[:5]
    ['uncommitted', 'sovereign', 'us_a', 'china_b', 'us_a_and_china_b']
    """
    return [name_of_members(held) for held in path_members(offers, has_sovereign)]
