"""Features of a country towards a provider's home: affinity, security, firms, trade, distrust.

A home is a set of countries, so that a bloc can be a provider. Each function returns one Series by
iso3 with values from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.data.facts import Facts
from sim.data.relations import FLOWS, is_in_force, rows_at
from sim.data.yearly.vintages import LISTED_PARTNERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Parameters = Mapping[str, float]

# Records in the panel about single states. A state that is not listed here has no such record.
AGREEMENT_COLUMN = {"USA": "un_agree_us", "CHN": "un_agree_china", "RUS": "un_agree_russia"}
PRESENCE_COLUMN = {"USA": "us_troops_hosted"}
PROGRAMME_HOME = {"bri": "CHN"}  # foreign-policy programmes by memorandum, in the events table
GREAT_POWERS = ("CHN", "FRA", "GBR", "RUS", "USA")  # permanent members of the Security Council
KIND_PARAMETER = {
    "mutual_defence": "ally_treaty",
    "dormant": "ally_dormant",
    "designation": "ally_designation",
    "partnership": "ally_partnership",
}


def with_territories(facts: Facts, home: Sequence[str]) -> list[str]:
    """Return the home's countries and the panel rows that are part of them (kind territory)."""
    parts = [
        party.iso3
        for parties in facts.agreements.values()
        for party in parties
        if party.kind == "territory" and party.counterpart in home and party.iso3 not in home
    ]
    return [*home, *parts]


def _with_home(facts: Facts, values: Array, home: Sequence[str]) -> pd.Series:
    """Return values by iso3, 1 for the home and its territories."""
    values[rows_at(facts.row, with_territories(facts, home))] = 1.0
    return pd.Series(values, index=facts.countries.index)


def _standardise(values: Array, is_other: NDArray[np.bool_]) -> Array:
    """Return values in standard deviations from the mean of the others."""
    others = values[is_other]
    others = others[~np.isnan(others)]
    return np.asarray((values - others.mean()) / others.std())


def _members(facts: Facts, home: Sequence[str]) -> tuple[NDArray[np.intp], Array]:
    """Return the rows of the home's members, and their weights in its means: their GDP."""
    place = rows_at(facts.row, home)
    return place, facts.countries["gdp_usd"].to_numpy()[place]


def _mean_of_home(facts: Facts, column: str, home: Sequence[str]) -> float:
    """Return the mean of a column over the home's members, weighted by GDP."""
    place, weight = _members(facts, home)
    return float((facts.countries[column].to_numpy()[place] * weight).sum() / weight.sum())


def affinity(facts: Facts, home: Sequence[str], parameters: Parameters) -> pd.Series:
    """Return agreement in foreign policy with the home, 0 to 1.

    Formula: 1/2 + z / (2 affinity_spread), clipped, and 1 for the home. z is the mean of two
    measures of closeness, each standardised over all other countries: (a) UN ideal points,
    -max(0, s (h - x)), with x the country's point, h the home's (mean weighted by GDP) and s the
    side of the world median on which the home lies; (b) the share of votes cast alike, if that
    is recorded for every member of the home.

    Sources: UN General Assembly ideal points 2019-2023 and agreement, latest year. Assumptions: a
    country beyond the home in the home's own direction has full closeness (directional voting,
    rabinowitz-1989), otherwise Iran would be further from China than Mexico is; and
    closeness counts relative to other countries, because the agenda of the Assembly puts almost all
    of the South near China and far from the United States.
    """
    panel = facts.countries
    place, weight = _members(facts, home)
    is_other = np.ones(len(panel), np.bool_)
    is_other[place] = False
    x = panel["un_ideal_point_mean5"].to_numpy()
    h = _mean_of_home(facts, "un_ideal_point_mean5", home)
    side = 1.0 if h >= np.nanmedian(x) else -1.0
    parts = [_standardise(-np.clip(side * (h - x), 0.0, None), is_other)]
    if all(member in AGREEMENT_COLUMN for member in home):
        columns = [panel[AGREEMENT_COLUMN[member]].to_numpy() for member in home]
        alike = sum((a * w for a, w in zip(columns, weight, strict=True)), np.zeros(len(panel)))
        parts.append(_standardise(alike / weight.sum(), is_other))
    z = sum(parts, np.zeros(len(panel))) / len(parts)
    closeness = np.clip(0.5 + z / (2 * parameters["affinity_spread"]), 0.0, 1.0)
    return _with_home(facts, closeness, home)


