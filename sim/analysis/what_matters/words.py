"""What matters, in words: two sentences to quote, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.sensitivity.noise import MUCH_NOISE
from sim.analysis.sensitivity.ranking import Ranked, Ranking, end_in_words
from sim.experiment.sweeps.designs.roles import LEVER, UNCERTAINTY
from sim.scenario.estimated import is_from_posterior
from sim.words.wording import by_when, counted, percent

if TYPE_CHECKING:
    from sim.analysis.what_matters.mattered import Mattered

_MOST_NAMED = 3


def matter_sentences(found: Mattered) -> list[str]:
    """Return two sentences: what matters most, and how far the rest does."""
    ranking = found.ranking
    strongest = [row for row in ranking.rows if row.is_above_noise]
    when = by_when(ranking.month)
    if not strongest:
        return [
            f"No lever or uncertainty of {found.scenario.name} moves “{found.quantity.title}” by "
            f"{when} by more than chance does.",
            f"{counted(len(found.numbers), 'number')} were moved; run more futures at each point "
            "to see smaller effects.",
        ]
    first = strongest[0]
    role = "lever" if first.number.is_lever else "uncertainty"
    opening = (
        f"{found.quantity.title} by {when} hangs most on the {role} “{first.number.title}”: "
        f"{_swing(ranking, first)}, all else as it stands."
    )
    return [opening, _shares(ranking, strongest)]


def _swing(ranking: Ranking, row: Ranked) -> str:
    """Return the outcome at both ends of a number's range."""
    low, high = ranking.level(row.at_low), ranking.level(row.at_high)
    one = row.number
    if one.unit == "switch":
        return f"{low} without it, {high} with it"
    if one.low != one.low:
        return f"{low} at the low end of its range, {high} at the high end"
    return f"{low} at {end_in_words(one.low)}, {high} at {end_in_words(one.high)}"


def _shares(ranking: Ranking, strongest: list[Ranked]) -> str:
    """Return the shares of the variance, and the strongest number of the other role."""
    first, *rest = strongest
    interval = ranking.index_span(first.low, first.high)
    text = (
        f"It accounts for {ranking.index(first.value)} of the variance over the ranges tried "
        f"(90 % interval: {interval})"
    )
    named = rest[: _MOST_NAMED - 1]
    if named:
        listed = " and ".join(
            f"“{row.number.title}” for {ranking.index(row.value)}" for row in named
        )
        text += f", {listed}"
    other = UNCERTAINTY if first.number.is_lever else LEVER
    own = next((row for row in strongest if row.number.role == other), None)
    if own is None:
        return (
            f"{text}; no {other} among the strongest {len(ranking.rows)} can be told from chance."
        )
    if own in named:
        return f"{text}."
    return f"{text}; the strongest {other} is “{own.number.title}”, {ranking.index(own.value)}."


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
