"""Why a country chose as it did: in one future, or over all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures, why_over_futures
from sim.analysis.explanation.asked_of import (
    checked_country,
    checked_month,
    checked_offers,
    checked_replicate,
    futures_of,
)
from sim.analysis.explanation.one_future.in_future import WhyInFuture, why_in_future
from sim.analysis.shared.given import check_text
from sim.model.requests import check_extras

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.experiment.stored import StoredRun
    from sim.scenario import Scenario


def explain(
    run: Scenario | Result | StoredRun,
    country: str,
    month: str | None = None,
    replicate: int | None = None,
    *,
    provider: str | None = None,
    offer: str | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    as_of: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WhyInFuture | WhyOverFutures:
    """Return why a country chose as it did.

    Parameters
    ----------
    run : Scenario, Result or StoredRun
        A scenario, or a run of one, whose own futures are then explained.
    country : str
        ISO3 code, or another code or name.
    month : str, optional
        "YYYY-MM". Unless given: in one future the month of its first signature, else the last; over
        all futures, in each the first month in which it decides about the provider, else the last.
    replicate : int, optional
        One future, counted from 0; all of them unless given.
    provider, offer : str, optional
        What is asked about, such as ``us`` and ``infrastructure``. Unless given: in one future
        everything, over all futures the provider with which it ends most often.
    replicates, seed : int, optional
        Futures of a scenario, 500 and 1 unless given. A run has its own.
    workers : int, optional
        Threads; one a core unless given.
    as_of : str, optional
        Month at whose end the futures stop.
    progress : callable, optional
        Called with (futures done, futures in all).

    Returns
    -------
    WhyInFuture or WhyOverFutures

    Raises
    ------
    InputError
        If the country is unknown or takes no part, the month or the future is not one of the run,
        there is no such provider or offer, or an argument has the wrong type.
    ResultError
        If the code or the facts have changed since a stored run was written.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> found = sim.explain(baseline, "Kazakhstan", replicate=3)
    >>> terms = found.weighed.term[found.weighed.preferred]
    >>> float(sum(terms)) == float(found.weighed.value[found.weighed.preferred])
    True
    """
    check_extras(progress=progress)
    futures = futures_of(run, replicates, seed, as_of)
    i = checked_country(country, futures.built)
    t = checked_month(month, futures.built)
    check_text("offer", offer, "us.infrastructure")
    offers = checked_offers(futures.built, provider, offer)
    if replicate is not None:
        return why_in_future(futures, i, checked_replicate(replicate, futures), t, offers)
    return why_over_futures(futures, i, t, offers, workers, progress)
