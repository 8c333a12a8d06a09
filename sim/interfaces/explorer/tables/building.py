"""The tables that the pages show, and their CSV: exactly what is shown, safe in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.countries import country_probabilities
from sim.analysis.pairing import provider_names
from sim.analysis.standing import (
    Ribbon,
    path_groups,
)
from sim.analysis.summary.changes import likeliest, likeliest_before, partner_changes
from sim.analysis.summary.kinds import (
    chance_of_holding,
    data_centre_offers,
)
from sim.experiment.probability_interval import interval_ends
from sim.experiment.rounding import round_number, round_numbers
from sim.experiment.tables.table import safe_text
from sim.interfaces.explorer.tables.columns import percents, tenths
from sim.words.text import with_article
from sim.words.wording import points, span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.analysis.on_record import OnRecord
    from sim.interfaces.explorer.state.runs import ShownAnswer

Array = NDArray[np.float64]
# Ends of an interval, in the headers of columns.
LOW, HIGH = "low", "high"


def csv_for_spreadsheets(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV that Excel reads as UTF-8, with no text that it takes for a formula.

    Numbers stay numbers, even in a column that also has words.
    """
    # By position, since two columns may have the same name.
    columns = [_safe_column(frame.iloc[:, j]) for j in range(frame.shape[1])]
    safe = pd.concat(columns, axis=1) if columns else frame.copy()
    safe.columns = pd.Index([safe_text(str(name)) for name in frame.columns])
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def _safe_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(column):
        return pd.Series(round_numbers(column.to_numpy()), column.index)
    if pd.api.types.is_numeric_dtype(column):
        return column
    return pd.Series([_safe_cell(cell) for cell in column], column.index, object)


def _safe_cell(cell: Any) -> str | float | None:
    if cell is None or cell is pd.NA:
        return None
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
        return int(cell) if isinstance(cell, int | np.integer) else round_number(float(cell))
    return safe_text(str(cell))


def country_table(answer: ShownAnswer, of: str) -> pd.DataFrame:
    """Return the table of countries of the Explore page, likeliest partners of a provider first.

    Parameters
    ----------
    answer : ShownAnswer
    of : str
        Provider by which the countries are ordered, and whose difference is given.

    Returns
    -------
    DataFrame
        Countries with the likeliest path, the probability of being with each provider at the end
        (alone or with a second partner) with the ends of their 90 % intervals, that of having a
        data centre of the provider on view, and the share of their facts that is estimated.
        Probabilities and differences are shares 0-1. In a comparison, with B or with the start,
        also the likeliest path and the probability there, and the difference with the ends of its
        interval, all unknown for countries that take no part there. `shown_countries` gives the
        same for reading.
    """
    ensemble = answer.ensemble
    frame = country_probabilities(answer.a)
    groups = path_groups(ensemble)
    titles = np.array([group.title for group in groups], object)
    columns: dict[str, Any] = {
        "code": frame["country"],
        "country": frame["name"],
        "region": frame["region"],
        "likeliest path": titles[likeliest(ensemble, groups)[0]],
    }
    if answer.comparison is not None:
        columns[f"likeliest path {at_reference(answer)}"] = frame["country"].map(
            likeliest_before(answer)
        )
    for name, probability in _probability_headers(answer, of).items():
        key = f"p_committed_{name}"
        # No country of A is with a provider that only B has.
        is_known = key in frame
        low, high = interval_ends(frame, key) if is_known else np.zeros((2, len(frame)))
        columns |= {f"{probability} (0-1)": frame[key] if is_known else 0.0}
        columns |= _ends(probability, low, high)
        if name == of:
            columns |= _data_centre_columns(answer, of)
        if name == of and answer.comparison is not None:
            columns |= _differences(answer, of, probability)
    columns["probability that it waits (0-1)"] = frame["p_uncommitted"]
    columns["facts estimated (0-1)"] = frame["share_imputed"]
    table = pd.DataFrame(columns)
    probability = _probability_headers(answer, of)[of]
    before = f"{probability} {at_reference(answer)} (0-1)"
    by = [name for name in (f"{probability} (0-1)", before) if name in table]
    order = [False] * len(by)
    return table.sort_values([*by, "country"], ascending=[*order, True], ignore_index=True)


def at_reference(answer: ShownAnswer) -> str:
    """Return where a number of the other run stands, in the headers of columns."""
    return "at the start" if answer.is_from_start else "in B"


def minus_reference(answer: ShownAnswer) -> str:
    """Return the name of a difference from the other run, in the headers of columns."""
    return "change from the start" if answer.is_from_start else "A minus B"


def data_centre_header(name: str) -> str:
    """Return the header of columns with the probability of having a provider's data centre.

    Examples
    --------
    >>> data_centre_header("United States")
    'probability of a data centre of the United States'
    """
    return f"probability of a data centre of {with_article(name)}"


def _ends(name: str, low: Any, high: Any) -> dict[str, Any]:
    return {f"{name}, 90 % {LOW} (0-1)": low, f"{name}, 90 % {HIGH} (0-1)": high}