def _agreement_weights(
    facts: Facts, home: Sequence[str], parameters: Parameters, as_of: str
) -> list[tuple[str, float]]:
    """Return (country, weight) for every agreement that ties a country to the home in a month."""
    found: list[tuple[str, float]] = []
    for parties in facts.agreements.values():
        members = [p for p in parties if p.kind != "territory" and p.is_bound(as_of)]
        weight = {p.iso3: parameters[KIND_PARAMETER[p.kind]] for p in members}
        partner = {p.iso3: p.counterpart for p in members}
        for iso3, own in weight.items():
            if partner[iso3]:
                found += [(iso3, own)] if partner[iso3] in home else []
                continue
            theirs = [weight[m] for m in home if m in weight and m != iso3 and not partner[m]]
            found += [(iso3, min(own, max(theirs)))] if theirs else []
    return found


def programme_members(facts: Facts, programme: str, as_of: str) -> tuple[str, ...]:
    """Return the countries that had certainly signed a programme before a month and not left it.

    Signatures of low confidence do not count, nor do withdrawals by the supplier or by a part of
    the country.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> members = programme_members(load_facts(), "bri", "2025-05")
    >>> "KEN" in members, "ITA" in members, "USA" in members
    (True, False, False)
    """
    rows = [e for e in facts.dated_events if e.programme == programme and e.month < as_of]
    signed = {e.iso3 for e in rows if e.event == "signed" and e.confidence != "low"}
    left = {
        e.iso3
        for e in rows
        if e.event == "withdrew" and e.side == "country" and e.detail != "subnational"
    }
    return tuple(sorted((signed - left) & set(facts.row)))


def security_tie(
    facts: Facts,
    home: Sequence[str],
    parameters: Parameters,
    as_of: str,
    programmes: bool = True,
) -> pd.Series:
    """Return the security tie to the home, 0 to 1.

    Formula: 1 - product over ties of (1 - weight). The ties are each agreement in force with a
    member of the home (ally_treaty, ally_dormant, ally_designation, ally_partnership; the weaker of
    the two parties' kinds), stationed troops (ally_presence x troops / (troops +
    presence_half_troops), recorded for the United States only), and a memorandum under the home's
    foreign-policy programme (ally_memorandum; Belt and Road). 1 for the home itself.

    Sources: treaties.csv, US Department of Defense 2024, events.csv. Assumptions: the weights; ties
    are separate evidence, so each closes a share of the remaining distance to a full tie, and
    presence and designations count in addition to treaties. A territory of the home counts as the
    home.
    """
    distance = np.ones(len(facts.row))
    for iso3, weight in _agreement_weights(facts, home, parameters, as_of):
        distance[facts.row[iso3]] *= 1 - weight
    for state, column in PRESENCE_COLUMN.items():
        if state in home:
            troops = facts.countries[column].to_numpy()
            share = troops / (troops + parameters["presence_half_troops"])
            distance *= 1 - parameters["ally_presence"] * share
    for programme, state in PROGRAMME_HOME.items():
        if programmes and state in home:
            members = programme_members(facts, programme, as_of)
            distance[rows_at(facts.row, members)] *= 1 - parameters["ally_memorandum"]
    return _with_home(facts, 1 - distance, home)


def strongest_security_tie(facts: Facts, parameters: Parameters, as_of: str) -> pd.Series:
    """Return the strongest security tie to a great power other than the country itself, 0 to 1.

    Great powers are the permanent members of the Security Council. Economic memoranda do not count
    here.
    """
    ties = []
    for power in GREAT_POWERS:
        tie = security_tie(facts, (power,), parameters, as_of, programmes=False)
        tie[power] = 0.0
        ties.append(tie)
    return pd.concat(ties, axis=1).max(axis=1)


def corporate_tie(facts: Facts, home: Sequence[str], as_of: str) -> pd.Series:
    """Return the ties between the country's firms and firms of the home, 0 to 1.

    Formula: 1 - product of (1 - strength) over the rows of ties.csv in force in that month. Source:
    the documents named there. Assumption: the strengths.
    """
    distance = np.ones(len(facts.row))
    for iso3, strength in _towards(facts.ties, "strength", home, as_of):
        distance[facts.row[iso3]] *= 1 - strength
    return pd.Series(1 - distance, index=facts.countries.index)


