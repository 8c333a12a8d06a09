"""Which countries a provider should ask, for an objective, within limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.analysis.answers import Answer
from sim.analysis.portfolio.actual import holders_in_fact, partners_in_fact
from sim.analysis.portfolio.asked import (
    Asked,
    checked_terms,
    indices,
    limits_of,
    market_of,
    read_question,
)
from sim.analysis.portfolio.belonging import belongings
from sim.analysis.portfolio.evaluating import (
    RANDOM_SETS,
    Evaluation,
    by_contribution,
    further_of,
    measures_found,
    members_of,
    others_of,
    slots_of,
    stability_of,
)
from sim.analysis.portfolio.found import Belongs, BestSet, SearchStep, Selection
from sim.analysis.portfolio.market import own_draws
from sim.analysis.portfolio.search import MOST_EXCHANGES, MOST_GREEDY, Search
from sim.analysis.portfolio.simulated import Luck
from sim.analysis.shared.estimates import estimate_apart
from sim.analysis.shared.seeds import fresh_seed
from sim.analysis.shared.tally import Tally
from sim.errors import InputError, Problem
from sim.experiment.intervals import HIGH, LOW, quantiles
from sim.model.requests import (
    check_extras,
    check_request,
    check_scenario,
    check_whole,
)
from sim.model.world.building import Built, build_world

if TYPE_CHECKING:
    from sim.experiment.tables import Table
    from sim.scenario import Scenario

REPLICATES = 400
MOST_FRESH = 20_000
AS_IT_STANDS = "as it stands"


class Portfolio(Selection, Answer):
    """The countries that a provider should ask, with tables and words; see `Selection`.

    Examples
    --------
    >>> import sim
    >>> ways = {"slots": 2, "include": ["Japan", "Norway"], "as_of": "2025-06", "replicates": 8}
    >>> sim.portfolio(sim.load_scenario("baseline"), **ways).frame("slots").columns[:2].tolist()
    ['places', 'country']
    """

    NAME = "portfolio"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Which {len(self.members)} countries to ask for {self.asked.objective.aim}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.portfolio.tables import portfolio_tables

        return portfolio_tables(self)

    def sentences(self) -> list[str]:
        """Return what came out, in words."""
        from sim.analysis.portfolio.words import portfolio_sentences

        return portfolio_sentences(self)

    def __repr__(self) -> str:
        return f"<Portfolio of {self.asked.offer}: {', '.join(self.codes)}>"


@dataclass(frozen=True)
class Effort:
    """How many futures each stage of a search has.

    Parameters
    ----------
    screened, confirmed : int
        Futures in which sets are compared, and in which what looks better is confirmed.
    exchanges : int
        Sets that are screened after the greedy stage.
    draws, futures_of_draw : int
        Draws of the uncertain numbers behind `Selection.belonging`, and futures of each.
    paired : int
        Futures in which blocking pairs are looked for.
    """

    screened: int = 80
    confirmed: int = 240
    exchanges: int = MOST_EXCHANGES
    draws: int = 40
    futures_of_draw: int = 100
    paired: int = 100

    def most(self, places: int, replicates: int, settings: int) -> int:
        """Return about how many futures a question takes at most."""
        screened = self.screened * (MOST_GREEDY + self.exchanges)
        confirmed = self.confirmed * (12 + self.exchanges // 8)
        checked = replicates * (9 + RANDOM_SETS + places + settings)
        return (
            settings * (screened + confirmed)
            + 2 * self.draws * self.futures_of_draw
            + checked
            + self.paired
        )


FULL, QUICK = "full", "quick"
EFFORTS = {
    FULL: Effort(),
    QUICK: Effort(screened=40, confirmed=80, exchanges=40, draws=20, futures_of_draw=40, paired=40),
}


def portfolio(
    scenario: Scenario,
    offer: str | None = None,
    *,
    objective: str | Mapping[str, float] = "partners",
    slots: int | None = None,
    megawatts: float | None = None,
    budget_usd_m: float | None = None,
    terms: Mapping[str, Mapping[str, float]] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    search: str = FULL,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    as_of: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Portfolio:
    """Choose the countries to which a provider should make an offer by selection.

    Only these countries are then asked; all other offers go on as the scenario has them. The value
    of a set is the mean of the objective over simulated futures. The set is found by greedy choice
    with exchange, each set in the same futures, and is then evaluated in fresh ones.

    Parameters
    ----------
    scenario : Scenario
    offer : str, optional
        Such as ``us.infrastructure``; the first offer by selection unless given.
    objective : str or mapping of str to float
        ``partners``, ``camp``, ``compute``, ``live_compute``, ``gdp``, ``population``,
        ``readiness``, ``rival_loss``, or a weighted sum such as ``partners=1,readiness=2``.
    slots : int, optional
        How many countries can hold the offer, partners on record included; as the scenario has it
        unless given.
    megawatts, budget_usd_m : float, optional
        The most that may be promised to the countries asked, and that the provider may pay.
    terms : mapping, optional
        Settings of the offer's terms to choose from, by name: levers or addresses with values. The
        terms as they stand are always among them.
    include, exclude : sequence of str
        Countries that are asked in any case, and countries that are not, by code or name.
    search : str
        ``full``, or ``quick``, which takes about a third of the futures, as pages do.
    replicates : int
        Fresh futures in which the set is evaluated.
    seed : int
        Of the search; the fresh futures have the next one.
    workers, as_of, progress
        As for `simulate`.

    Returns
    -------
    Portfolio

    Raises
    ------
    InputError
        If an argument is wrong, the limits admit nobody, or there is nobody to choose.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> ways = {"slots": 2, "include": ["Japan", "Norway"], "as_of": "2025-06", "replicates": 8}
    >>> found = sim.portfolio(baseline, **ways)
    >>> sorted(found.codes)
    ['JPN', 'NOR']
    """
    check_scenario(scenario)
    check_request(replicates, seed, workers)
    check_extras(progress=progress)
    problems = check_whole("replicates", replicates, 1, MOST_FRESH, "400 are enough for most.")
    if search not in EFFORTS:
        rule = f"search = {search!r} is neither {' nor '.join(EFFORTS)}."
        problems.append(Problem("", 0, rule, "Choose one of the two."))
    if problems:
        raise InputError(problems)
    asked = read_question(
        scenario, offer, objective, slots, megawatts, budget_usd_m, include, exclude
    )
    settings = {AS_IT_STANDS: scenario} | checked_terms(scenario, terms)
    return find_portfolio(
        settings, asked, replicates, seed, workers, as_of, EFFORTS[search], progress
    )


def find_portfolio(
    settings: Mapping[str, Scenario],
    asked: Asked,
    replicates: int,
    seed: int,
    workers: int | None,
    as_of: str | None,
    effort: Effort,
    progress: Callable[[int, int], None] | None = None,
) -> Portfolio:
    """Return the countries to ask, for a question that is checked; see `portfolio`."""
    worlds = {name: build_world(each, as_of=as_of) for name, each in settings.items()}
    scenario = next(iter(settings.values()))
    record = partners_in_fact(scenario, asked.offer.split(".")[0], as_of)
    in_fact = holders_in_fact(record, asked.offer)
    tally = Tally(effort.most(asked.places, replicates, len(worlds)), progress)
    found = choose_world(worlds, asked, in_fact, replicates, seed, workers, effort, tally)
    return Portfolio(**vars(replace(found, record=record)))


def choose_world(
    worlds: Mapping[str, Built],
    asked: Asked,
    in_fact: Sequence[str] = (),
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    effort: Effort | None = None,
    tally: Tally | None = None,
) -> Selection:
    """Return the best set of the best world: terms and countries together; see `portfolio`.

    Parameters
    ----------
    worlds : mapping of str to Built
        The scenario under each setting of the terms.
    asked : Asked
    in_fact : sequence of str
        Codes of the countries that accepted the offer, on record.
    replicates, seed, workers
        As for `portfolio`.
    effort : Effort, optional
    tally : Tally, optional
        Counts the futures.
    """
    work, count = effort or Effort(), tally or Tally()
    searched: dict[str, Evaluation] = {}
    problems: list[Any] = []
    for name, built in worlds.items():
        try:
            searched[name] = _searched(built, asked, replicates, seed, workers, work, count)
        except InputError as error:
            problems += error.problems
    if not searched:
        raise InputError([*dict.fromkeys(problems)])
    # By the futures of the search: those that are fresh must choose nothing.
    best = max(searched, key=lambda name: _search_value(searched[name]))
    found = searched[best]
    settings = _settings(searched, best) if len(worlds) > 1 else ()
    return _checked(found, asked, in_fact, work, settings)


def _searched(
    built: Built, asked: Asked, replicates: int, seed: int, workers: int | None, effort: Effort,
    tally: Tally,
) -> Evaluation:  # fmt: skip
    """Return the best set of one world."""
    market = market_of(built, asked)

    def luck(seed: int, futures: slice) -> Luck:
        return Luck(market, asked.objective, seed, own_draws(futures.stop)[futures], workers, tally)

    n = effort.screened + effort.confirmed
    both = luck(seed, slice(0, n))
    brings = both.packages(asked.places)
    limits = limits_of(market, asked, brings)
    search = Search(
        luck(seed, slice(0, effort.screened)),
        luck(seed, slice(effort.screened, n)),
        limits,
        both.gains_of_asking_all(asked.places, brings),
        indices(market, asked.include),
        effort.exchanges,
    )
    order = by_contribution(search, search.run())
    return Evaluation(market, limits, search, order, luck(fresh_seed(seed), slice(0, replicates)))


def _search_value(found: Evaluation) -> float:
    return float(found.search.confirm.values(found.order, found.places).mean())


def _settings(searched: Mapping[str, Evaluation], best: str) -> tuple[BestSet, ...]:
    """Return the best set under each setting of terms, in fresh futures."""
    values = {name: found.values for name, found in searched.items()}
    return tuple(
        BestSet(
            name,
            found.market.codes(found.order),
            estimate_apart(values[name]),
            estimate_apart(values[name] - values[best]),
            name == best,
        )
        for name, found in searched.items()
    )


def _checked(
    found: Evaluation, asked: Asked, in_fact: Sequence[str], effort: Effort,
    settings: tuple[BestSet, ...],
) -> Selection:  # fmt: skip
    """Return what was found with all that is said of it."""
    market, search = found.market, found.search
    codes, possible = market.built.axes.country, {*market.candidates}
    facts = [codes.index(code) for code in in_fact if code in codes]
    low, high = quantiles(found.values, (LOW, HIGH))
    paired = found.fresh.with_futures(own_draws(effort.paired))
    return Selection(
        scenario=market.built.scenario,
        asked=asked,
        months=market.built.axes.month,
        held=market.codes(market.held),
        members=members_of(found),
        value=estimate_apart(found.values),
        spread=(float(low), float(high)),
        searched=_search_value(found) - _search_value(replace(found, order=())),
        measures=measures_found(found),
        others=others_of(found, [i for i in facts if i in possible]),
        slots=slots_of(found),
        further=further_of(found),
        belonging=_belonging(found, effort),
        stability=stability_of(found, paired),
        record=(),
        settings=settings,
        steps=tuple(
            SearchStep(
                step.kind, market.codes(step.joins), market.codes(step.leaves), step.gain,
                step.is_taken,
            )
            for step in search.steps
        ),
        screened=search.screened,
        seed=search.screen.seed,
        replicates=found.fresh.replicates.size,
        fresh_seed=found.fresh.seed,
        draws=effort.draws,
    )  # fmt: skip


def _belonging(found: Evaluation, effort: Effort) -> tuple[Belongs, ...]:
    """Return how often each candidate belongs, the most frequent first."""
    market, limits, search = found.market, found.limits, found.search
    luck = found.fresh.with_futures(own_draws(effort.draws), effort.futures_of_draw)
    brings = luck.packages(limits.places)
    gains = luck.gains_of_asking_all(limits.places, brings)
    shares = belongings(gains, limits, market.candidates, search.forced, effort.futures_of_draw)
    asked = {*found.order}
    rows = [
        Belongs(market.built.axes.country[i], market.name(i), each, i in asked)
        for i, each in shares.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share.mean, not row.is_asked, row.code)))
