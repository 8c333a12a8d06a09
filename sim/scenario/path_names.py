"""What paths are called: identifiers in tables, and the names that key their random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_OFFER = ("uncommitted", "sovereign")


def pair_name(one: tuple[str, str], other: tuple[str, str]) -> str:
    """Return the name of the path that holds two offers, whichever of them a file lists first.

    The name keys taste and luck of the path, and a map in a file has no order that could mean
    anything. The order here is that of the alphabet, backwards.

    Parameters
    ----------
    one, other : (str, str)
        Provider and offer.

    Examples
    --------
    >>> pair_name(("us", "a"), ("china", "b")), pair_name(("china", "b"), ("us", "a"))
    ('us_a_and_china_b', 'us_a_and_china_b')
    """
    return "_and_".join("_".join(each) for each in sorted((one, other), reverse=True))


def path_names(offers: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the names of all paths: two without an offer, one an offer, one a pair of rivals.

    Parameters
    ----------
    offers : mapping
        Names of the offers of each provider, in the order of the file.

    Examples
    --------
    >>> path_names({"us": ("a",), "china": ("b",)})
    ['uncommitted', 'sovereign', 'us_a', 'china_b', 'us_a_and_china_b']
    """
    singles = [(provider, offer) for provider, listed in offers.items() for offer in listed]
    pairs = [
        pair_name(one, other)
        for place, one in enumerate(singles)
        for other in singles[place + 1 :]
        if one[0] != other[0]
    ]
    return [*WITHOUT_OFFER, *("_".join(single) for single in singles), *pairs]
