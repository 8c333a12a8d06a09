"""Features: what the model computes from the facts, for given provider homes and a given month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.data.facts import PANEL, Facts, load_facts
from sim.data.features import country as own
from sim.data.features import ties
from sim.data.features.peers import peers, shares_of_rows
from sim.data.parameters import PARAMETER_TABLE, load_parameters
from sim.data.provenance import FILE_NAME
from sim.data.yearly.vintages import facts_as_of
from sim.errors import DataError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VOTES = ("un_ideal_point_mean5", "un_agree_us", "un_agree_china", "un_agree_russia")
# Features towards a provider, each a field of `Features`, with the panel columns behind it.
TIE_FACTS: Mapping[str, tuple[str, ...]] = {
    "affinity": _VOTES,
    "ally": ("us_troops_hosted",),
    "tie": (),
    "record": (),
    "dispute": (),
    "likeness": ("liberal_democracy",),
    "rival_affinity": _VOTES,
    "exposure": (),
    "distrust": (*_VOTES, "us_troops_hosted"),
}
TIE_FEATURES = tuple(TIE_FACTS)
# Panel columns behind each feature: a feature is marked imputed where one of them is.
FEATURE_FACTS: Mapping[str, tuple[str, ...]] = {
    **{name: feature.facts for name, feature in own.COUNTRY_FEATURES.items()},
    "base_concern": own.BASE_CONCERN_FACTS,
    **TIE_FACTS,
}


class _Values(dict[str, float]):
    """Values of the parameters of group ``features``; says what to do about one that is missing."""

    def __missing__(self, name: str) -> float:
        rule = f"a feature reads parameters[{name!r}], which is no row of group features."
        remedy = "Add the row, with group features, or correct the name in sim/data/features/."
        raise DataError([Problem(PARAMETER_TABLE, 0, rule, remedy)])


@dataclass(frozen=True)
class Features:
    """What the model knows about each country. Treat the tables as read-only.

    Parameters
    ----------
    country : DataFrame
        Index iso3; the features of `sim.data.features.country`, such as readiness (0-1), need_mw
        (MW), gdp_usd (USD), population (persons), chip_tier (1-3); last base_concern (0-1).
    affinity, ally, tie, record, dispute, likeness, rival_affinity, exposure, distrust : DataFrame
        Index iso3, one column per provider, 0 to 1.
    peers : DataFrame
        Country x peer; rows sum to 1, the diagonal is 0.
    exposure_censored : DataFrame of bool
        True if a member of the home is outside the country's trade lists.
    imputed : DataFrame of bool
        Country x feature: True if a fact behind the feature is an estimate, or was not yet public
        and something else is used instead.
    homes : mapping
        Home countries of each provider.
    as_of : str
        Month for which facts, ties and agreements count, "YYYY-MM".
    """

    country: pd.DataFrame
    affinity: pd.DataFrame
    ally: pd.DataFrame
    tie: pd.DataFrame
    record: pd.DataFrame
    dispute: pd.DataFrame
    likeness: pd.DataFrame
    rival_affinity: pd.DataFrame
    exposure: pd.DataFrame
    distrust: pd.DataFrame
    peers: pd.DataFrame
    exposure_censored: pd.DataFrame
    imputed: pd.DataFrame
    homes: Mapping[str, tuple[str, ...]]
    as_of: str

    def peer_weights(self, agents: Sequence[str]) -> NDArray[np.float64]:
        """Return the peer weights among some countries, each row summing to 1.

        Parameters
        ----------
        agents : sequence of str
            ISO3 codes, at least two.

        Returns
        -------
        ndarray of shape (n, n)
            Row: country; column: peer; the diagonal is 0. A country without peers among the others
            has a row of zeros.

        Raises
        ------
        ValueError
            If fewer than two countries are given.
        """
        if len(agents) < 2:
            raise ValueError("peer weights need at least two countries")
        row = {code: place for place, code in enumerate(self.peers.index)}
        place = [row[code] for code in agents]
        # By column, as pandas keeps it: the last bit of a sum follows from the order in memory.
        return shares_of_rows(np.asfortranarray(self.peers.to_numpy()[np.ix_(place, place)]))


def _imputed_features(facts: Facts) -> pd.DataFrame:
    """Return flags of estimates, country x feature, from FEATURE_FACTS."""
    imputed = {str(name): column.to_numpy() for name, column in facts.imputed.items()}
    flags = {
        feature: np.any([imputed[name] for name in columns], axis=0)
        for feature, columns in FEATURE_FACTS.items()
    }
    return pd.DataFrame(flags, index=facts.countries.index)


def build_features(
    facts: Facts,
    homes: Mapping[str, Sequence[str]],
    parameters: Mapping[str, float],
    as_of: str,
) -> Features:
    """Return the features of all countries for the given providers, as of a month.

    Parameters
    ----------
    facts : Facts
        Completed facts, of the present vintage or of that month.
    homes : mapping
        Provider key to the ISO3 codes of its home, at least one each.
    parameters : mapping
        Values of the parameter table, group ``features``.
    as_of : str
        Month "YYYY-MM" in which corporate ties, treaties and memoranda must be in force, and by
        which facts must be public: `sim.data.yearly.vintages.facts_as_of`.

    Returns
    -------
    Features
        For the shipped facts, the same object on every call with equal arguments.

    Raises
    ------
    ValueError
        If a provider has no home country, or one that the facts do not know.
    DataError
        If a feature of a country is not a number: the facts behind it lack a value, and no plan
        fills the gap.

    Examples
    --------
    >>> from sim.data import build_features, load_facts, load_parameters
    >>> values = {name: row.default for name, row in load_parameters().items()}
    >>> features = build_features(load_facts(), {"us": ("USA",)}, values, "2025-05")
    >>> bool(features.ally.loc["KOR", "us"] > features.ally.loc["BRA", "us"])
    True
    """
    if set(homes) != {provider for provider, home in homes.items() if home}:
        raise ValueError("every provider needs at least one home country")
    unknown = sorted({code for home in homes.values() for code in home} - {*facts.row})
    if unknown:
        raise ValueError(f"the facts have no row for {', '.join(unknown)}, the home of a provider")
    key = tuple((provider, tuple(home)) for provider, home in homes.items())
    table = load_parameters()
    values = tuple(
        (n, v) for n, v in parameters.items() if n in table and table[n].group == "features"
    )
    known = facts_as_of(facts, as_of)
    if known is facts_as_of(load_facts(), as_of):
        return _build_shipped(key, values, as_of)
    return _build(known, dict(key), dict(values), as_of)


@lru_cache(maxsize=32)
def _build_shipped(
    homes: tuple[tuple[str, tuple[str, ...]], ...],
    parameters: tuple[tuple[str, float], ...],
    as_of: str,
) -> Features:
    """Build from the shipped facts; kept, because every move of a slider asks again."""
    return _build(facts_as_of(load_facts(), as_of), dict(homes), dict(parameters), as_of)


def _build(
    facts: Facts,
    homes: Mapping[str, tuple[str, ...]],
    parameters: Mapping[str, float],
    as_of: str,
) -> Features:
    """Build the features without looking for a kept result."""
    panel = facts.countries
    parameters = _Values(parameters)
    _check_facts(facts)
    country = pd.DataFrame(
        {name: found.build(panel, parameters) for name, found in own.COUNTRY_FEATURES.items()}
    )
    security = ties.strongest_security_tie(facts, parameters, as_of)
    country["base_concern"] = own.base_concern(panel, security, parameters)

    columns: dict[str, dict[str, pd.Series]] = {name: {} for name in TIE_FEATURES}
    censored = {}
    for provider, home in homes.items():
        near = ties.affinity(facts, home, parameters)
        ally = ties.security_tie(facts, home, parameters, as_of)
        columns["affinity"][provider] = near
        columns["ally"][provider] = ally
        columns["tie"][provider] = ties.corporate_tie(facts, home, as_of)
        columns["record"][provider] = ties.earlier_answers(facts, home, parameters, as_of)
        columns["dispute"][provider] = ties.dispute(facts, home, as_of)
        columns["likeness"][provider] = ties.likeness(facts, home)
        columns["rival_affinity"][provider] = ties.rival_affinity(facts, home, parameters)
        columns["exposure"][provider] = ties.exposure(facts, home, parameters)
        columns["distrust"][provider] = ties.distrust(near, ally, parameters)
        censored[provider] = ties.exposure_censored(facts, home)
    found = Features(
        country=country.astype(float),
        affinity=pd.DataFrame(columns["affinity"], index=panel.index),
        ally=pd.DataFrame(columns["ally"], index=panel.index),
        tie=pd.DataFrame(columns["tie"], index=panel.index),
        record=pd.DataFrame(columns["record"], index=panel.index),
        dispute=pd.DataFrame(columns["dispute"], index=panel.index),
        likeness=pd.DataFrame(columns["likeness"], index=panel.index),
        rival_affinity=pd.DataFrame(columns["rival_affinity"], index=panel.index),
        exposure=pd.DataFrame(columns["exposure"], index=panel.index),
        distrust=pd.DataFrame(columns["distrust"], index=panel.index),
        peers=peers(facts, parameters, as_of),
        exposure_censored=pd.DataFrame(censored, index=panel.index),
        imputed=_imputed_features(facts),
        homes={provider: tuple(home) for provider, home in homes.items()},
        as_of=as_of,
    )
    _check_finite(found, is_present=facts.vintage is None)
    return found


def _check_facts(facts: Facts) -> None:
    """Refuse features whose facts are not numeric columns of the panel that the model uses.

    Raises
    ------
    DataError
        With each feature and column, and what to do.
    """
    records = facts.provenance.tables[PANEL].columns
    problems = []
    for feature, columns in FEATURE_FACTS.items():
        for name in columns:
            place = f"the feature {feature} rests on {name}"
            if name not in facts.imputed:
                rule = f"{place}, which is not a numeric column of {PANEL}.csv."
                remedy = "Correct the name in sim/data/features/, or add the column and its record."
                problems.append(Problem("", 0, rule, remedy))
            elif records[name].role != "feature":
                rule = f"{place}, whose role in {FILE_NAME} is {records[name].role}."
                problems.append(Problem("", 0, rule, "Set its role to feature."))
    if problems:
        raise DataError(problems)


def _check_finite(features: Features, *, is_present: bool) -> None:
    """Refuse features that are not finite: no probability could be computed from them.

    Raises
    ------
    DataError
        With the feature, the first such country, and the facts to complete.
    """
    tables = {"": features.country} | {name: getattr(features, name) for name in TIE_FEATURES}
    problems = []
    for tie, table in tables.items():
        if np.isfinite(table.to_numpy(np.float64)).all():
            continue
        for column in table:
            name = f"{tie} towards {column}" if tie else str(column)
            wrong = table.index[~np.isfinite(table[column].to_numpy(np.float64))]
            if len(wrong):
                rule = f"the feature {name} of {wrong[0]} is not a number"
                rule += f" (nor of {len(wrong) - 1} more)." if len(wrong) > 1 else "."
                behind = ", ".join(FEATURE_FACTS[tie or str(column)])
                remedy = f"Complete {behind or 'the tables behind it'}, or give it a plan in "
                remedy += "sim/data/imputation.py."
                if not is_present:
                    rule = f"as of {features.as_of}, {rule}"
                    remedy += " Or let its function say what it is where nothing is public yet."
                problems.append(Problem("", 0, rule, remedy))
    if problems:
        raise DataError(problems)
