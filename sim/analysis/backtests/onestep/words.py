"""A backtest one step ahead in words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.onestep.scores import AUC, LOG_SCORE, SKILL
from sim.analysis.backtests.onestep.share import SHARE, TITLE
from sim.analysis.backtests.words import record_lines

if TYPE_CHECKING:
    from sim.analysis.backtests.onestep.stepping import StepBacktest

SHOWN = 5  # months in the list
HEADS = ((AUC, "AUC"), (LOG_SCORE, "log score"), (SKILL, "skill"))
TITLES = {RULE: "This model", SHARE: TITLE}


def step_lines(found: StepBacktest) -> Iterator[str]:
    """Yield the lines of a summary: the verdict, scores, count, draws and surprising months."""
    own, rival = found.scores[RULE], found.scores[SHARE]
    months = found.case.scenario.months
    yield f"{found.case.scenario.title}, one step ahead: {own.n_joined} countries joined in"
    yield f"{own.n_answers:,} answers from {months[0]} to {months[-1]}. Each month is forecast from"
    yield f"the record before it; the start knows {found.case.knowledge.words}."
    yield from record_lines(found.case.scenario, found.case.planned_end, found.left_out)
    yield ""
    word = "better" if own.by_name[SKILL].value > 0.0 else "no better"
    yield f"The model's log score is {word} than that of its rival, the share that joined so far."
    yield ""
    yield f"  {'':26}" + "".join(f"{title:>26}" for _, title in HEADS)
    for name, scores in found.scores.items():
        cells = ""
        for score, _ in HEADS:
            value, low, high, _ = scores.by_name[score]
            cells += f"{f'{value:.3f} ({low:.3f} to {high:.3f})':>26}"
        yield f"  {TITLES[name]:26}{cells}"
    yield ""
    yield (
        f"  Joiners: {own.n_expected:.0f} expected step by step, {rival.n_expected:.0f} by the "
        f"share so far, {own.n_joined} on record."
    )
    yield (
        f"  Draws: {found.n_draws:,}, worth {found.effective[-1]:.0f} once weighted by the record "
        f"before the last step ({found.effective.min():.0f} at least)."
    )
    yield from _surprises(found)


def _surprises(found: StepBacktest) -> Iterator[str]:
    """Yield the months whose answers surprised the model most."""
    table = found.surprise().sort_values("z", ascending=False, kind="stable").head(SHOWN)
    listed = ", ".join(f"{row.month} (z {row.z:+.1f})" for row in table.itertuples())
    yield f"  Most surprising months: {listed}."
