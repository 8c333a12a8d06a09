"""What a rival's offers do to the number of a provider's partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.analysis.standing import Count, count, partners_by_month
from sim.model.ensemble import run_ensemble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

# What can be done with all offers of a provider, and the terms that do it.
MENUS: Mapping[str, Mapping[str, object]] = {
    "off": {"pace_per_quarter": 0, "open_enrolment": False},
    "open": {"slots": None, "open_enrolment": True},
}


class Rivalry(NamedTuple):
    """A provider's partners at the end: one rival's offers as they are, off, and open to all.

    ``off`` and ``open`` hold what changes from ``as_is``, future by future.
    """

    provider: str
    rival: str
    as_is: Count
    off: Count
    open: Count


def with_menu(scenario: Scenario, provider: str, menu: str) -> Scenario:
    """Return a scenario in which all of a provider's offers are off, or open to whoever may join.

    Parameters
    ----------
    menu : str
        A key of `MENUS`.
    """
    changes = {
        f"providers.{provider}.offers.{offer}.{term}": value
        for offer in scenario.providers[provider].offers
        for term, value in MENUS[menu].items()
    }
    # What is set is no longer drawn; that a record holds more places than none is no matter here.
    return scenario.with_changes(changes)


def rivalries(scenario: Scenario, replicates: int = 400, seed: int = 1) -> list[Rivalry]:
    """Return what each provider's offers do to each other provider, on common random numbers."""
    as_is = run_ensemble(scenario, replicates=replicates, seed=seed)
    size = as_is.futures_per_draw
    found = []
    for rival in scenario.providers:
        menus = {
            menu: run_ensemble(with_menu(scenario, rival, menu), replicates=replicates, seed=seed)
            for menu in MENUS
        }
        for provider in scenario.providers:
            if provider == rival:
                continue
            base = partners_by_month(as_is, provider)[:, -1]
            changed = {
                menu: count(partners_by_month(each, provider)[:, -1], base, size)
                for menu, each in menus.items()
            }
            found.append(Rivalry(provider, rival, count(base, None, size), **changed))
    return found
