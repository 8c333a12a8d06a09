"""Features of a country by itself: readiness, capability, power, rules, concern.

Each function takes the completed panel and the parameter values and returns one Series by iso3. The
formulas, units, sources and assumptions stand in the docstrings; docs/data.md prints them. A
function under ``@feature`` is a feature by its own name, in the order of this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

Parameters = Mapping[str, float]
Build = Callable[[pd.DataFrame, Parameters], pd.Series]

DATA_RULES_WEIGHT = {"eea": 1.0, "adequate": 0.5, "partial": 0.5, "none": 0.0}
ABLE_ECONOMY_USD = 1e12  # GDP x readiness; below it ability is proportional, above it logarithmic
H100_SCALE = 1000.0  # H100 equivalents; below this compute is proportional, above it logarithmic


@dataclass(frozen=True)
class CountryFeature:
    """A feature of a country by itself.

    Parameters
    ----------
    build : callable
        Returns the feature from the completed panel and the parameter values.
    facts : tuple of str
        Numeric columns of the panel behind it. The feature is marked imputed where one of them is.
    """

    build: Build
    facts: tuple[str, ...]


COUNTRY_FEATURES: dict[str, CountryFeature] = {}


def feature(*facts: str) -> Callable[[Build], Build]:
    """Register a function as the feature of its name, with the panel columns behind it."""

    def register(build: Build) -> Build:
        COUNTRY_FEATURES[build.__name__] = CountryFeature(build, facts)
        return build

    return register


READINESS_FACTS = (
    "government_ai_readiness",
    "internet_users_share",
    "ai_user_share_h1_2025",
    "gdp_usd",
)
BASE_CONCERN_FACTS = (*READINESS_FACTS, "us_troops_hosted")


def percentile_rank(values: pd.Series) -> pd.Series:
    """Return the rank among all countries, 0 for the lowest to 1 for the highest, ties averaged.

    Examples
    --------
    >>> percentile_rank(pd.Series([10.0, 1000.0, 20.0])).tolist()
    [0.0, 1.0, 0.5]
    """
    return (values.rank(method="average") - 1) / (len(values) - 1)


@feature(*READINESS_FACTS)
def readiness(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return readiness to use AI, 0 to 1.

    Formula: mean percentile rank of government AI readiness, internet users, AI users, and GDP per
    head; as of an earlier month, of those that were public. Sources: Oxford Insights 2023,
    Factbook, Microsoft 2025, World Bank. Assumptions: ranks, because the four differ in year and
    method and two of them mislead as levels; equal weights.
    """
    del parameters
    income = panel["gdp_usd"] / panel["population"]
    parts = [
        panel["government_ai_readiness"],
        panel["internet_users_share"],
        panel["ai_user_share_h1_2025"],
        income,
    ]
    ranks = [percentile_rank(part) for part in parts if _is_public(part)]
    return sum(ranks, start=pd.Series(0.0, panel.index)) / len(ranks)


def _is_public(column: pd.Series) -> bool:
    """Return whether a column has figures; as of an earlier month it may have none."""
    return bool(column.notna().any())


