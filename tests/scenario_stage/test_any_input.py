"""Whatever is done to a valid file, the answer is a scenario or a list of problems."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import Scenario, load_scenario, load_scenario_text
from sim.scenario.addresses import split_address
from sim.scenario.reading.nodes import dotted, from_plain, leaves, to_plain
from sim.scenario.reading.yaml_reader import read_file

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
SMALL = ROOT / "tests" / "data" / "small.yaml"
TODAY = FOLDER / "today.yaml"
TEXTS = tuple(path.read_bytes() for path in (SMALL, TODAY, FOLDER / "third-way.yaml"))
TREES = tuple(to_plain(read_file(path, "x").root) for path in (SMALL, TODAY))

SCENARIO = load_scenario(SMALL)
ADDRESSES = sorted(
    {dotted(path) for path in leaves(from_plain(SCENARIO.to_dict()))}
    | {"providers", "providers.us", "providers.us.offers", "events", "initial", "levers", "name"}
)
many = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

odd_scalars = st.sampled_from(
    [None, True, False, 0, -1, 10**400, 1e308, -0.0, float("nan"), float("inf"), "", " ", "all",
     "2025-05", "2025-13", "USA", "EU", "us", "us.infrastructure", "fixed", "~", "<<", "\x00",
     "\ud800", "\u202e", "a" * 3000, "providers.us.linkage", "parameters.w_peer", "null"]
)  # fmt: skip
scalars = odd_scalars | st.integers() | st.floats() | st.text(max_size=8) | st.booleans()
odd_addresses = st.sampled_from(
    ["[key]", "uncertainties.parameters.w_peer", "corporate_ties.KOR.us", "a..b", "events.0.date"]
)
odd_keys = st.text(max_size=8) | st.sampled_from(["us", "title", "home", "KOR", "[key]"])
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["title", "home", "[key]"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def answer(load: Any, *, has_file: bool) -> None:
    """Load, and hold the outcome to the promise."""
    try:
        scenario = load()
    except ScenarioError as error:
        problems = error.problems
    else:
        assert isinstance(scenario, Scenario)
        text = json.dumps(scenario.to_dict(), ensure_ascii=False, allow_nan=False)
        assert load_scenario_text(text).hash == scenario.hash
        return
    assert problems
    for problem in problems:
        assert bool(problem.file) == has_file
        assert problem.message
        assert problem.message.isprintable()
        assert str(problem).encode("utf-8")


@many
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 12),
            st.binary(max_size=6)
            | st.sampled_from(
                [b"\n", b": ", b"- ", b"&a ", b"*a", b"!!str ", b"{", b"[", b'"', b"#", b"\t", b"~",
                 b"\n---\n", b"\n  ", b"? ", b"|\n", b"%YAML 1.1\n", b"<<: "]
            ),
        ),
        min_size=1,
        max_size=4,
    ),
)  # fmt: skip
def test_edited_bytes(text: bytes, edits: list[tuple[float, int, bytes]]) -> None:
    for where, n_removed, inserted in edits:
        start = int(where * len(text))
        text = text[:start] + inserted + text[start + n_removed :]
    answer(lambda: load_scenario_text(text, folder=FOLDER, name="edited.yaml"), has_file=True)


@many
@given(st.data(), st.sampled_from(TREES))
def test_edited_trees(data: st.DataObject, tree: Any) -> None:
    tree = copy.deepcopy(tree)
    for _ in range(data.draw(st.integers(1, 3))):
        parent, key = _pick(data, tree)
        action = data.draw(st.sampled_from(["replace", "delete", "rename", "insert"]))
        value = data.draw(values)
        if isinstance(parent, list):
            parent[key : key + (action != "insert")] = [] if action == "delete" else [value]
        elif action == "replace":
            parent[key] = value
        elif action == "insert":
            parent[
                data.draw(st.text(max_size=8) | st.sampled_from(["us", "title", "KOR", "[key]"]))
            ] = value
        else:
            kept = parent.pop(key)
            if action == "rename":
                parent[key[:-1] + data.draw(st.sampled_from(["", "x", "_"]))] = kept
    text = json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")
    answer(lambda: load_scenario_text(text, folder=FOLDER, name="edited.yaml"), has_file=True)


def _pick(data: st.DataObject, tree: Any) -> tuple[Any, Any]:
    """Draw a place in a tree: the container and the key or position in it."""
    node, place = tree, (tree, next(iter(tree), ""))
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        place, node = (node, key), node[key]
        if data.draw(st.integers(0, 3)) == 0:
            break
    return place


@many
@given(
    st.dictionaries(
        st.sampled_from(ADDRESSES)
        | st.text(max_size=10)
        | st.sampled_from(
            ["[key]", "uncertainties.parameters.w_peer", "corporate_ties.KOR.us", "a..b"]
        ),
        values | st.just(object()) | st.just({1: 2}) | st.just({(1, 2): 3}),
        max_size=3,
    )
)
def test_any_changes(changes: dict[str, Any]) -> None:
    answer(lambda: SCENARIO.with_changes(changes), has_file=False)


@many
@given(st.sampled_from(ADDRESSES), st.floats(-10, 10) | st.integers(-10, 3000))
def test_any_number_at_any_address(address: str, value: float) -> None:
    answer(lambda: SCENARIO.with_changes({address: value}), has_file=False)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_as_an_address(text: str) -> None:
    assert isinstance(split_address(text), tuple)
    answer(lambda: SCENARIO.with_changes({text: 0}), has_file=False)
