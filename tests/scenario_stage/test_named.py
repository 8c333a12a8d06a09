"""Names: found in a folder of one's own and among what ships, never hidden without a word."""

from __future__ import annotations

import errno
import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.reading.shipped import shipped

MINE = "name: {name}\nextends: {parent}\ntitle: My own\ndescription: My own.\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with a folder of scenarios of one's own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios" / "sweeps").mkdir(parents=True)
    return tmp_path / "scenarios"


def write(folder: Path, name: str, parent: str = "baseline") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(MINE.format(name=name, parent=parent), "utf-8")
    return path


def test_what_ships_is_found_from_any_folder(own: Path) -> None:
    assert sim.load_scenario("third-way").source_files[0].endswith("third-way.yaml")
    assert sim.load_sweep("control-and-linkage").scenario.name == "baseline"
    own.joinpath("sweeps").rmdir()
    own.rmdir()
    assert sim.load_scenario("baseline").name == "baseline"


def test_a_folder_of_ones_own_adds_to_what_ships(own: Path) -> None:
    path = write(own, "mine")
    shipped_names = {entry.name for entry in sim.list_scenarios(shipped("scenarios"))}
    assert {entry.name for entry in sim.list_scenarios()} == shipped_names | {"mine"}
    assert sim.load_scenario("mine") == sim.load_scenario(path)
    assert sim.load_scenario("mine").offers == sim.load_scenario("baseline").offers
    assert [entry.name for entry in sim.list_scenarios(own)] == ["mine"]


def test_a_file_outside_any_scenarios_folder_extends_what_ships(tmp_path: Path) -> None:
    found = sim.load_scenario(write(tmp_path, "loose", "third-way"))
    assert [Path(name).name for name in found.source_files] == [
        "loose.yaml",
        "third-way.yaml",
        "baseline.yaml",
    ]
    text = MINE.format(name="typed", parent="baseline")
    assert sim.load_scenario_text(text, tmp_path).offers == sim.load_scenario("baseline").offers


def test_a_file_of_the_same_name_comes_first_and_is_told(own: Path) -> None:
    path = write(own, "baseline", "third-way")
    there = shipped("scenarios", "baseline.yaml")
    with pytest.warns(sim.SimWarning) as told:
        scenario = sim.load_scenario("baseline")
    assert scenario.title == "My own"
    (warning,) = told
    assert str(warning.message).startswith(f"scenarios/baseline.yaml is used, not {there}")
    with pytest.warns(sim.SimWarning):
        (entry,) = [entry for entry in sim.list_scenarios() if entry.name == "baseline"]
    assert entry.path.resolve() == path
    # Of two that say the same nothing needs to be told.
    shutil.copy(there, path)
    with warnings.catch_warnings(action="error", category=sim.SimWarning):
        assert sim.load_scenario("baseline").title != "My own"


def test_a_parent_of_ones_own_that_hides_one_that_ships_is_told(own: Path) -> None:
    write(own, "baseline", "third-way")
    write(own, "mine")
    with pytest.warns(sim.SimWarning, match=r"scenarios/baseline\.yaml is used"):
        found = sim.load_scenario(Path("scenarios/mine.yaml"))
    # What ships builds on what ships: no circle, though a name appears twice.
    assert [Path(name).name for name in found.source_files] == [
        "mine.yaml",
        "baseline.yaml",
        "third-way.yaml",
        "baseline.yaml",
    ]


def test_a_sweep_of_ones_own_takes_a_scenario_that_ships(own: Path) -> None:
    head = "name: two\ntitle: Two\ndescription: Two places.\nreplicates: 2\n"
    path = own / "sweeps" / "two.yaml"
    path.write_text(f"{head}scenario: third-way\ngrid:\n  slots: [5, 10]\n", "utf-8")
    assert sim.load_sweep("two").scenario == sim.load_scenario("third-way")


def test_a_name_that_is_none_is_guessed_at_among_all(own: Path) -> None:
    write(own, "my-own-offers")
    for given, meant in (("baselin", "baseline"), ("my-own-offer", "my-own-offers")):
        with pytest.raises(sim.ScenarioError, match=f"Did you mean '{meant}'"):
            sim.load_scenario(given)
    write(own, "orphan", "third-wy")
    with pytest.raises(sim.ScenarioError, match="Did you mean 'third-way'"):
        sim.load_scenario("orphan")
    with pytest.raises(sim.InputError, match="Did you mean 'control-and-linkage'"):
        sim.load_sweep("control-and-linkag")


def test_a_name_of_the_other_kind_is_told_as_what_it_is(own: Path) -> None:
    with pytest.raises(sim.ScenarioError, match=r"this is a sweep(.|\n)*'alignsim sweep'"):
        sim.load_scenario("control-and-linkage")
    with pytest.raises(sim.InputError, match=r"this is a scenario(.|\n)*'alignsim run'"):
        sim.load_sweep("third-way")
    write(own, "control-and-linkage")
    assert sim.load_scenario("control-and-linkage").title == "My own"


@pytest.mark.parametrize("is_sweep", [False, True])
def test_a_place_that_the_system_closes_is_not_said_to_be_empty(is_sweep: bool) -> None:
    # Like a folder that may not be entered, which the administrator always may.
    load: Callable[[Path], object] = sim.load_sweep if is_sweep else sim.load_scenario
    with pytest.raises(sim.InputError, match=r"cannot be reached \(.+\)\.\n  Check the path and"):
        load(Path("x" * 300, "baseline.yaml"))


def test_a_list_of_a_closed_folder_says_why(tmp_path: Path) -> None:
    assert sim.list_scenarios(tmp_path / "none") == ()
    with pytest.raises(sim.InputError, match=r"cannot be read \(.+\)\.\n  Check the path and"):
        sim.list_scenarios("x" * 300)


def test_what_ships_is_found_from_a_folder_that_may_not_be_entered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    real = os.stat

    def closed(path: str | Path, *args: Any, **options: Any) -> os.stat_result:
        if not Path(path).is_absolute():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *args, **options)

    monkeypatch.setattr(os, "stat", closed)
    assert sim.load_scenario("baseline").name == "baseline"
    assert "baseline" in {entry.name for entry in sim.list_scenarios()}
    with pytest.raises(sim.ScenarioError, match=r"cannot be reached \(Permission denied\)"):
        sim.load_scenario("here.yaml")
