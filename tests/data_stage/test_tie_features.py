"""Features towards a provider's home: bounds, formulas by hand, known facts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data import build_features, load_facts, load_parameters
from sim.data.features.building import TIE_FEATURES
from sim.data.features.ties import (
    affinity,
    corporate_tie,
    exposure,
    programme_members,
    security_tie,
    strongest_security_tie,
)

FACTS = load_facts()
PARAMETERS = {name: row.default for name, row in load_parameters().items()}
EUROPE = FACTS.blocs["eu"]
HOMES = {"us": ("USA",), "china": ("CHN",), "europe": EUROPE}
FEATURES = build_features(FACTS, HOMES, PARAMETERS, "2025-05")
COUNTRIES = list(FACTS.countries.index)


@pytest.mark.parametrize("name", TIE_FEATURES)
def test_bounds(name: str) -> None:
    table = getattr(FEATURES, name)
    assert table.shape == (197, 3)
    assert list(table) == list(HOMES)
    assert np.isfinite(table.to_numpy()).all()
    assert table.to_numpy().min() >= 0
    assert table.to_numpy().max() <= 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=6, unique=True))
def test_any_set_of_countries_can_be_a_home(home: list[str]) -> None:
    features = build_features(FACTS, {"x": tuple(home)}, PARAMETERS, "2026-11")
    for name in TIE_FEATURES:
        values = getattr(features, name)["x"]
        assert np.isfinite(values).all()
        assert values.between(0, 1).all()
    assert (features.affinity["x"][home] == 1).all()
    assert (features.ally["x"][home] == 1).all()
    assert (features.distrust["x"][home] == PARAMETERS["distrust_floor"]).all()


def test_affinity_is_centred_alike_for_both_great_powers() -> None:
    means = FEATURES.affinity[["us", "china"]].mean()
    assert means.between(0.45, 0.55).all()


def test_affinity_orders_countries_as_their_votes_do() -> None:
    us, china = FEATURES.affinity["us"], FEATURES.affinity["china"]
    assert us["GBR"] > us["KOR"] > us["BRA"] > us["ARE"] > us["IRN"]
    # Beyond the home in its own direction is not further away.
    assert china["IRN"] > china["BRA"] > china["KOR"] > china["GBR"]


def test_seoul_is_a_treaty_ally_of_washington() -> None:
    rows = FACTS.treaties[FACTS.treaties["agreement"].str.startswith("Korea-United")]
    assert set(rows["iso3"]) == {"KOR", "USA"}
    troops = FACTS.countries["us_troops_hosted"]["KOR"]
    presence = PARAMETERS["ally_presence"] * troops / (troops + PARAMETERS["presence_half_troops"])
    open_share = (
        (1 - PARAMETERS["ally_treaty"]) * (1 - PARAMETERS["ally_designation"]) * (1 - presence)
    )
    assert FEATURES.ally["us"]["KOR"] == pytest.approx(1 - open_share)


def test_presence_and_designation_stand_beside_the_treaty() -> None:
    us = FEATURES.ally["us"]
    treaty_alone = us["MNE"]
    assert us["KOR"] > treaty_alone > us["QAT"] > us["BRA"] > us["HTI"]
    assert us["NZL"] < us["AUS"]
    assert us["CUB"] == 0


def test_ties_to_china() -> None:
    china = FEATURES.ally["china"]
    assert china.drop(["CHN", "HKG"]).idxmax() == "PRK"
    assert china["HKG"] == 1
    assert china["PAK"] > china["KAZ"] > china["KEN"] > china["USA"]


def test_agreements_count_from_their_date() -> None:
    before = security_tie(FACTS, ("USA",), PARAMETERS, "2025-05")
    after = security_tie(FACTS, ("USA",), PARAMETERS, "2026-01")
    newcomers = ["PER", "QAT", "SAU"]
    assert (after[newcomers] > before[newcomers]).all()
    assert after.drop(newcomers).equals(before.drop(newcomers))


def test_great_powers_are_not_aligned_with_themselves() -> None:
    security = strongest_security_tie(FACTS, PARAMETERS, "2025-05")
    assert security["FRA"] < 1
    assert security["CHN"] < security["GBR"]
    assert security["CHE"] < 0.1


def test_memoranda_of_low_confidence_and_of_provinces_do_not_count() -> None:
    members = programme_members(FACTS, "bri", "2025-05")
    assert not {"AUT", "AUS", "ITA", "PAN", "IND", "USA"} & set(members)
    assert {"PAK", "KEN", "SRB"} <= set(members)
    assert "ITA" in programme_members(FACTS, "bri", "2023-06")


def test_korean_ties_rise_with_samsung_and_sk() -> None:
    spring = corporate_tie(FACTS, ("USA",), "2025-05")
    autumn = corporate_tie(FACTS, ("USA",), "2025-10")
    assert spring["KOR"] == pytest.approx(0.4)
    assert autumn["KOR"] == pytest.approx(1 - 0.6**3)
    assert corporate_tie(FACTS, ("USA",), "2025-01")["KOR"] == 0


def test_a_tie_ends_with_the_project() -> None:
    assert corporate_tie(FACTS, ("USA",), "2025-12")["GBR"] == pytest.approx(0.3)
    assert corporate_tie(FACTS, ("USA",), "2026-04")["GBR"] == 0


def test_exposure_to_listed_partners_by_hand() -> None:
    shares = [FACTS.listed_shares[flow]["USA"]["MEX"] for flow in ("export", "import")]
    assert FEATURES.exposure["us"]["MEX"] == pytest.approx(np.mean(shares))
    assert not FEATURES.exposure_censored["us"]["MEX"]
    assert FEATURES.exposure["us"].nlargest(3).min() > 0.5


def test_an_unlisted_partner_is_neither_zero_nor_above_the_smallest_listed() -> None:
    exports = FACTS.listed_shares["export"]
    unlisted = [i for i in COUNTRIES if np.isnan(exports["USA"][i]) and exports.loc[i].any()]
    value = exposure(FACTS, ("USA",), PARAMETERS)
    assert len(unlisted) > 50
    assert (value.drop("USA") > 0).all()
    assert FEATURES.exposure_censored.loc[unlisted, "us"].all()


@settings(max_examples=20, deadline=None)
@given(st.permutations(COUNTRIES), st.integers(1, 150))
def test_exposure_grows_with_the_home(order: list[str], size: int) -> None:
    smaller = exposure(FACTS, order[:size], PARAMETERS)
    larger = exposure(FACTS, order[: size + 5], PARAMETERS)
    outside = order[size + 5 :]
    assert (larger[outside] >= smaller[outside] - 1e-12).all()


def test_distrust_mirrors_affinity_and_ties() -> None:
    us, china = FEATURES.distrust["us"], FEATURES.distrust["china"]
    assert us["GBR"] < us["BRA"] < us["IRN"]
    assert china["PRK"] < china["KEN"] < china["GBR"]
    assert us.min() == china.min() == PARAMETERS["distrust_floor"]


def test_affinity_without_recorded_agreement_uses_ideal_points_alone() -> None:
    value = affinity(FACTS, ("BRA",), PARAMETERS)
    assert value["BRA"] == 1
    assert value["USA"] > value["GBR"] - 1e-9 or value.max() <= 1


def test_partners_off_the_list_can_trade_nothing() -> None:
    bare = exposure(FACTS, ("USA",), PARAMETERS | {"exposure_unlisted": 0.0})
    usual = exposure(FACTS, ("USA",), PARAMETERS)
    assert bare.notna().all()
    assert (bare <= usual).all()
    assert (bare < usual).any()
