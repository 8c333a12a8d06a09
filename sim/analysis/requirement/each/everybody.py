"""What it would take for each country: one lever, and all countries from the same trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.requirement.crossing import crossings, resampled_means
from sim.analysis.requirement.each.found import Each
from sim.analysis.requirement.question import Question, check_run, read_question
from sim.analysis.requirement.searching import spread_positions
from sim.analysis.requirement.settings import as_it_is
from sim.analysis.requirement.trials import Trials
from sim.analysis.shared.given import check_names
from sim.analysis.shared.tally import Tally
from sim.errors import InputError, Problem
from sim.experiment.intervals import HIGH, LOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.settings import Setting
    from sim.experiment.tables import Table
    from sim.scenario import Scenario

    Array = NDArray[np.float64]

REPLICATES = 400
USUAL_LEVER = "local_control"
# Values of the lever over all its way, and then within each part in which a country passes.
SCANNED = 16
_REFINED = 4
_RESAMPLES = 200


class Requirements(Each, Answer):
    """What it would take for each country, with tables and words; see `Each`.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> sim.what_would_each_take(baseline, by="2025-07", replicates=8)
    <Requirements of 194 countries for us.infrastructure>
    """

    NAME = "what-would-each-take"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        asked = self.question
        return f"What it would take for each country to sign {asked.offer} by {asked.month}"

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.requirement.each.tables import requirements_tables

        return requirements_tables(self)

    def sentences(self) -> list[str]:
        """Return what came out, in words."""
        from sim.analysis.requirement.each.words import requirements_sentences

        return requirements_sentences(self)

    def __repr__(self) -> str:
        return f"<Requirements of {len(self.country)} countries for {self.question.reference}>"


def what_would_each_take(
    scenario: Scenario,
    *,
    offer: str | None = None,
    by: str | None = None,
    probability: float = 0.5,
    lever: str | Mapping[str, float | None] = USUAL_LEVER,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Requirements:
    """Return how far one lever must go for each country to sign an offer as likely as wanted.

    The lever is scanned over all its way; each trial tells of all countries at once. Where some
    country passes the level the way is scanned again in smaller steps.

    Parameters
    ----------
    scenario : Scenario
    offer, by, probability, replicates, seed, workers, progress
        As for `what_would_it_take`.
    lever : str, or mapping of str to float
        What may change, and how far it may go.

    Returns
    -------
    Requirements

    Raises
    ------
    InputError
        If an argument is wrong.

    Examples
    --------
    >>> import sim
    >>> found = sim.what_would_each_take(
    ...     sim.load_scenario("baseline"), by="2025-08", probability=0.02, replicates=8
    ... )
    >>> len(found.country) == len(found.frame())
    True
    """
    check_names("lever", lever, "'fund'")
    names = [lever] if isinstance(lever, str) else lever
    question = read_question(scenario, None, offer, by, probability, names, None)
    if len(question.levers) != 1:
        rule = f"{len(question.levers)} levers may move, and all countries are asked about one."
        raise InputError([Problem("", 0, rule, "Choose one, or ask about one country.")])
    check_run(replicates, seed, workers, progress)
    setting = as_it_is(scenario, question.reference, question.month)
    tally = Tally(expected_futures_of_all(replicates), progress)
    return require_of_each(question, setting, replicates, seed, workers, tally)


def expected_futures_of_all(replicates: int) -> int:
    """Return about how many futures a question about all countries takes."""
    return replicates * 3 * (SCANNED + 1)


def require_of_each(
    question: Question,
    setting: Setting,
    replicates: int,
    seed: int,
    workers: int | None = None,
    tally: Tally | None = None,
) -> Requirements:
    """Return what it would take for each country of a world that is built; see `Search`."""
    trials = Trials(setting, question.levers, seed, replicates, workers, tally)
    (lever,) = question.levers
    positions = spread_positions(lever.n_steps, SCANNED)
    trials.run([(p,) for p in positions])
    positions = _finer(positions, _signed(trials, positions).mean(axis=0), question.level)
    outcomes = trials.run([(p,) for p in positions])
    signed = _signed(trials, positions)
    chances = signed.mean(axis=0)
    at = np.arange(len(positions), dtype=np.float64)
    n = chances.shape[0]
    needed = _values(lever, positions, crossings(at, chances, question.level))
    low, high = np.empty(n), np.empty(n)
    for i in range(n):
        drawn = crossings(at, resampled_means(signed[:, i], seed, _RESAMPLES), question.level)
        ends = np.quantile(drawn, (LOW, HIGH), method="inverted_cdf")
        low[i], high[i] = _values(lever, positions, ends)
    admitted = np.any([each.eligible for each in outcomes], axis=0) | signed.any(axis=(0, 2))
    return Requirements(
        question, setting.built.axes.country, tuple(positions), chances, needed, low, high,
        ~admitted, outcomes[-1].invited.mean(axis=0), seed, replicates,
    )  # fmt: skip


def _signed(trials: Trials, positions: Sequence[int]) -> NDArray[np.bool_]:
    """Return whether each country signs, (R, n, m)."""
    return np.stack([each.signed for each in trials.run([(p,) for p in positions])], axis=2)


def _finer(positions: Sequence[int], chances: Array, level: float) -> list[int]:
    """Return positions with more of them where some country first reaches the level."""
    reached = chances >= level
    first = reached.argmax(axis=1)
    found = {*positions}
    for place in {int(m) for m in first[reached.any(axis=1)] if m > 0}:
        below, above = positions[place - 1], positions[place]
        found |= {below + p for p in spread_positions(above - below, _REFINED)}
    return sorted(found)


def _values(lever: Movable, positions: Sequence[int], at: Array) -> Array:
    """Return values of the lever at places between two trials; infinite beyond the last.

    Of whole numbers the next that is better for the host.
    """
    values = np.array([lever.value(p) for p in positions])
    inside = np.isfinite(at)
    between = np.interp(np.where(inside, at, 0.0), np.arange(values.size), values)
    if lever.is_whole:
        between = np.ceil(between) if lever.limit > lever.start else np.floor(between)
    return np.where(inside, between, np.inf)
