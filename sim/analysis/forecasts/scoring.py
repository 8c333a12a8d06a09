"""Score ledgers of forecasts against the answers that came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.sample import WeightedForecast
from sim.analysis.backtests.scoring.weighted import log_loss
from sim.analysis.forecasts.answers import RecordedAnswers, read_answers
from sim.analysis.forecasts.ledger import Ledger, read_ledgers
from sim.analysis.history.known_months import check_known_to
from sim.errors import InputError, checked_path
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    import pandas as pd

ALL_OFFERS = "all"
SCORED, OPEN = "scored", "open"
SCORES = ("log_score", "log_score_base_rate", "brier_score")
COLUMNS = (
    "ledger", "scenario", "frozen_on", "from_month", "by_month", "months", "provider", "offer",
    "status", "n_at_risk", "n_forecast", "n_observed", *SCORES,
)  # fmt: skip
ANSWER_COLUMNS = (
    "ledger", "by_month", "months", "iso3", "country", "provider", "offer", "p_signed",
    "has_signed", "log_score",
)  # fmt: skip


@dataclass(frozen=True)
class ForecastScores(ShowsItself):
    """Scores of all ledgers of a folder.

    Parameters
    ----------
    known_to : str
        Month up to whose end the answers are known.
    table : DataFrame
        One row per ledger, horizon and offer, and one over all offers: ``status`` (scored, or open
        until ``by_month`` has passed), pairs of country and offer at risk, signatures forecast and
        observed, then, where scored, log score, that of the base rate, and Brier score.
    answers : DataFrame
        One row per pair of country and offer that is scored: its probability, whether it signed,
        and its log score; the largest surprises of a ledger and horizon first.

    Examples
    --------
    >>> import sim, tempfile
    >>> import pandas as pd
    >>> signed = {"iso3": "KOR", "date": "2025-07", "event": "signed"}
    >>> signed |= {"provider": "us", "offer": "infrastructure"}
    >>> with tempfile.TemporaryDirectory() as ledgers, tempfile.TemporaryDirectory() as folder:
    ...     _ = sim.forecast(sim.load_scenario("baseline"), replicates=8, out=ledgers)
    ...     pd.DataFrame([signed]).to_csv(f"{folder}/events.csv", index=False)
    ...     scores = sim.score_forecasts(f"{folder}/events.csv", ledgers, known_to="2025-12")
    >>> scores
    <ForecastScores to 2025-12: 1 of 3 horizons passed>
    >>> scores.answers.columns[:4].tolist()
    ['ledger', 'by_month', 'months', 'iso3']
    """

    known_to: str
    table: pd.DataFrame
    answers: pd.DataFrame

    def __repr__(self) -> str:
        totals = self.table[self.table["offer"] == ALL_OFFERS]
        n_scored = int((totals["status"] == SCORED).sum())
        return f"<ForecastScores to {self.known_to}: {n_scored} of {len(totals)} horizons passed>"


def from_futures(p: NDArray[np.float64], replicates: int) -> NDArray[np.float64]:
    """Return probabilities that a finite number of futures can support, never 0 or 1.

    Notes
    -----
    A share of R futures becomes (share R + 1/2) / (R + 1), the mean under Jeffreys' prior; else a
    single signature that no future showed would make the log score infinite.

    Examples
    --------
    >>> from_futures(np.array([0.0, 0.5, 1.0]), 4).tolist()
    [0.1, 0.5, 0.9]
    """
    return np.asarray((p * replicates + 0.5) / (replicates + 1.0), np.float64)


def score_forecasts(
    events: str | Path, folder: str | Path = "results/forecasts", known_to: str | None = None
) -> ForecastScores:
    """Score every ledger of a folder against an events table.

    Parameters
    ----------
    events : path
        Events table, as docs/scenarios.md describes it: iso3, date, event, programme and kind; or
        with provider and offer in place of programme and kind.
    folder : path
        Folder of ledgers, from `forecast`.
    known_to : str, optional
        Month, "YYYY-MM", up to whose end the table is complete; the latest of its events unless
        given. Horizons that end later stay open.

    Returns
    -------
    ForecastScores

    Raises
    ------
    InputError
        If `events` or `folder` is not a path, `known_to` is not a month, the folder has no ledger,
        a ledger was altered, or the events table breaks a rule; with every problem.

    Notes
    -----
    A country is at risk of signing an offer unless the ledger or the events table has the
    partnership on record by ``from_month``. It has signed if the table has an event that counts as
    joining after ``from_month`` and by the end of ``by_month``. Events of low confidence or of
    a part of a country do not count.

    Examples
    --------
    >>> import sim, tempfile
    >>> import pandas as pd
    >>> signed = {"iso3": "KOR", "date": "2025-07", "event": "signed"}
    >>> signed |= {"provider": "us", "offer": "infrastructure"}
    >>> with tempfile.TemporaryDirectory() as ledgers, tempfile.TemporaryDirectory() as folder:
    ...     _ = sim.forecast(sim.load_scenario("baseline"), replicates=8, out=ledgers)
    ...     pd.DataFrame([signed]).to_csv(f"{folder}/events.csv", index=False)
    ...     scores = sim.score_forecasts(f"{folder}/events.csv", ledgers, known_to="2025-12")
    >>> scores.table["status"].value_counts().to_dict()
    {'open': 10, 'scored': 5}
    """
    import pandas as pd

    path = checked_path(events, "the events table")
    place = checked_path(folder, "the folder of forecasts")
    if known_to is not None and (problems := check_known_to("known_to", known_to)):
        raise InputError(problems)
    ledgers = read_ledgers(place)
    offers = {
        (str(provider), str(offer))
        for ledger in ledgers
        for provider, offer in zip(ledger.table["provider"], ledger.table["offer"], strict=True)
    }
    answers = read_answers(path, offers)
    until = known_to or answers.last_month
    rows: list[tuple[Any, ...]] = []
    pairs: list[pd.DataFrame] = []
    for ledger in ledgers:
        for months, table in ledger.table.groupby("months", sort=True):
            at_risk = _at_risk(ledger, table, answers)
            is_scored = table["by_month"].iloc[0] <= until
            rows += _score_rows(ledger, int(str(months)), table, at_risk, is_scored)
            pairs += [at_risk] if is_scored else []
    found = (
        pd.concat(pairs)[list(ANSWER_COLUMNS)] if pairs else pd.DataFrame(columns=ANSWER_COLUMNS)
    )
    scores = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n_observed": "Int64"})
    return ForecastScores(until, scores, found.reset_index(drop=True))


def _at_risk(ledger: Ledger, table: pd.DataFrame, answers: RecordedAnswers) -> pd.DataFrame:
    """Return the rows of a horizon that are forecasts, with what came of them."""
    begin, end = str(table["from_month"].iloc[0]), str(table["by_month"].iloc[0])
    pairs = list(zip(table["provider"], table["offer"], strict=True))
    before = {pair: answers.standing(pair, begin) for pair in {*pairs}}
    signed = {pair: answers.accepted(pair, begin, end) for pair in {*pairs}}
    codes = table["iso3"].tolist()
    is_new = np.array([iso3 not in before[pair] for iso3, pair in zip(codes, pairs, strict=True)])
    found = table.assign(
        ledger=ledger.name,
        has_signed=[iso3 in signed[pair] for iso3, pair in zip(codes, pairs, strict=True)],
    )
    found = found[~found["already_on_record"] & is_new]
    p = from_futures(found["p_signed"].to_numpy(), ledger.replicates)
    found = found.assign(log_score=log_loss(found["has_signed"].to_numpy(np.bool_), p))
    return found.sort_values("log_score", ascending=False, kind="stable")


def _score_rows(
    ledger: Ledger, months: int, table: pd.DataFrame, at_risk: pd.DataFrame, is_scored: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each offer of a horizon, then one over all of them."""
    begin, end = str(table["from_month"].iloc[0]), str(table["by_month"].iloc[0])
    head = (
        ledger.name, ledger.origin["scenarios"][0]["name"], ledger.origin["frozen_on"], begin, end,
        months,
    )  # fmt: skip
    offers = list(dict.fromkeys(zip(table["provider"], table["offer"], strict=True)))
    for provider, offer in (*offers, ("", ALL_OFFERS)):
        chosen = at_risk
        if offer != ALL_OFFERS or provider:
            chosen = at_risk[(at_risk["provider"] == provider) & (at_risk["offer"] == offer)]
        p = chosen["p_signed"].to_numpy(np.float64)
        happens = chosen["has_signed"].to_numpy(np.bool_)
        row = (*head, provider, offer, SCORED if is_scored else OPEN, len(chosen), float(p.sum()))
        if is_scored and len(chosen):
            yield *row, int(happens.sum()), *_mean_scores(ledger, p, happens)
        else:
            yield *row, 0 if is_scored else None, np.nan, np.nan, np.nan


def _mean_scores(
    ledger: Ledger, p: NDArray[np.float64], happens: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return log score, that of the best constant, and Brier score: those of backtests."""
    supported = from_futures(p, ledger.replicates)
    sample = WeightedForecast(Forecast(ledger.name, happens, supported), np.ones((1, happens.size)))
    # Probabilities are bounded by the ledger's own futures, not by those that a backtest assumes.
    log_score = sample.mean(log_loss(happens, supported))
    return float(log_score[0]), float(sample.reference_log_score[0]), float(sample.brier[0])


def surprises(scores: ForecastScores, ledger: str, months: int) -> Sequence[pd.DataFrame]:
    """Return the pairs of a horizon that signed and that did not, the most surprising first."""
    rows = scores.answers
    rows = rows[(rows["ledger"] == ledger) & (rows["months"] == months)]
    return [rows[rows["has_signed"]], rows[~rows["has_signed"].astype(bool)]]
