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
from sim.data.relations import FLOWS, is_in_force, positions
from sim.data.yearly.vintages import LISTED_PARTNERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


def _standardise(values: pd.Series, others: pd.Index) -> pd.Series:
    """Return values in standard deviations from the mean of the given countries."""
    return (values - values[others].mean()) / values[others].std(ddof=0)


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
    members = list(home)
    others = panel.index.difference(members)
    x = panel["un_ideal_point_mean5"]
    weight = panel.loc[members, "gdp_usd"]
    h = float((x[members] * weight).sum() / weight.sum())
    side = 1.0 if h >= x.median() else -1.0
    parts = [_standardise(-(side * (h - x)).clip(lower=0.0), others)]
    if all(member in AGREEMENT_COLUMN for member in members):
        alike = sum(
            (panel[AGREEMENT_COLUMN[m]] * weight[m] for m in members), start=pd.Series(0.0, x.index)
        )
        parts.append(_standardise(alike / weight.sum(), others))
    z = sum(parts, start=pd.Series(0.0, x.index)) / len(parts)
    result = (0.5 + z / (2 * parameters["affinity_spread"])).clip(0.0, 1.0)
    result[with_territories(facts, home)] = 1.0
    return result


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


def latest_months(dates: pd.Series) -> pd.Series:
    """Return the last month that each date can mean: a year alone can mean its December.

    Examples
    --------
    >>> latest_months(pd.Series(["2013", "2014-02", "2014-02-27"])).tolist()
    ['2013-12', '2014-02', '2014-02']
    """
    return dates.str[:7].where(dates.str.len() > 4, dates + "-12")


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
    rows = facts.events[
        (facts.events["programme"] == programme)
        & (facts.events["date"] != "")
        & (latest_months(facts.events["date"]) < as_of)
    ]
    signed = rows[(rows["event"] == "signed") & (rows["confidence"] != "low")]
    left = rows[
        (rows["event"] == "withdrew")
        & (rows["side"] == "country")
        & (rows["detail"] != "subnational")
    ]
    known = set(facts.countries.index)
    return tuple(sorted((set(signed["iso3"]) - set(left["iso3"])) & known))


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
    panel = facts.countries
    distance = pd.Series(1.0, index=panel.index)
    for iso3, weight in _agreement_weights(facts, home, parameters, as_of):
        distance[iso3] *= 1 - weight
    for state, column in PRESENCE_COLUMN.items():
        if state in home:
            troops = panel[column]
            share = troops / (troops + parameters["presence_half_troops"])
            distance *= 1 - parameters["ally_presence"] * share
    for programme, state in PROGRAMME_HOME.items():
        if programmes and state in home:
            members = list(programme_members(facts, programme, as_of))
            distance[members] *= 1 - parameters["ally_memorandum"]
    result = 1 - distance
    result[with_territories(facts, home)] = 1.0
    return result


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
    columns = (facts.ties[name] for name in ("home", "iso3", "strength", "date", "ended"))
    distance = pd.Series(1.0, index=facts.countries.index)
    for own, iso3, strength, since, until in zip(*columns, strict=True):
        if own in home and is_in_force(since, until, as_of):
            distance[iso3] *= 1 - strength
    return 1 - distance


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
    chosen = facts.programmes[
        facts.programmes["bloc"].isin(blocs) & (facts.programmes["counts_for_record"] == 1)
    ]
    rows = facts.events[
        facts.events["programme"].isin(chosen["programme"])
        & (facts.events["date"] != "")
        & (latest_months(facts.events["date"]) < as_of)
        & (facts.events["confidence"] != "low")
        & facts.events["iso3"].isin(index)
    ]
    asked = rows["programme"].unique()
    if not len(asked):
        return pd.Series(NO_RECORD, index=index)
    # The latest answer to a programme counts: who withdrew has not joined.
    latest = rows.sort_values("date", kind="stable").groupby(["programme", "iso3"])["event"].last()
    answered = latest.map(ANSWERS).fillna(0.0).groupby("iso3").sum().reindex(index, fill_value=0.0)
    mean = float(answered.mean()) / len(asked)
    prior = parameters["record_prior"]
    return (answered + prior * mean) / (len(asked) + prior)


