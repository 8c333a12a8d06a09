"""Why a country chooses as it does, over all futures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.explanation.all_futures.decisions import NOT_ASKED, read_decision
from sim.analysis.explanation.all_futures.seen import Seen
from sim.analysis.explanation.one_future.asking import asked, asked_in_words
from sim.analysis.explanation.one_future.in_future import why_in_future
from sim.analysis.shared.tally import Tally
from sim.experiment.outcomes import offers_of
from sim.experiment.tables.countries import commitment_probability
from sim.model.tracing import FollowedFutures

if TYPE_CHECKING:
    from sim.analysis.explanation.asked_of import AskedFutures
    from sim.experiment.tables import Table
    from sim.model.ensemble import Ensemble


class WhyOverFutures(Seen, Answer):
    """Why a country chooses as it does, over all futures; see `Seen`.

    Examples
    --------
    >>> import sim
    >>> found = sim.explain(sim.load_scenario("baseline"), "Norway", replicates=8)
    >>> [table.name for table in found.tables()]
    ['reasons', 'ends', 'month', 'terms', 'distinguishing']
    """

    NAME = "why"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Why {self.name} is a partner of {self.partner} or not"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.explanation.all_futures.mean_tables import mean_tables

        return mean_tables(self)

    def sentences(self) -> list[str]:
        """Return why, in words: the first two are fit to be quoted."""
        from sim.analysis.explanation.all_futures.mean_words import mean_sentences

        return mean_sentences(self)

    def __repr__(self) -> str:
        return f"<Why {self.country} with {self.provider}, {len(self.decisions)} futures>"


def why_over_futures(
    futures: AskedFutures,
    i: int,
    t: int | None,
    offers: tuple[int, ...] | None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WhyOverFutures:
    """Return why a country chooses as it does, over all futures.

    Parameters
    ----------
    futures : AskedFutures
    i : int
        The country.
    t : int or None
        The month that is looked at; None: in each future that in which it decides.
    offers : tuple of int or None
        What is asked about; for None the provider with which it ends most often.
    workers, progress
        As for `explain`.
    """
    tally = Tally(2 * futures.replicates, progress)
    ensemble = futures.run(workers, tally.of_run())
    if offers is None:
        offers = _usual(ensemble, i)
    followed = FollowedFutures(futures.built, futures.seed, range(futures.replicates))
    chosen = offers
    decisions = followed.each(
        lambda _: (i,),
        lambda _, trace: read_decision(futures.built, trace, i, chosen, t),
        workers,
        tally.of_run(),
    )
    seen = tuple(decisions)
    barred: tuple[str, ...] = ()
    if all(each.end == NOT_ASKED for each in seen):
        last = futures.built.world.n_months - 1
        stands = asked(why_in_future(futures, i, 0, last, offers).weighed)
        barred = tuple(
            asked_in_words(futures.built, each) for each in stands if each.offer in offers
        )
    return WhyOverFutures(futures.built, ensemble, i, offers, t, seen, barred)


def _usual(ensemble: Ensemble, i: int) -> tuple[int, ...]:
    """Return the offers of the provider with which a country ends most often."""
    shares = [
        float(commitment_probability(ensemble, p).mean[i])
        for p in range(len(ensemble.axes.provider))
    ]
    return tuple(offers_of(ensemble.axes, ensemble.axes.provider[int(np.argmax(shares))]))
