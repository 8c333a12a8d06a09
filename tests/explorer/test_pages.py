"""Every page opens, follows its link, and keeps the last good result when something is wrong."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

import sim
from app_pages import Open, listed, plain
from sim.analysis.groups.members import country_groups
from sim.data import load_facts, load_parameters
from sim.data.parameter_checks import LONGEST_LABEL
from sim.data.parameters import parameter_label
from sim.interfaces.explorer.controls.latest import NOT_YOURS
from sim.interfaces.explorer.state.view import Side, View, write_link
from sim.interfaces.explorer.tables.search import matching
from sim.scenario import load_scenario
from sim.words.titles import country_names


def headline(at: AppTest) -> str:
    return plain(at.title[0].value)


def slider(at: AppTest, side: str, lever: str, scenario: str = "baseline") -> Any:
    return at.slider(key=f"lever.{side}.{scenario}.{lever}")


def follow(at: AppTest, link: dict[str, str]) -> None:
    """Let the browser's link be this one at the next run."""
    at.query_params.clear()
    at.query_params.update(link)


def captions(at: AppTest) -> str:
    return " ".join(plain(caption.value) for caption in at.caption)


def test_a_first_visit(open_page: Open) -> None:
    at = open_page()
    said = re.fullmatch(
        r"(\d+) partners of the US by 2030: (\d+) with a data centre, (\d+) light agreements",
        headline(at),
    )
    assert said is not None
    assert int(said[1]) == int(said[2]) + int(said[3])
    assert "90 % of futures" in captions(at)
    assert "not a forecast" in captions(at)
    assert at.selectbox(key="card.country").value == "KOR"
    assert [metric.label for metric in at.metric] == [
        "United States only", "China only", "Two partners", "Sovereign AI alone", "Waits",
    ]  # fmt: skip
    assert len(at.dataframe[0].value) == 194


def test_a_lever_moves_the_result_and_the_link(open_page: Open) -> None:
    at = open_page()
    before = headline(at)
    slider(at, "a", "us_backing").set_value(0.0).run()
    assert headline(at) != before
    assert at.query_params["a.us_backing"] == "0"
    assert "a private firm's offer" in captions(at)
    at.button(key="back.lever.a.baseline.us_backing").click().run()
    assert headline(at) == before
    assert "a.us_backing" not in at.query_params


def test_undo_and_reset(open_page: Open) -> None:
    at = open_page()
    before = headline(at)
    slider(at, "a", "slots").set_value(30).run()
    slider(at, "a", "us_backing").set_value(0.1).run()
    undo = next(button for button in at.button if button.label == "Undo")
    undo.click().run()
    assert "a.us_backing" not in at.query_params
    assert at.query_params["a.slots"] == "30"
    next(button for button in at.button if button.label == "Reset all").click().run()
    assert headline(at) == before
    assert "a.slots" not in at.query_params


def test_moves_in_quick_succession_are_all_kept(open_page: Open) -> None:
    # A browser sends the second move with the link that it had before the answer to the first.
    at = open_page()
    first = dict(at.query_params.items())
    slider(at, "a", "slots").set_value(30).run()
    follow(at, first)
    slider(at, "a", "us_backing").set_value(0.1).run()
    assert (at.query_params["a.slots"], at.query_params["a.us_backing"]) == ("30", "0.1")
    follow(at, first)
    next(button for button in at.button if button.label == "Undo").click().run()
    assert at.query_params["a.slots"] == "30"
    assert "a.us_backing" not in at.query_params