def _towards(
    rows: pd.DataFrame, column: str, home: Sequence[str], as_of: str
) -> list[tuple[str, float]]:
    """Return (country, value of a column) of the rows towards a home that are in force."""
    columns = (rows[name].tolist() for name in ("home", "iso3", column, "date", "ended"))
    return [
        (iso3, value)
        for own, iso3, value, since, until in zip(*columns, strict=True)
        if own in home and is_in_force(since, until, as_of)
    ]


# What an answer to a request counts for; silence counts as none.
ANSWERS = {"signed": 1.0, "joined": 1.0, "announced": 1.0, "voted_yes": 1.0, "abstained": 0.5,
           "invited_not_joined": 0.5}  # fmt: skip
BLOC_HOME = {"US": "USA", "CHN": "CHN"}
NO_RECORD = 0.5


def earlier_answers(
    facts: Facts, home: Sequence[str], parameters: Parameters, as_of: str
) -> pd.Series:
    """Return how a country answered earlier requests of the home, 0 to 1.

    Formula: the sum of its answers (yes 1, abstention or an invitation left open 0.5, no or silence
    0) to the programmes of the home's bloc that everybody could answer, by answers given before
    that month, drawn towards the mean of all countries as if `record_prior` more programmes had
    been answered so. 0.5 for everybody before the first programme, and towards homes that lead no
    bloc.

    Sources: programmes.csv, events.csv. Answers of low confidence do not count. Assumption: all
    programmes count alike.
    """
    index = facts.countries.index
    blocs = [bloc for bloc, state in BLOC_HOME.items() if state in home]
    programmes = facts.programmes
    is_counted = programmes["bloc"].isin(blocs) & (programmes["counts_for_record"] == 1)
    counted = set(programmes.loc[is_counted, "programme"])
    answers = (e for e in facts.dated_events if e.programme in counted and e.iso3 in facts.row)
    # The latest answer to a programme counts: a country that withdrew has not joined.
    latest = {
        (e.programme, e.iso3): e.event for e in answers if e.month < as_of and e.confidence != "low"
    }
    n_asked = len({programme for programme, _ in latest})
    if not n_asked:
        return pd.Series(NO_RECORD, index=index)
    answered = np.zeros(len(index))
    for (_, iso3), event in latest.items():
        answered[facts.row[iso3]] += ANSWERS.get(event, 0.0)
    prior = parameters["record_prior"]
    mean = answered.mean() / n_asked
    return pd.Series((answered + prior * mean) / (n_asked + prior), index=index)


def dispute(facts: Facts, home: Sequence[str], as_of: str) -> pd.Series:
    """Return the gravest dispute over territory with a member of the home, 0 to 1.

    Formula: the largest level among the rows of disputes.csv that are open in that month; 0 without
    one. Source: the documents named there. Assumption: the levels, by the rule that the table
    states.
    """
    gravest = np.zeros(len(facts.row))
    for iso3, level in _towards(facts.disputes, "level", home, as_of):
        gravest[facts.row[iso3]] = max(gravest[facts.row[iso3]], level)
    return pd.Series(gravest, index=facts.countries.index)


def likeness(facts: Facts, home: Sequence[str]) -> pd.Series:
    """Return how alike the country and the home are governed, 0 to 1.

    Formula: 1 - |d_i - d_h|, with d the liberal democracy index and d_h the home's, the mean of its
    members weighted by GDP. 1 for the home. Source: V-Dem v2x_libdem. Assumption: one index stands
    for a system of government (likeness of regimes makes for alliances and agreements:
    lai-reiter-2000).
    """
    own = _mean_of_home(facts, "liberal_democracy", home)
    democracy = facts.countries["liberal_democracy"].to_numpy()
    return _with_home(facts, 1.0 - np.abs(democracy - own), home)


# The two powers in contest; the rival of a home is the one that it is further from.
CONTENDERS = ("USA", "CHN")


def rival_of(facts: Facts, home: Sequence[str], parameters: Parameters) -> str:
    """Return which of the two contending powers the home is further from.

    Examples
    --------
    >>> from sim.data import load_facts, load_parameters
    >>> values = {name: row.default for name, row in load_parameters().items()}
    >>> [rival_of(load_facts(), home, values) for home in (("USA",), ("CHN",), ("FRA", "DEU"))]
    ['CHN', 'USA', 'CHN']
    """
    others = [power for power in CONTENDERS if power not in home]
    if len(others) == 1:
        return others[0]
    nearness = {
        power: float(affinity(facts, (power,), parameters)[list(home)].mean()) for power in others
    }
    return min(others, key=lambda power: nearness[power])


