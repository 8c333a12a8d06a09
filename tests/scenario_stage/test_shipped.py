"""The scenarios that ship: they load, differ from the baseline, cite sources, fit the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest
import yaml

from sim.errors import ScenarioError
from sim.scenario import (
    json_schema_text,
    list_scenarios,
    load_scenario,
    load_scenario_text,
    reference_markdown,
)
from sim.scenario.reading.nodes import to_plain
from sim.scenario.reading.yaml_reader import read_file

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
DATA = ROOT / "tests" / "data"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
ASKED_FOR = {
    "baseline", "today", "stargate-linked", "stargate-separate", "diplomatic-tool", "key-partner",
    "democratic-strict", "democratic-broad", "china-counteroffer", "third-way",
    "sovereignty-guarantees", "kill-switch", "chip-tiers", "funds-only", "data-centres-only",
    "assistant-only", "twenty-slots", "korea-ties",
}  # fmt: skip
# What the JSON Schema of a single file can see; the rest needs the parents or rules between keys.
SEEN_BY_JSON_SCHEMA = (
    "unknown_key", "unknown_term", "below_bound", "above_bound", "not_a_number", "not_whole",
    "not_a_switch", "not_a_month", "not_text", "not_a_list", "not_a_map", "not_a_choice",
    "identifier", "parameter_unknown", "parameter_bounds", "no_name", "name_pattern",
    "extends_escape", "extends_number", "long_text", "many_sources", "ties",
)  # fmt: skip


def content(path: Path) -> Any:
    return to_plain(read_file(path, path.name).root)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / "scenario.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_all_that_were_asked_for_are_there() -> None:
    assert set(NAMES) >= ASKED_FOR


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_and_says_where_its_numbers_come_from(name: str) -> None:
    # Its own words: those of the scenario that it extends say nothing of what differs.
    own = content(FOLDER / f"{name}.yaml")
    missing = [key for key in ("title", "description", "sources") if not own.get(key)]
    assert missing == [], f"write these into scenarios/{name}.yaml itself"
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    assert load_scenario_text(json.dumps(scenario.to_dict())).hash == scenario.hash
    first_line = (FOLDER / f"{name}.yaml").read_text("utf-8").splitlines()[0]
    schema = "# yaml-language-server: $schema=scenario.schema.json"
    assert first_line == schema, f"begin scenarios/{name}.yaml with this line"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "baseline"])
def test_it_differs_from_the_baseline_in_more_than_words(name: str) -> None:
    words = ("name", "title", "description", "sources")
    own, base = (
        {k: v for k, v in load_scenario(FOLDER / f"{n}.yaml").to_dict().items() if k not in words}
        for n in (name, "baseline")
    )
    assert own != base, f"scenarios/{name}.yaml changes nothing of the baseline but words"
    is_small = name == "today" or len((FOLDER / f"{name}.yaml").read_text().splitlines()) <= 70
    assert is_small, f"scenarios/{name}.yaml has more than 70 lines: write only what differs"


@pytest.mark.parametrize("name", NAMES)
def test_every_lever_moves_over_its_whole_range(name: str) -> None:
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    for key, lever in scenario.levers.items():
        for end in (lever.low, lever.high):
            assert scenario.with_levers({key: end}).value(lever.target) == end


@pytest.mark.parametrize("name", NAMES)
def test_levers_do_what_changes_of_their_numbers_do(name: str) -> None:
    # Levers set their numbers in the content as it is; changes write it out and check it anew.
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    middle: dict[str, float] = {
        key: float(round((lever.low + lever.high) / 2))
        for key, lever in scenario.levers.items()
        if lever.high - lever.low >= 2
    } or {key: lever.high for key, lever in scenario.levers.items()}
    single = [{key: lever.high} for key, lever in scenario.levers.items()]
    for values in [*single, middle]:
        targets = {scenario.levers[key].target: value for key, value in values.items()}
        moved, changed = scenario.with_levers(values), scenario.with_changes(targets)
        assert moved.to_dict() == changed.to_dict()
        assert moved.hash == changed.hash


def test_a_lever_that_breaks_a_rule_between_keys_is_refused_as_a_change_is() -> None:
    address = "providers.us.offers.infrastructure.data_centre_mw_min"
    scenario = load_scenario(FOLDER / "baseline.yaml").with_changes({address: 500})
    lever = scenario.levers["data_centre_size"]
    with pytest.raises(ScenarioError) as by_lever:
        scenario.with_levers({"data_centre_size": lever.low})
    with pytest.raises(ScenarioError) as by_change:
        scenario.with_changes({lever.target: lever.low})
    assert str(by_lever.value) == str(by_change.value)
    assert "data_centre_mw_max, which is 200 MW" in str(by_lever.value)


@pytest.mark.parametrize("name", NAMES)
def test_every_event_and_commitment_names_its_source(name: str) -> None:
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    initial = scenario.initial
    sources = [event.source for event in scenario.events]
    sources += [commitment.source for commitment in initial.commitments]
    sources += [withdrawal.source for withdrawal in initial.withdrawals]
    assert "assumption" not in sources, f"give each event and commitment of {name} its source"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_learnt_after_its_start_is_in_a_scenario(name: str) -> None:
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    assert scenario.posterior is not None
    assert scenario.posterior.as_of <= scenario.months[0]
    assert scenario.posterior.programme in ("", "openai_for_countries")


@pytest.mark.parametrize("name", NAMES)
def test_offers_of_one_provider_are_drawn_as_popular_together(name: str) -> None:
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    by_provider: dict[str, set[tuple[str, str | None]]] = {}
    for reference in scenario.offers:
        provider, offer = reference.split(".")
        address = f"providers.{provider}.offers.{offer}.intercept"
        assert address in scenario.uncertainties, f"let uncertainties of {name} draw {address}"
        spread = scenario.uncertainties[address]
        by_provider.setdefault(provider, set()).add((spread.kind, spread.column))
    mixed = [provider for provider, drawn in by_provider.items() if len(drawn) > 1]
    assert not mixed, f"draw all offers of each of these providers of {name} alike: {mixed}"
    # Only a column of the posterior is one number for all that draw from it.
    columns = [column for drawn in by_provider.values() for _, column in drawn if column]
    assert len({*columns}) == len(columns), f"{name} gives two providers one column: {columns}"


def test_plain_yaml_readers_see_the_same() -> None:
    # A reader of YAML 1.1 must not take a word for a boolean or a number for a time.
    for name in NAMES:
        loaded = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
        assert json.loads(json.dumps(loaded)) == content(FOLDER / f"{name}.yaml")


def test_list_of_scenarios() -> None:
    summaries = {summary.name: summary for summary in list_scenarios(FOLDER)}
    assert sorted(summaries) == NAMES
    assert summaries["today"].title.startswith("From the record")
    assert "\n" not in summaries["today"].description
    broken = {summary.name: summary for summary in list_scenarios(DATA)}
    assert "not valid YAML" in broken["bad_syntax"].problem


def test_committed_json_schema_is_current() -> None:
    text = (FOLDER / "scenario.schema.json").read_text("utf-8")
    assert text == json_schema_text(), "run: make docs"


@pytest.mark.parametrize("name", NAMES)
def test_json_schema_takes_the_shipped_files(
    name: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert [
        error.message for error in validator.iter_errors(content(FOLDER / f"{name}.yaml"))
    ] == []


def test_json_schema_takes_resolved_content(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(load_scenario(FOLDER / "today.yaml").to_dict())


@pytest.mark.parametrize("name", SEEN_BY_JSON_SCHEMA)
def test_json_schema_refuses_broken_files(
    name: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid(content(DATA / f"bad_{name}.yaml"))


def test_reference_in_the_docs_is_current() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    begin, end = "<!-- begin reference -->\n", "<!-- end reference -->"
    made = text.split(begin)[1].split(end)[0].strip()
    assert made == reference_markdown().strip(), "run: make docs"
