"""The names along each axis of the arrays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Axes:
    """The names along each axis of the arrays, in order.

    Parameters
    ----------
    country : tuple of str
        ISO3 codes of the agents, sorted.
    path, offer, provider : tuple of str
        ``uncommitted``, ``sovereign``, offers as ``<provider>_<offer>``, two joined by ``_and_``.
    month : tuple of str
        "YYYY-MM".
    term : tuple of str
        Terms of utility.
    offer_provider, offer_key : tuple of str
        Provider of each offer, and its key within the provider.
    path_offers, path_providers : tuple of tuple of str
        Offers and providers that each path holds.
    path_has_own : tuple of bool
        Whether the path holds sovereign AI.
    """

    country: tuple[str, ...]
    path: tuple[str, ...]
    offer: tuple[str, ...]
    provider: tuple[str, ...]
    month: tuple[str, ...]
    term: tuple[str, ...]
    offer_provider: tuple[str, ...]
    offer_key: tuple[str, ...]
    path_offers: tuple[tuple[str, ...], ...]
    path_providers: tuple[tuple[str, ...], ...]
    path_has_own: tuple[bool, ...]
