"""The search for the best set: greedy, then exchange, on simulated values with the same luck."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.portfolio.additive import best_sum
from sim.analysis.portfolio.simulated import Luck
from sim.analysis.shared.estimates import estimate_apart
from sim.experiment.intervals import mean_interval

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits
    from sim.analysis.portfolio.objective import Values
    from sim.analysis.shared.estimates import Estimate

Chosen = frozenset[int]
SHORTLIST = 3
MOST_GREEDY = 45  # sets, so that the shortlist shrinks where places are many
MOST_EXCHANGES = 100
GREEDY, ADDITIVE, SWAP, ADD = "greedy", "additive", "swap", "add"


@dataclass(frozen=True)
class Attempt:
    """One thing that the search has tried, and what it gained.

    Parameters
    ----------
    kind : str
        ``greedy``: a country is added to those chosen so far; ``additive``: the best set of the
        first approximation takes the place of the greedy one; ``swap``, ``add``: an exchange.
    joins, leaves : tuple of int
        Countries.
    gain : Estimate
        Paired difference of the objective in the futures that decide.
    is_taken : bool
    """

    kind: str
    joins: tuple[int, ...]
    leaves: tuple[int, ...]
    gain: Estimate
    is_taken: bool


@dataclass
class Search:
    """A search for the best set that limits admit.

    Parameters
    ----------
    screen, confirm : Luck
        Futures in which all sets are compared, and others in which what looks better is confirmed.
    limits : Limits
    gains : ndarray, shape (R, n)
        First approximation: what each country adds in each future where all are asked.
    forced : frozenset of int
        Countries that are asked in any case.
    most_exchanges : int
        Sets that are screened after the greedy stage.
    """

    screen: Luck
    confirm: Luck
    limits: Limits
    gains: Values
    forced: Chosen = frozenset()
    most_exchanges: int = MOST_EXCHANGES
    steps: list[Attempt] = field(default_factory=list)
    screened: int = 0

    @property
    def mean_gain(self) -> Values:
        """What each country adds, by the first approximation, (n,)."""
        return np.asarray(self.gains.mean(axis=0))

    def run(self) -> Chosen:
        """Return the best set found."""
        candidates = self.screen.market.candidates
        chosen = self.greedy()
        additive = best_sum(self.mean_gain, candidates, self.limits, self.forced)
        if additive != chosen:
            gain = self.gain(self.confirm, chosen, additive)
            is_better = gain.mean > 0.0
            joins, leaves = tuple(sorted(additive - chosen)), tuple(sorted(chosen - additive))
            self.steps.append(Attempt(ADDITIVE, joins, leaves, gain, is_better))
            chosen = additive if is_better else chosen
        return self.exchanged(chosen)

    def gain(self, luck: Luck, before: Chosen, after: Chosen) -> Estimate:
        """Return what one set has over another, future by future."""
        places = self.limits.places
        return estimate_apart(luck.values(after, places) - luck.values(before, places))

    def greedy(self) -> Chosen:
        """Return the set that grows by the country that adds most in simulation.

        At each step those are simulated that add most by the first approximation, for each share
        of the scarcest limit that they take.
        """
        chosen, room = self.forced, self.limits.to_choose - len(self.forced)
        most = min(SHORTLIST, max(1, MOST_GREEDY // max(room, 1)))
        while options := self.promising(chosen)[:most]:
            gains = [self.gain(self.screen, chosen, chosen | {i}) for i in options]
            best = int(np.argmax([each.mean for each in gains]))
            self.screened += len(options)
            self.steps.append(Attempt(GREEDY, (options[best],), (), gains[best], True))
            chosen = chosen | {options[best]}
        return chosen

    def promising(self, chosen: Chosen) -> list[int]:
        """Return who could be added, the most promising first."""
        mean = self.mean_gain
        price = np.ones(mean.size)
        for load, left in self.limits.loads:
            taken = float(load[[*chosen]].sum())
            price = np.maximum(price, load / max(left - taken, 1e-9) * self.limits.to_choose)
        promise = mean / price
        open_to = (
            i
            for i in self.screen.market.candidates
            if i not in chosen and mean[i] > 0.0 and self.limits.admit(chosen | {i})
        )
        return sorted(open_to, key=lambda i: (-promise[i], i))

    def exchanged(self, chosen: Chosen) -> Chosen:
        """Return the set after every exchange that gains more than its Monte Carlo error.

        An exchange is screened in some futures; one that gains there is confirmed in others.
        """
        left = self.most_exchanges
        is_moving = True
        while is_moving and left > 0:
            is_moving = False
            for after in self._neighbours(chosen):
                if left <= 0:
                    break
                left -= 1
                self.screened += 1
                screened = self.gain(self.screen, chosen, after)
                if not screened.mean > _noise(screened):
                    continue
                gain = self.gain(self.confirm, chosen, after)
                is_taken = gain.mean > max(_noise(gain), 1e-12)
                joins, leaves = tuple(after - chosen), tuple(chosen - after)
                self.steps.append(Attempt(SWAP if leaves else ADD, joins, leaves, gain, is_taken))
                if is_taken:
                    chosen, is_moving = after, True
                    break
        return chosen

    def _neighbours(self, chosen: Chosen) -> Iterator[Chosen]:
        """Yield sets one exchange away, the most promising first.

        Exchanges that the first approximation rules out, by more than twice its own error, are left
        out.
        """
        outside = [i for i in self.screen.market.candidates if i not in chosen]
        moves: list[tuple[float, Chosen]] = []
        for j in (None, *sorted(chosen - self.forced)):
            leaving = self.gains[:, j : j + 1] if j is not None else 0.0
            mean, _, _, error = mean_interval(self.gains[:, outside] - leaving, 1)
            may_gain = mean + 2.0 * np.nan_to_num(error) > 0.0
            for i, expected in zip(np.array(outside)[may_gain], mean[may_gain], strict=True):
                after = chosen - {j} | {int(i)} if j is not None else chosen | {int(i)}
                if self.limits.admit(after):
                    moves.append((float(expected), after))
        for _, after in sorted(moves, key=lambda move: (-move[0], sorted(move[1]))):
            yield after


def _noise(found: Estimate) -> float:
    """Return a Monte Carlo error; that of a single future is unknown and counts as none."""
    return found.error if np.isfinite(found.error) else 0.0


def best_addition(search: Search, chosen: Collection[int], places: int) -> int | None:
    """Return who adds most to a set with one place more, among the most promising.

    None if nobody fits, or nobody adds anything by the first approximation.
    """
    wider = Search(
        search.screen, search.confirm, replace(search.limits, places=places), search.gains
    )
    options = wider.promising(frozenset(chosen))[:SHORTLIST]
    if not options:
        return None
    values = [search.confirm.values([*chosen, i], places).mean() for i in options]
    return options[int(np.argmax(values))]
