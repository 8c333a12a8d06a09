"""What is explained: whose futures, which country, which month, which offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem
from sim.experiment.result import Result
from sim.experiment.stored import StoredRun
from sim.experiment.summaries.focus import checked_focus
from sim.model.ensemble import run_built
from sim.model.requests import MOST_REPLICATES, check_request, check_whole
from sim.model.world.building import build_world
from sim.scenario import Scenario
from sim.scenario.path_names import offer_id
from sim.scenario.wording import suggest

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble
    from sim.model.rows import Progress
    from sim.model.world.building import Built

REPLICATES, SEED = 500, 1


@dataclass(frozen=True)
class AskedFutures:
    """The futures of a scenario, or of a run.

    Parameters
    ----------
    built : Built
        The world, up to the last month.
    seed : int
    replicates : int
        How many futures.
    most : int
        One more than the largest number that a future can have.
    ensemble : Ensemble, optional
        The same futures, if they are there.
    """

    built: Built
    seed: int
    replicates: int
    most: int
    ensemble: Ensemble | None = None

    def run(self, workers: int | None, progress: Progress) -> Ensemble:
        """Return the futures, simulated if they are not there."""
        if self.ensemble is not None:
            progress(self.replicates, self.replicates)
            return self.ensemble
        return run_built(self.built, self.replicates, self.seed, workers, progress)


def futures_of(
    run: Any, replicates: int | None, seed: int | None, as_of: str | None
) -> AskedFutures:
    """Return the futures that are explained.

    Parameters
    ----------
    run : Scenario, Result or StoredRun
    replicates, seed : int, optional
        Of a scenario; a run has its own.
    as_of : str, optional
        Month at whose end the futures stop.

    Raises
    ------
    InputError
        If `run` is none of these, a number is out of range, or is given for a run that has its own.
    ResultError
        If the code or the facts have changed since a stored run was written.
    """
    if isinstance(run, Scenario):
        size = REPLICATES if replicates is None else replicates
        check_request(size, SEED if seed is None else seed)
        return AskedFutures(
            build_world(run, as_of=as_of), SEED if seed is None else seed, size, MOST_REPLICATES
        )
    if not isinstance(run, Result | StoredRun):
        shown = f"{run[:60]!r}" if isinstance(run, str) else f"a {type(run).__name__}"
        rule = f"{shown} is neither a scenario nor a run."
        remedy = "Give that of sim.load_scenario, sim.simulate or sim.load_run."
        raise InputError([Problem("", 0, rule, remedy)])
    own = {"replicates": (replicates, run.replicates), "seed": (seed, run.seed)}
    for name, (given, has) in own.items():
        if given is not None and given != has:
            rule = f"{name} = {given}: the run of {run.scenario.name} has {name} {has}."
            raise InputError([Problem("", 0, rule, f"Leave {name} out, or explain a scenario.")])
    if isinstance(run, StoredRun):
        run.check_same_code()
    facts = run.ensemble.facts if isinstance(run, Result) else None
    last = run.months[-1] if as_of is None else as_of
    is_whole = isinstance(run, Result) and run.months == run.scenario.months[: len(run.months)]
    has_these = is_whole and run.months[-1] == last
    return AskedFutures(
        build_world(run.scenario, facts, last),
        run.seed,
        run.replicates,
        run.replicates,
        run.ensemble if isinstance(run, Result) and has_these else None,
    )


def checked_country(country: Any, built: Built) -> int:
    """Return the index of a country that takes part.

    Raises
    ------
    InputError
        If it is unknown or takes no part.
    """
    return built.axes.country.index(checked_focus(country, built.scenario, "country"))


def checked_month(month: Any, built: Built) -> int | None:
    """Return the index of a month; None if none is given.

    Raises
    ------
    InputError
        If the futures do not cover it.
    """
    if month is None:
        return None
    months: Sequence[str] = built.axes.month
    if isinstance(month, str) and month in months:
        return months.index(month)
    shown = month[:60] if isinstance(month, str) else repr(month)[:60]
    rule = f"month = {shown} is outside the months of {built.scenario.name}, "
    rule += f"{months[0]} to {months[-1]}."
    raise InputError([Problem("", 0, rule, "Give one of these months as YYYY-MM.")])


def checked_replicate(replicate: Any, futures: AskedFutures) -> int:
    """Return the number of a future.

    Raises
    ------
    InputError
        If it is not whole or not one of the futures.
    """
    remedy = f"The {futures.most:,} futures are counted from 0."
    problems = check_whole("replicate", replicate, 0, futures.most - 1, remedy)
    if problems:
        raise InputError(problems)
    return int(replicate)


def checked_offers(built: Built, provider: str | None, offer: str | None) -> tuple[int, ...] | None:
    """Return the offers that are asked about: one, those of a provider, or None for all.

    Raises
    ------
    InputError
        If the scenario has no such provider or offer.
    """
    axes = built.axes
    if provider is not None and provider not in axes.provider:
        rule = f"{str(provider)[:60]!r} is not a provider of the scenario {built.scenario.name}."
        raise InputError([Problem("", 0, rule, f"Choose one of {', '.join(axes.provider)}.")])
    if offer is None:
        if provider is None:
            return None
        return tuple(o for o, name in enumerate(axes.offer_provider) if name == provider)
    references = list(built.scenario.offers)
    wanted = offer if "." in offer or provider is None else f"{provider}.{offer}"
    for o, reference in enumerate(references):
        if wanted in (reference, offer_id(reference)) and provider in (
            None, axes.offer_provider[o],
        ):  # fmt: skip
            return (o,)
    rule = f"{str(offer)[:60]!r} is not an offer of "
    rule += f"{provider or f'the scenario {built.scenario.name}'}."
    raise InputError([Problem("", 0, rule, suggest(str(wanted), references))])
