"""Who gets the places of a provider: the countries that hold one of its offers by selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.standing import Count, count
from sim.analysis.summary.kinds import chance_of_holding, paths_holding
from sim.experiment.outcomes import offers_of
from sim.experiment.tables.differences import paired_probabilities
from sim.words.titles import country_names, offer_title

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario


def selective_offers(ensemble: Ensemble, provider: str) -> list[int]:
    """Return the indices of a provider's offers by selection: those not open to all."""
    offers = list(ensemble.scenario.offers.values())
    return [o for o in offers_of(ensemble.axes, provider) if not offers[o].open_enrolment]


def places_in_words(scenario: Scenario, provider: str) -> str:
    """Return the offers by selection of a provider with their places; "" if it has none.

    Examples
    --------
    >>> import sim
    >>> places_in_words(sim.load_scenario("baseline"), "us")
    'United States: infrastructure (10 places)'
    """
    found = []
    for reference, offer in scenario.offers.items():
        if reference.split(".")[0] == provider and not offer.open_enrolment:
            n = "any number of places" if offer.slots is None else f"{offer.slots:,} places"
            found.append(f"{offer_title(scenario, reference)} ({n})")
    return "; ".join(found)


def _ends_with_place(ensemble: Ensemble, provider: str) -> NDArray[np.bool_]:
    """Return whether each country ends with a place, (R, n)."""
    return paths_holding(ensemble, selective_offers(ensemble, provider))[ensemble.final_path]


def places_held(shown: Shown, provider: str) -> Count:
    """Return how many countries end with a place of a provider, and the change from B."""
    sides = [shown.ensemble, *([] if shown.other is None else [shown.other])]
    own, *others = (_ends_with_place(side, provider).sum(axis=1) for side in sides)
    return count(own, next(iter(others), None), shown.ensemble.futures_per_draw)


def who_gets_the_places(shown: Shown, provider: str) -> pd.DataFrame:
    """Return each country's probability of ending with a place of a provider, likeliest first.

    Returns
    -------
    DataFrame
        One row per country of A: code, country, p, low and high, shares 0-1. In a comparison also
        p_before (in B) and difference with difference_low and difference_high: A minus B in the
        same futures; unknown for countries that take no part in B.
    """
    ensemble = shown.ensemble
    names, codes = country_names(), list(ensemble.axes.country)
    found = chance_of_holding(ensemble, selective_offers(ensemble, provider))
    columns = {
        "code": codes,
        "country": [names[code] for code in codes],
        "p": found.p,
        "low": found.low,
        "high": found.high,
    }
    table = pd.DataFrame(columns)
    if shown.comparison is not None:
        pair = shown.comparison.pair
        values = paired_probabilities(pair, lambda side: _ends_with_place(side, provider))
        names_of = ("p_before", "_", "difference", "difference_low", "difference_high")
        paired = pd.DataFrame(
            dict(zip(names_of, values[:5], strict=True)), index=list(pair.countries)
        ).drop(columns="_")
        paired.loc[~paired.index.isin(pair.a.axes.country)] = np.nan
        table = pd.concat([table, paired.reindex(codes).reset_index(drop=True)], axis=1)
    return table.sort_values(["p", "country"], ascending=[False, True], ignore_index=True)
