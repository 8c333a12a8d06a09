"""Every message that a broken scenario file can give, held to its place and its words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.errors import ScenarioError
from sim.scenario import load_scenario

DATA = Path(__file__).parents[1] / "data"
EXPECTED = yaml.safe_load((DATA / "expected_messages.yaml").read_text("utf-8"))


def test_every_broken_file_has_an_expectation_and_the_other_way_round() -> None:
    assert {path.name for path in DATA.glob("bad_*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_broken_file_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(Path(name))
    said = [
        {"at": f"{problem.file}:{problem.line}", "says": problem.message, "remedy": problem.remedy}
        for problem in caught.value.problems
    ]
    assert said == EXPECTED[name]


def test_text_of_the_error_names_file_line_rule_and_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(DATA.parent)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("data/bad_below_bound.yaml")
    assert str(caught.value) == (
        "data/bad_below_bound.yaml:9: providers.us.offers.infrastructure.data_centre_mw_max = -50 "
        "must be at least 0 MW.\n  Use 0 for an offer without a data centre."
    )


@pytest.mark.parametrize("problem", [p for listed in EXPECTED.values() for p in listed])
def test_messages_are_sentences_on_one_line(problem: dict[str, str]) -> None:
    assert problem["says"].endswith(".")
    assert "\n" not in problem["says"]
    assert problem["says"].isprintable()
    assert problem["remedy"] == "" or problem["remedy"][-1] in ".?"
