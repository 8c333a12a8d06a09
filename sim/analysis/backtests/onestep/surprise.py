"""How much more surprising answers were than the forecasts one step ahead said they would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.onestep.scores import LEAST
from sim.analysis.backtests.scoring.weighted import log_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.backtests.onestep.filtering import Filtered
    from sim.analysis.backtests.onestep.steps import Step
    from sim.analysis.history.answers import Answers

COLUMNS = ("month", "programme", "n_answers", "surprise", "expected", "z")
SUMS = ["n_answers", "surprise", "expected", "variance"]


def step_surprise(
    answers: Answers, steps: Sequence[Step], months: Sequence[str], found: Filtered
) -> pd.DataFrame:
    """Return what each shared step's answers were worth in surprise, and what was expected.

    Parameters
    ----------
    answers, steps
        What countries did, and when.
    months : sequence of str
        "YYYY-MM" of each month index.
    found : Filtered
        Forecasts under each draw, and the weights of the draws.

    Returns
    -------
    DataFrame
        month (the last of the step), programme, n_answers (countries at risk, whether they joined
        or not), surprise (sum of minus the logarithm of the probability of what each did),
        expected (the mean of that sum under the forecast: the sum of entropies) and its variance
        under the forecast.

    Notes
    -----
    Under the forecast a draw of the numbers is picked by weight, and answers are independent given
    the draw. So the variance is the mean over draws of that given the draw, plus the variance over
    draws of the mean given the draw: that nobody knows a programme's pace makes many joiners at
    once less of a surprise. Intervals of single countries are left out, as they are scored only
    for who joined in them.
    """
    rows = []
    for g, step in enumerate(steps):
        if not step.is_shared:
            continue
        at = step.scored(answers)
        p = np.clip(found.forecast(g)[at], LEAST, 1.0 - LEAST)
        weight, chance = found.weight[g], found.chance[:, g, at].astype(np.float64)
        yes, no = -np.log(p), -np.log1p(-p)
        mean = chance @ yes + (1.0 - chance) @ no
        spread = (chance * (1.0 - chance)) @ (yes - no) ** 2
        rows.append(
            {
                "month": months[step.last],
                "programme": answers.programme,
                "n_answers": int(at.sum()),
                "surprise": float(log_loss(step.joined(answers)[at], p).sum()),
                "expected": float(p @ yes + (1.0 - p) @ no),
                "variance": float(weight @ spread + weight @ (mean - weight @ mean) ** 2),
            }
        )
    return pd.DataFrame(rows)


def surprise_table(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the surprise index of each programme and month, and of all programmes together.

    Parameters
    ----------
    parts : sequence of DataFrame
        From `step_surprise`, one for each programme.

    Returns
    -------
    DataFrame
        month, programme (empty: all of the month together), n_answers, surprise, expected and z:
        their difference in standard deviations that were predicted.
    """
    each = pd.concat(parts, ignore_index=True)
    each = each[each["n_answers"] > 0]
    pooled = each.groupby("month", as_index=False)[SUMS].sum().assign(programme="")
    both = pd.concat([pooled, each], ignore_index=True).sort_values(["month", "programme"])
    gap = both["surprise"] - both["expected"]
    both["z"] = np.where(both["variance"] > 0.0, gap / np.sqrt(both["variance"]), 0.0)
    return both[list(COLUMNS)].reset_index(drop=True)
