"""The caveats of the sources are acted on, and facts that a reader would check hold."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from sim.data import load_facts
from sim.data.codes import UNSUPPORTED_LISTS, bloc_members
from sim.data.facts import TABLES_FOLDER

FACTS = load_facts()


def raw_panel() -> dict[str, dict[str, str]]:
    with (TABLES_FOLDER / "country_panel.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row for row in csv.DictReader(file)}


PANEL = raw_panel()


def neighbours(kind: str) -> set[tuple[str, str]]:
    dyads = FACTS.dyads
    rows = dyads[dyads["land_border"] == 1] if kind == "land" else dyads[dyads["sea_gap_km"] > 0]
    return set(zip(rows["iso3_a"], rows["iso3_b"], strict=True))


@pytest.mark.parametrize("iso3", ["CUB", "ERI", "PRK", "VEN"])
def test_gdp_at_an_official_rate_is_not_used(iso3: str) -> None:
    assert PANEL[iso3]["gdp_usd"] == ""
    assert FACTS.imputed["gdp_usd"][iso3]
    price_level = FACTS.countries["gdp_usd"] / FACTS.countries["gdp_ppp_2021usd"]
    assert price_level[iso3] < 0.8


def test_no_price_level_is_out_of_this_world() -> None:
    price_level = FACTS.countries["gdp_usd"] / FACTS.countries["gdp_ppp_2021usd"]
    assert price_level.max() < 1.3


def test_the_venezuelan_electricity_price_is_not_used() -> None:
    assert PANEL["VEN"]["electricity_price_usc_kwh"] == ""
    assert FACTS.countries["electricity_price_usc_kwh"].max() < 100


def test_prices_that_broke_with_their_own_series_are_not_used() -> None:
    price = FACTS.countries["electricity_price_usc_kwh"]
    # Singapore burns imported gas, Slovenia buys on the market of its neighbours.
    assert price["MYS"] < price["SGP"] < price["JPN"]
    assert price[["AUT", "HRV", "HUN"]].min() < price["SVN"] < price[["AUT", "HRV", "HUN"]].max()
    assert not FACTS.imputed["electricity_price_usc_kwh"][["SGP", "SVN"]].any()


def test_troops_at_guantanamo_are_no_tie() -> None:
    assert FACTS.countries["us_troops_hosted"]["CUB"] == 0


def test_trade_shares_add_up_to_at_most_one() -> None:
    dyads = FACTS.dyads
    for word in ("export_share_to", "import_share_from"):
        total: dict[str, float] = {}
        for own, other in (("a", "b"), ("b", "a")):
            shares = dyads[f"{own}_{word}_{other}"].fillna(0.0)
            for iso3, share in zip(dyads[f"iso3_{own}"], shares, strict=True):
                total[iso3] = total.get(iso3, 0.0) + share
        # Published shares are rounded to 0.01, five at a time.
        assert max(total.values()) <= 1.0 + 5 * 0.005


def test_a_partner_outside_the_top_five_is_unknown_not_zero() -> None:
    shares = FACTS.dyads["a_export_share_to_b"]
    assert shares.isna().any()
    assert (shares == 0).sum() < 5  # listed, and rounded to 0.00


def test_supplier_reversals_are_told_from_refusals() -> None:
    withdrawn = FACTS.events[FACTS.events["event"] == "withdrew"]
    side = dict(zip(withdrawn["iso3"], withdrawn["side"], strict=True))
    assert set(side.values()) <= {"country", "supplier"}, "say in side who withdrew"
    known = {"GBR": "supplier", "NOR": "supplier", "ITA": "country", "PAN": "country"}
    assert known.items() <= side.items()
    assert (FACTS.events.loc[FACTS.events["event"] != "withdrew", "side"] == "").all()


def test_every_event_is_one_of_a_country_in_a_programme() -> None:
    events = FACTS.events
    outside = set(events["iso3"]) - set(FACTS.countries.index)
    caveat = FACTS.provenance.column("events", "iso3").caveat
    unnamed = sorted(code for code in outside if code not in caveat)
    assert unnamed == [], "not in the panel: correct the code, or name it in the caveat of iso3"
    # What features and scenarios look up by name.
    assert {"openai_for_countries", "bri"} <= set(events["programme"])


def test_every_row_on_huawei_says_what_happened() -> None:
    rows = FACTS.events[FACTS.events["programme"] == "huawei_5g_restriction"]
    assert set(rows["event"][rows["bloc"] == "US"]) == {"restricted"}
    assert set(rows["event"][rows["bloc"] == "CHN"]) == {"signed", "used", "permitted"}
    found = dict(zip(rows["iso3"], rows["event"], strict=True))
    assert found.items() >= {"KHM": "signed", "CHE": "used", "HUN": "permitted"}.items()


def test_use_and_permission_are_no_answers() -> None:
    counted = FACTS.programmes.loc[FACTS.programmes["counts_for_record"] == 1, "programme"]
    events = set(FACTS.events.loc[FACTS.events["programme"].isin(counted), "event"])
    assert not events & {"used", "permitted"}


def test_countries_that_a_supplier_does_not_support_are_a_list() -> None:
    table = FACTS.unsupported_countries
    assert set(UNSUPPORTED_LISTS.values()) == set(table["supplier"])
    now = ("BLR", "CHN", "CUB", "HKG", "IRN", "PRK", "RUS", "SYR", "VEN", "XKX")
    assert bloc_members("OPENAI_UNSUPPORTED") == now
    # Saudi Arabia was on the list only until April 2025.
    assert set(table["iso3"]) - {*now} == {"SAU"}


def test_scheduled_signatures_are_marked() -> None:
    scheduled = FACTS.events[FACTS.events["detail"] == "scheduled"]
    # A ceremony that was set has the number that the source expects it to have.
    assert scheduled["running_total"].notna().all()
    assert {68, 72} <= set(scheduled["running_total"])


def test_treaties_agree_with_memberships() -> None:
    treaties = FACTS.treaties[FACTS.treaties["until"] == ""]
    nato = treaties[treaties["agreement"].str.startswith("North Atlantic")]
    assert set(nato["iso3"]) == set(FACTS.blocs["nato"])
    union = treaties[treaties["agreement"].str.startswith("Treaty on European Union")]
    assert set(union["iso3"]) == set(FACTS.blocs["eu"])
    sco = treaties[treaties["agreement"].str.startswith("Shanghai")]
    assert set(sco["iso3"]) == set(FACTS.blocs["sco_member"])


def test_blocs() -> None:
    assert len(FACTS.blocs["eu"]) == 27
    assert FACTS.blocs["quad"] == ("AUS", "IND", "JPN", "USA")


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        (("GBR", "IRL"), "land"),
        (("KOR", "PRK"), "land"),
        (("CHN", "HKG"), "land"),
        (("ESP", "FRA"), "land"),
        (("BWA", "ZMB"), "land"),
        (("ISR", "PSE"), "land"),
        (("DJI", "SOM"), "land"),
        (("JPN", "KOR"), "sea"),
        (("RUS", "USA"), "sea"),
        (("CHN", "TWN"), "sea"),
        (("CYP", "TUR"), "sea"),
        (("FRA", "GBR"), "sea"),
    ],
)
def test_known_neighbours(pair: tuple[str, str], kind: str) -> None:
    assert pair in neighbours(kind)


@pytest.mark.parametrize(
    "pair", [("BRA", "FRA"), ("FRA", "SUR"), ("CAN", "DNK"), ("NLD", "VEN"), ("ESP", "MAR")]
)
def test_overseas_territories_make_no_land_border(pair: tuple[str, str]) -> None:
    assert pair not in neighbours("land")


def test_counts_of_neighbours() -> None:
    assert len(neighbours("land")) == 314
    assert not neighbours("land") & neighbours("sea")
    germany = {pair for pair in neighbours("land") if "DEU" in pair}
    assert len(germany) == 9


def test_dates_are_ordered_where_something_ended() -> None:
    for table in (FACTS.ties, FACTS.shocks):
        ended = table[table["ended"] != ""]
        assert (ended["date"] <= ended["ended"]).all()
    for table in (FACTS.treaties, FACTS.data_rules):
        ended = table[table["until"] != ""]
        assert (ended["since"] < ended["until"]).all()


def test_disputes_follow_the_rule_of_their_levels() -> None:
    disputes = FACTS.disputes
    assert set(disputes["level"]) == {0.3, 0.6, 1.0}
    claims = disputes[disputes["ended"] == ""]
    # What lasts is a claim: a standing one, or the one to a whole state.
    assert set(claims["iso3"][claims["level"] > 0.3]) == {"TWN"}
    incidents = disputes[disputes["ended"] != ""]
    assert (incidents["level"] > 0.3).all()
    years = incidents["ended"].str[:4].astype(int) - incidents["date"].str[:4].astype(int)
    assert (years >= 5).all()
    single = incidents[years == 5]
    assert (single["ended"].str[4:] == single["date"].str[4:]).all()


def test_incidents_belong_to_a_claim_on_record() -> None:
    disputes = FACTS.disputes[FACTS.disputes["kind"] != "sovereignty"]
    columns = ["home", "iso3", "kind", "date", "ended"]
    rows = list(zip(*(disputes[name] for name in columns), strict=True))
    claimed = {(home, iso3, kind): date for home, iso3, kind, date, ended in rows if not ended}
    for home, iso3, kind, date, ended in rows:
        assert not ended or claimed[home, iso3, kind] < date


def test_what_began_or_ended_since_2010_is_dated_by_the_month() -> None:
    for table in (FACTS.treaties, FACTS.data_rules):
        recent = table[table["since"] >= "2010"]
        assert (recent["since"].str.len() == len("2010-01")).all()
        assert set(table["until"].str.len()) == {0, len("2010-01")}


def test_conversions_to_dollars() -> None:
    offers = FACTS.offers.set_index("offer")
    rate = {"USD": 1.0, "EUR": 1.15, "SGD": 0.77, "AUD": 0.65, "INR": 0.01175}
    known = offers[offers["currency"] != ""]
    expected = known["amount_m"] * known["currency"].map(rate)
    np.testing.assert_allclose(known["usd_m"], expected, rtol=0.001)


def test_the_hash_names_the_content() -> None:
    assert len(FACTS.hash) == 64
    assert load_facts(TABLES_FOLDER).hash == FACTS.hash
