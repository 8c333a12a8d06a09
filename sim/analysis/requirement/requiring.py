"""What it would take for a country to sign an offer by a date with a given probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.requirement.bound import binding_of
from sim.analysis.requirement.costing import partner_cost
from sim.analysis.requirement.crossing import crossing_interval
from sim.analysis.requirement.found import (
    ALREADY,
    BARELY,
    BEYOND,
    GIVEN,
    REACHED,
    Certificate,
    Found,
    LeverInterval,
    Tried,
)
from sim.analysis.requirement.moving import moves_between
from sim.analysis.requirement.question import (
    Names,
    Question,
    check_can_be_invited,
    check_run,
    read_question,
)
from sim.analysis.requirement.searching import (
    SCAN,
    cheapest,
    cost_of,
    falls,
    frontier_of,
    least_on_line,
    line_of,
    ways_up,
)
from sim.analysis.requirement.settings import as_it_is, set_apart
from sim.analysis.requirement.trials import Positions, Trials
from sim.analysis.shared.estimates import Estimate, frequency
from sim.analysis.shared.given import check_by_name, check_names
from sim.analysis.shared.seeds import fresh_seed
from sim.analysis.shared.tally import Tally
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.analysis.requirement.moving import Moves
    from sim.analysis.requirement.settings import Setting
    from sim.experiment.tables import Table
    from sim.scenario import Scenario

REPLICATES = 200
# Futures of the certificate.
CERTIFIED = 1000
# Of the standard normal distribution: nine answers in ten hold in fresh futures.
MARGIN = 1.2815515594600038
MOST_LEVERS = 5
# Futures of a search, in shares of `REPLICATES`: what a bar of progress starts from.
USUAL_TRIALS = {1: 30, 2: 70}
_MORE_TRIALS = 140


class Requirement(Found, Answer):
    """What it would take, with tables and words; see `Found`.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> sim.what_would_it_take(baseline, "Norway", by="2025-07", replicates=8).state
    'beyond'
    """

    NAME = "what-would-it-take"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        asked = self.question
        return f"What it would take for {asked.name} to sign {asked.offer} by {asked.month}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.requirement.tables import requirement_tables

        return requirement_tables(self)

    def sentences(self) -> list[str]:
        """Return what came out, in words."""
        from sim.analysis.requirement.words import requirement_sentences

        return requirement_sentences(self)

    def __repr__(self) -> str:
        asked = self.question
        return f"<Requirement of {asked.country} for {asked.reference}: {self.state}>"


def what_would_it_take(
    scenario: Scenario,
    country: str,
    *,
    offer: str | None = None,
    by: str | None = None,
    probability: float = 0.5,
    levers: Names | None = None,
    prices: Mapping[str, float] | None = None,
    terms: Mapping[str, float] | None = None,
    only_it: bool = False,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Requirement:
    """Return the smallest change of terms with which a country signs as likely as wanted.

    All terms are tried in the same futures. The answer keeps a margin, so that nine answers in ten
    hold in fresh futures; the certificate says whether this one does.

    Parameters
    ----------
    scenario : Scenario
    country : str
        A code or a name.
    offer : str, optional
        ``provider.offer``; the first offer of the scenario unless given.
    by : str, optional
        Last month that counts, "YYYY-MM", or a year; the last of the scenario unless given.
    probability : float
        The probability of signing that is wanted, above 0 and below 1.
    levers : sequence of str, or mapping of str to float, optional
        What may change, one to five of `sim.analysis.requirement.catalogue.lever_kinds`, or
        levers of the scenario that move a term of the offer; a mapping says how far each may go.
        Local control and the fund unless given.
    prices : mapping of str to float, optional
        Cost of going all the way with a lever; 1 each unless given. The answer is the cheapest.
    terms : mapping of str to float, optional
        Values of levers: then nothing is searched for, and the answer says what these terms do.
    only_it : bool
        Whether the terms are for this country alone, with one of the places set aside for it.
        Otherwise they are offered to all who are asked.
    replicates : int
        Futures of each trial, at least 8.
    seed, workers : int
        As for `simulate`.
    progress : callable, optional
        Called with (futures done, futures expected).

    Returns
    -------
    Requirement

    Raises
    ------
    InputError
        If an argument is wrong, or the country can never be invited; the message names the rule.

    Examples
    --------
    >>> import sim
    >>> found = sim.what_would_it_take(
    ...     sim.load_scenario("baseline"),
    ...     "Norway",
    ...     by="2025-08",
    ...     probability=0.01,
    ...     levers=["fund"],
    ...     replicates=8,
    ... )
    >>> found.question.country, found.question.month
    ('NOR', '2025-08')
    """
    if terms is not None:
        check_by_name("terms", terms, "{'fund': 600}")
        check_names("terms", terms, "{'fund': 600}")
    if terms is not None and levers is not None:
        rule = "levers to be moved and terms that are given are different questions."
        raise InputError([Problem("", 0, rule, "Give one of the two.")])
    wanted = levers if terms is None else dict(terms)
    question = read_question(
        scenario, str(country), offer, by, probability, wanted, prices, only_it
    )
    check_run(replicates, seed, workers, progress)
    check_number_of_levers(question)
    plain = as_it_is(scenario, question.reference, question.month)
    check_can_be_invited(question, plain.built)
    apart = plain
    if only_it:
        apart = set_apart(scenario, question.reference, question.country, question.month)
    tally = Tally(expected_futures(len(question.levers), replicates), progress)
    search = TermsSearch(question, plain, apart, replicates, seed, workers, tally)
    return search.answer(is_given=terms is not None)


def expected_futures(n_levers: int, replicates: int) -> int:
    """Return about how many futures a question takes."""
    trials = USUAL_TRIALS.get(n_levers, _MORE_TRIALS)
    return trials * replicates + 2 * CERTIFIED


def check_number_of_levers(question: Question) -> None:
    """Check that there are not too many levers to search.

    Raises
    ------
    InputError
        If there are more than five.
    """
    if len(question.levers) > MOST_LEVERS:
        rule = f"{len(question.levers)} levers may move, and {MOST_LEVERS} are the most."
        raise InputError([Problem("", 0, rule, "Leave some of them where they stand.")])


class TermsSearch:
    """One search in worlds that are built: the trials, and what comes of them.

    Parameters
    ----------
    question : Question
    plain : Setting
        The world as it is.
    apart : Setting
        The world in which terms change: the same, or one with an offer for the country alone.
    replicates, seed, workers
        As for `what_would_it_take`.
    tally : Tally, optional
        Counts the futures.
    """

    def __init__(
        self,
        question: Question,
        plain: Setting,
        apart: Setting,
        replicates: int,
        seed: int,
        workers: int | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.question, self.levers = question, question.levers
        self.plain, self.apart = plain, apart
        self.seed, self.replicates = seed, replicates
        self.workers, self.tally = workers, tally
        self.i = plain.built.axes.country.index(question.country)
        self.trials = Trials(apart, self.levers, seed, replicates, workers, tally, self.i)
        self.before = self.trials
        if apart is not plain:
            self.before = Trials(plain, self.levers, seed, replicates, workers, tally, self.i)

    def chances(self, terms: Sequence[Positions]) -> list[Estimate]:
        """Return how likely the country is to sign on some terms."""
        return [frequency(each.signed[:, 0]) for each in self.trials.run(terms)]

    def holds(self, margin: float) -> Callable[[Sequence[Positions]], list[bool]]:
        """Return what says whether terms are enough, by some standard errors.

        The error is that of the search and of the certificate together.
        """
        both = margin * np.sqrt(1.0 + self.replicates / CERTIFIED)

        def found(terms: Sequence[Positions]) -> list[bool]:
            return [c.mean - both * c.error >= self.question.level for c in self.chances(terms)]

        return found

    def answer(self, *, is_given: bool = False) -> Requirement:
        """Return the answer, with all that belongs to it.

        If the terms are given every lever is at its limit, and nothing is searched for.
        """
        as_it_stands = frequency(self.before.run([self.before.start])[0].signed[:, 0])
        state, positions = GIVEN, self.trials.limit
        if not is_given:
            state, positions = self._state(as_it_stands)
        curve = self._curve(positions)
        tried = self._tried(positions)
        frontier = self._frontier(state)
        certificate, moves, by_terms = self._certified(positions)
        terms = [self.trials.start, positions, *(each.positions for each, _ in frontier)]
        costs = {p: partner_cost(self.trials, self.i, p) for p in dict.fromkeys(terms)}
        where = "answer" if state != BEYOND else "best"
        binding = [binding_of(self.before, "as_it_is", self.before.start)]
        if self.apart is not self.plain or any(positions):
            binding.append(binding_of(self.trials, where, positions))
        every = [Tried(p, c) for p, c in zip(self.trials.tried, self.chances(self.trials.tried),
                                             strict=True)]  # fmt: skip
        every.sort(key=lambda each: (cost_of(self.levers, each.positions), each.positions))
        return Requirement(
            self.question, state, as_it_stands, self.chances([self.trials.start])[0], tried,
            self._spans(state, positions, curve), tuple(every), curve, frontier, tuple(binding),
            moves, by_terms, certificate, costs, falls([each.chance.mean for each in curve]),
            self.seed, self.replicates,
        )  # fmt: skip

    def _state(self, as_it_stands: Estimate) -> tuple[str, Positions]:
        """Return how the question ends, and the terms of the answer."""
        if as_it_stands.mean >= self.question.level:
            return ALREADY, self.trials.start
        for state, margin in ((REACHED, MARGIN), (BARELY, 0.0)):
            positions = self._least(self.holds(margin))
            if positions is not None:
                return state, positions
        terms = self.trials.tried
        best = max(zip(terms, self.chances(terms), strict=True), key=lambda pair: pair[1].mean)
        return BEYOND, best[0]

    def _least(self, holds: Callable[[Sequence[Positions]], list[bool]]) -> Positions | None:
        """Return the cheapest terms that hold; None if none that is tried does."""
        n = len(self.levers)
        if n == 1:
            line = line_of(self.levers, (0,))
            place = least_on_line(holds, line)
            return None if place is None else line[place]
        starts: list[Positions] = []
        if n == 2:
            points = frontier_of(holds, self.trials.limit)
            starts = [each.positions for each in points if each.is_enough]
        else:
            for line in ways_up(self.levers):
                place = least_on_line(holds, line)
                if place is not None:
                    starts.append(line[place])
        return cheapest(self.levers, holds, starts) if starts else None

    def _tried(self, positions: Positions) -> Tried:
        return Tried(positions, self.chances([positions])[0])

    def _curve(self, positions: Positions) -> tuple[Tried, ...]:
        """Return trials from where the levers stand over the answer to their limits."""
        shares = [
            lever.share(p) if p else 0.0 for lever, p in zip(self.levers, positions, strict=True)
        ]
        if not any(shares):
            shares = [1.0] * len(shares)
        farthest = 1.0 / min(share for share in shares if share > 0.0)
        ways = sorted({*np.linspace(0.0, farthest, SCAN + 1).tolist(), 1.0})
        terms = [
            tuple(
                lever.position(min(1.0, way * share))
                for lever, share in zip(self.levers, shares, strict=True)
            )
            for way in ways
        ]
        terms = [*dict.fromkeys([*terms[: ways.index(1.0)], positions, *terms[ways.index(1.0) :]])]
        if not any(positions):
            terms = [*dict.fromkeys([positions, *terms])]
        return tuple(Tried(p, c) for p, c in zip(terms, self.chances(terms), strict=True))

    def _spans(
        self, state: str, positions: Positions, curve: Sequence[Tried]
    ) -> tuple[LeverInterval, ...]:
        """Return the levers at the answer, with intervals of where the level is reached."""
        values = [lever.value(p) for lever, p in zip(self.levers, positions, strict=True)]
        if state in (ALREADY, BEYOND, GIVEN):
            return tuple(LeverInterval(value, np.nan, np.nan) for value in values)
        terms = [each.positions for each in curve]
        happens = np.stack([each.signed[:, 0] for each in self.trials.run(terms)], axis=1)
        at = np.arange(len(terms), dtype=np.float64)
        _, low, high = crossing_interval(at, happens, self.question.level, self.seed)
        return tuple(
            LeverInterval(value, self._between(terms, j, low), self._between(terms, j, high))
            for j, value in enumerate(values)
        )

    def _between(self, terms: Sequence[Positions], j: int, at: float) -> float:
        """Return a lever at a place between two trials of the curve; infinite beyond the last."""
        if not np.isfinite(at):
            return np.inf
        values = [self.levers[j].value(positions[j]) for positions in terms]
        return float(np.interp(at, np.arange(len(values)), values))

    def _frontier(self, state: str) -> tuple[tuple[Tried, bool], ...]:
        if len(self.levers) < 2 or state in (ALREADY, GIVEN):
            return ()
        margin = MARGIN if state == REACHED else 0.0
        points = frontier_of(self.holds(margin), self.trials.limit)
        return tuple((self._tried(each.positions), each.is_enough) for each in points)

    def _certified(self, positions: Positions) -> tuple[Certificate, Moves, Moves | None]:
        """Return the answer in fresh futures, and who else moves in them: by all, by terms."""
        seed = fresh_seed(self.seed)
        fresh = Trials(self.apart, self.levers, seed, CERTIFIED, self.workers, self.tally)
        before = fresh
        if self.apart is not self.plain:
            before = Trials(self.plain, self.levers, seed, CERTIFIED, self.workers, self.tally)
        first, last = before.run([before.start])[0], fresh.run([positions])[0]
        country, own = self.plain.built.axes.country, self.question.country
        by_terms = None
        if before is not fresh and any(positions):
            by_terms = moves_between(country, own, fresh.run([fresh.start])[0], last)
        ends = (frequency(each.signed[:, self.i]) for each in (first, last))
        certificate = Certificate(seed, CERTIFIED, *ends)
        return certificate, moves_between(country, own, first, last), by_terms
