"""docs/data.md says what the code and the records say."""

from __future__ import annotations

from pathlib import Path

from sim.data import load_facts
from sim.data.features.building import FEATURE_FACTS
from sim.interfaces.generated.data_page import generated_sections
from sim.interfaces.generated.sections import fill_sections

PAGE = Path(__file__).parents[2] / "docs" / "data.md"


def test_the_generated_sections_are_current() -> None:
    page = PAGE.read_text("utf-8")
    filled = fill_sections(page, generated_sections(load_facts()))
    assert filled == page, "run: make docs"


def test_every_feature_says_its_source_or_assumption() -> None:
    features = generated_sections(load_facts())["features"].split("\n\n")
    assert {feature.split("`")[1] for feature in features} == {*FEATURE_FACTS, "peers"}
    for feature in features:
        assert "Source" in feature or "Assumption" in feature, feature
