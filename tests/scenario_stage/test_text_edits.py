"""A change of one value leaves every other character of a text alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import load_scenario, load_scenario_text, read_layers, remove_key, write_value
from sim.scenario.reading.nodes import at, to_plain
from sim.scenario.reading.yaml_reader import MAX_BYTES, read_bytes

SHIPPED = Path(__file__).parents[2] / "scenarios"
TEXT = """\
# first comment
name: mine   # behind
title: "Quoted: title"

description: >
  Folded
  text.

# about the providers
providers:
  us:
    linkage: 0.2        # why
    offers:
      infrastructure: {local_control: 0.8, slots: 20}   # flow
      # the last comment

countries:
levers: {}
"""


def content(text: str) -> Any:
    document = read_bytes(text.encode(), "text")
    assert not document.problems
    return to_plain(document.root)


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("title", "Plain title", 'title: "Quoted: title"', "title: Plain title"),
        ("title", "a: b # c", 'title: "Quoted: title"', 'title: "a: b # c"'),
        ("providers.us.linkage", 0.35, "linkage: 0.2 ", "linkage: 0.35 "),
        ("description", "Short.", "description: >\n  Folded\n  text.", "description: Short."),
        ("providers.us.offers.infrastructure.slots", None, "slots: 20}", "slots: null}"),
        ("providers.us.offers.infrastructure.chips", 1, "slots: 20}", "slots: 20, chips: 1}"),
        ("providers.us.home_takes_part", True, "slots: 20}   # flow",
         "slots: 20}   # flow\n    home_takes_part: true"),
        ("countries.exclude", ["HKG", "TWN"], "countries:", "countries:\n  exclude: [HKG, TWN]"),
        ("levers.x.low", 1, "levers: {}", "levers: {x: {low: 1}}"),
        ("horizon.end", "2031-12", "levers: {}", "levers: {}\nhorizon:\n  end: 2031-12"),
    ],
)  # fmt: skip
def test_only_the_value_changes(path: str, value: Any, old: str, new: str) -> None:
    changed = write_value(TEXT, path.split("."), value)
    assert TEXT.count(old) == 1
    assert changed == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("title", 'title: "Quoted: title"\n', ""),
        ("description", "description: >\n  Folded\n  text.\n", ""),
        ("providers.us.linkage", "    linkage: 0.2        # why\n", ""),
        ("providers.us.offers.infrastructure.slots", ", slots: 20}", "}"),
        ("providers.us.offers.infrastructure.local_control", "local_control: 0.8, ", ""),
        ("countries", "countries:\n", ""),
    ],
)
def test_a_key_is_taken_out(path: str, old: str, new: str) -> None:
    assert remove_key(TEXT, path.split(".")) == TEXT.replace(old, new)


def test_maps_that_are_left_empty_go_too() -> None:
    text = write_value("name: mine\n", ("providers", "us", "offers", "adoption", "slots"), 3)
    assert remove_key(text, ("providers", "us", "offers", "adoption", "slots")) == "name: mine\n"


def test_events_are_written_as_a_list_that_reads() -> None:
    events: Any = [
        {"date": "2026-01", "title": "A: b", "set": {"providers.us.linkage": 1}},
        {"x": [1]},
    ]
    text = write_value("name: mine\n", ("events",), events)
    assert content(text) == {"name": "mine", "events": events}
    assert text.count("\n") > 4


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: &x 1\nb: *x", "a: 1\na: 2", "- 1", "", "a: !!python/name:os.system x",
     "? a\n: 1\n", "a: 1\n---\nb: 2", "a: x\n" + "b" * MAX_BYTES],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        write_value(text, ("new", "key"), 1)


@pytest.mark.parametrize("path", [("name", "x"), ("providers", "us", "linkage", "x")])
def test_a_word_is_no_map(path: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError, match="cannot change"):
        write_value(TEXT, path, 1)
    with pytest.raises(ScenarioError, match="cannot change"):
        remove_key(TEXT, path)


scalars = (
    st.none() | st.booleans() | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"))
)  # fmt: skip
keys = st.sampled_from(["title", "description", "x", "providers", "us", "linkage", "yes", "ü: #"])
paths = st.lists(keys, min_size=1, max_size=4, unique=True)


@given(paths, scalars | st.lists(scalars, max_size=3) | st.dictionaries(keys, scalars, max_size=3))
def test_any_value_is_read_back_or_refused(path: list[str], value: Any) -> None:
    for text in (TEXT, "{name: x, title: y}", "title: a\nproviders:\n    us:\n        x: 1"):
        try:
            changed = write_value(text, path, value)
        except ScenarioError:
            continue
        found = content(changed)
        for part in path:
            found = found[part]
        assert found == value
        before = [line for line in text.splitlines() if "#" in line and "providers" not in path]
        assert all(line in changed.splitlines() for line in before)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_files_can_be_changed_in_every_place(path: Path) -> None:
    text = path.read_text("utf-8")
    layers = read_layers(text, SHIPPED, path.name, path.stem)
    for part in ("title", "description"):
        changed = write_value(text, (part,), "Something: else")
        assert load_scenario_text(changed, SHIPPED, path.name, path.stem)
        assert len(changed.splitlines()) <= len(text.splitlines())
    for address, offer in load_scenario(path).offers.items():
        provider, key = address.split(".")
        place = ("providers", provider, "offers", key, "visibility")
        new = 0.123
        changed = write_value(text, place, new)
        scenario = load_scenario_text(changed, SHIPPED, path.name, path.stem)
        assert scenario.offers[address].visibility == new != offer.visibility
        kept = [line for line in text.splitlines() if "#" in line]
        assert all(line in changed.splitlines() for line in kept if "visibility" not in line)
        if at(layers.own, place) is None and at(layers.own, place[:-1]) is not None:
            assert remove_key(changed, place) == text
