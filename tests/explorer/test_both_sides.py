"""A against B where only one of them has a provider: the paths of both, and what adds up."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from app_pages import Downloaded, Open, plain
from explorer.test_pages import captions
from sim.analysis.pairing import path_titles
from sim.interfaces.charts import palette
from sim.interfaces.charts.probabilities import path_colours
from sim.interfaces.explorer.state.runs import answer
from sim.interfaces.explorer.state.view import Side, View, pack, write_link
from sim.interfaces.explorer.tables.world import map_table
from sim.interfaces.map.component import map_data

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EUROPE_ONLY_IN_B = {"a": "baseline", "b": "third-way"}
EUROPE_ONLY_IN_A = {"a": "third-way", "b": "baseline"}


@pytest.mark.parametrize("link", [EUROPE_ONLY_IN_B, EUROPE_ONLY_IN_A])
def test_the_probabilities_of_both_sides_add_up(
    open_page: Open, downloaded: Downloaded, link: dict[str, str]
) -> None:
    at = open_page("country", country="TUR", **link)
    table = downloaded("TUR-probabilities")
    assert table["path"].str.contains("Europe").any()
    assert table["path"].is_unique
    for side in ("probability (0-1)", "probability in B (0-1)"):
        assert table[side].sum() == pytest.approx(1)
    assert table["A less B (0-1)"].sum() == pytest.approx(0)
    assert len(at.get("vega_lite_chart")) == 5
    said = " ".join(plain(each.value) for each in at.markdown)
    assert "Probability of being with Europe:" in said
    assert "**Europe**, only in" in said
    assert "has no offers from Europe" in captions(at)


def test_a_path_has_one_colour_on_both_sides() -> None:
    found = answer(View(Side("baseline"), Side("third-way"), futures=16))
    swapped = answer(View(Side("third-way"), Side("baseline"), futures=16))
    one, other = (
        dict(
            zip(
                path_titles(pair),
                path_colours(palette.LIGHT_THEME, pair),
                strict=True,
            )
        )
        for pair in (found, swapped)
    )
    assert one == other


def test_providers_of_one_name_are_told_apart(open_page: Open, downloaded: Downloaded) -> None:
    # The draft has the same offers from a provider whose short name is another.
    text = (SCENARIOS / "baseline.yaml").read_text("utf-8").replace("name: baseline", "name: mine")
    text = text.replace("\n  us:\n", "\n  america:\n")
    text = text.replace("providers.us.", "providers.america.")
    text = re.sub(r"\bus: ", "america: ", text.replace("KOR.us\n", "KOR.america\n"))
    draft = write_link(View(Side("mine", (), text), Side(), of="us", futures=200))
    at = open_page("country", **draft)
    lines = {plain(each.value) for each in at.markdown}
    assert "- Provider United States (us): only in B" in lines
    assert "- Provider United States (america): only in A" in lines
    assert downloaded("KOR-probabilities")["path"].is_unique
    assert not downloaded("KOR-terms").duplicated(["offer", "term"]).any()
    explore = open_page("explore", **draft)
    cards = [plain(metric.label) for metric in explore.metric]
    assert {"United States only (america)", "United States only (us)", "China only"} < {*cards}
    table = downloaded("countries").filter(
        regex=r"^probability of being with the United States \(\w+\) \(0-1\)$"
    )
    assert (table.filter(like="(us)") == 0).all(axis=None)
    assert (table.filter(like="(america)") > 0.9).any(axis=None)
    compare = open_page("compare", c1="baseline", **{"c2": "mine", "draft.c2": draft["draft.a"]})
    assert "Scenario 2 has no offers from the United States (us)" in captions(compare)


def test_a_provider_of_one_side_is_one_difference(open_page: Open) -> None:
    at = open_page("country", **EUROPE_ONLY_IN_A)
    lines = [plain(each.value) for each in at.markdown if "Europe" in each.value]
    assert "- Provider Europe: only in A" in lines
    assert not [line for line in lines if line.startswith("- Europe,")]


@pytest.mark.parametrize(
    ("code", "link", "why"),
    [
        ("HKG", {}, "Hong Kong is left out in this scenario"),
        ("CHN", {}, "China is the home of the provider China in this scenario"),
        (
            "CHN",
            EUROPE_ONLY_IN_B,
            "China is the home of the provider China in A and B",
        ),
    ],
)
def test_the_page_says_why_a_country_takes_no_part(
    open_page: Open, code: str, link: dict[str, str], why: str
) -> None:
    assert why in captions(open_page("country", country=code, **link))


def test_compare_says_why_a_country_has_no_probability(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="third-way", country="HKG")
    assert "Hong Kong is left out in scenarios 1 and 2" in captions(at)
    at = open_page("compare", c1="baseline", c2="third-way", country="KOR")
    assert "so it takes no part" not in captions(at)


@pytest.mark.parametrize("link", [EUROPE_ONLY_IN_B, EUROPE_ONLY_IN_A])
def test_the_partners_of_a_provider_of_either_side_are_counted(
    open_page: Open, downloaded: Downloaded, link: dict[str, str]
) -> None:
    at = open_page(of="europe", **link)
    assert "Europe" in at.segmented_control(key="of").options
    assert "Europe" in plain(at.title[0].value)
    titles = [plain(metric.label) for metric in at.metric]
    assert "Europe only" in titles
    assert len(titles) == len(set(titles))
    countries = downloaded("countries")
    probability = "probability of being with Europe"
    change = countries[f"{probability} (0-1)"] - countries[f"{probability} in B (0-1)"]
    takes_part = countries[f"{probability}, A minus B (0-1)"].notna()
    assert np.allclose(change[takes_part], countries[f"{probability}, A minus B (0-1)"][takes_part])


@pytest.mark.parametrize(("a", "b"), [("baseline", "third-way"), ("third-way", "baseline")])
def test_one_map_holds_both_sides(a: str, b: str) -> None:
    found = answer(View(Side(a), Side(b), futures=16))
    data = map_data(found, "europe", "TUR", "")
    assert data["b"] is not None
    assert "Europe only" in [group["title"] for group in data["groups"]]
    assert "This shows" not in data["boundaries"]
    table = map_table(found, 0)
    assert set(table["side"]) == {"A", "B", "A minus B"}
    groups = [f"{group['title']} (0-1)" for group in data["groups"]]
    for side in ("A", "B"):
        assert np.allclose(table[table["side"] == side][groups].sum(axis=1), 1)


@pytest.mark.parametrize("link", [EUROPE_ONLY_IN_B, EUROPE_ONLY_IN_A])
def test_the_terms_hold_what_either_side_offers(
    open_page: Open, downloaded: Downloaded, link: dict[str, str]
) -> None:
    open_page("country", country="TUR", **link)
    terms = downloaded("TUR-terms")
    assert terms["offer"].str.contains("Europe").any()


def test_compare_says_which_scenario_alone_has_the_offers(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="third-way", of="europe")
    said = [text for each in at.markdown if "Moved: " in (text := plain(each.value))]
    assert said
    assert all("Moved: its offers, which only scenario 2 has" in text for text in said)


def test_reasons_that_moved_no_probabilities_are_said_to_have_done_so(open_page: Open) -> None:
    # No rule lets it in, whatever the offer.
    at = open_page("country", country="CUB", a="sovereignty-guarantees", b="baseline")
    said = "Probability of being with the United States"
    (line,) = [text for each in at.markdown if said in (text := plain(each.value))]
    assert "the same in every future. Reasons that moved all the same: " in line
    assert "moved with it" not in line


WITHOUT_BRAZIL = pack("""\
name: without-brazil
extends: baseline
title: Without Brazil
description: The baseline without one country.
countries: {exclude: [BRA]}
""")
TAKES_NO_PART = "Brazil is left out in B, so it takes no part there."
ONLY_IN_A = {"b": "without-brazil", "draft__b": WITHOUT_BRAZIL, "country": "BRA"}


def test_a_country_that_b_leaves_out_has_no_probabilities_there(
    open_page: Open, downloaded: Downloaded
) -> None:
    at = open_page("explore", **ONLY_IN_A)
    assert TAKES_NO_PART in captions(at)
    (card,) = [plain(each.value) for each in at.markdown if "**United States: " in each.value]
    assert "%" in card
    assert "A minus B" not in card
    table = downloaded("countries").set_index("code")
    of_b = [name for name in table.columns if " in B" in name or "A minus B" in name]
    assert len(of_b) == 5
    assert table.loc["BRA", of_b].isna().all()
    assert table.drop("BRA")[of_b].notna().all(axis=None)
    assert table["probability of being with the United States (0-1)"].between(0.1, 0.9)["BRA"]


def test_country_shows_what_it_does_in_a_alone(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page("country", **ONLY_IN_A)
    assert re.match(
        r"Brazil: most likely with the US only by 2030 \(\d+ %\)", plain(at.title[0].value)
    )
    assert TAKES_NO_PART in captions(at)
    table = downloaded("BRA-probabilities")
    assert table["probability (0-1)"].sum() == pytest.approx(1)
    assert "probability in B (0-1)" not in table