def rival_affinity(facts: Facts, home: Sequence[str], parameters: Parameters) -> pd.Series:
    """Return agreement in foreign policy with the home's rival, 0 to 1.

    Formula: the affinity to that of the United States and China which is not in the home, or from
    which the home is further. Sources: as for affinity. Assumption: how the home votes tells whose
    side it is on.
    """
    return affinity(facts, (rival_of(facts, home, parameters),), parameters)


def smallest_listed(facts: Facts, flow: str) -> Array:
    """Return the smallest share on each country's list of partners; NaN if it has no list."""
    if facts.vintage is not None:
        return facts.vintage.smallest_listed[flow].to_numpy()
    return np.asarray(np.fmin.reduce(facts.listed_shares[flow].to_numpy(), axis=1))


def _share_with_home(facts: Facts, flow: str, home: Sequence[str], parameters: Parameters) -> Array:
    """Return the share of one flow that goes to the home; NaN if no partner is listed."""
    listed = facts.listed_shares[flow].to_numpy()
    known = ~np.isnan(listed)
    smallest = smallest_listed(facts, flow)
    rest = np.clip(1 - np.nansum(listed, axis=1), 0, None)
    weight = np.where(known, 0.0, facts.countries["gdp_usd"].to_numpy()[None, :])
    np.fill_diagonal(weight, 0.0)
    gravity = rest[:, None] * weight / weight.sum(axis=1, keepdims=True)
    ceiling = np.where(
        is_place_known(facts)[None, :], parameters["exposure_unlisted"] * smallest[:, None], np.inf
    )
    filled = np.where(known, listed, np.minimum(ceiling, gravity))
    filled[np.isnan(smallest)] = np.nan
    return np.asarray(filled[:, rows_at(facts.row, home)].sum(axis=1))


def is_place_known(facts: Facts) -> NDArray[np.bool_]:
    """Return which partners' positions on lists are known: all in the present vintage."""
    index = facts.countries.index
    if facts.vintage is None:
        return np.ones(len(index), np.bool_)
    return np.asarray(index.isin(list(LISTED_PARTNERS)))


def exposure(facts: Facts, home: Sequence[str], parameters: Parameters) -> pd.Series:
    """Return dependence on trade with the home, 0 to 1.

    Formula: mean of the home's export share and import share. A partner outside the top five gets
    the lesser of two values: exposure_unlisted x the smallest listed share, and its share, by GDP,
    of what the list leaves. Without any list: the median of the sub-region, or of the world if the
    sub-region has none. As of an earlier month only the positions of the United States and China on
    the lists are on record; another home gets its share, by GDP, of what those two leave. Source:
    Factbook, mostly 2023. Assumptions: empty is not zero; goods alone represent trade.
    """
    sides = np.array([_share_with_home(facts, flow, home, parameters) for flow in FLOWS])
    n_listed = (~np.isnan(sides)).sum(axis=0)
    share = np.where(n_listed > 0, np.nansum(sides, axis=0) / np.maximum(n_listed, 1), np.nan)
    mean = pd.Series(share, index=facts.countries.index)
    if mean.isna().any():
        region = mean.groupby(facts.countries["un_subregion"]).transform("median")
        mean = mean.fillna(region).fillna(mean.median())
    result = mean.clip(0.0, 1.0)
    if len(home) == 1:
        result[list(home)] = 0.0
    return result


def exposure_censored(facts: Facts, home: Sequence[str]) -> pd.Series:
    """Return True if a member of the home is outside a country's lists of partners."""
    place = rows_at(facts.row, home)
    listed = [facts.listed_shares[flow].to_numpy()[:, place] for flow in FLOWS]
    is_outside = np.isnan(listed).any(axis=(0, 2))
    return pd.Series(is_outside, index=facts.countries.index)


def distrust(affinity: pd.Series, ally: pd.Series, parameters: Parameters) -> pd.Series:
    """Return distrust of a provider, distrust_floor to 1.

    Formula: distrust_floor + (1 - distrust_floor) x (1 - trust), with trust = distrust_affinity x
    affinity + (1 - distrust_affinity) x security tie. Assumption: trust rests on agreement and on
    security ties in fixed shares, and nobody is trusted completely: dependence on a friend is
    dependence too.
    """
    share, floor = parameters["distrust_affinity"], parameters["distrust_floor"]
    return floor + (1 - floor) * (1 - share * affinity - (1 - share) * ally)
