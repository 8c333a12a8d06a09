"""A backtest in words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.rivals.rivals import TITLES
from sim.analysis.history.answers import programme_of, reads_uninvited_as_refusals
from sim.data.codes import known_countries

if TYPE_CHECKING:
    from sim.analysis.backtests.from_launch import Backtest
    from sim.analysis.backtests.scoring.scores import Score
    from sim.scenario import Scenario

SHOWN = 5  # countries in each list
# The scores that a reader needs first, each with its heading and the width of its column. A column
# that is wide enough shows the interval.
WITH_INTERVAL = 24
MAIN = (
    ("auc", "AUC", WITH_INTERVAL),
    ("log_score_at_count", "log score, count right", WITH_INTERVAL),
    ("log_score", "log score", 11),
    ("brier", "Brier", 8),
    ("hits", "hits", 8),
)


def title_of(name: str) -> str:
    """Return the name of a forecaster for readers."""
    return "This model" if name == RULE else TITLES[name]


def record_lines(
    scenario: Scenario, planned_end: str, left_out: Mapping[str, int]
) -> Iterator[str]:
    """Yield what a reader should know of the record that a forecast is scored on.

    Parameters
    ----------
    scenario : Scenario
        The programme, as it is scored.
    planned_end : str
        Month in which its horizon ended before it was cut to what is known.
    left_out : mapping of str to int
        Rows of the events table that were left out, by the reason.
    """
    last = scenario.months[-1]
    if planned_end > last:
        yield f"The scenario ends in {planned_end}; it is scored to {last}, where the record ends."
    if left_out:
        yield f"Rows of the events table left out: {sum(left_out.values())}."
        yield from (f"  {n} {reason}" for reason, n in left_out.items())
    if reads_uninvited_as_refusals(programme_of(scenario)[1]):
        yield "Who was invited is not on record: every country without a row counts as a refusal,"
        yield "invited or not. Name those who were invited in the offer's key asked, if you can."


def backtest_lines(found: Backtest) -> Iterator[str]:
    """Yield the lines of a summary: the verdict first, then scores, count and surprises."""
    rule = found.scores[RULE]
    months = found.scenario.months
    reference, offer, _ = programme_of(found.scenario)
    homes = ", ".join(found.scenario.homes[reference.split(".")[0]])
    entry = "open to all who are asked" if offer.open_enrolment else "by invitation"
    yield f"{found.scenario.title}: {rule.n_joined} of {rule.n_countries} countries whose answer is"
    yield f"known joined from {months[0]} to {months[-1]} (a {offer.kind} led by {homes}, {entry})."
    yield f"The forecast is from its launch and knows {found.knowledge.words}."
    yield from record_lines(found.scenario, found.case.planned_end, found.left_out)
    yield ""
    yield from _verdict(found)
    yield ""
    heads = "".join(f"{title:>{width}}" for _, title, width in MAIN)
    yield f"  {'':30}{heads}"
    for name, scores in found.scores.items():
        cells = "".join(_cell(scores.by_name[score], width) for score, _, width in MAIN)
        yield f"  {title_of(name):30}{cells}"
    yield f"  {'Constant at the true share':30}" + "".join(
        f"{rule.by_name[score].reference:>{width}.3f}" for score, _, width in MAIN
    )
    yield ""
    yield (
        f"  Joiners: {rule.n_expected:.0f} forecast (90 % of futures {rule.n_low:.0f} to "
        f"{rule.n_high:.0f}), {rule.n_joined} on record."
    )
    yield from _surprises(found)


def _cell(score: Score, width: int) -> str:
    """Return a score, with its interval where the column is wide enough."""
    has_interval = width >= WITH_INTERVAL and pd.notna(score.low)
    interval = f" ({score.low:.2f} to {score.high:.2f})" if has_interval else ""
    return f"{f'{score.value:.3f}{interval}':>{width}}"


def _verdict(found: Backtest) -> Iterator[str]:
    """Yield who forecast best, this model or which rival."""
    key = "log_score_at_count"
    own = found.scores[RULE].by_name[key].value
    better = sorted(
        (scores.by_name[key].value, name)
        for name, scores in found.scores.items()
        if name != RULE and scores.by_name[key].value < own
    )
    if len(found.scores) == 1:
        constant = found.scores[RULE].by_name[key].reference
        word = "better" if own < constant else "no better"
        yield f"Once the count is right, the model is {word} than a constant (log score {own:.3f}"
        yield f"against {constant:.3f})."
    elif not better:
        yield "No rival has a better log score, once the count is right, than this model."
    else:
        names = ", ".join(title_of(name) for _, name in better)
        yield f"Better log scores than this model, once the count is right: {names}."
        yield (
            "One programme says little about which forecaster is better; docs/evidence.md has many."
        )


def _surprises(found: Backtest) -> Iterator[str]:
    """Yield the countries whose answers were forecast worst."""
    table = found.countries()
    table = table[table["is_scored"]]
    names = known_countries()
    for has_joined, words in ((True, "Joined against the odds"), (False, "Stayed out against")):
        part = table[table["has_joined"] == has_joined]
        part = part.sort_values(f"p_{RULE}", ascending=has_joined).head(SHOWN)
        listed = ", ".join(
            f"{names.get(code, code)} ({value:.0%})"
            for code, value in zip(part["iso3"], part[f"p_{RULE}"], strict=True)
        )
        yield f"  {words}: {listed}."
