"""The reader of YAML: what it takes for a number, and what it refuses to read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import list_scenarios, load_scenario, load_scenario_text, read_layers
from sim.scenario.reading.nodes import to_plain
from sim.scenario.reading.yaml_reader import MAX_BYTES, MAX_NODES, read_bytes, read_file

DATA = Path(__file__).parents[1] / "data"


def only_problem(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert problem.remedy
    return f"{problem.line}: {problem.message}"


def test_scalars_follow_json() -> None:
    text = b"""
        booleans: [true, false, True, FALSE, yes, on, NO]
        numbers: [1, -2, +3, 1.5, .5, 20., 1e3, 2E-1]
        texts: [2025-05, 0o17, 0x1F, 017, 1_000, 1:30, 12:30:45, 2025-05-01, "7", 'true']
        nothing: [null, ~, ]
    """
    root, problems = read_bytes(text, "x.yaml")
    assert problems == ()
    assert to_plain(root) == {
        "booleans": [True, False, True, False, "yes", "on", "NO"],
        "numbers": [1, -2, 3, 1.5, 0.5, 20.0, 1000.0, 0.2],
        "texts": [
            "2025-05", "0o17", "0x1F", "017", "1_000", "1:30", "12:30:45", "2025-05-01", "7",
            "true",
        ],
        "nothing": [None, None],
    }  # fmt: skip


def test_large_file_is_refused_by_size_without_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_args, **_kw: pytest.fail("the file was read"))
    assert only_problem(path) == (
        "0: the file has 104,857,600 bytes and must have at most 262,144 bytes."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1: is not a text file: byte 0x89 here is not UTF-8."),
        (b"name: x\n\x00", "2: contains the control character U+0000, which text may not."),
        (b"name: x\ntitle: \x07", "2: contains the control character U+0007, which text may not."),
        ("name: x".encode("utf-16"), "1: is not a text file: byte 0xff here is not UTF-8."),
        (b"", "0: the file is empty."),
        (b"\xef\xbb\xbf", "0: the file is empty."),
        (b"---\n", "0: the file is empty."),
        (b"word\n", "1: the top level must be keys with values, like 'title: My scenario'."),
        (b"[" * 100_000, "1: the nesting is deeper than 20 levels."),
        (b"a: " + b"{a: " * 100, "1: the nesting is deeper than 20 levels."),
        (b"- " * 1000, "1: the nesting is deeper than 20 levels."),
        (b"a: [" + b"1, " * MAX_NODES + b"]", "1: the file has more than 20,000 values."),
    ],
)
def test_what_is_no_scenario_at_all(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    assert only_problem(path) == message


def test_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines))
    with pytest.raises(ScenarioError, match="the alias \\*a0 is not allowed"):
        load_scenario(path)


def test_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    text = (DATA / "small.yaml").read_bytes()
    plain = load_scenario_text(text)
    assert load_scenario_text(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")) == plain


def test_text_with_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ScenarioError, match="is not UTF-8"):
        load_scenario_text("name: \ud800")


def test_size_limit_is_inclusive() -> None:
    text = b"a: 1\n" + b"#" * (MAX_BYTES - 5)
    assert to_plain(read_bytes(text, "x.yaml").root) == {"a": 1}
    with pytest.raises(ScenarioError, match="must have at most 262,144 bytes"):
        read_bytes(text + b"#", "x.yaml")


def test_what_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert only_problem(folder) == "0: is a folder, not a file."
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert only_problem(pipe) == "0: is not a regular file."
    with pytest.raises(ScenarioError, match="there is no such file"):
        read_file(tmp_path / "none.yaml", "none.yaml")


def test_missing_file_gets_a_guess(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text("name: baseline\n")
    with pytest.raises(ScenarioError, match="no such scenario file") as caught:
        load_scenario(tmp_path / "basline.yaml")
    assert caught.value.problems[0].remedy == "Did you mean 'baseline'?"


@pytest.mark.parametrize("path", ["a\0b.yaml", "x" * 5000, "x" * 5000 + ".yaml", "", "."])
def test_impossible_paths_are_scenario_errors(path: str) -> None:
    with pytest.raises(ScenarioError):
        load_scenario(path)


def test_other_endings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "scenario.txt"
    path.write_text("name: scenario\n")
    assert only_problem(path) == "0: a scenario file must end in .yaml."


MINE = "name: mine\ntitle: T\ndescription: D\nextends: parent\n"
PARENT = "name: parent\ntitle: T\ndescription: D\nextends: small\n"


@pytest.mark.parametrize("suffix", [".yml", ".YML", ".YAML"])
def test_a_file_with_nearly_our_ending_is_refused_wherever_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "small.yaml").write_bytes((DATA / "small.yaml").read_bytes())
    (folder / f"parent{suffix}").write_text(PARENT, "utf-8")
    (folder / "mine.yaml").write_text(MINE, "utf-8")
    monkeypatch.chdir(tmp_path)
    for given in (
        f"scenarios/parent{suffix}",
        "scenarios/parent.yaml",
        Path("scenarios/parent.yaml"),
    ):
        with pytest.raises(ScenarioError, match=r"a scenario file must end in \.yaml") as caught:
            load_scenario(given)
        assert caught.value.problems[0].remedy == "Rename the file: parent.yaml."
    with pytest.raises(ScenarioError, match="is not a file in the same folder") as caught:
        load_scenario("scenarios/mine.yaml")
    assert caught.value.problems[0].remedy == f"Rename parent{suffix} to parent.yaml."
    listed = {entry.name: entry for entry in list_scenarios(folder)}
    assert set(listed) == {"mine", "parent", "small"}
    assert "must end in .yaml" in listed["parent"].problem
    # Once there is a file of the right name, the other is no matter of ours.
    (folder / "parent.yaml").write_text(PARENT, "utf-8")
    assert load_scenario("scenarios/mine.yaml").name == "mine"
    assert all(not entry.problem for entry in list_scenarios(folder))


def test_a_sweep_is_told_as_what_it_is_in_a_text_too() -> None:
    with pytest.raises(ScenarioError, match="this is a sweep, but a scenario is expected"):
        load_scenario_text((DATA / "sweeps" / "tiny.yaml").read_text("utf-8"))


def test_a_form_finds_values_under_the_keys_that_the_text_has() -> None:
    layers = read_layers("name: x\ntitel: T\nhorizon: {strat: 2026-01}\n")
    assert to_plain(layers.own) == {"name": "x", "titel": "T", "horizon": {"strat": "2026-01"}}