def test_an_undo_in_quick_succession_moves_the_link_back(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_page()
    first = dict(at.query_params.items())
    slider(at, "a", "slots").set_value(30).run()
    follow(at, first)
    told: list[Any] = []
    monkeypatch.setattr(QueryParams, "from_dict", lambda _, link: told.append(link))
    next(button for button in at.button if button.label == "Undo").click().run()
    # By now the browser shows the link of the move, and has to be told, whatever it sent.
    assert told
    assert all(link == first for link in told)


def test_going_back_in_the_browser_restores_the_view(open_page: Open) -> None:
    at = open_page()
    first = dict(at.query_params.items())
    slider(at, "a", "slots").set_value(30).run()
    follow(at, first)
    at.run()
    assert slider(at, "a", "slots").value == 10
    assert dict(at.query_params.items()) == first


def test_a_link_restores_everything(open_page: Open) -> None:
    link = write_link(
        View(
            a=Side("twenty-slots", (("local_control", 0.7),)), b=Side("baseline"),
            beliefs=(("w_peer", 2.0),), country="BRA", month="2027-12", of="china",
            futures=200, seed=4,
        )
    )  # fmt: skip
    at = open_page(**link)
    assert slider(at, "a", "local_control", "twenty-slots").value == 0.7
    assert at.selectbox(key="scenario.b").value == "baseline"
    assert at.slider(key="belief.w_peer").value == 2.0
    assert at.selectbox(key="card.country").value == "BRA"
    assert "China" in headline(at)
    assert at.number_input(key="seed").value == 4
    assert dict(at.query_params.items()) == link


def test_a_against_b(open_page: Open) -> None:
    at = open_page(a__local_control="0.9", a__slots="25", b="baseline")
    assert headline(at).startswith("baseline with 2 levers moved brings the United States")
    assert "A minus B" in captions(at)
    assert {"A minus B, points", "United States, B"} <= set(at.dataframe[0].value.columns)
    next(button for button in at.button if button.label == "Swap A and B").click().run()
    assert "fewer" in headline(at)
    assert at.query_params["b.slots"] == "25"


@pytest.mark.parametrize("page", ["explore", "country"])
def test_what_differs_stands_under_the_headline(open_page: Open, page: str) -> None:
    at = open_page(page, a__slots="30", b="baseline")
    line = next(c for c in map(plain, (c.value for c in at.caption)) if "What differs" in c)
    assert "laces in the US infrastructure offer" in line
    assert "30" in line
    assert "What differs" not in captions(open_page(page))
    assert "A and B are the same" in captions(open_page(page, b="baseline"))


def test_the_cards_say_how_the_headline_comes_from_them(open_page: Open) -> None:
    at = open_page(of="china")
    line = next(c for c in map(plain, (c.value for c in at.caption)) if "with it only" in c)
    total, alone, beside = map(float, re.findall(r"\d+\.?\d*", line))
    assert total == pytest.approx(alone + beside, abs=0.11)
    cards = {metric.label: float(metric.value) for metric in at.metric}
    assert (alone, beside) == (cards["China only"], cards["Two partners"])
    assert headline(at).startswith(f"{total:g} partners of China by 2030: ")


def test_changes_read_as_changes_with_a_minus(open_page: Open) -> None:
    at = open_page(a__us_backing="0", b="baseline")
    deltas = [metric.delta for metric in at.metric]
    assert all(delta.endswith((" against B", "as in B")) for delta in deltas)
    assert any(delta.startswith("\u2212") for delta in deltas)
    assert not [c.value for c in at.caption if re.search(r"\d %", c.value)]


def test_most_start_with_the_first_two_scenarios(open_page: Open) -> None:
    at = open_page()
    options = at.selectbox(key="scenario.a").options
    titles = [sim.load_scenario(name).title for name in ("baseline", "today")]
    assert options[:2] == titles


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ({"country": "ZZZ"}, "No country has the code ZZZ"),
        ({"country": "Korea"}, "country = Korea, which cannot exist"),
        ({"of": "russia"}, "No provider here is called russia"),
        ({"month": "2099-12"}, "December 2099 is outside"),
        ({"month": "soon"}, "month = soon, which cannot exist"),
        ({"show__map__mode": "zzz"}, "map.mode as zzz"),
        ({"show__planet__size": "big"}, "planet.size as big"),
        ({"show__explore__measure": "tons"}, "explore.measure as tons"),
        ({"show__levers__side": "c", "b": "baseline"}, "levers.side as c"),
        ({f"c{n}": "baseline" for n in range(1, 6)}, "more scenarios than 4"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said(
    open_page: Open, link: dict[str, str], note: str
) -> None:
    at = open_page(**link)
    assert any(note in plain(info.value) for info in at.info)
    assert not open_page().info


def test_a_value_out_of_range_is_said_beside_the_lever(open_page: Open) -> None:
    good = headline(open_page())
    at = open_page(a__slots="99")
    rule = "“Places in the US infrastructure offer” = 99 must be from 1 to 40."
    assert any(plain(error.value).startswith(rule) for error in at.error)
    assert any("the result of baseline" in warning.value for warning in at.warning)
    assert headline(at) == NOT_YOURS + good


def test_an_error_begins_as_a_sentence(open_page: Open) -> None:
    at = open_page(a="no-such-scenario")
    assert plain(at.error[0].value).startswith("There is no scenario called no-such-scenario.")


def test_the_last_good_result_stays(open_page: Open) -> None:
    at = open_page(b="baseline", a__slots="25")
    good = headline(at)
    at.query_params["a.slots"] = "99"
    at.run()
    assert not at.exception
    assert any("must be from 1 to 40" in plain(warning.value) for warning in at.warning)
    assert headline(at) == NOT_YOURS + good


@pytest.mark.parametrize(
    "link",
    [
        {"a": "no-such-scenario"},
        {"a__no_such_lever": "1"},
        {"belief__no_such_parameter": "1"},
        {"belief__w_peer": "1e9"},
        {"country": "QQQ"},
        {"month": "1999-01"},
        {"of": "nobody"},
    ],
)
@pytest.mark.parametrize("page", ["explore", "country", "evidence"])
def test_a_strange_link_never_breaks_a_page(
    open_page: Open, link: dict[str, str], page: str
) -> None:
    at = open_page(page, **link)
    assert at.title


def test_other_scenarios_open(open_page: Open) -> None:
    assert "by 2031" in headline(open_page(a="today"))
    at = open_page(a="third-way", of="europe")
    assert "partners of Europe by 2030, all with a data centre" in headline(at)
    assert "Europe only" in [metric.label for metric in at.metric]


def test_a_third_provider_against_none(open_page: Open) -> None:
    at = open_page(a="third-way", b="baseline")
    assert not at.exception
    assert "Europe only" in [metric.label for metric in at.metric]


def test_beliefs_are_pinned_and_freed(open_page: Open) -> None:
    at = open_page()
    before = headline(at)
    at.selectbox(key="belief.new").set_value("w_waiting").run()
    assert at.query_params["belief.w_waiting"] == "4"
    at.slider(key="belief.w_waiting").set_value(3.6).run()
    assert headline(at) != before
    at.button(key="unpin.w_waiting").click().run()
    assert headline(at) == before


def test_find_filters_the_table(open_page: Open) -> None:
    at = open_page()
    at.text_input(key="find").set_value("oceania").run()
    assert set(at.dataframe[0].value["region"]) == {"Oceania"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("turkey", {"TUR"}),
        ("Turkiye", {"TUR"}),
        ("cote d'ivoire", {"CIV"}),
        ("ivory coast", {"CIV"}),
        ("uk", {"GBR"}),
        ("ukr", {"UKR"}),
        ("burma", {"MMR"}),
        ("holland", {"NLD"}),
        ("the five eyes", {"AUS", "CAN", "GBR", "NZL", "USA"}),
    ],
)
def test_countries_are_found_by_the_names_that_people_use(typed: str, codes: set[str]) -> None:
    names = country_names()
    table = pd.DataFrame({"code": list(names), "country": list(names.values()), "region": "x"})
    assert set(matching(table, typed, country_groups(load_facts()))["code"]) == codes


def test_a_search_says_when_nothing_matches(open_page: Open) -> None:
    at = open_page()
    at.text_input(key="find").set_value("<b>atlantis").run()
    assert "No country matches “<b>atlantis”." in [plain(info.value) for info in at.info]
    at.text_input(key="find").set_value("brazil").run()
    assert list(at.dataframe[0].value["code"]) == ["BRA"]


def test_beliefs_have_short_names_of_their_own() -> None:
    drawn = load_scenario("baseline").uncertainties
    names = [a.removeprefix("parameters.") for a in drawn if a.startswith("parameters.")]
    labels = [parameter_label(name) for name in names]
    assert len(labels) > 40
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= LONGEST_LABEL
    assert not [label for label in labels if label in names]


def test_the_country_page(open_page: Open) -> None:
    at = open_page("country")
    assert headline(at).startswith("South Korea: ")
    assert "90 % interval" in captions(at)
    facts = listed(at, "Facts of South Korea")
    kinds = {"On record", "Computed for the model", "Towards the United States", "Peer"}
    assert kinds <= set(facts["section"])
    assert facts["source"].astype(bool).all()
    assert facts["year"].str.fullmatch(r"(\d{4}.*)?").all()
    peers = set(facts[facts["section"] == "Peer"]["what"])
    assert "Japan" in peers
    assert not {"United States", "China", "Hong Kong"} & peers
    at.selectbox(key="country").set_value("NRU").run()
    assert headline(at).startswith("Nauru: ")
    assert "estimate" in set(listed(at, "Facts of Nauru")["remark"])
    assert at.query_params["country"] == "NRU"


def test_the_country_page_says_what_changed(open_page: Open) -> None:
    at = open_page("country", a__local_control="0.9", b="baseline")
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "Control that stays in the host country: 0.9 in A, 0.35 in B" in text
    assert "Probability of being with the United States" in text


@pytest.mark.parametrize("code", ["USA", "CHN", "HKG"])
def test_countries_that_take_no_part_have_facts(open_page: Open, code: str) -> None:
    at = open_page("country", country=code)
    assert "takes no part" in headline(at)
    assert len(listed(at, f"Facts of {load_facts().countries['name'][code]}")) > 20


def test_the_evidence_page(open_page: Open) -> None:
    at = open_page("evidence", belief__w_peer="2.0")
    assert "assumptions" in captions(at)
    parameters = listed(at, "Parameters of the model")
    assert len(parameters) == len(load_parameters())
    assert parameters.set_index("name in files").loc["w_peer", "value"] == "2"
    columns = listed(at, "Columns of the tables of facts")
    assert (columns["source"] != "").all()
    assert columns["section"].nunique() == len(load_facts().provenance.tables)
    assert len(listed(at, "Sources of the facts")) > 10
    estimates = listed(at, "Countries with estimated facts")
    shares = estimates["facts estimated"].str.removesuffix(" %").astype(float)
    assert shares.is_monotonic_decreasing
    levers = listed(at, "Levers of the scenario")
    assert (levers["rests on"] != "").all()
    words = " ".join(estimates["which"])
    assert "Overall score for government readiness to use AI" in words
    assert "liberal_democracy" not in words


def test_a_document_that_was_read_is_nothing_asked_in_vain(open_page: Open) -> None:
    at = open_page(show__evidence__document="model")
    assert not at.info
    assert any("no page can" in plain(i.value) for i in open_page(show__nowhere__thing="a").info)


def test_documents_are_read_in_the_page(open_page: Open) -> None:
    at = open_page("country")
    at.button(key="read.terms").click().run()
    assert at.title[0].value == "What the figures rest on"
    shown = [block.value for block in at.markdown if "Concessions" in block.value]
    assert len(shown) == 1
    links = re.findall(r"\]\(([^)]+)\)", shown[0])
    assert "evidence?show.evidence.document=limits" in links
    assert all(link.startswith(("http", "evidence?show.evidence.document=")) for link in links)
    assert at.query_params["show.evidence.document"] == "model"
