"""The tables that the pages show, and their CSV: exactly what is shown, safe in a spreadsheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiment.odds_interval import odds_interval
from sim.experiment.tables.table import round_numbers, safe_text
from sim.experiment.wording import percent, points, span
from sim.interfaces.explorer.standing import (
    Ribbon,
    group_counts,
    path_groups,
    provider_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.result import Result
    from sim.interfaces.explorer.runs import Answer

Array = NDArray[np.float64]


def csv_for_spreadsheets(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV that Excel reads as UTF-8 and takes no cell of for a formula."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [
                None if is_empty else safe_text(str(cell))
                for cell, is_empty in zip(safe[name], safe[name].isna(), strict=True)
            ]
        elif pd.api.types.is_float_dtype(safe[name]):
            safe[name] = round_numbers(safe[name].to_numpy())
    safe.columns = pd.Index([safe_text(str(name)) for name in safe.columns])
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def odds_ends(frame: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """Return the ends of the 90 % interval of odds, as the summary on the command line has them."""
    low, high = odds_interval(
        *(frame[f"{name}{end}"].to_numpy(np.float64) for end in ("", "_low", "_high", "_se_chance"))
    )
    return low, high


def country_table(answer: Answer, of: str) -> pd.DataFrame:
    """Return the table of countries of the Explore page, likeliest partners of a provider first.

    Parameters
    ----------
    answer : Answer
    of : str
        Provider in whose order the countries stand, and whose difference is shown.

    Returns
    -------
    DataFrame
        Countries with the likeliest path, odds of being with each provider at the end (alone or
        with a second partner), their 90 % intervals, and the share of their facts that is
        estimated. Odds are shares 0-1. In a comparison also the odds under B and the difference.
    """
    ensemble = answer.ensemble
    frame = answer.a.frame("countries")
    scenario = answer.a.scenario
    groups = path_groups(ensemble)
    at_end = group_counts(ensemble, groups)[:, :, -1]
    best = at_end.argmax(axis=1)
    titles = np.array([group.title for group in groups], object)
    columns: dict[str, Any] = {
        "code": frame["country"],
        "country": frame["name"],
        "region": frame["region"],
        "likeliest": titles[best],
    }
    order = [of, *(name for name in ensemble.axes.provider if name != of)]
    for name in order:
        key, title = f"p_committed_{name}", provider_name(scenario, name)
        columns[f"{title}"] = frame[key]
        columns[f"{title}, 90 %"] = [
            span(low, high, percent) for low, high in zip(*odds_ends(frame, key), strict=True)
        ]
        if name == of and answer.comparison is not None:
            columns |= _differences(answer, of, title)
    columns["waits"] = frame["p_uncommitted"]
    columns["facts estimated"] = frame["share_imputed"]
    table = pd.DataFrame(columns)
    by = provider_name(scenario, of)
    return table.sort_values([by, "country"], ascending=[False, True], ignore_index=True)


def _differences(answer: Answer, of: str, title: str) -> dict[str, Any]:
    """Return the columns of B and of A less B, in the order of A's countries."""
    assert answer.comparison is not None
    found = answer.comparison.countries
    own = found[found["outcome"] == f"p_committed_{of}"].set_index("country")
    own = own.loc[list(answer.ensemble.axes.country)].reset_index()
    ends = zip(own["difference_low"], own["difference_high"], strict=True)
    return {
        f"{title}, B": own["p_a"],
        "A less B, points": 100 * own["difference"],
        "A less B, 90 %": [span(low, high, points) for low, high in ends],
    }


def ribbon_table(months: Sequence[str], ribbons: Mapping[str, Ribbon]) -> pd.DataFrame:
    """Return the numbers behind a chart over time: a row for each line and month."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "line": name,
                    "month": list(months),
                    "mean": ribbon.mean,
                    "p05": ribbon.p05,
                    "p25": ribbon.p25,
                    "p75": ribbon.p75,
                    "p95": ribbon.p95,
                }
            )
            for name, ribbon in ribbons.items()
        ],
        ignore_index=True,
    )


def map_table(answer: Answer, t: int) -> pd.DataFrame:
    """Return what the map shows in one month: a row a country, a column a group, odds 0-1."""
    sides = [("A", answer.a)] + ([("B", answer.b)] if answer.b is not None else [])
    return pd.concat([_map_side(name, result, t) for name, result in sides], ignore_index=True)


def _map_side(name: str, result: Result, t: int) -> pd.DataFrame:
    ensemble = result.ensemble
    groups = path_groups(ensemble)
    odds = group_counts(ensemble, groups)[:, :, t] / ensemble.replicates
    names = ensemble.facts.countries["name"]
    return pd.DataFrame(
        {
            "side": name,
            "month": ensemble.axes.month[t],
            "code": list(ensemble.axes.country),
            "country": [str(names[code]) for code in ensemble.axes.country],
            **{group.title: odds[:, g] for g, group in enumerate(groups)},
        }
    )


def matching(table: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Return the rows whose country, code or region holds a text, in any case."""
    text = wanted.strip().casefold()
    if not text:
        return table
    hit = np.zeros(len(table), bool)
    for name in ("code", "country", "region"):
        hit |= np.array([text in str(cell).casefold() for cell in table[name]])
    return table[hit]


def interval_words(result: Result, provider: str) -> dict[str, str]:
    """Return the odds of being with a provider at the end, with their range, by country."""
    frame = result.frame("countries")
    key = f"p_committed_{provider}"
    title = provider_name(result.scenario, provider)
    lows, highs = odds_ends(frame, key)
    return {
        code: f"At the end with {title}: {percent(p)}"
        + ("" if math.isnan(low) else f" (90 %: {span(low, high, percent)})")
        for code, p, low, high in zip(frame["country"], frame[key], lows, highs, strict=True)
    }
