"""What the project's evidence comes to: the tables behind docs/evidence.md, as pages show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.backtests.names import RULE
from sim.data.parameters import parameter_label
from sim.scenario.reading.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.analysis.backtests.from_launch import Backtest
    from sim.analysis.calibration.calibrating import Calibration

AT_COUNT = "log_score_at_count"
# Scores that are shown of every forecaster, each with its heading.
SCORES = {
    "auc": "AUC",
    AT_COUNT: "log score, count right",
    "log_score": "log score",
    "brier": "Brier",
    "hits": "hits",
    "count_crps": "CRPS of the count",
    "count_covered": "band covers the count",
}
# Scores that are drawn, and stand with their intervals in tables.
CHARTED_SCORES = ("auc", AT_COUNT)
# Of a normal prior 90 % lie within so many standard deviations.
_PRIOR_90 = 1.6448536269514722
KIND_TITLES = {
    "all": "all kinds",
    "declaration": "declarations",
    "membership": "memberships",
    "contract": "contracts",
    "vote": "votes",
}


@dataclass(frozen=True, eq=False)
class Evidence:
    """The tables of the evidence, as `sim.interfaces.generated.evidence` writes them.

    Parameters
    ----------
    origin : mapping
        ``as_of``, the month before which answers are known; numbers of programmes and backtests.
    pooled : DataFrame
        Mean of each score over programmes, by forecaster, with 90 % intervals.
    uptake : DataFrame
        Joiners of each programme by month: forecast (mean, 90 % band) and on record.
    chances : DataFrame
        Probability that each country of each programme was given, and whether it joined.
    numbers : DataFrame
        Each estimated number, by kind of programme: estimate, interval, prior, identification.
    programmes : DataFrame
        The programmes that the numbers are estimated from.
    surprise : DataFrame or None
        Surprise index by month and programme, where it has been made.
    """

    origin: Mapping[str, Any]
    pooled: pd.DataFrame
    uptake: pd.DataFrame
    chances: pd.DataFrame
    numbers: pd.DataFrame
    programmes: pd.DataFrame
    surprise: pd.DataFrame | None

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of the programmes that are forecast, by the name of their scenario, sorted."""
        from sim.analysis.history.programmes import history_scenarios

        known = {scenario.name: scenario.title for scenario in history_scenarios()}
        own = {name: known.get(name, name) for name in self.uptake["scenario"].unique()}
        return dict(sorted(own.items(), key=lambda item: item[1]))


def read_evidence(folder: Path) -> Evidence:
    """Read the tables of a folder.

    Raises
    ------
    OSError
        If a table is not there.
    """

    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv")

    return Evidence(
        origin=json.loads((folder / "origin.json").read_text("utf-8")),
        pooled=table("pooled"),
        uptake=table("uptake"),
        chances=table("chances"),
        numbers=table("numbers"),
        programmes=table("programmes"),
        surprise=read_surprise(folder),
    )


def evidence_of(found: Calibration | Backtest) -> Evidence:
    """Return one estimation, or one forecast from the launch, as evidence that charts draw.

    Tables that it says nothing about are empty.
    """
    from sim.analysis.backtests.from_launch import Backtest

    nothing = pd.DataFrame()
    numbers, uptake = nothing, nothing
    if isinstance(found, Backtest):
        uptake = found.uptake().assign(scenario=found.scenario.name, programme=found.programme)
    else:
        numbers = found.numbers
    return Evidence({}, nothing, uptake, nothing, numbers, nothing, None)


@cache
def load_evidence() -> Evidence:
    """Return the evidence that ships.

    Raises
    ------
    OSError
        If it is not installed with this program.
    """
    return read_evidence(shipped("docs", "evidence"))


def read_surprise(folder: Path) -> pd.DataFrame | None:
    """Return the surprise index of a folder of tables; None if it has not been made."""
    path = folder / "surprise.csv"
    return pd.read_csv(path) if path.is_file() else None


def forecaster_titles() -> dict[str, str]:
    """Return what forecasters are called, by name: the model first, then its rivals."""
    from sim.analysis.backtests.rivals.rivals import TITLES

    return {RULE: "This model"} | dict(TITLES)


def skill(evidence: Evidence, score: str) -> pd.DataFrame:
    """Return the forecasters by one score, best first: title, value, low, high, reference, ..."""
    found = evidence.pooled[evidence.pooled["score"] == score]
    is_lower = (found["better"] == "lower").any()
    found = found.sort_values("value", ascending=bool(is_lower), kind="stable")
    found = found.assign(title=found["forecaster"].map(forecaster_titles()))
    return found.reset_index(drop=True)


def skill_table(evidence: Evidence) -> pd.DataFrame:
    """Return one row for each forecaster: its scores, each with the ends of its 90 % interval."""
    columns: dict[str, Any] = {"forecaster": list(forecaster_titles().values())}
    for score, title in SCORES.items():
        own = skill(evidence, score).set_index("title").reindex(columns["forecaster"])
        columns[title] = own["value"].to_numpy()
        if score != "count_covered":  # all or none would have an interval without width
            columns[f"{title}, 90 % low"] = own["low"].to_numpy()
            columns[f"{title}, 90 % high"] = own["high"].to_numpy()
    return pd.DataFrame(columns)


def calibration_table(evidence: Evidence) -> pd.DataFrame:
    """Return the share that joined by forecast probability; see `calibration`."""
    from sim.analysis.backtests.scoring.calibration import calibration

    chances = evidence.chances
    return calibration(chances["has_joined"].to_numpy(bool), chances[f"p_{RULE}"].to_numpy())


def estimated_numbers(evidence: Evidence) -> pd.DataFrame:
    """Return each estimated number by kind, with its title and the 90 % interval of its prior."""
    numbers = evidence.numbers
    reach = _PRIOR_90 * numbers["prior_sd"]
    return numbers.assign(
        title=numbers["number"].map(parameter_label),
        prior_low=numbers["prior_mean"] - reach,
        prior_high=numbers["prior_mean"] + reach,
    )


@dataclass(frozen=True)
class Joiners:
    """How many joiners forecasts from the launch expected, and how many there were.

    Parameters
    ----------
    forecast, on_record : float
        Means over programmes.
    n_above, programmes : int
        In how many programmes more were expected than there were, and of how many.
    """

    forecast: float
    on_record: float
    n_above: int
    programmes: int

    @property
    def in_words(self) -> str:
        """One sentence for readers of a number of partners."""
        which = "more" if self.forecast > self.on_record else "fewer"
        how_often = self.n_above if which == "more" else self.programmes - self.n_above
        return (
            f"On its own record the model expects too {'many' if which == 'more' else 'few'}: in "
            f"{self.programmes} earlier programmes it expected {self.forecast:.0f} joiners on "
            f"average where {self.on_record:.0f} are on record, {which} than there were in "
            f"{how_often} of them."
        )


def expected_joiners(uptake: pd.DataFrame) -> Joiners:
    """Return how many joiners were expected by the end of each programme, and how many there were.

    Parameters
    ----------
    uptake : DataFrame
        As in `Evidence`.
    """
    last = uptake.groupby("scenario").last()
    forecast, found = last["forecast_mean"], last["on_record"]
    n_above = int((forecast > found).sum())
    return Joiners(float(forecast.mean()), float(found.mean()), n_above, len(last))
