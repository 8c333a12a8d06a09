"""Features of a country by itself: bounds, formulas by hand, and what a reader would check."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.data import build_features, load_facts, load_parameters
from sim.data.features import building
from sim.data.features.building import TIE_FEATURES
from sim.data.features.country import COUNTRY_FEATURES, percentile_rank, share_of_second
from sim.errors import DataError

FACTS = load_facts()
PARAMETERS = {name: row.default for name, row in load_parameters().items()}
HOMES = {"us": ("USA",), "china": ("CHN",), "europe": FACTS.blocs["eu"]}
FEATURES = build_features(FACTS, HOMES, PARAMETERS, "2025-05")
COUNTRY = FEATURES.country
UNIT_INTERVAL = (
    "readiness",
    "capability",
    "gdp_rank",
    "power_price_rank",
    "democracy",
    "base_concern",
)


def test_all_countries_have_finite_non_negative_features() -> None:
    assert list(COUNTRY.index) == list(FACTS.countries.index)
    assert list(COUNTRY) == [*COUNTRY_FEATURES, "base_concern"]
    assert {str(dtype) for dtype in COUNTRY.dtypes} == {"float64"}
    assert np.isfinite(COUNTRY.to_numpy()).all()
    assert (COUNTRY.to_numpy() >= 0).all()
    for name in UNIT_INTERVAL:
        assert COUNTRY[name].between(0, 1).all(), name
    assert set(COUNTRY["chip_tier"]) == {1, 2, 3}


@pytest.mark.parametrize("iso3", ["HKG", "XKX", "TWN", "PSE"])
def test_entries_outside_the_united_nations_are_covered(iso3: str) -> None:
    assert np.isfinite(COUNTRY.loc[iso3]).all()
    for name in TIE_FEATURES:
        assert np.isfinite(getattr(FEATURES, name).loc[iso3]).all(), name


def test_need_and_headroom_by_hand() -> None:
    gdp_bn = FACTS.countries["gdp_usd"]["KOR"] / 1e9
    need = PARAMETERS["need_mw_per_usd_bn"] * gdp_bn * COUNTRY["readiness"]["KOR"]
    assert COUNTRY["need_mw"]["KOR"] == pytest.approx(need)
    italy = FACTS.countries.loc["ITA"]
    imports = italy["electricity_net_imports_twh"]
    assert imports > 0
    kept = 1 - imports / (italy["electricity_generation_twh"] + imports)
    headroom = PARAMETERS["headroom_margin"] * italy["electricity_capacity_gw"] * 1000 * kept
    assert COUNTRY["headroom_mw"]["ITA"] == pytest.approx(headroom)
    assert COUNTRY["need_mw"].min() == PARAMETERS["need_floor_mw"]
    assert COUNTRY["headroom_mw"].min() >= PARAMETERS["headroom_floor_mw"]


def test_exporting_power_adds_no_headroom() -> None:
    norway = FACTS.countries.loc["NOR"]
    assert norway["electricity_net_imports_twh"] < 0
    full = PARAMETERS["headroom_margin"] * norway["electricity_capacity_gw"] * 1000
    assert COUNTRY["headroom_mw"]["NOR"] == pytest.approx(full)


def test_the_two_leaders_have_full_capability() -> None:
    assert COUNTRY.loc[["CHN", "USA"], "capability"].tolist() == [1.0, 1.0]
    assert (COUNTRY["capability"] == 1).sum() == 2


def test_base_concern_by_hand() -> None:
    row = COUNTRY.loc["CHE"]
    security = 1 - (1 - PARAMETERS["ally_presence"] * presence("CHE"))
    expected = (
        PARAMETERS["concern_base"]
        + PARAMETERS["concern_scale"] * row["gdp_rank"]
        + PARAMETERS["concern_data_rules"] * 0.5
        + PARAMETERS["concern_capability"] * row["capability"]
        + PARAMETERS["concern_nonalignment"] * (1 - security)
    )
    assert row["base_concern"] == pytest.approx(expected)


def presence(iso3: str) -> float:
    troops = FACTS.countries["us_troops_hosted"][iso3]
    return float(troops / (troops + PARAMETERS["presence_half_troops"]))


def test_concern_is_highest_among_able_rule_making_states() -> None:
    ranked = COUNTRY["base_concern"].drop(["USA", "CHN"]).nlargest(5).index
    assert {"CHE", "FRA", "DEU"} <= set(ranked)
    assert COUNTRY["base_concern"]["FRA"] > COUNTRY["base_concern"]["KOR"]
    assert COUNTRY["base_concern"]["IND"] > COUNTRY["base_concern"]["MHL"]


def test_readiness_leads_and_trails_where_expected() -> None:
    rank = COUNTRY["readiness"].rank(ascending=False)
    assert rank[["SGP", "ARE", "NOR", "GBR"]].max() <= 20
    assert rank[["PRK", "SSD", "AFG", "YEM"]].min() >= 180
    assert rank["KOR"] < 40


def test_power_prices_enter_only_as_ranks() -> None:
    doubled = FACTS.countries.assign(
        electricity_price_usc_kwh=FACTS.countries["electricity_price_usc_kwh"] * 2
    )
    ranks = COUNTRY_FEATURES["power_price_rank"].build(doubled, PARAMETERS)
    assert ranks.equals(COUNTRY["power_price_rank"])


def test_what_rests_on_an_estimate_is_marked() -> None:
    assert list(FEATURES.imputed) == [*COUNTRY, *TIE_FEATURES]
    assert FEATURES.imputed["gdp_rank"]["CUB"]
    assert not FEATURES.imputed.loc["KOR"].any()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            "populations",
            r"readiness rests on populations, which is not a numeric column of",
        ),
        ("name", r"readiness rests on name, which is not a numeric column of country_panel\.csv"),
        ("latitude", r"readiness rests on latitude, whose role in provenance\.yaml is reader"),
    ],
)
def test_a_feature_of_a_column_that_it_cannot_use_is_refused(
    column: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "FEATURE_FACTS", {"readiness": (column,)})
    facts = dataclasses.replace(FACTS)
    with pytest.raises(DataError, match=said):
        build_features(facts, HOMES, PARAMETERS, "2025-05")


def test_a_feature_that_reads_a_number_without_a_row_is_refused() -> None:
    facts = dataclasses.replace(FACTS)
    fewer = {name: value for name, value in PARAMETERS.items() if name != "headroom_margin"}
    with pytest.raises(DataError, match=r"reads parameters\['headroom_margin'\].*no row"):
        build_features(facts, HOMES, fewer, "2025-05")


def test_every_row_of_group_features_is_read_by_a_feature() -> None:
    class Noted(dict[str, float]):
        def __getitem__(self, name: str) -> float:
            read.add(name)
            return super().__getitem__(name)

    read: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_Values", Noted)
        build_features(dataclasses.replace(FACTS), HOMES, PARAMETERS, "2025-05")
    rows = {name for name, row in load_parameters().items() if row.group == "features"}
    unread = [
        f"no feature reads {name}: delete its row of parameters.csv, or give it another group"
        for name in sorted(rows - read)
    ]
    assert not unread, "\n".join(unread)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_percentile_ranks_keep_order_and_bounds(values: list[float]) -> None:
    series = pd.Series(values)
    rank = percentile_rank(series)
    assert rank.between(0, 1).all()
    assert rank.mean() == pytest.approx(0.5)
    order = series.argsort(kind="stable")
    assert rank.iloc[order].is_monotonic_increasing


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=30))
def test_two_leaders_share_the_top(values: list[float]) -> None:
    share = share_of_second(pd.Series(values))
    assert (share == 1).sum() >= 2
    assert share.between(0, 1).all()


def test_panel_is_not_changed_by_building_features() -> None:
    before = FACTS.countries.copy()
    build_features(FACTS, {"us": ("USA",)}, PARAMETERS, "2026-11")
    assert before.equals(FACTS.countries)


def test_features_follow_the_facts() -> None:
    poorer = FACTS.countries.copy()
    poorer.loc["KOR", "government_ai_readiness"] = 1.0
    facts = dataclasses.replace(FACTS, countries=poorer)
    changed = build_features(facts, HOMES, PARAMETERS, "2025-05").country
    assert changed["readiness"]["KOR"] < COUNTRY["readiness"]["KOR"]


def test_equal_arguments_give_the_kept_features() -> None:
    first = build_features(FACTS, HOMES, PARAMETERS, "2025-05")
    again = build_features(FACTS, HOMES, {**PARAMETERS, "w_peer": 9.0}, "2025-05")
    assert again is first
    other = build_features(FACTS, HOMES, {**PARAMETERS, "headroom_margin": 0.2}, "2025-05")
    assert other.country["headroom_mw"]["KOR"] == pytest.approx(2 * COUNTRY["headroom_mw"]["KOR"])


def test_a_provider_without_home_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one home country"):
        build_features(FACTS, {"us": ()}, PARAMETERS, "2025-05")


def test_a_home_that_the_facts_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no row for ATL"):
        build_features(FACTS, {"us": ("USA", "ATL")}, PARAMETERS, "2025-05")


def test_a_feature_that_is_no_number_is_refused_by_name() -> None:
    gaps = FACTS.countries.copy()
    gaps.loc[["KOR", "NRU"], "liberal_democracy"] = float("nan")
    facts = dataclasses.replace(FACTS, countries=gaps)
    with pytest.raises(DataError, match="the feature democracy of KOR is not a number") as error:
        build_features(facts, HOMES, PARAMETERS, "2025-05")
    assert "nor of 1 more" in str(error.value)
    assert "liberal_democracy" in str(error.value)


@pytest.mark.parametrize(
    "month", ["2010-01", "2012-07", "2020-12", "2024-09", "2025-01", "2025-04"]
)
def test_every_vintage_gives_numbers_to_every_country(month: str) -> None:
    features = build_features(FACTS, HOMES, PARAMETERS, month)
    assert np.isfinite(features.country.to_numpy()).all()
    assert features.country["headroom_mw"].min() > 0
