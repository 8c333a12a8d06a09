"""Names of paths: identifiers in tables, and the names that key their random numbers."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Provider and name of each offer on a path.
Members = tuple[tuple[str, str], ...]
UNCOMMITTED, SOVEREIGN = "uncommitted", "sovereign"


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


def name_of_offers(held: Members) -> str:
    """Return the name of the path with these offers, in whichever order a file lists them.

    The name keys the random numbers of the path, and the order of a map in a file must not matter.
    The order here is reverse alphabetical.

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
    """Return the offers on each path: none, then each offer, then pairs of rival offers.

    Parameters
    ----------
    offers : mapping
        Names of the offers of each provider, in the order of the file.
    has_sovereign : bool
        Whether an own stack is among the paths: the second without an offer.

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
