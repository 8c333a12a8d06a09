"""What is asked about terms: worlds on common luck, levers that are documented, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sim
from analysis.requirement_worlds import CONCERN, distrustful, one_place, required
from sim.analysis.requirement.catalogue import find_levers, lever_kinds
from sim.analysis.requirement.settings import as_it_is, set_apart
from sim.analysis.requirement.trials import Trials


@pytest.fixture(scope="module")
def unlimited() -> sim.Scenario:
    prefix = "providers.us.offers.infrastructure"
    return sim.load_scenario("baseline").with_changes(
        {f"{prefix}.slots": None, f"{prefix}.pace_per_quarter": 200}
    )


def test_an_offer_apart_on_the_same_terms_changes_nothing(unlimited: sim.Scenario) -> None:
    month = "2025-12"
    trials = [
        Trials(setting, (), 3, 12)
        for setting in (
            as_it_is(unlimited, "us.infrastructure", month),
            set_apart(unlimited, "us.infrastructure", "IDN", month),
        )
    ]
    first, second = (each.run([()])[0] for each in trials)
    for name in ("signed", "invited", "with_rival"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.signed.any()


def test_terms_apart_are_for_one_country(unlimited: sim.Scenario) -> None:
    levers = find_levers(unlimited, "us.infrastructure", ["fund", "smallest_size", "cost_share"])
    setting = set_apart(unlimited, "us.infrastructure", "IDN", "2025-06")
    trials = Trials(setting, levers, 3, 40)
    now, better = trials.run([trials.start, trials.limit])
    i = setting.built.axes.country.index("IDN")
    assert better.signed[:, i].sum() > now.signed[:, i].sum()
    # In the second month nobody else can have seen it yet but by what a peer signed.
    assert (better.signed != now.signed).any(axis=0).sum() <= 5


def test_a_trial_is_the_run_of_that_scenario() -> None:
    baseline = sim.load_scenario("baseline")
    levers = find_levers(baseline, "us.infrastructure", ["fund", "linkage"])
    trials = Trials(as_it_is(baseline, "us.infrastructure", "2025-10"), levers, 5, 16)
    positions = (levers[0].position(0.5), levers[1].position(0.4))
    own = trials.run([positions])[0]
    moved = baseline.with_levers(
        {lever.name: lever.value(p) for lever, p in zip(levers, positions, strict=True)}
    )
    run = sim.simulate(moved, replicates=16, seed=5, as_of="2025-10").ensemble
    o = run.axes.offer.index("us_infrastructure")
    np.testing.assert_array_equal(own.signed, run.month_signed[..., o] >= 0)


@pytest.mark.parametrize(("code", "control"), [("IND", 0.72), ("BRA", None)])
def test_answers_of_the_page_hold_with_another_seed(code: str, control: float | None) -> None:
    # docs/what-would-it-take.md: as likely as not by the end of 2027, for the country alone.
    baseline = sim.load_scenario("baseline")
    setting = set_apart(baseline, "us.infrastructure", code, "2027-12")
    i = setting.built.axes.country.index(code)
    levers = find_levers(baseline, "us.infrastructure", {"local_control": control or 1.0})
    trials = Trials(setting, levers, seed=77, replicates=400, only=i)
    (found,) = trials.run([trials.limit if control else trials.start])
    assert found.signed.mean() >= 0.5


def test_an_earlier_opening_is_a_world_of_its_own() -> None:
    late = sim.load_scenario("baseline").with_changes(
        {"providers.us.offers.infrastructure.open_from": "2025-09"}
    )
    levers = find_levers(late, "us.infrastructure", ["opening"])
    trials = Trials(as_it_is(late, "us.infrastructure", "2025-08"), levers, 5, 8)
    now, earlier = trials.run([(0,), (4,)])
    assert not now.invited.any()
    first = sim.load_scenario("baseline")
    same = Trials(as_it_is(first, "us.infrastructure", "2025-08"), (), 5, 8).run([()])[0]
    np.testing.assert_array_equal(earlier.signed, same.signed)
    assert levers[0].shown(levers[0].value(4)) == "May 2025"


def test_every_lever_is_documented_and_can_move() -> None:
    baseline = sim.load_scenario("baseline").with_changes(
        {"providers.us.offers.infrastructure.open_from": "2025-09"}
    )
    for kind in lever_kinds().values():
        assert kind.status == "assumption" or "http" in kind.status
        assert (
            kind.description.count("Cost to the provider") == (not kind.is_money) or kind.is_money
        )
        (lever,) = find_levers(baseline, "us.infrastructure", [kind.name])
        better = lever.value(lever.n_steps)
        assert better == lever.limit
        assert (better > lever.start) == (kind.favours == "up")
        values = [lever.value(p) for p in range(lever.n_steps + 1)]
        assert values == sorted(values, reverse=kind.favours != "up")
        assert [lever.share(p) for p in (0, lever.n_steps)] == [0.0, 1.0]


def test_a_lever_of_the_scenario_goes_as_far_as_it_says() -> None:
    scenario = sim.load_scenario("baseline")
    (own,) = find_levers(scenario, "us.adoption", ["light_control"])
    assert (own.start, own.limit) == (0.3, 1.0)
    (fund,) = find_levers(scenario, "us.infrastructure", ["fund"])
    assert fund.limit == scenario.levers["fund"].high


INFRASTRUCTURE = "providers.us.offers.infrastructure."
WRONG = [
    ({"country": "Congo"}, "'Congo' is the name of more than one country"),
    ({"country": "Brazzil"}, "Did you mean 'BRA'"),
    ({"country": "USA"}, "home to provider us"),
    ({"country": None}, "None"),
    ({"levers": "fnd"}, "'fnd' is not a lever"),
    ({"levers": {"slots": 12.5}}, "slots = 12.5 must be a whole number.*Write 12 or 13"),
    ({"terms": {"slots": 12.5}}, "slots = 12.5 must be a whole number"),
    ({"country": "Hong Kong"}, "countries.exclude leaves it out"),
    ({"offer": "us.infrastructur"}, "Did you mean 'us.infrastructure'.*us.adoption"),
    ({"offer": "adoption"}, "more than one provider.*us.adoption or china.adoption"),
    ({"by": "2035"}, "by = 2035 is outside the scenario baseline.*2025-05 to 2030-12"),
    ({"by": "soon"}, 'by = "soon" is not a month'),
    ({"probability": 0}, "probability = 0 must be a number above 0 and below 1"),
    ({"probability": 1}, "Nothing is certain"),
    ({"probability": 50}, "For 50 per cent write 0.5"),
    ({"probability": float("nan")}, "probability = nan must be"),
    ({"levers": ["local_contrl"]}, "'local_contrl' is not a lever.*Did you mean 'local_control'"),
    ({"levers": {"fund": 100}}, "lever fund = 100 must be above 300"),
    ({"levers": {"local_control": 2}}, "local_control = 2 must be above 0.35"),
    ({"levers": []}, "levers = .a list of 0. must name at least one"),
    ({"levers": 5}, "levers = 5 must name at least one"),
    ({"only_it": "no"}, 'only_it = "no" must be True or False'),
    ({"prices": [1]}, "prices = .a list of 1. must be by name"),
    ({"terms": {}}, "terms = .a map of 0. must name at least one"),
    ({"levers": {"fund": 200}}, "must be above 300.*only terms better for the country"),
    ({"levers": ["opening"]}, "opening stands at May 2025 and can go no further"),
    ({"levers": ["fund"], "prices": {"linkage": 2}}, "linkage is not one of the levers"),
    ({"levers": ["fund"], "prices": {"fund": -1}}, "price fund = -1 must be a number from 0"),
    ({"levers": ["linkage"], "only_it": True}, "linkage is of the provider as a whole"),
    (
        {"levers": [*[*lever_kinds()][:4], "exclusivity", "linkage"]},
        "6 levers may move, and 5 are the most",
    ),
    ({"levers": ["fund"], "terms": {"fund": 900}}, "different questions"),
    ({"terms": {"fund": 100}}, "lever fund = 100 must be above 300"),
    ({"replicates": 4}, "replicates = 4 must be at least 8"),
    ({"seed": -1}, "seed = -1"),
    ({"country": "CHN"}, "home to provider china"),
    ({"country": "RUS"}, "can never be invited.*infrastructure.excluded lists it"),
    ({"set": {"asked": ["KOR"]}}, "can never be invited.*infrastructure.asked does not list it"),
    ({"set": {"max_chip_tier": 1}}, "can never be invited.*export tier 2.*admits 1 at most"),
    (
        {"set": {"democracy_floor": 0.9, "democracy_floor_is_hard": True}},
        "can never be invited.*democracy_floor = 0.9.*Let the lever democracy_floor move too",
    ),
    ({"set": {"slots": 0}}, "can never be invited.*no places.*Let the lever slots move too"),
    (
        {"set": {"open_from": "2026-01"}},
        "opens in 2026-01, after 2025-12.*Let the lever opening move too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), WRONG, ids=lambda given: str(given)[:60])
def test_what_cannot_be_asked_is_told(given: dict[str, Any], words: str) -> None:
    scenario = sim.load_scenario("baseline")
    asked = {"country": "BRA", "offer": "us.infrastructure", "by": "2025-12"} | given
    if changes := asked.pop("set", None):
        scenario = scenario.with_changes(
            {f"{INFRASTRUCTURE}{name}": value for name, value in changes.items()}
        )
    country = asked.pop("country")
    with pytest.raises(sim.InputError, match=f"(?s){words}"):
        sim.what_would_it_take(scenario, country, **asked)


def test_a_lever_that_may_move_lifts_the_rule() -> None:
    scenario = sim.load_scenario("baseline").with_changes(
        {
            f"{INFRASTRUCTURE}democracy_floor": 0.95,
            f"{INFRASTRUCTURE}democracy_floor_is_hard": True,
        }
    )
    found = sim.what_would_it_take(
        scenario, "BRA", by="2025-06", levers=["democracy_floor"], replicates=8
    )
    assert found.state in ("beyond", "reached")


def test_an_event_that_overrules_a_lever_is_told() -> None:
    scenario = sim.load_scenario("diplomatic-tool")
    (event,) = (each for each in scenario.events if each.set)
    found = sim.what_would_it_take(
        scenario, "GBR", by=event.date, terms={"exclusivity": 0.1}, replicates=8
    )
    assert any(event.title in line and "sets" in line for line in found.sentences())
    assert "the United Kingdom" in found.sentences()[0]


def test_all_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.what_would_it_take(
            sim.load_scenario("baseline"), "Atlantis", offer="us.x", by="1999", probability=2
        )
    assert len(caught.value.problems) == 4


def test_an_offer_to_all_turns_nobody_away() -> None:
    with pytest.raises(sim.InputError, match=r"all who are eligible may join us\.adoption"):
        sim.most_it_can_ask(
            sim.load_scenario("baseline"), "KOR", offer="us.adoption", levers=["local_control"]
        )


@pytest.mark.parametrize("ask", [sim.what_would_it_take, sim.most_it_can_ask])
def test_a_country_that_has_signed_already_is_told(ask: Callable[..., Any]) -> None:
    with pytest.raises(sim.InputError, match=r"India has signed us\.infrastructure already, in 20"):
        ask(sim.load_scenario("today"), "India")


def test_an_opening_goes_as_early_as_asked_and_no_later() -> None:
    scenario = sim.load_scenario("baseline").with_changes({f"{INFRASTRUCTURE}open_from": "2026-01"})
    (lever,) = find_levers(scenario, "us.infrastructure", {"opening": "2025-09"})
    assert lever.shown(lever.limit) == "September 2025"
    assert (lever.unit, lever.number(lever.start)) == ("months after 2025-09", 4.0)
    for month in ("2026-02", "2025-04", "soon", 3):
        with pytest.raises(sim.InputError, match=r"must be a month before 2026-01.*\n.*better"):
            find_levers(scenario, "us.infrastructure", {"opening": month})


def test_the_answer_is_a_table_of_numbers_with_their_units() -> None:
    found = sim.what_would_it_take(
        sim.load_scenario("baseline"), "Norway", by="2025-08", probability=0.01, levers=["fund"],
        replicates=8,
    )  # fmt: skip
    (row,) = found.frame("answer").to_dict("records")
    assert (row["unit"], row["start"], row["limit"]) == ("USD million", 300.0, 2000.0)
    assert row["answer"] == found.spans[0].value
    (column, *_) = next(table for table in found.tables() if table.name == "trials").columns
    assert (column.name, column.unit) == ("fund", "USD million")


WRONG_ELSEWHERE: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (sim.most_it_can_ask, {"country": "Norway", "levers": []}, "levers"),
    (sim.what_would_each_take, {"lever": []}, "lever = .a list of 0."),
    (sim.what_matters, {"outcome": 5}, "outcome = 5 must be a text"),
    (sim.explain, {"country": "KOR", "offer": 5}, "offer = 5 must be a text"),
    (sim.portfolio, {"terms": {"a": 5}}, "terms a = 5 must be by name"),
]


@pytest.mark.parametrize(("ask", "given", "words"), WRONG_ELSEWHERE)
def test_every_answer_checks_what_it_is_given(
    ask: Callable[..., Any], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(sim.InputError, match=words):
        ask(sim.load_scenario("baseline"), **given)


@pytest.mark.parametrize("given", [{"groups": "x"}, {"groups": {"a": []}}, {"outcome": ""}])
def test_a_split_checks_what_it_is_given(given: dict[str, Any]) -> None:
    (name,) = given
    with pytest.raises(sim.InputError, match=name.removesuffix("s")):
        sim.split(sim.load_scenario("baseline"), sim.load_scenario("today"), replicates=8, **given)


def test_answers_name_no_options_of_the_command_line() -> None:
    scenario = one_place(slots=1)
    built = distrustful(scenario, concern=[0.0, CONCERN], gdp_rank=[1.0, 0.5])
    found = required(scenario, built, i=1)
    text = " ".join(found.sentences())
    assert found.state == "beyond"
    assert "What could help: more places and faster invitations" in text
    assert "--" not in text
    assert "slots" not in text
