"""What matters, in words: two sentences to quote, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.noise import MUCH_NOISE
from sim.analysis.sensitivity.ranking import Ranked, Ranking, end_in_words
from sim.experiment.sweeps.designs.roles import LEVER, UNCERTAINTY
from sim.scenario.estimated import is_from_posterior
from sim.words.text import with_article
from sim.words.titles import provider_name
from sim.words.wording import by_when, counted, listed, percent

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.analysis.what_matters.mattered import Mattered
    from sim.scenario import Scenario

_MOST_NAMED = 3


def matter_quotes(found: Mattered) -> list[str]:
    """Return two sentences: what matters most, and how far the rest does."""
    ranking = found.ranking
    strongest = [row for row in ranking.rows if row.is_above_noise]
    subject = f"{subject_in_words(found.scenario, found.quantity)} by {by_when(ranking.month)}"
    if not strongest:
        return [
            f"No lever or uncertainty moves {subject} by more than chance does.",
            f"{counted(len(found.numbers), 'number')} were moved; run more futures at each point "
            "to see smaller effects.",
        ]
    first = strongest[0]
    opening = (
        f"The {first.number.role} “{first.number.title}” moves {subject} the most: "
        f"{_swing(ranking, first)}, all else as it stands."
    )
    return [opening, _shares(found, strongest)]


def _earlier(found: Mattered) -> str:
    """Return what matters most at the end of the first year in which the outcome varies, and when.

    Empty if that is the last year.
    """
    time, ranking = found.over_time, found.ranking
    for y, month in enumerate(time.month[:-1]):
        total = time.total.value[y]
        if np.isnan(total).all():
            continue
        first = int(np.nanargmax(total))
        title = found.numbers[int(found.kept[first])].title
        share, now = (ranking.index(float(row[first])) for row in (total, time.total.value[-1]))
        verb = "already explains" if first == 0 else "explains"
        return (
            f"By the end of {by_when(month)} “{title}” {verb} the most, {share} of the variance; "
            f"by the end of {by_when(time.month[-1])} it explains {now} (each year is in the table "
            "what_matters_over_time)."
        )
    return ""


def subject_in_words(scenario: Scenario, quantity: Quantity) -> str:
    """Return an outcome as the object of a sentence.

    Examples
    --------
    >>> import sim
    >>> from sim.analysis.quantities import Quantity
    >>> partners = Quantity("n_countries", "us", "", "", "countries", "Partners, United States")
    >>> subject_in_words(sim.load_scenario("baseline"), partners)
    'the number of partners of the United States'
    """
    if quantity.is_probability:
        return f"the {quantity.title[:1].lower()}{quantity.title[1:]}"
    if quantity.outcome == "n_countries" and quantity.provider:
        return (
            f"the number of partners of {with_article(provider_name(scenario, quantity.provider))}"
        )
    return f"“{quantity.title}”"


def _swing(ranking: Ranking, row: Ranked) -> str:
    """Return the outcome at both ends of a number's range."""
    low, high = ranking.level(row.at_low), ranking.level(row.at_high)
    one = row.number
    if one.unit == "switch":
        return f"{low} without it, {high} with it"
    if one.low != one.low:
        return f"{low} at the low end of its range, {high} at the high end"
    return f"{low} at {end_in_words(one.low)}, {high} at {end_in_words(one.high)}"


def _shares(found: Mattered, strongest: list[Ranked]) -> str:
    """Return the shares of the variance, and the strongest number of the other role."""
    ranking = found.ranking
    first, *rest = strongest
    interval = ranking.index_span(first.low, first.high)
    text = (
        f"It accounts for {ranking.index(first.value)} of the variance over the ranges tried "
        f"(90 % interval: {interval})"
    )
    named = rest[: _MOST_NAMED - 1]
    if named:
        others = (f"“{row.number.title}” for {ranking.index(row.value)}" for row in named)
        text += f", {listed(others)}"
    other = UNCERTAINTY if first.number.is_lever else LEVER
    own = next((row for row in strongest if row.number.role == other), None)
    if own is None:
        return f"{text}; {_weak(found, other)}."
    if own in named:
        return f"{text}."
    return f"{text}; the strongest {other} is “{own.number.title}”, {ranking.index(own.value)}."


def _weak(found: Mattered, role: str) -> str:
    """Return the strongest number of a role that has no share of its own to speak of."""
    own = [j for j, one in enumerate(found.numbers) if one.role == role]
    if not own:
        return f"it has no {role} to compare"
    effects, ranking = found.effects.mu_star.value, found.ranking
    strongest = max(own, key=lambda j: float(effects[j]))
    effect = ranking.change(float(effects[strongest])).removeprefix("+")
    title = found.numbers[strongest].title
    return f"the strongest {role}, “{title}”, moves it by {effect} on average over its range"


def matter_notes(found: Mattered) -> list[str]:
    """Return what the sentences rest on: what was moved, how far, and how much is chance."""
    n_levers = sum(one.is_lever for one in found.numbers)
    n_drawn = len(found.numbers) - n_levers
    sizes, kept = found.sizes, len(found.kept)
    lines = [
        f"{counted(n_levers, 'lever')} moved over their ranges and {n_drawn:,} uncertainties over "
        f"the middle 90 % of their distributions: a Morris design of {sizes.trajectories} "
        f"trajectories, then a Saltelli design of {sizes.points:,} base points over the {kept} "
        f"strongest; {sizes.replicates:,} futures at each point, the same at all, seed "
        f"{found.seed}. In the second stage the scenario draws the other numbers as always.",
    ]
    if earlier := _earlier(found):
        lines.append(earlier)
    if any(is_from_posterior(each) for each in found.scenario.uncertainties.values()):
        lines.append(
            "Numbers estimated from history are drawn jointly in a run; here each is moved by "
            "itself over its own middle 90 %, so some combinations are less plausible than others."
        )
    lines.append(
        f"Monte Carlo noise: {percent(found.noise[0])} of the variance among the points of the "
        f"first stage, {percent(found.noise[1])} of the second."
    )
    if max(found.noise) > MUCH_NOISE:
        lines[-1] += (
            " Indices below these shares cannot be told from chance; run more futures at each "
            "point (--replicates)."
        )
    if found.n_left_out:
        lines.append(
            f"{counted(found.n_left_out, 'point')} left out: some break a rule of the scenario, "
            "and the others of their blocks cannot be used without them."
        )
    return lines
