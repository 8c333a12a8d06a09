"""Why a country chose as it did in one month of one future."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.answers import Answer
from sim.analysis.explanation.one_future.chosen import Chosen
from sim.analysis.explanation.one_future.weighed import Weighed, first_signature
from sim.model.tracing import FollowedFutures

if TYPE_CHECKING:
    from sim.analysis.explanation.asked_of import AskedFutures
    from sim.experiment.tables import Table


class WhyInFuture(Chosen, Answer):
    """Why a country chose as it did in one month of one future; see `Chosen`.

    Examples
    --------
    >>> import sim
    >>> found = sim.explain(sim.load_scenario("baseline"), "Norway", replicate=0)
    >>> found.sentences()[0].startswith("In one future of the model, number 0, Norway ")
    True
    """

    NAME = "why"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Why {self.name} chose as it did in {self.weighed.month}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.explanation.one_future.future_tables import future_tables

        return future_tables(self)

    def sentences(self) -> list[str]:
        """Return why, in words: the first two are fit to be quoted."""
        from sim.analysis.explanation.one_future.future_words import future_sentences

        return future_sentences(self)

    def __repr__(self) -> str:
        weighed = self.weighed
        return f"<Why {weighed.country} in {weighed.month} of future {weighed.replicate}>"


def why_in_future(
    futures: AskedFutures, i: int, replicate: int, t: int | None, offers: tuple[int, ...] | None
) -> WhyInFuture:
    """Return why a country chose as it did in one month of one future.

    Parameters
    ----------
    futures : AskedFutures
    i : int
        The country.
    replicate : int
    t : int or None
        The month; that of the first signature, else the last, where None is given.
    offers : tuple of int or None
        Offers whose first signature counts; all for None.
    """
    followed = FollowedFutures(futures.built, futures.seed, [replicate])
    trace = followed.trace(0, [i])
    chosen_by = "given"
    if t is None:
        t, chosen_by = first_signature(futures.built, trace, 0, i, offers), "signature"
    if t is None:
        t, chosen_by = futures.built.world.n_months - 1, "last"
    _, moment = followed.begin(0, [i], t)
    weights = followed.draw(0).weight
    return WhyInFuture(
        Weighed(futures.built, replicate, weights, trace, 0, i, t), moment, chosen_by
    )
