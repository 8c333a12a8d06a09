"""The host's side: the most that a country can ask before the provider turns to the next one.

The model's provider ranks countries by what each is worth to it and asks the best; it does not
weigh what it gives. So the price of what it gives is part of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.requirement.bound import relaxed
from sim.analysis.requirement.crossing import resampled_means
from sim.analysis.requirement.host.found import Bargain, Rivals, Standing
from sim.analysis.requirement.question import (
    Names,
    Question,
    check_can_be_invited,
    check_run,
    read_question,
)
from sim.analysis.requirement.searching import cost_of, line_of, spread_positions
from sim.analysis.requirement.settings import as_it_is, set_apart
from sim.analysis.requirement.trials import Trials
from sim.analysis.shared.tally import Tally
from sim.errors import InputError, Problem
from sim.experiment.intervals import HIGH, LOW
from sim.model.drawn import Drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.settings import Setting
    from sim.experiment.tables import Table
    from sim.model.layout import Draw, State
    from sim.scenario import Scenario

    Array = NDArray[np.float64]

REPLICATES = 200
USUAL = ("local_control",)
ASKS = 12
_RESAMPLES = 200
# Below what any country is worth: no candidate, or no place.
_NONE = -np.inf


class MostAsked(Bargain, Answer):
    """The most that a country can ask, with tables and words; see `Bargain`.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> found = sim.most_it_can_ask(baseline, "Norway", by="2025-07", replicates=8)
    >>> [table.name for table in found.tables()]
    ['asks', 'next']
    """

    NAME = "most-it-can-ask"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        asked = self.question
        return f"The most that {asked.name} can ask of {asked.provider} for {asked.reference}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.requirement.host.shown import bargain_tables

        return bargain_tables(self)

    def sentences(self) -> list[str]:
        """Return what came out, in words."""
        from sim.analysis.requirement.host.shown import bargain_sentences

        return bargain_sentences(self)

    def __repr__(self) -> str:
        return f"<MostAsked of {self.question.country} for {self.question.reference}>"


def most_it_can_ask(
    scenario: Scenario,
    country: str,
    *,
    offer: str | None = None,
    by: str | None = None,
    probability: float = 0.5,
    levers: Names | None = None,
    prices: Mapping[str, float] | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MostAsked:
    """Return the most that a country can ask before the provider turns to the next best one.

    The provider gives a place to whoever yields more: what a country is worth to it, times how
    likely the country is to sign when asked, less the price of what it asks.

    Parameters
    ----------
    scenario : Scenario
    country : str
        A code or a name.
    offer, by, replicates, seed, workers, progress
        As for `what_would_it_take`.
    probability : float
        Share of futures in which the provider must accept, above 0 and below 1.
    levers : sequence of str, or mapping of str to float, optional
        What it asks, all levers in step on the way to their limits. Local control unless given.
    prices : mapping of str to float, optional
        What going all the way with a lever costs the provider, in its utility: that in which
        ``value_market`` says what the largest market is worth over the smallest. 1 each unless
        given, which is an assumption.

    Returns
    -------
    MostAsked

    Raises
    ------
    InputError
        If an argument is wrong, the country can never be invited, or all may join the offer.

    Examples
    --------
    >>> import sim
    >>> found = sim.most_it_can_ask(
    ...     sim.load_scenario("baseline"), "Korea, Republic of", by="2025-08", replicates=8
    ... )
    >>> found.asks[0]
    (0,)
    """
    names = USUAL if levers is None else levers
    question = read_question(
        scenario, str(country), offer, by, probability, names, prices, is_alone=True
    )
    check_run(replicates, seed, workers, progress)
    if scenario.offers[question.reference].open_enrolment:
        rule = (
            f"all who are eligible may join {question.reference}: the provider turns nobody away."
        )
        raise InputError([Problem("", 0, rule, "Ask about an offer with places.")])
    plain = as_it_is(scenario, question.reference, question.month)
    check_can_be_invited(question, plain.built)
    apart = set_apart(scenario, question.reference, question.country, question.month)
    tally = Tally((ASKS + 1) * replicates, progress)
    return bargain(question, plain, apart, replicates, seed, workers, tally)


def bargain(
    question: Question,
    plain: Setting,
    apart: Setting,
    replicates: int,
    seed: int,
    workers: int | None = None,
    tally: Tally | None = None,
) -> MostAsked:
    """Return the most that a country can ask in worlds that are built.

    Parameters
    ----------
    question : Question
    plain, apart : Setting
        The world as it is, and one with an offer for the country alone.
    replicates, seed, workers
        As for `most_it_can_ask`.
    tally : Tally, optional
        Counts the futures.
    """
    levers = question.levers
    i = plain.built.axes.country.index(question.country)
    standing = standings(Trials(plain, levers, seed, replicates))
    line = line_of(levers, range(len(levers)))
    asks = [line[j] for j in spread_positions(len(line) - 1, ASKS)]
    trials = Trials(apart, levers, seed, replicates, workers, tally)
    # How likely a country is to sign when asked: nobody waits for a place or for its turn.
    outcomes = trials.run(asks, relaxed(apart, is_eager=False))
    signs = np.stack([each.signed[:, i] for each in outcomes], axis=1)
    others = outcomes[0].signed
    cost = np.array([cost_of(levers, positions) for positions in asks])
    surplus = _surplus(standing, i, signs.mean(axis=0), others.mean(axis=0))
    accepted = np.asarray((surplus >= cost).mean(axis=0), np.float64)
    weights = resampled_means(np.eye(replicates, dtype=np.bool_), seed, _RESAMPLES)
    pairs = zip(weights @ signs, weights @ others, weights, strict=True)
    shares = np.array([w @ (_surplus(standing, i, s, o) >= cost) for s, o, w in pairs])
    most = [_most(share, question.level) for share in shares]
    low, high = np.quantile(shares, (LOW, HIGH), axis=0)
    ends = np.quantile(most, (LOW, HIGH), method="inverted_cdf")
    level = np.quantile(surplus, 1.0 - question.level, axis=0, method="inverted_cdf")
    bearable = np.where(cost > 0.0, level / np.where(cost > 0.0, cost, 1.0), np.nan)
    return MostAsked(
        question, plain.built.axes.country, tuple(asks), cost, signs.mean(axis=0),
        others.mean(axis=0), accepted, low, high, bearable, standing,
        rivals_of(standing, i, others.mean(axis=0)), _most(accepted, question.level),
        float(ends[0]), float(ends[1]), seed, replicates,
    )  # fmt: skip


def standings(trials: Trials) -> Standing:
    """Return what countries are worth to the provider at the start of each future.

    Parameters
    ----------
    trials : Trials
        Of the world as it is.
    """
    setting = trials.setting
    futures = np.arange(trials.replicates, dtype=np.uint64)
    inputs = setting.inputs(trials.seed, futures, [{}])
    rows = [
        _standing(draw, state, setting)
        for draw, state in Drawn(setting.built, trials.seed, inputs).started()
    ]
    return Standing(np.array([worth for worth, _ in rows]), np.array([free for _, free in rows]))


def _standing(draw: Draw, state: State, setting: Setting) -> tuple[Array, float]:
    """Return what each country is worth, and the free places."""
    world, o = setting.built.world, setting.offer
    offer = draw.offer[o]
    can = (
        (world.start["is_excluded"][:, o] == 0)
        & (world.country["chip_tier"] <= offer["max_chip_tier"])
        & (
            (offer["democracy_floor_is_hard"] <= 0.5)
            | (world.country["democracy"] >= offer["democracy_floor"])
        )
        & (state.deal["month_signed"][:, o] < 0)
        & (world.start["closed_until"][:, o] <= int(world.offer["opening"][o]))
    )
    free = float(offer["slots"]) - float(state.book["held"][o])
    return np.where(can, state.worth[o], _NONE), free


def rivals_of(standing: Standing, i: int, signs: Array) -> Rivals:
    """Return who has the places while country i has one of them.

    Parameters
    ----------
    standing : Standing
    i : int
    signs : ndarray, shape (n,)
        Probability that each country signs when asked. The places go to those that yield most:
        worth times this probability.
    """
    can = np.isfinite(standing.worth)
    yields = np.where(can, np.where(can, standing.worth, 0.0) * signs, _NONE)
    own = yields[:, i]
    order = np.argsort(-np.delete(yields, i, axis=1), axis=1, kind="stable")
    n_others = order.shape[1]
    left = np.where(np.isfinite(standing.places), standing.places, n_others + 1) - 1
    place = np.clip(left, 0, max(n_others - 1, 0)).astype(np.int64)
    rows = np.arange(yields.shape[0])
    found = order[rows, place] if n_others else np.zeros(rows.size, np.int64)
    found = found + (found >= i)
    best = yields[rows, found]
    is_there = (left >= 0) & (left < n_others) & (best > 0.0) & (found != i)
    return Rivals(
        np.where(is_there, found, -1).astype(np.int64),
        np.where(is_there, best, 0.0),
        (np.delete(yields, i, axis=1) > own[:, None]).sum(axis=1).astype(np.int64) + 1,
    )


def _surplus(standing: Standing, i: int, signs: Array, others: Array) -> Array:
    """Return what country i yields over the next one, before the price of its ask, (R, m).

    Minus infinity where no place is free.
    """
    own = standing.worth[:, i, None] * signs[None, :]
    own = np.where(standing.places[:, None] >= 1.0, own, _NONE)
    return np.asarray(own - rivals_of(standing, i, others).yields[:, None], np.float64)


def _most(accepted: Array, level: float) -> float:
    """Return the place on the way of the most that is accepted often enough; -1 for nothing."""
    enough = accepted >= level
    if not enough.any():
        return -1.0
    last = int(np.flatnonzero(enough)[-1])
    if last == accepted.size - 1:
        return float(last)
    here, after = accepted[last], accepted[last + 1]
    return last + float((here - level) / (here - after))
