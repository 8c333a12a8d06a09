"""A sensitivity analysis in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.sensitivity.noise import MUCH_NOISE
from sim.analysis.sensitivity.ranking import MORRIS, SOBOL, Ranked, Ranking
from sim.analysis.sensitivity.studied import ranking_of
from sim.words.wording import counted, month_in_words, percent

if TYPE_CHECKING:
    from sim.analysis.sensitivity.studied import Analysed, Studied

_MOST_NAMED = 4


def sensitivity_sentences(found: Analysed) -> list[str]:
    """Return what each outcome hangs on, and how much of it is chance."""
    lines = []
    for each in found.studied:
        ranking = ranking_of(found, each)
        title = f"{each.quantity.title}, {month_in_words(ranking.month)}"
        lines.append(f"{title}: {strongest_in_words(ranking)} {noise_in_words(each.noise)}")
        lines += _reservations(found, each)
    if found.constant:
        lines.append(f"The same at every point: {', '.join(found.constant)}.")
    return lines


def strongest_in_words(ranking: Ranking) -> str:
    """Return which numbers matter most, with the index of each."""
    first, *rest = ranking.rows
    if not first.is_above_noise:
        return "no number can be told from noise."
    index = f"{ranking.index(first.value)} (90 %: {ranking.index_span(first.low, first.high)})"
    text = f"{first.number.title} ({first.number.role}) matters most, with "
    if ranking.method == SOBOL:
        text += f"{index} of the variance, {ranking.index(first.alone)} by itself."
    elif ranking.method == MORRIS:
        unit = "" if "0-1" in ranking.quantity.unit else f" {ranking.quantity.unit}"
        text += f"a mean effect of {index}{unit} over its range."
    else:
        text += f"{index} of the variance, as a forest predicts it."
    named = [row for row in rest[: _MOST_NAMED - 1] if row.is_above_noise]
    if named:
        text += f" Then {', '.join(_in_short(ranking, row) for row in named)}."
    return text


def _in_short(ranking: Ranking, row: Ranked) -> str:
    return f"{row.number.title} ({ranking.index(row.value)})"


def noise_in_words(noise: float) -> str:
    """Return how much of the variance among points is chance."""
    if math.isnan(noise):
        return "How much of this is Monte Carlo noise is unknown: a point has fewer than two draws."
    text = f"Monte Carlo noise is at most {percent(noise)} of the variance among the points"
    if noise <= MUCH_NOISE:
        return f"{text}."
    return (
        f"{text}, so smaller indices may be chance. More futures at each point (--replicates) "
        "lower it."
    )


def _reservations(found: Analysed, each: Studied) -> list[str]:
    """Return what limits an analysis, if anything does."""
    lines = []
    if each.n_left_out:
        lines.append(
            f"{counted(each.n_left_out, 'point')} of {each.n_points + each.n_left_out:,} left out: "
            "some failed, and the others of their blocks cannot be used without them."
        )
    width = each.index.high - each.index.low
    if found.method == SOBOL and float(width.max()) > 0.5:
        lines.append("The intervals are wide: use more base points.")
    return lines
