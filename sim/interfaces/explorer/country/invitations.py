"""Whether a country is invited to each offer, and whether it signs once invited."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.pairing import ensembles_of
from sim.experiment.probability_interval import probability_interval
from sim.experiment.summaries.explaining import Filter, filters_in
from sim.experiment.tables.countries import (
    ALL_MAY_JOIN,
    BY_SELECTION,
    CLOSED,
    ON_RECORD,
    signature_probability,
)
from sim.words.text import told_apart
from sim.words.titles import offer_title
from sim.words.wording import month_in_words, percent, span

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble

INVITED, THEN, SIGNS = "invited", "signs once invited", "signs"
RARELY_INVITED = "too few invitations"
ACCESS_IN_WORDS = {
    ALL_MAY_JOIN: "all may join",
    BY_SELECTION: "by selection",
    CLOSED: "its rules exclude it",
    ON_RECORD: "on record",
}


def filters_table(answer: ShownAnswer, code: str) -> pd.DataFrame:
    """Return both filters of every offer for a country, one row per side and offer.

    Returns
    -------
    DataFrame
        Side, offer, how the country comes to it, the probability that it is invited, that it signs
        once invited (with its Monte Carlo error) and that it signs (with the ends of its 90 %
        interval), 0-1, and the month of a signature on record. `shown_filters` gives the same for
        reading.
    """
    rows = []
    for side, ensemble in ensembles_of(answer).items():
        scenario = ensemble.scenario
        titles = told_apart({name: offer_title(scenario, name) for name in scenario.offers})
        for provider in ensemble.axes.provider:
            for each in filters_in(ensemble, code, provider):
                head = {"side": side, "offer": titles[each.reference]}
                rows.append(head | _row(ensemble, code, each))
    return pd.DataFrame(rows)


def _row(ensemble: Ensemble, code: str, found: Filter) -> dict[str, Any]:
    i, o = ensemble.axes.country.index(code), [*ensemble.scenario.offers].index(found.reference)
    p = signature_probability(ensemble, o)
    low, high = probability_interval(p.mean[i], p.low[i], p.high[i], p.standard_error[i])
    made = ensemble.scenario.initial.commitments
    signed = [m.signed for m in made if (m.country, m.offer) == (code, found.reference)]
    return {
        "access": ACCESS_IN_WORDS[found.access],
        f"{INVITED} (0-1)": found.invited,
        f"{THEN} (0-1)": found.signs_then,
        f"{THEN}, Monte Carlo error (0-1)": found.signs_then_error,
        f"{SIGNS} (0-1)": found.signed,
        f"{SIGNS}, 90 % low (0-1)": float(low),
        f"{SIGNS}, 90 % high (0-1)": float(high),
        "on record since": signed[0] if signed else None,
    }


def shown_filters(table: pd.DataFrame) -> pd.DataFrame:
    """Return `filters_table` in the form the page shows: in words where rules or records decide."""
    rows = [_shown(row) for row in table.to_dict("records")]
    shown = pd.DataFrame(rows, columns=["side", "offer", INVITED, THEN, SIGNS])
    return shown if len(set(table["side"])) > 1 else shown.drop(columns="side")


def _shown(row: dict[Any, Any]) -> dict[str, str]:
    """Return the cells of an offer in words."""
    access, invited, then = row["access"], row[f"{INVITED} (0-1)"], row[f"{THEN} (0-1)"]
    shown = {"side": row["side"], "offer": row["offer"]}
    if access == ACCESS_IN_WORDS[ON_RECORD]:
        since = f"since {month_in_words(row['on record since'])}"
        return shown | {INVITED: access, THEN: "", SIGNS: since}
    if access == ACCESS_IN_WORDS[CLOSED]:
        return shown | {INVITED: access, THEN: "", SIGNS: percent(0.0)}
    is_open = access == ACCESS_IN_WORDS[ALL_MAY_JOIN]
    words = access if is_open and invited == 1.0 else percent(invited)
    low, high = (row[f"{SIGNS}, 90 % {end} (0-1)"] for end in ("low", "high"))
    return shown | {
        INVITED: words,
        THEN: RARELY_INVITED if math.isnan(then) else percent(then),
        SIGNS: f"{percent(row[f'{SIGNS} (0-1)'])} ({span(low, high, percent)})",
    }
