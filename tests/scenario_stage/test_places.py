"""Messages that must name the right place, the right key and the right remedy."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import MOST_SHOWN, Problem, ScenarioError
from sim.scenario import json_schema, load_scenario, load_scenario_text
from sim.scenario.schema.fields import RESERVED

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAD = "name: mine\ntitle: Mine\ndescription: A file.\n"


def problems(body: str, extends: str = "extends: baseline\n") -> list[Problem]:
    """Return what is wrong with a scenario whose fourth line names its parent."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario_text(HEAD + extends + body, SCENARIOS)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("extend: baseline", "extends"),
        ("parameter-set: x", "parameter_set"),
        ("exten: x", "extends"),
    ],
)
def test_keys_that_name_other_files_are_guessed_at(key: str, meant: str) -> None:
    said = problems(f"{key}\n", "")
    (unknown,) = [p for p in said if "is not a known key" in p.message]
    assert unknown.remedy == f"Did you mean '{meant}'?"


def test_entries_are_counted_as_they_stand_in_the_file() -> None:
    first, second, third = problems(
        "events:\n"
        "- {date: 2026-13, title: a, set: {providers.us.linkage: 0.1}}\n"
        "- {date: 2026-01, title: b, set: {parameters.foo: 1}}\n"
        "- {date: 2026-01, title: c}\n"
    )
    assert first.message.startswith("events[0].date")
    assert second.message.startswith("events[1].set: the address")
    assert third.message.startswith("events[2] (c) changes nothing")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("providers: {us: {home: CHN}}", "providers.us.home = "),
        ("horizon: {start: 2025-05, end: 2025-05}", "horizon.end = "),
        ("countries: {exclude: [ARE]}", "countries.exclude contradicts initial.commitments["),
        ("horizon: {start: 2025-05, end: 2030-12}", "horizon.start = "),
    ],
)
def test_the_file_that_made_a_contradiction_is_named(body: str, words: str) -> None:
    extends = "extends: today\n" if "initial" in words or "start" in words else None
    said = problems(f"{body}\n", *([extends] if extends else []))
    assert said
    for problem in said:
        assert (problem.file, problem.line) == ("uploaded", 5)
        assert problem.message.startswith(words)
        assert " contradicts " in problem.message
        assert ".yaml:" in problem.message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("levers: {linkage: {high: 0.3}}", "levers.linkage.high = 0.3"),
        ("levers: {slots: {high: 0}}", "levers.slots.high = 0"),
        ("levers: {local_control: {low: 0.9}}", "levers.local_control.low = 0.9"),
        (
            "providers: {us: {offers: {infrastructure: {open_enrolment: true, slots: null}}}}",
            "providers.us.offers.infrastructure.open_enrolment = true",
        ),
        (
            "providers: {china: {offers: {infrastructure: {exclusivity: 1}}}}",
            "providers.china.offers.infrastructure.exclusivity = 1",
        ),
    ],
)
def test_whoever_narrows_a_range_or_a_term_is_named(tmp_path: Path, body: str, words: str) -> None:
    shutil.copy(SCENARIOS / "baseline.yaml", tmp_path)
    record = "".join(
        f"    - {{country: KOR, offer: {name}.infrastructure, signed: 2025-04}}\n"
        for name in ("us", "china")
    )
    for name, text in (
        (
            "low",
            "extends: baseline\nevents:\n- date: 2026-01\n  title: More\n"
            "  set: {providers.us.offers.infrastructure.slots: 20}\n"
            f"initial:\n  commitments:\n{record}",
        ),
        ("mine", f"extends: low\n{body}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(HEAD.replace("mine", name) + text)
    load_scenario(tmp_path / "low.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "mine.yaml")
    for problem in caught.value.problems:
        assert (Path(problem.file).name, problem.line) == ("mine.yaml", 5)
        assert problem.message.startswith(f"{words} contradicts ")


@pytest.mark.parametrize("value", ["abc", "null", "1", "[1]", "{}"])
def test_an_unknown_parameter_is_called_so_whatever_its_value(value: str) -> None:
    (problem,) = problems(f"parameters: {{w_wait: {value}}}\n")
    assert problem.message.startswith("parameters.w_wait ")
    assert "is not a parameter of the model" in problem.message
    assert problem.remedy == "Did you mean 'w_waiting'?"
    assert problems(f"parameters: {{qqqq: {value}}}\n")[0].remedy.endswith("docs/model.md.")


def test_an_entry_that_lacks_a_key_is_checked_further() -> None:
    said = [p.message for p in problems("providers: {mars: {home: MRS}}\n")]
    assert [words for words in said if "MRS" in words]
    assert "providers.mars.title is missing." in said
    said = [
        p.message
        for p in problems(
            "initial: {commitments: [{country: QQQ, offer: us.foo, stage: signed}]}\n"
        )
    ]
    assert [words.split(" ")[0].rpartition(".")[2] for words in said] == [
        "country", "offer", "signed",
    ]  # fmt: skip


def test_what_stands_for_a_missing_value_is_not_complained_about() -> None:
    body = (
        "providers: {mars: {title: M, offers: {x: {}}}}\nlevers: {knob: {title: K}}\n"
        "events: [{title: a, shock: {size: 1}}, {title: b, set: {providers.mars.backing: 1}}]\n"
        "initial: {commitments: [{country: KOR}, {offer: mars.x}], withdrawals: [{by: country}]}\n"
    )
    assert [p.message for p in problems(body) if not p.message.endswith(" is missing.")] == []


def test_missing_providers_are_one_problem() -> None:
    (problem,) = problems("", "")
    assert problem.message == "providers is missing."


@pytest.mark.parametrize("word", RESERVED)
def test_reserved_words_are_no_names(word: str) -> None:
    offer = f"providers: {{{word}: {{title: M, home: DEU, offers: {{{word}: {{title: O}}}}}}}}\n"
    lever = f"levers: {{{word}: {{target: providers.us.linkage, title: L, explanation: E}}}}\n"
    said = problems(offer + lever)
    assert [p.line for p in said] == [5, 5, 6]
    assert all(f'the name "{word}" in ' in p.message for p in said)
    assert all("is a reserved word" in p.message for p in said)
    with pytest.raises(ScenarioError, match=f'name = "{word}" is a reserved word'):
        load_scenario_text(HEAD.replace("mine", f'"{word}"') + "extends: baseline\n", SCENARIOS)
    schema = json_schema()["properties"]
    assert word in schema["name"]["not"]["enum"]
    assert word in schema["providers"]["propertyNames"]["not"]["enum"]


@pytest.mark.parametrize("word", [*RESERVED, "nil", "yes", "no", "on", "off", "us", "none_1"])
def test_a_name_that_is_no_name_in_a_table_is_reserved(word: str) -> None:
    for text in (word, word.upper(), word.title()):
        (read,) = pd.read_csv(io.StringIO(f"name\n{text}\n"))["name"].tolist()
        assert read == text or word in RESERVED


def test_a_country_listed_twice_is_refused() -> None:
    (problem,) = problems("countries: {exclude: [USA, KOR, KOR]}\n")
    assert problem.message == 'countries.exclude[2] = "KOR" is listed twice.'


def test_a_number_that_was_refused_is_not_missing_too() -> None:
    (problem,) = problems(
        "uncertainties: {parameters.w_peer: {distribution: normal, mean: 1.5, sd: .nan}}\n"
    )
    assert problem.message.endswith("sd = .nan must be a finite number.")


def test_an_empty_key_can_be_seen() -> None:
    said = [p.message for p in problems('"": 1\nproviders: {us: {"": 3}}\n')]
    assert said == ["'' is not a known key.", "providers.us.'' is not a known key."]


@pytest.mark.parametrize(
    "body", ["parameters: {w_peer: 1,5}", "parameters: {w_peer: 1,5, w_tie: 0.2}",
             'parameters: {w_peer: "1,5"}'],
)  # fmt: skip
def test_a_decimal_comma_is_told_of_the_decimal_point(body: str) -> None:
    (problem,) = problems(f"{body}\n")
    assert (problem.line, problem.remedy) == (5, "Write a decimal point: 1.5.")
    assert "w_peer" in problem.message


@pytest.mark.parametrize("text", ["a: {b: 1\n", "a: {b: 1", "a: {b: 1\n\n\n", "a: [\n"])
def test_a_fault_at_the_end_is_in_a_line_of_the_file(text: str) -> None:
    (problem,) = problems(text)
    assert 5 <= problem.line <= 4 + len(text.splitlines())


def test_of_very_many_problems_the_first_are_shown() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario_text(
            HEAD + "extends: baseline\n" + "".join(f"x{n}: 1\n" for n in range(9000)), SCENARIOS
        )
    assert len(caught.value.problems) == 9000
    lines = str(caught.value).splitlines()
    assert len(lines) <= 2 * MOST_SHOWN + 1
    assert lines[-1] == f"({9000 - MOST_SHOWN:,} more problems follow)"


def test_a_stop_without_a_label_is_named_as_it_stands(tmp_path: Path) -> None:
    for name, body in (
        ("low", "extends: baseline\nlevers: {slots: {stops: {15: null, 0.50: 3}}}\n"),
        ("mine", "extends: low\nlevers: {slots: {stops: {30: many}}}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(HEAD.replace("mine", name) + body)
    shutil.copy(SCENARIOS / "baseline.yaml", tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "mine.yaml")
    assert {Path(p.file).name for p in caught.value.problems} == {"low.yaml"}
    assert [p.message for p in caught.value.problems] == [
        "levers.slots.stops.0.50 = 3 must be text.",
        "levers.slots.stops.15 is empty and must be text.",
    ]


def test_a_map_of_addresses_is_no_distribution() -> None:
    (problem,) = problems("uncertainties: null\n")
    assert problem.message == "uncertainties is empty and must be a map of keys and values."


@pytest.mark.parametrize("offers", ["{offers: null}", "{offers: 3}", "3"])
def test_offers_that_were_refused_as_a_whole_are_one_problem(offers: str) -> None:
    (problem,) = problems(f"providers: {{us: {offers}}}\n", "extends: today\n")
    assert problem.line == 5
    assert problem.message.endswith(" must be a map of keys and values.")


@pytest.mark.parametrize("key", ["events", "initial", "corporate_ties"])
def test_a_key_of_the_schema_is_no_misspelt_one(key: str) -> None:
    (problem,) = problems(f"{key}: null\n")
    assert problem.remedy == "Give it a value, or delete the line."


@pytest.mark.parametrize("key", ["providers", "levers", "uncertainties"])
def test_a_map_that_a_parent_spoils_is_told_of_in_the_parent(tmp_path: Path, key: str) -> None:
    entry = {
        "providers": "us: {linkage: 0.4}",
        "levers": "k: {target: providers.us.linkage, title: K, explanation: E}",
        "uncertainties": "parameters.w_peer: {distribution: uniform, low: 0.5, high: 2}",
    }[key]
    for name, body in (
        ("low", f"extends: baseline\n{key}: x\n"),
        ("mine", f"extends: low\n{key}: {{{entry}}}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(HEAD.replace("mine", name) + body)
    shutil.copy(SCENARIOS / "baseline.yaml", tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "mine.yaml")
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line) == ("low.yaml", 5)
    assert problem.message == f'{key} = "x" must be a map of keys and values.'