@feature(*READINESS_FACTS, "notable_ai_models", "gpu_h100_equiv_existing")
def capability(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return domestic AI capability, 0 to 1; 1 for the two leading countries.

    Formula: mean of log(1 + models), log(1 + H100 equivalents / 1000) and readiness, the first two
    as a share of the second-ranked country's value and at most 1; the mean likewise. As of a month
    before models and clusters were counted, log(1 + GDP x readiness / USD 1000 bn) replaces both.
    Sources: Epoch AI, November 2025, and readiness. Assumptions: the second country's value counts
    as full; able economies build models and clusters (computed from the present facts, the
    replacement correlates 0.96 with the present capability).
    """
    ready = readiness(panel, parameters)
    counts = [panel["notable_ai_models"], panel["gpu_h100_equiv_existing"] / H100_SCALE]
    able_economy = panel["gdp_usd"] / ABLE_ECONOMY_USD * ready
    parts = [
        share_of_second(np.log1p(count if _is_public(count) else able_economy)) for count in counts
    ]
    parts.append(ready)
    return share_of_second(sum(parts, start=pd.Series(0.0, panel.index)) / 3)


def share_of_second(values: pd.Series) -> pd.Series:
    """Return values as a share of the second-largest one, at most 1.

    Examples
    --------
    >>> share_of_second(pd.Series([1.0, 8.0, 4.0])).tolist()
    [0.25, 1.0, 1.0]
    """
    second = float(np.sort(values.to_numpy())[-2])
    return (values / second).clip(upper=1.0)


@feature(*READINESS_FACTS)
def need_mw(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the AI compute need, MW.

    Formula: need_mw_per_usd_bn x GDP (USD bn) x readiness, at least need_floor_mw. Assumption: need
    grows with the economy and with the readiness to use AI; scaled on plans on record.
    """
    need = parameters["need_mw_per_usd_bn"] * panel["gdp_usd"] / 1e9 * readiness(panel, parameters)
    return need.clip(lower=parameters["need_floor_mw"])


@feature("electricity_capacity_gw", "electricity_net_imports_twh", "electricity_generation_twh")
def headroom_mw(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the power that could be found for new load within the horizon, MW.

    Formula: headroom_margin x capacity x (1 - import share of consumption), at least
    headroom_floor_mw; the import share is net imports / (generation + net imports), 0 for net
    exporters, and 0 for all as of an earlier month, for which net imports are not on record.
    Sources: Factbook 2023, OWID. Assumption: one margin for all; importers have less to give.
    """
    imports = panel["electricity_net_imports_twh"].clip(lower=0).fillna(0.0)
    used = panel["electricity_generation_twh"] + imports
    # Lesotho's figures round to zero in some years.
    import_share = (imports / used).where(used != 0.0, 0.0)
    margin = parameters["headroom_margin"] * 1000 * panel["electricity_capacity_gw"]
    return (margin * (1 - import_share)).clip(lower=parameters["headroom_floor_mw"])


@feature("gdp_usd")
def gdp_usd(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return GDP at market exchange rates, USD. Source: World Bank, Factbook."""
    del parameters
    return panel["gdp_usd"]


@feature("gdp_usd")
def gdp_rank(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the percentile rank of GDP, 0 to 1. Source: World Bank, Factbook."""
    del parameters
    return percentile_rank(panel["gdp_usd"])


@feature("population")
def population(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return total population, persons. Source: World Bank, Factbook."""
    del parameters
    return panel["population"]


@feature("electricity_price_usc_kwh")
def power_price_rank(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the percentile rank of the price of electricity, 0 cheapest to 1 most expensive.

    Source: Doing Business, 2019; 0.5 for all as of a month before its publication. Assumption:
    levels from before 2020 are out of date, the order less so.
    """
    del parameters
    return percentile_rank(panel["electricity_price_usc_kwh"]).fillna(0.5)


@feature("liberal_democracy")
def democracy(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the liberal democracy index, 0 to 1. Source: V-Dem v2x_libdem, 2024."""
    del parameters
    return panel["liberal_democracy"]


@feature("ai_diffusion_tier")
def chip_tier(panel: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Return the export tier, 1 to 3; 1 for all as of a month before there were tiers.

    Source: US framework for AI diffusion, January 2025.
    """
    del parameters
    return panel["ai_diffusion_tier"].fillna(1.0)


def base_concern(panel: pd.DataFrame, security: pd.Series, parameters: Parameters) -> pd.Series:
    """Return the base of sovereignty concern, 0 to 1.

    Formula: concern_base + concern_scale x GDP rank + concern_data_rules x (1 in the European
    Economic Area, 0.5 where EU law finds rules adequate in full or part) + concern_capability x
    capability + concern_nonalignment x (1 - strongest security tie to a great power), clipped.
    Great powers are the permanent members of the Security Council except the country itself.
    Assumption throughout: large, able, rule-making and unaligned states guard control most.

    Parameters
    ----------
    panel : DataFrame
        Completed panel.
    security : Series
        Strongest security tie to any great power, 0 to 1.
    parameters : mapping
        Values of the parameter table.
    """
    concern = (
        parameters["concern_base"]
        + parameters["concern_scale"] * gdp_rank(panel, parameters)
        + parameters["concern_data_rules"] * panel["data_rules"].map(DATA_RULES_WEIGHT)
        + parameters["concern_capability"] * capability(panel, parameters)
        + parameters["concern_nonalignment"] * (1 - security)
    )
    return concern.clip(0.0, 1.0)
