"""The statistics of patterns on what countries did about earlier programmes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.history.answers import WAVES, YES, Answers, programme_of
from sim.analysis.history.programmes import built_programme, known_programmes
from sim.analysis.patterns.groups import treaty_allies, weak_and_near
from sim.analysis.patterns.statistics import (
    clustering,
    difference_of_means,
    middle_excess,
    months_between,
    share_difference,
)
from sim.data.features.ties import BLOC_HOME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world.building import Built
    from sim.scenario import Scenario

AMERICAN, CHINESE = "US", "CHN"
# What countries join or sign over time, as they do the offers of the scenarios.
JOINED_OVER_TIME = ("membership", "contract")
DECLARATIONS = ("declaration",)
REVERSED = "openai-for-countries"  # the one programme with reversals by a supplier on record


@dataclass(frozen=True)
class Record:
    """The same statistic on what countries did.

    Parameters
    ----------
    values : mapping
        Value of each programme, by the name of its scenario; none is NaN.
    """

    values: Mapping[str, float]

    @property
    def mean(self) -> float:
        """The mean over programmes; NaN without any."""
        return float(np.mean([*self.values.values()])) if self.values else float("nan")


def side_and_kind(scenario: Scenario) -> tuple[str, str]:
    """Return the side (US, CHN or other) and the kind of a programme."""
    reference, offer, _ = programme_of(scenario)
    home = scenario.homes[reference.split(".")[0]]
    return next((bloc for bloc, state in BLOC_HOME.items() if state in home), "other"), offer.kind


def programmes(side: str, kinds: Iterable[str]) -> Iterator[tuple[Built, Answers]]:
    """Yield the programmes of one side and some kinds of which something is known."""
    wanted = {(side, kind) for kind in kinds}
    for built, answers in known_programmes():
        if side_and_kind(built.scenario) in wanted:
            yield built, answers


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


def _collected(
    side: str, kinds: Iterable[str], statistic: Callable[[Built, Answers], NDArray[np.float64]]
) -> Record:
    """Return the statistic of every programme of a side for which it is defined."""
    found = {
        built.scenario.name: float(statistic(built, answers)[0])
        for built, answers in programmes(side, kinds)
    }
    return Record({name: value for name, value in found.items() if not np.isnan(value)})


def uptake_on_record(side: str) -> Record:
    """Return the shape of uptake of the programmes of a side; see `middle_excess`."""
    return _collected(
        side, JOINED_OVER_TIME, lambda _, answers: middle_excess(dated_months(answers)[None])
    )


def clustering_on_record(side: str) -> Record:
    """Return how far answers to the programmes of a side cluster; see `clustering`."""

    def statistic(built: Built, answers: Answers) -> NDArray[np.float64]:
        asked = answers.is_scored
        region = built.facts.countries.loc[list(answers.country), "un_subregion"].to_numpy(str)
        return clustering(answers.has_joined[None, asked], region[asked])

    return _collected(side, JOINED_OVER_TIME, statistic)


def allies_on_record() -> Record:
    """Return how much earlier treaty allies joined American programmes, months."""

    def statistic(built: Built, answers: Answers) -> NDArray[np.float64]:
        scenario = built.scenario
        home = scenario.homes[programme_of(scenario)[0].split(".")[0]]
        allies = treaty_allies(built.facts, answers.country, home, scenario.months[0])
        return months_between(dated_months(answers)[None], allies, ~allies)

    return _collected(AMERICAN, JOINED_OVER_TIME, statistic)


def democracies_on_record() -> Record:
    """Return how much more democratic signatories of American declarations are, index 0-1."""

    def statistic(built: Built, answers: Answers) -> NDArray[np.float64]:
        democracy = built.features.country.loc[list(answers.country), "democracy"].to_numpy()
        refused = answers.is_scored & ~answers.has_joined
        return difference_of_means(democracy, answers.has_joined[None], refused[None])

    return _collected(AMERICAN, DECLARATIONS, statistic)


def weak_states_on_record() -> Record:
    """Return how much more often weak states near China took Chinese contracts, share 0-1."""

    def statistic(built: Built, answers: Answers) -> NDArray[np.float64]:
        provider = programme_of(built.scenario)[0].split(".")[0]
        codes, asked = list(answers.country), answers.is_scored
        gdp = built.features.country.loc[codes, "gdp_usd"].to_numpy()
        affinity = built.features.affinity.loc[codes, provider].to_numpy()
        chosen = weak_and_near(gdp, affinity, asked)
        return share_difference(
            answers.has_joined[None], chosen[None], (asked & ~chosen)[None]
        )

    return _collected(CHINESE, ("contract",), statistic)


def reversals_on_record() -> Record:
    """Return how much dearer power is where a supplier gave up a data centre, rank 0-1."""
    built = built_programme(REVERSED)
    events = built.facts.events
    is_own = events["programme"] == programme_of(built.scenario)[2]
    rows = events[is_own & (events["kind"] == "infrastructure")]
    hosts = sorted(set(rows.loc[rows["event"].isin(YES), "iso3"]))
    left = rows[(rows["event"] == "withdrew") & (rows["side"] == "supplier")]
    price = built.features.country.loc[hosts, "power_price_rank"].to_numpy()
    given_up = np.isin(hosts, left["iso3"])
    value = float(difference_of_means(price, given_up[None], ~given_up[None])[0])
    return Record({} if np.isnan(value) else {REVERSED: value})
