"""What paths are called: identifiers in tables, and the names that key their random numbers."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Provider and name of each offer that a path holds.
Members = tuple[tuple[str, str], ...]
UNCOMMITTED, SOVEREIGN = "uncommitted", "sovereign"


def offer_id(reference: str) -> str:
    """Return the name of an offer in tables, which is also that of the path that holds it alone.

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


def name_of_offers(held: Members) -> str:
    """Return the name of the path that holds these offers, whichever of them a file lists first.

    The name keys taste and luck of the path, and a map in a file has no order that could mean
    anything. The order here is that of the alphabet, backwards.

    Parameters
    ----------
    held : tuple of (str, str)
        Provider and name of each offer, one or two.

    Examples
    --------
    >>> us, china = ("us", "a"), ("china", "b")
    >>> name_of_offers((us, china)), name_of_offers((china, us)), name_of_offers((us,))
    ('us_a_and_china_b', 'us_a_and_china_b', 'us_a')
    """
    return "_and_".join("_".join(offer) for offer in sorted(held, reverse=True))


def _without_offer(has_sovereign: bool) -> list[str]:
    return [UNCOMMITTED, SOVEREIGN] if has_sovereign else [UNCOMMITTED]


def path_members(
    offers: Mapping[str, tuple[str, ...]], has_sovereign: bool = True
) -> list[Members]:
    """Return the offers that each path holds: none, then each offer, then pairs of rivals.

    Parameters
    ----------
    offers : mapping
        Names of the offers of each provider, in the order of the file.
    has_sovereign : bool
        Whether a stack of a country's own is among the paths: the second without an offer.

    Examples
    --------
    >>> path_members({"us": ("a",), "china": ("b",)})[2:]
    [(('us', 'a'),), (('china', 'b'),), (('us', 'a'), ('china', 'b'))]
    """
    singles = [(provider, offer) for provider, listed in offers.items() for offer in listed]
    pairs = [(one, other) for one, other in combinations(singles, 2) if one[0] != other[0]]
    without: list[Members] = [() for _ in _without_offer(has_sovereign)]
    return [*without, *((single,) for single in singles), *pairs]


def path_names(offers: Mapping[str, tuple[str, ...]], has_sovereign: bool = True) -> list[str]:
    """Return the names of all paths, in the order of `path_members`.

    Examples
    --------
    >>> path_names({"us": ("a",), "china": ("b",)})
    ['uncommitted', 'sovereign', 'us_a', 'china_b', 'us_a_and_china_b']
    """
    without = _without_offer(has_sovereign)
    held = path_members(offers, has_sovereign)[len(without) :]
    return [*without, *map(name_of_offers, held)]
