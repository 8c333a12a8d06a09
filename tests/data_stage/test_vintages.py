"""Facts as of a month: what was public by then, nothing later, and the present as it stands."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.data import Facts, Features, build_features, facts_as_of, load_facts, load_parameters
from sim.data.dates import PRESENT_SINCE
from sim.data.facts import PANEL, YEARLY
from sim.data.features import country as own
from sim.data.features.building import TIE_FEATURES
from sim.data.features.country import COUNTRY_FEATURES
from sim.data.yearly.columns import yearly_column
from sim.data.yearly.vintages import LASTING, ONE_YEAR, TIERS_SINCE, in_force
from tolerances import ROUNDING

FACTS = load_facts()
PARAMETERS = {name: row.default for name, row in load_parameters().items()}
HOMES = {"us": ("USA",), "china": ("CHN",), "europe": ("DEU", "FRA")}
RECORDS = FACTS.provenance.tables[PANEL].columns
FIGURES = [
    name
    for name, column in FACTS.provenance.tables[YEARLY].columns.items()
    if column.is_numeric and name != "year"
]


@cache
def features(as_of: str) -> Features:
    return build_features(FACTS, HOMES, PARAMETERS, as_of)


def figure(column: str, iso3: str, year: int) -> float:
    table = FACTS.yearly
    return float(table.loc[(table["iso3"] == iso3) & (table["year"] == year), column].item())


def tables(found: Features) -> dict[str, pd.DataFrame]:
    names = ("country", *TIE_FEATURES, "peers", "exposure_censored", "imputed")
    return {name: getattr(found, name) for name in names}


def differing(one: Features, other: Features) -> list[str]:
    theirs = tables(other)
    return [name for name, table in tables(one).items() if not table.equals(theirs[name])]


# The present vintage


@pytest.mark.parametrize("month", [PRESENT_SINCE, "2025-06", "2026-12", "2044-12"])
def test_from_the_launch_on_the_facts_are_the_panel_itself(month: str) -> None:
    assert facts_as_of(FACTS, month) is FACTS


@pytest.mark.parametrize("month", [PRESENT_SINCE, "2026-12"])
def test_features_of_the_present_come_from_the_panel_alone(month: str) -> None:
    def unread() -> pd.DataFrame:
        raise AssertionError("the present vintage needs no yearly table")

    facts = dataclasses.replace(FACTS, read_yearly=unread, data_rules=FACTS.data_rules.iloc[:0])
    assert not differing(build_features(facts, HOMES, PARAMETERS, month), features(month))
    for name, feature in COUNTRY_FEATURES.items():
        expected = feature.build(FACTS.countries, PARAMETERS).astype(float)
        assert features(month).country[name].equals(expected.rename(name))
    assert not FACTS.anachronistic_share().any()


# No look ahead


def scrambled(figures: pd.Series, is_changed: np.ndarray) -> pd.Series:
    """Return figures with some replaced by those of other rows and by nothing."""
    rng = np.random.default_rng(7)
    shuffled = figures.to_numpy()[rng.permutation(len(figures))]
    kept = np.where(rng.random(len(figures)) < 0.2, np.nan, shuffled)
    return pd.Series(np.where(is_changed, kept, figures), figures.index)


def later_cells(facts: Facts, name: str, as_of: str) -> np.ndarray:
    """Return which rows hold figures published after a month, and after the first figures."""
    column = yearly_column(facts, name)
    table = facts.yearly
    row = column.index.get_indexer(pd.Index(table["iso3"]))
    place = table["year"].to_numpy().astype(int) - column.years[0]
    known = column.value[row, place] == column.value[row, place]
    is_later = column.public_from[row, place] > max(as_of, column.first_public)
    return np.asarray(known & is_later)


def with_another_future(as_of: str) -> Facts:
    """Return the facts with everything changed that was not yet so, or not public, in a month."""
    yearly = FACTS.yearly.copy()
    for name in FIGURES:
        yearly[name] = scrambled(yearly[name], later_cells(FACTS, name, as_of))
    countries = FACTS.countries.copy()
    rows = FACTS.publications.set_index(["source", "year"])["public_from"]
    for name, record in RECORDS.items():
        year = ONE_YEAR.get(name)
        is_public = year is not None and rows[record.sources[0], year] <= as_of
        is_public |= name == "ai_diffusion_tier" and as_of >= TIERS_SINCE
        if record.is_numeric and name not in LASTING and not is_public:
            countries[name] = scrambled(countries[name], np.ones(len(countries), bool))
    countries["data_rules"] = "eea"
    dyads = FACTS.dyads.copy()
    for share in [str(name) for name in dyads if "_share_" in str(name)]:
        dyads[share] = scrambled(dyads[share], np.ones(len(dyads), bool))
    return dataclasses.replace(
        FACTS,
        countries=countries,
        dyads=dyads,
        read_yearly=lambda: yearly,
        treaties=without_later(FACTS.treaties, "since", "until", as_of),
        data_rules=without_later(FACTS.data_rules, "since", "until", as_of),
        ties=without_later(FACTS.ties, "date", "ended", as_of),
        events=FACTS.events[(FACTS.events["date"] != "") & (FACTS.events["date"] <= as_of + "-31")],
    )


def without_later(rows: pd.DataFrame, begun: str, ended: str, as_of: str) -> pd.DataFrame:
    known = rows[rows[begun] <= as_of + "-31"]
    return known.assign(**{ended: known[ended].where(known[ended] <= as_of, "")})


@pytest.mark.parametrize("month", ["2012-03", "2014-06", "2016-01", "2020-12", "2025-04"])
def test_nothing_that_was_published_later_moves_a_feature(month: str) -> None:
    other = with_another_future(month)
    assert not other.yearly.equals(FACTS.yearly)
    assert not differing(build_features(other, HOMES, PARAMETERS, month), features(month))


def test_what_was_public_moves_features() -> None:
    yearly = FACTS.yearly.copy()
    row = (yearly["iso3"] == "KOR") & (yearly["year"] == 2013)
    yearly.loc[row, "gdp_usd"] *= 2
    facts = dataclasses.replace(FACTS, read_yearly=lambda: yearly)
    # World Bank figures appear in the middle of the next year.
    assert not differing(build_features(facts, HOMES, PARAMETERS, "2014-06"), features("2014-06"))
    later = build_features(facts, HOMES, PARAMETERS, "2014-07")
    assert {"country", "exposure", "peers"} <= set(differing(later, features("2014-07")))


def test_events_dated_by_a_year_alone_count_from_its_end() -> None:
    events = FACTS.events.assign(date=FACTS.events["date"].str[:4])
    facts = dataclasses.replace(FACTS, events=events)
    years = set(facts_as_of(facts, "2018-11").events["date"])
    assert "2017" in years
    assert "2018" not in years
    assert "2018" in set(facts_as_of(facts, "2018-12").events["date"])


# What was known when, against the sources


@pytest.mark.parametrize(
    ("month", "iso3", "column", "value", "year"),
    [
        # World Bank: USD 1,370.6 bn in 2013, public in July 2014.
        ("2014-06", "KOR", "gdp_usd", 1.278e12, "2012"),
        ("2014-07", "KOR", "gdp_usd", 1.3706e12, "2013"),
        # Factbook, edition of 2013; no World Bank figure exists.
        ("2014-06", "TWN", "gdp_usd", 4.677e11, "2012"),
        ("2024-06", "TWN", "gdp_usd", 6.1139e11, "2019"),
        ("2014-06", "TWN", "population", 23235000.0, "2012"),
        # V-Dem, version 15: the index of a year appears in March of the next.
        ("2014-03", "JPN", "liberal_democracy", 0.776, "2012"),
        ("2014-04", "JPN", "liberal_democracy", 0.749, "2013"),
        # Votes and personnel of a year are known when the next begins.
        ("2014-01", "DEU", "un_agree_us", 0.46032, "2013"),
        ("2013-12", "DEU", "un_agree_us", 0.37681, "2012"),
        ("2014-06", "AFG", "us_troops_hosted", None, "2013"),
        # By the panel's convention.
        ("2014-06", "HKG", "un_agree_china", 1.0, "2013"),
        ("2014-06", "CUB", "us_troops_hosted", 0.0, "2013"),
        # Prices of 2019 were published in October 2019, readiness of 2023 in December 2023.
        ("2019-11", "TWN", "electricity_price_usc_kwh", 11.7, "2019"),
        ("2024-01", "TWN", "government_ai_readiness", 70.25, "2023"),
    ],
)
def test_figures_known_in_a_month(
    month: str, iso3: str, column: str, value: float | None, year: str
) -> None:
    facts = facts_as_of(FACTS, month)
    assert facts.vintage is not None
    if value is not None:
        assert facts.countries.loc[iso3, column] == value
    assert facts.vintage.year.loc[iso3, column] == year
    assert not facts.imputed.loc[iso3, column]
    assert not facts.vintage.anachronistic.loc[iso3, column]


def test_the_ideal_point_is_the_mean_of_the_years_known() -> None:
    expected = np.mean([figure("un_ideal_point", "KOR", year) for year in range(2010, 2014)])
    facts = facts_as_of(FACTS, "2014-06")
    assert facts.countries.loc["KOR", "un_ideal_point_mean5"] == pytest.approx(expected)
    last = np.mean([figure("un_ideal_point", "KOR", year) for year in range(2015, 2020)])
    later = facts_as_of(FACTS, "2020-01").countries.loc["KOR", "un_ideal_point_mean5"]
    assert later == pytest.approx(last)


def test_members_of_blocs_are_those_of_the_time() -> None:
    assert "HRV" not in facts_as_of(FACTS, "2013-12").blocs["eu"]
    assert "HRV" in facts_as_of(FACTS, "2014-01").blocs["eu"]
    assert "GBR" in facts_as_of(FACTS, "2014-01").blocs["eu"]


def test_security_ties_are_those_of_the_time() -> None:
    ally = {month: features(month).ally["us"] for month in ("2014-06", "2017-05", "2017-06")}
    assert ally["2014-06"]["SWE"] < 0.5 < features("2026-12").ally["us"]["SWE"]
    assert ally["2017-05"]["MNE"] < 0.5 < ally["2017-06"]["MNE"]
    # Party to the Rio treaty until September 2014.
    assert ally["2014-06"]["NIC"] > features("2015-01").ally["us"]["NIC"]
    assert features("2014-06").ally["china"].drop(["CHN", "HKG", "PRK"]).max() < 0.5


@pytest.mark.parametrize("year", range(2010, 2026))
def test_dates_of_treaties_agree_with_yearly_memberships(year: int) -> None:
    rows = in_force(FACTS.treaties, f"{year}-12")
    known = FACTS.yearly[FACTS.yearly["year"] == year].set_index("iso3")
    agreements = {"North Atlantic": "nato", "Treaty on European": "eu", "Shanghai": "sco_member"}
    for start, column in agreements.items():
        parties = set(rows.loc[rows["agreement"].str.startswith(start), "iso3"])
        assert parties == set(known.index[known[column] == 1])
    binding = rows[rows["kind"].isin(["mutual_defence", "dormant"])]
    american = set(binding.loc[binding["iso3"] == "USA", "agreement"])
    allies = set(binding.loc[binding["agreement"].isin(american), "iso3"]) - {"USA"}
    pact = known["us_defense_pact"].drop("USA").dropna()
    assert set(pact.index[pact == 1]) == allies & set(pact.index)


def test_data_rules_by_date_end_where_the_panel_stands() -> None:
    present = in_force(FACTS.data_rules, "2025-06").set_index("iso3")["standing"]
    panel = FACTS.countries["data_rules"]
    assert present.to_dict() == panel[panel != "none"].to_dict()
    early = facts_as_of(FACTS, "2015-12").countries["data_rules"]
    assert early[["GBR", "JPN", "USA", "CHE"]].tolist() == ["eea", "none", "none", "adequate"]


# What the features do without


def test_readiness_is_made_of_what_was_public() -> None:
    facts = facts_as_of(FACTS, "2014-06")
    income = facts.countries["gdp_usd"] / facts.countries["population"]
    ranks = own.percentile_rank(income) + own.percentile_rank(
        facts.countries["internet_users_share"]
    )
    found = features("2014-06").country["readiness"]
    np.testing.assert_allclose(found, ranks / 2, rtol=ROUNDING)


def test_an_able_economy_stands_for_models_and_clusters() -> None:
    counts = ["notable_ai_models", "gpu_h100_equiv_existing"]
    stand_in = own.capability(FACTS.countries.assign(**dict.fromkeys(counts, np.nan)), PARAMETERS)
    present = own.capability(FACTS.countries, PARAMETERS)
    assert stand_in.corr(present) > 0.95
    assert set(stand_in.nlargest(2).index) == {"CHN", "USA"}


def test_what_was_not_public_is_neutral_and_flagged() -> None:
    early = features("2014-06")
    assert set(early.country["power_price_rank"]) == {0.5}
    assert set(early.country["chip_tier"]) == {1.0}
    without = ["readiness", "capability", "need_mw", "headroom_mw", "power_price_rank", "chip_tier"]
    assert early.imputed[without].all(axis=None)
    assert not early.imputed.loc["KOR", ["gdp_usd", "population", "democracy", "affinity"]].any()
    assert set(features("2025-01").country["chip_tier"]) == {1.0, 2.0, 3.0}
    known = facts_as_of(FACTS, "2014-06")
    share = known.imputed_share()
    used = [str(n) for n in known.imputed if RECORDS[str(n)].role == "feature"]
    assert share["KOR"] == pytest.approx(known.imputed[used].loc["KOR"].mean())
    assert 0.2 < share["KOR"] < 0.6
    assert share["PRK"] > share["KOR"]


def test_exposure_rests_on_the_lists_of_the_time() -> None:
    exposure = features("2014-06").exposure
    # Korea's last lists in the edition of 2013 or before: exports of 2012, imports of 2011.
    listed = figure("export_share_chn", "KOR", 2012) + figure("import_share_chn", "KOR", 2011)
    assert exposure.loc["KOR", "china"] == pytest.approx(listed / 2)
    assert not features("2014-06").exposure_censored.loc["KOR", "china"]
    # Uzbekistan lists no American trade: half the smallest share on each list.
    smallest = [figure(f"{flow}_share_smallest", "UZB", 2012) for flow in ("export", "import")]
    assert exposure.loc["UZB", "us"] == pytest.approx(np.mean(smallest) / 2)
    assert features("2014-06").exposure_censored.loc["UZB", "us"]


def test_exposure_to_a_home_without_yearly_lists_goes_by_its_economy() -> None:
    gdp = facts_as_of(FACTS, "2014-06").countries["gdp_usd"]
    weight = (gdp["DEU"] + gdp["FRA"]) / (gdp.sum() - gdp["KOR"] - gdp["USA"] - gdp["CHN"])
    left = [
        1 - figure(f"{flow}_share_usa", "KOR", year) - figure(f"{flow}_share_chn", "KOR", year)
        for flow, year in (("export", 2012), ("import", 2011))
    ]
    found = features("2014-06")
    assert found.exposure.loc["KOR", "europe"] == pytest.approx(weight * np.mean(left))
    assert found.exposure_censored["europe"].all()


@pytest.mark.parametrize("month", ["2010-01", "2011-08", "2013-02", "2018-01", "2022-07"])
def test_features_of_any_month_are_finite_and_within_bounds(month: str) -> None:
    found = features(month)
    assert np.isfinite(found.country.to_numpy()).all()
    assert (found.country.to_numpy() >= 0).all()
    for name in TIE_FEATURES:
        table = getattr(found, name)
        assert ((table >= 0) & (table <= 1)).all(axis=None), name
    np.testing.assert_allclose(found.peers.sum(axis=1), 1.0, rtol=ROUNDING)


# Before the first figures


def test_before_the_first_figures_these_serve_and_are_flagged() -> None:
    facts = facts_as_of(FACTS, "2010-01")
    assert facts.vintage is not None
    early = facts.vintage.anachronistic
    known = facts.vintage.year["gdp_usd"] != ""
    assert (facts.vintage.year.loc[known, "gdp_usd"] == "2010").all()
    assert early["gdp_usd"].equals(known.rename("gdp_usd"))
    assert facts.anachronistic_share()["KOR"] > 0.5
    # Readers get nothing that was not public.
    assert facts.countries["trade_total_usd_m"].isna().all()


def test_capacity_waits_for_the_edition_that_printed_it() -> None:
    for month, is_early in (("2013-12", True), ("2014-01", False)):
        facts = facts_as_of(FACTS, month)
        assert facts.vintage is not None
        assert facts.vintage.year.loc["KOR", "electricity_capacity_gw"] == "2010"
        assert facts.vintage.anachronistic.loc["KOR", "electricity_capacity_gw"] == is_early
    assert not facts_as_of(FACTS, "2014-01").anachronistic_share().any()


def test_a_country_without_any_population_yet_gets_its_first_one() -> None:
    facts = facts_as_of(FACTS, "2011-08")
    assert facts.vintage is not None
    assert facts.countries.loc["TWN", "population"] == 23025000.0
    assert facts.vintage.anachronistic["population"].sum() == 1


# Use


def test_facts_of_a_month_are_kept_and_serve_that_month_only() -> None:
    facts = facts_as_of(FACTS, "2014-06")
    assert facts_as_of(FACTS, "2014-06") is facts
    assert facts_as_of(facts, "2014-06") is facts
    assert build_features(facts, HOMES, PARAMETERS, "2014-06") is features("2014-06")
    assert facts.hash == FACTS.hash
    with pytest.raises(ValueError, match=r"the facts are those of 2014-06; give the present ones"):
        facts_as_of(facts, "2015-01")


def test_the_present_is_left_as_it_was() -> None:
    before = FACTS.countries.copy(), FACTS.dyads.copy(), FACTS.treaties.copy()
    facts_as_of(dataclasses.replace(FACTS), "2017-03")
    after = FACTS.countries, FACTS.dyads, FACTS.treaties
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
