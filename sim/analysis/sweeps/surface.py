"""The measures that the Sweep page can show, and the values of a measure at all points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sim.experiment.probability_interval import interval_ends
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import with_article
from sim.words.titles import provider_name
from sim.words.wording import number, percent, points, with_sign

if TYPE_CHECKING:
    from sim.scenario import Scenario

PROBABILITY = "probability"
_SUMS = ("contracted_mw", "live_mw", "fund_usd_m", "n_left_by_country")
_OF_SCARCE_OFFERS = ("n_partners_at_end", "n_invitations_sent", "mean_control_conceded_share")
# Columns of `surface`, besides the point and its values.
VALUES = ("value", "low", "high", "p05", "p95", "change", "change_low", "change_high")


def place_column(name: str) -> str:
    """Return the column of `surface` that holds a varied number.

    The dot keeps it apart from the columns of the measure, whose names a lever may have.
    """
    return f"at.{name}"


@dataclass(frozen=True)
class SurfaceMeasure:
    """One outcome of a point: of the world, or the probability of one country.

    Parameters
    ----------
    key : str
        Its key in a link.
    title, unit : str
        What is counted, in words, and its unit.
    provider, offer, outcome : str
        As in ``outcomes.csv``; for a country's probability the outcome is PROBABILITY.
    country : str
        ISO3 code; "" if it is not about one country.
    """

    key: str
    title: str
    unit: str
    provider: str
    offer: str
    outcome: str
    country: str = ""

    @property
    def is_probability(self) -> bool:
        """Whether it is a probability of one country."""
        return self.outcome == PROBABILITY

    def shown(self, value: float) -> str:
        """Return a value for reading."""
        if self.unit == "share 0-1":
            return f"{value:.2f}"
        return percent(value) if self.is_probability else number(value)

    def shown_change(self, value: float) -> str:
        """Return a change for reading."""
        if self.unit == "share 0-1":
            return "0" if abs(value) < 0.005 else f"{value:+.2f}"
        return points(value) if self.is_probability else with_sign(value)


def measures(scenario: Scenario, country: str, country_name: str) -> dict[str, SurfaceMeasure]:
    """Return all measures by key, starting with the partners of the first provider."""
    found = []

    def add(provider: str, offer: str, outcome: str, title: str, unit: str) -> None:
        key = f"{provider}:{offer}:{outcome}"
        found.append(SurfaceMeasure(key, title, unit, provider, offer, outcome))

    titles = {name: provider_name(scenario, name) for name in scenario.providers}
    for name, title in titles.items():
        add(name, "", "n_countries", f"Partners of {with_article(title)}", "countries")
    for name, title in titles.items():
        text = f"Probability that {country_name} is with {with_article(title)}"
        found.append(
            SurfaceMeasure(
                f"{PROBABILITY}:{name}", text, "probability", name, "", PROBABILITY, country
            )
        )
    add("", "", "n_countries_hedging", "Countries with two partners", "countries")
    for name, title in titles.items():
        for outcome in _SUMS:
            words = OUTCOME_WORDS[outcome]
            add(name, "", outcome, f"{title}: {words.label}", words.unit)
    for reference, offer in scenario.offers.items():
        if offer.slots is None:
            continue
        provider, key = reference.split(".", 1)
        for outcome in _OF_SCARCE_OFFERS:
            words = OUTCOME_WORDS[outcome]
            title = f"{titles[provider]}, {key}: {words.label}"
            add(provider, f"{provider}_{key}", outcome, title, words.unit)
    return {measure.key: measure for measure in found}


def surface(
    rows: pd.DataFrame,
    measure: SurfaceMeasure,
    cells: Mapping[int, Sequence[float]],
    names: Sequence[str],
) -> pd.DataFrame:
    """Return one measure at every point: one row per point, in the order of their numbers.

    Parameters
    ----------
    rows : DataFrame
        Rows of this measure from ``outcomes.csv``, or from ``countries.csv`` for a probability.
    measure : SurfaceMeasure
    cells : mapping
        Values of each point, by its number.
    names : sequence of str
        Names of these values.

    Returns
    -------
    DataFrame
        ``point``, for each name its `place_column`, ``value`` (mean over futures, or a probability
        0-1), ``low`` and ``high`` (the 90 % interval of the probability or of the mean), ``p05``
        and ``p95`` (the range of 90 % of futures; empty for a probability), and the change from
        point 0 with its interval.
    """
    if rows.empty:
        return pd.DataFrame(columns=["point", *map(place_column, names), *VALUES])
    rows = rows.sort_values("point", ignore_index=True)
    where = np.array([cells[int(point)] for point in rows["point"]]).reshape(len(rows), len(names))
    columns = {"point": rows["point"]} | {
        place_column(name): where[:, j] for j, name in enumerate(names)
    }
    if measure.is_probability:
        low, high = interval_ends(rows, "p_committed")
        empty = np.full(len(rows), np.nan)
        columns |= {"value": rows["p_committed"], "low": low, "high": high}
        columns |= {"p05": empty, "p95": empty}
    else:
        columns |= {"value": rows["mean"], "low": rows["mean_low"], "high": rows["mean_high"]}
        columns |= {"p05": rows["p05"], "p95": rows["p95"]}
    columns |= {f"change{end}": rows[f"difference{end}"] for end in ("", "_low", "_high")}
    return pd.DataFrame(columns)


def rows_of(known: Mapping[int, PointRows], measure: SurfaceMeasure) -> pd.DataFrame:
    """Return the rows of one measure from those of points in memory."""
    parts = [_of_measure(rows, measure).assign(point=point) for point, rows in known.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _of_measure(rows: PointRows, measure: SurfaceMeasure) -> pd.DataFrame:
    if measure.is_probability:
        frame = rows.countries
        is_own = (frame["country"] == measure.country) & (frame["provider"] == measure.provider)
        return frame[is_own]
    return outcome_rows(rows.outcomes, measure)


def outcome_rows(frame: pd.DataFrame, measure: SurfaceMeasure) -> pd.DataFrame:
    """Return the rows of ``outcomes.csv`` that hold a measure."""
    is_own = (
        (frame["provider"].fillna("") == measure.provider)
        & (frame["offer"].fillna("") == measure.offer)
        & (frame["outcome"] == measure.outcome)
    )
    return frame[is_own]


class PointRows(NamedTuple):
    """The results of a point: rows of ``outcomes.csv`` and of ``countries.csv``."""

    outcomes: pd.DataFrame
    countries: pd.DataFrame
