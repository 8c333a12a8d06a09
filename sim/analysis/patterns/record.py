"""The statistics of patterns on what countries did about earlier programmes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.history.answers import WAVES, YES, Answers, programme_of, read_answers
from sim.analysis.history.launches import load_launches
from sim.analysis.history.programmes import EVENTS, history_scenarios
from sim.analysis.patterns.groups import treaty_allies, weak_and_near
from sim.analysis.patterns.statistics import (
    clustering,
    difference_of_means,
    months_between,
    s_shape,
    share_difference,
)
from sim.data import load_facts, load_parameters
from sim.data.features.country import power_price_rank
from sim.data.features.ties import BLOC_HOME

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Array = NDArray[np.float64]

AMERICAN, CHINESE = "US", "CHN"
# What countries join or sign over time, as they do the offers of the scenarios.
JOINED_OVER_TIME = ("membership", "contract")
CONTRACTS = ("contract",)
DECLARATIONS = ("declaration",)
REVERSED = "openai_for_countries"  # the one programme with reversals by a supplier on record


@dataclass(frozen=True)
class ObservedStatistic:
    """The same statistic on what countries did.

    Parameters
    ----------
    by_programme : mapping
        Value of each programme, by its name in the events table; none is NaN.
    """

    by_programme: Mapping[str, float]

    @property
    def mean(self) -> float:
        """The mean over programmes; NaN without any."""
        return float(np.mean([*self.by_programme.values()])) if self.by_programme else float("nan")


def programmes(side: str, kinds: Collection[str]) -> Iterator[tuple[Scenario, Answers]]:
    """Yield the programmes of one side and some kinds that somebody joined, with the answers."""
    events = load_facts().events
    for scenario in history_scenarios():
        reference, offer, _ = programme_of(scenario)
        home = scenario.homes[reference.split(".")[0]]
        if offer.kind in kinds and BLOC_HOME[side] in home:
            answers = read_answers(scenario, events, source=EVENTS)
            if answers.has_joined.any():
                yield scenario, answers


@cache
def _launches() -> pd.DataFrame:
    return load_launches()


def _by_launch(
    side: str, kinds: Collection[str], statistic: Callable[[pd.DataFrame], Array]
) -> ObservedStatistic:
    """Return a statistic of the answers to each programme and the facts at its launch."""
    table = _launches()
    chosen = table[(table["bloc"] == side) & table["kind"].isin(kinds)]
    return _record({str(name): statistic(rows) for name, rows in chosen.groupby("programme")})


def _record(found: Mapping[str, Array]) -> ObservedStatistic:
    """Return the one value of each programme for which the statistic is defined."""
    values = {name: float(value[0]) for name, value in found.items()}
    return ObservedStatistic({name: value for name, value in values.items() if not np.isnan(value)})


def dated_months(answers: Answers) -> NDArray[np.int64]:
    """Return the month in which each country joined, -1 where it did not or the month is unknown.

    Nobody has a month where most dates are known only roughly, or are those of a few meetings:
    they do not say when countries decided.
    """
    is_dated = answers.has_joined & (answers.first == answers.last)
    month = np.where(is_dated, answers.last, -1)
    has_few_dates = len({*month[is_dated].tolist()}) <= WAVES
    if has_few_dates or is_dated.sum() * 2 < answers.has_joined.sum():
        return np.full_like(month, -1)
    return month


def uptake_on_record(side: str) -> ObservedStatistic:
    """Return the shape of uptake of the programmes of a side; see `s_shape`."""
    found = programmes(side, JOINED_OVER_TIME)
    return _record({a.programme: s_shape(dated_months(a)[None]) for _, a in found})


def allies_on_record() -> ObservedStatistic:
    """Return the mean month in which allies joined American programmes less that of others."""
    found = {}
    for scenario, answers in programmes(AMERICAN, JOINED_OVER_TIME):
        home = (BLOC_HOME[AMERICAN],)
        allies = treaty_allies(load_facts(), answers.country, home, scenario.months[0])
        found[answers.programme] = months_between(dated_months(answers)[None], allies, ~allies)
    return _record(found)


def clustering_on_record(side: str) -> ObservedStatistic:
    """Return how far answers to the programmes of a side cluster; see `clustering`."""
    regions = load_facts().countries["un_subregion"]

    def statistic(rows: pd.DataFrame) -> Array:
        region = regions.loc[rows["iso3"]].to_numpy(str)
        return clustering(rows["joined"].to_numpy(bool)[None], region)

    return _by_launch(side, JOINED_OVER_TIME, statistic)


def democracies_on_record() -> ObservedStatistic:
    """Return how much more democratic signatories of American declarations are, index 0-1."""

    def statistic(rows: pd.DataFrame) -> Array:
        joined = rows["joined"].to_numpy(bool)[None]
        return difference_of_means(rows["democracy"].to_numpy(), joined, ~joined)

    return _by_launch(AMERICAN, DECLARATIONS, statistic)


def weak_states_on_record() -> ObservedStatistic:
    """Return how much more often weak states near China took Chinese contracts, share 0-1."""

    def statistic(rows: pd.DataFrame) -> Array:
        size, affinity = rows["log_gdp"].to_numpy(), rows["affinity"].to_numpy()
        chosen = weak_and_near(size, affinity, np.ones(len(rows), np.bool_))[None]
        return share_difference(rows["joined"].to_numpy(bool)[None], chosen, ~chosen)

    return _by_launch(CHINESE, CONTRACTS, statistic)


def reversals_on_record() -> ObservedStatistic:
    """Return how much dearer power is where a supplier gave up a data centre, rank 0-1."""
    facts = load_facts()
    events = facts.events
    rows = events[(events["programme"] == REVERSED) & (events["kind"] == "infrastructure")]
    hosts = sorted(set(rows.loc[rows["event"].isin(YES), "iso3"]))
    left = rows[(rows["event"] == "withdrew") & (rows["side"] == "supplier")]
    given_up = np.isin(hosts, left["iso3"])[None]
    values = {name: row.default for name, row in load_parameters().items()}
    price = power_price_rank(facts.countries, values)[hosts].to_numpy()
    return _record({REVERSED: difference_of_means(price, given_up, ~given_up)})
