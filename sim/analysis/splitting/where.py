"""Where a difference is: its parts by group of countries, which add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.groups.members import (
    REGION,
    CountryGroup,
    country_groups,
    group_named,
    unknown_group,
)
from sim.analysis.groups.totals import ALL, counted_on, paths_by_part
from sim.analysis.quantities import refusal
from sim.analysis.splitting.shapley import weights_of_sets
from sim.data import load_facts
from sim.experiment.outcomes import SHARES
from sim.model.world.building import exact_shares

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.model.ensemble import Ensemble

    Values = NDArray[np.float64]

REST = "rest"
_COUNTED = "n_countries"


@dataclass(frozen=True)
class Area:
    """Some countries of a division of the world.

    Parameters
    ----------
    key, title : str
    kind : str
        The division: ``region`` for UN regions; ``bloc`` and `REST` for a group and all others.
    members : tuple of str
        ISO3 codes.
    """

    key: str
    title: str
    kind: str
    members: tuple[str, ...]


def areas_of(quantity: Quantity, within: str | None) -> tuple[Area, ...]:
    """Return the groups of countries by which an outcome is divided; none if it cannot be.

    Parameters
    ----------
    quantity : Quantity
    within : str or None
        A group of countries that is set against all others, beside the UN regions.

    Raises
    ------
    InputError
        If there is no such group, or it is asked for and the outcome cannot be divided.
    """
    groups = country_groups(load_facts())
    if not (quantity.provider and quantity.outcome in (_COUNTED, *SHARES)):
        if within is None:
            return ()
        rule = f"{quantity.text} is not a sum over the countries with a partner."
        raise refusal(rule, "Ask for n_countries or a share of a provider, or leave the group out.")
    found = [_place(group) for group in groups.values() if group.kind == REGION]
    if within is None:
        return tuple(found)
    group = group_named(within, groups)
    if group is None:
        raise refusal(*unknown_group(within, groups))
    if group.kind == REGION:
        return tuple(found)
    others = sorted({code for region in found for code in region.members} - {*group.members})
    rest = Area(REST, f"Outside {group.phrase}", REST, tuple(others))
    return (*found, _place(group), rest)


def _place(group: CountryGroup) -> Area:
    return Area(group.key, group.title, group.kind, group.members)


def measured_at(ensemble: Ensemble, quantity: Quantity, places: tuple[Area, ...]) -> Values:
    """Return what each place adds to an outcome in each future, (R, places)."""
    agents = ensemble.axes.country
    weight = np.array([[code in place.members for place in places] for code in agents], np.float64)
    if quantity.outcome in SHARES:
        world = ensemble.features.country[["gdp_usd", "population", "readiness"]]
        share = exact_shares(world.to_numpy().T)[SHARES.index(quantity.outcome)]
        of_country = dict(zip(world.index, share.tolist(), strict=True))
        weight *= np.array([of_country[code] for code in agents])[:, None]
    return counted_on(ensemble, paths_by_part(ensemble, quantity.provider)[ALL], weight)


class Gathered:
    """Shapley values by place, gathered run by run: all runs at once could be too large.

    Parameters
    ----------
    n_parts : int
    """

    def __init__(self, n_parts: int) -> None:
        self._weights = weights_of_sets(n_parts)
        self._last = (1 << n_parts) - 1
        self.contributions: Values = np.zeros((n_parts, 0, 0))
        self.first: Values = np.zeros((0, 0))
        self.last: Values = np.zeros((0, 0))

    def add(self, mask: int, values: Values) -> None:
        """Take in the run with a set of parts as in the second scenario, (R, places)."""
        if mask == 0:
            self.first = values
            self.contributions = np.zeros((len(self._weights), *values.shape))
        if mask == self._last:
            self.last = values
        self.contributions += self._weights[:, mask][:, None, None] * values