def dispute(facts: Facts, home: Sequence[str], as_of: str) -> pd.Series:
    """Return the gravest dispute over territory with a member of the home, 0 to 1.

    Formula: the largest level among the rows of disputes.csv that are open in that month; 0 without
    one. Source: the documents named there. Assumption: the levels, by the rule that the table
    states.
    """
    columns = (facts.disputes[name] for name in ("home", "iso3", "level", "date", "ended"))
    result = pd.Series(0.0, index=facts.countries.index)
    for own, iso3, level, since, until in zip(*columns, strict=True):
        if own in home and is_in_force(since, until, as_of):
            result[iso3] = max(result[iso3], level)
    return result


def likeness(facts: Facts, home: Sequence[str]) -> pd.Series:
    """Return how alike the country and the home are governed, 0 to 1.

    Formula: 1 - |d_i - d_h|, with d the liberal democracy index and d_h the home's, the mean of its
    members weighted by GDP. 1 for the home. Source: V-Dem v2x_libdem. Assumption: one index stands
    for a system of government (likeness of regimes makes for alliances and agreements:
    lai-reiter-2000).
    """
    panel = facts.countries
    members = list(home)
    weight = panel.loc[members, "gdp_usd"]
    democracy = panel["liberal_democracy"]
    own = float((democracy[members] * weight).sum() / weight.sum())
    result = 1.0 - (democracy - own).abs()
    result[with_territories(facts, home)] = 1.0
    return result


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
    which the home is further. Sources: as for affinity. Assumption: whose side the home is on is
    told by how it votes.
    """
    return affinity(facts, (rival_of(facts, home, parameters),), parameters)


def smallest_listed(facts: Facts, flow: str) -> pd.Series:
    """Return the smallest share on each country's list of partners; NaN if it has no list."""
    if facts.vintage is not None:
        return facts.vintage.smallest_listed[flow]
    return facts.listed_shares[flow].min(axis=1)


def _share_with_home(
    facts: Facts, flow: str, home: Sequence[str], parameters: Parameters
) -> pd.Series:
    """Return the share of one flow that goes to the home; NaN if no partner is listed."""
    shares = facts.listed_shares[flow]
    listed = shares.to_numpy()
    known = ~np.isnan(listed)
    smallest = smallest_listed(facts, flow).to_numpy()
    rest = np.clip(1 - np.nansum(listed, axis=1), 0, None)
    weight = np.where(known, 0.0, facts.countries["gdp_usd"].to_numpy()[None, :])
    np.fill_diagonal(weight, 0.0)
    gravity = rest[:, None] * weight / weight.sum(axis=1, keepdims=True)
    ceiling = np.where(
        is_place_known(facts)[None, :], parameters["exposure_unlisted"] * smallest[:, None], np.inf
    )
    filled = np.where(known, listed, np.minimum(ceiling, gravity))
    filled[np.isnan(smallest)] = np.nan
    place = positions(shares.index, home)
    return pd.Series(filled[:, place].sum(axis=1), index=shares.index)


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
    sides = [_share_with_home(facts, flow, home, parameters) for flow in FLOWS]
    mean = pd.concat(sides, axis=1).mean(axis=1)
    region = mean.groupby(facts.countries["un_subregion"]).transform("median")
    result = mean.fillna(region).fillna(mean.median()).clip(0.0, 1.0)
    if len(home) == 1:
        result[list(home)] = 0.0
    return result


def exposure_censored(facts: Facts, home: Sequence[str]) -> pd.Series:
    """Return True if a member of the home is outside a country's lists of partners."""
    members = list(home)
    unlisted = [facts.listed_shares[flow][members].isna().any(axis=1) for flow in FLOWS]
    return unlisted[0] | unlisted[1]


def distrust(affinity: pd.Series, ally: pd.Series, parameters: Parameters) -> pd.Series:
    """Return distrust of a provider, distrust_floor to 1.

    Formula: distrust_floor + (1 - distrust_floor) x (1 - trust), with trust = distrust_affinity x
    affinity + (1 - distrust_affinity) x security tie. Assumption: trust rests on agreement and on
    security ties in fixed shares, and nobody is trusted completely: dependence on a friend is
    dependence too.
    """
    share, floor = parameters["distrust_affinity"], parameters["distrust_floor"]
    return floor + (1 - floor) * (1 - share * affinity - (1 - share) * ally)