def _data_centre_columns(answer: ShownAnswer, of: str) -> dict[str, Any]:
    """Return the probability of a provider's data centre, in the order of A's countries."""
    ensemble = answer.ensemble
    header = data_centre_header(provider_names(answer)[of])
    found = chance_of_holding(ensemble, data_centre_offers(ensemble, of))
    return {f"{header} (0-1)": found.p} | _ends(header, found.low, found.high)


def probability_header(name: str) -> str:
    """Return the header of columns with the probability of being with a provider of that name.

    Examples
    --------
    >>> probability_header("United States")
    'probability of being with the United States'
    """
    return f"probability of being with {with_article(name)}"


def _probability_headers(answer: ShownAnswer, of: str) -> dict[str, str]:
    """Return the headers of probabilities by provider: the one on view, then the others of A."""
    names = provider_names(answer)
    shown = [of, *(name for name in answer.ensemble.axes.provider if name != of)]
    return {name: probability_header(names[name]) for name in shown}


def _differences(answer: ShownAnswer, of: str, probability: str) -> dict[str, Any]:
    """Return the columns of the other run and of the difference, in the order of A's countries.

    A country that the other run leaves out has no probability there, which is not the same as a
    probability of zero.
    """
    own = partner_changes(answer, of).set_index("code")
    own = own.reindex(answer.ensemble.axes.country).reset_index()
    minus = f"{probability}, {minus_reference(answer)}"
    return {
        f"{probability} {at_reference(answer)} (0-1)": own["p_before"],
        f"{minus} (0-1)": own["difference"],
        **_ends(minus, own["difference_low"], own["difference_high"]),
    }


def shown_countries(table: pd.DataFrame, answer: ShownAnswer, of: str) -> pd.DataFrame:
    """Return rows of `country_table` for the page: per cent, intervals as words."""
    columns: dict[str, Any] = {name: table[name] for name in ("code", "country", "region")}
    columns["likeliest"] = table["likeliest path"]
    before, minus = at_reference(answer), minus_reference(answer)
    short = "start" if answer.is_from_start else "B"
    if answer.comparison is not None:
        columns[f"likeliest, {short}"] = table[f"likeliest path {before}"]
    names = provider_names(answer)
    for name, probability in _probability_headers(answer, of).items():
        title = names[name]
        columns[title] = percents(table[f"{probability} (0-1)"])
        columns[f"{title}, 90 %"] = _spans(table, probability, tenths)
        if name == of:
            own = data_centre_header(title)
            columns[f"{title}, data centre"] = percents(table[f"{own} (0-1)"])
        if name == of and answer.comparison is not None:
            columns[f"{title}, {short}"] = percents(table[f"{probability} {before} (0-1)"])
            columns[f"{minus}, points"] = 100 * table[f"{probability}, {minus} (0-1)"]
            columns[f"{minus}, 90 %"] = _spans(table, f"{probability}, {minus}", points)
    columns["waits"] = percents(table["probability that it waits (0-1)"])
    columns["facts estimated"] = percents(table["facts estimated (0-1)"])
    return pd.DataFrame(columns)


def _spans(table: pd.DataFrame, name: str, show: Callable[[float], str]) -> list[str]:
    ends = (table[f"{name}, 90 % {end} (0-1)"] for end in (LOW, HIGH))
    return [span(low, high, show) for low, high in zip(*ends, strict=True)]


def ribbon_table(
    months: Sequence[str],
    ribbons: Mapping[str, Ribbon],
    unit: str,
    heads: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return the numbers behind a chart over time: one row per line and month.

    Parameters
    ----------
    months : sequence of str
    ribbons : mapping
        By name of the line.
    unit : str
        Unit of every number, for the headers.
    heads : mapping
        By name of the line, the columns that identify it.
    """
    quantiles = {"p05": "5 %", "p25": "25 %", "p75": "75 %", "p95": "95 %"}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    **dict.fromkeys(heads[name]),
                    "month": list(months),
                    f"mean ({unit})": ribbon.mean,
                    **{
                        f"{share} of futures below ({unit})": getattr(ribbon, key)
                        for key, share in quantiles.items()
                    },
                }
            ).assign(**heads[name])
            for name, ribbon in ribbons.items()
        ],
        ignore_index=True,
    )


def with_record(
    lines: pd.DataFrame, record: OnRecord | None, heads: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the lines of `ribbon_table`, then what is on record: one row a month.

    Parameters
    ----------
    record : OnRecord or None
        Partners on record; without them the lines are returned as they are.
    heads : mapping
        Columns that identify the rows beside their side, which is "on record".
    """
    if record is None:
        return lines
    rows = {
        "side": "on record",
        **heads,
        "month": list(record.months),
        "on record (countries)": pd.array(record.partners, dtype="Int64"),
        "source": record.source,
    }
    return pd.concat([lines, pd.DataFrame(rows)], ignore_index=True)
