"""The commands discover, robust, enough and groups: words, files, and what they refuse."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

import sim
from experiment.short_sweeps import SMALL, short_scenario
from shell import Shell
from sim.experiment.sweeps.designs.plan import Heading
from sim.interfaces import pictures

WAITING, CONTROL = "parameters.w_waiting", "local_control"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of results with a sweep of levers and uncertainties, and a run."""
    root = tmp_path_factory.mktemp("results")
    axes: dict[str, list[float]] = {
        CONTROL: [0.1, 0.3, 0.5, 0.7, 0.9], WAITING: [0.5, 1.0, 1.5, 2.0, 3.0],
    }  # fmt: skip
    heading = Heading("terms", "Terms in worlds", "", ())
    sim.sweep(short_scenario(), sim.Design.grid(axes), 8, out=root, heading=heading)
    sim.simulate(short_scenario(), 80, 1).save(root)
    return root


@pytest.mark.parametrize("command", ["discover", "robust", "enough", "groups"])
def test_each_explains_itself(command: str, shell: Shell) -> None:
    said = shell(command, "-h")
    assert said.status == 0
    assert f"  alignsim {command} " in said.out
    assert f"\n  {command} " in shell("-h").out


def test_discover_says_where_it_holds_and_writes_it(
    shell: Shell, results: Path, tmp_path: Path
) -> None:
    out = tmp_path / "found"
    said = shell(
        "discover", "terms", "n_countries(us) > 1", "--results", results, "--out", out,
        "--resamples", "39",
    )  # fmt: skip
    assert said.status == 0
    assert "Partners, United States: above 1 by August 2025: this holds in" in said.out
    assert f"Reading {results}" in said.err
    assert "Searching for box 1" in said.err
    assert {path.name for path in out.iterdir()} == {
        "boxes.csv", "limits.csv", "trajectory.csv", "cases.csv", "datapackage.json",
        "peeling.vl.json", "peeling.svg",
    }  # fmt: skip
    spec = json.loads((out / "peeling.vl.json").read_text("utf-8"))
    assert spec["usermeta"] == {"chart": "peeling"}
    assert (out / "peeling.svg").read_text("utf-8").startswith("<svg")


def test_of_a_run_single_futures_are_asked(shell: Shell, results: Path) -> None:
    said = shell("discover", "small", "JPN signs before GBR", "--results", results, "--json",
                 "--resamples", "19")  # fmt: skip
    assert (said.status, said.err) == (0, "")
    data = json.loads(said.out)
    assert "Japan signs before United Kingdom" in data["sentences"][0]
    assert len(data["cases"]) == 20


def test_robust_says_what_is_least_regretted(shell: Shell, results: Path, tmp_path: Path) -> None:
    out = tmp_path / "robust"
    said = shell("robust", "terms", "n_countries(us)", "--results", results, "--out", out)
    assert said.status == 0
    assert "Least regretted: " in said.out
    assert "What it costs: " in said.out
    assert {path.name for path in out.iterdir()} == {
        "settings.csv", "regrets.csv", "datapackage.json", "trade_off.vl.json", "trade_off.svg",
    }  # fmt: skip
    less = json.loads(
        shell("robust", "terms", "n_countries(us)", "--results", results, "--less", "--json").out
    )
    assert "less is better" in less["sentences"][0]


def test_enough_says_how_many_futures(shell: Shell, results: Path, tmp_path: Path) -> None:
    out = tmp_path / "enough"
    said = shell(
        "enough", "small", "--results", results, "--outcome", "n_countries(us)", "--within", "0.1",
        "--out", out, "-q",
    )  # fmt: skip
    assert (said.status, said.out.strip()) == (0, str(out))
    assert (out / "futures_needed.svg").is_file()
    of_sweep = shell("enough", "terms", "--results", results, "--within", "2%")
    assert "change from point 0" in of_sweep.out


def test_groups_of_a_run_or_a_scenario(shell: Shell, results: Path, tmp_path: Path) -> None:
    (folder,) = (results / "small").iterdir()
    out = tmp_path / "groups"
    said = shell("groups", folder, "--countries", "eu", "--out", out)
    assert said.status == 0
    assert "European Union, 27 members that decide: " in said.out
    assert "Members as of mid-2025." in said.out
    assert {path.name for path in out.iterdir()} == {
        "groups.csv", "partners.csv", "standings.csv", "members.csv", "datapackage.json",
        "groups.vl.json", "groups.svg",
    }  # fmt: skip
    options = ["--as-of", "2025-08", "-n", "80", "--countries", "EU", "--json"]
    of_scenario = shell("groups", SMALL, *options)
    partners = json.loads(of_scenario.out)["partners"]
    stored = sim.load_run(folder)
    assert isinstance(stored, sim.StoredRun)
    run = sim.groups(stored, "EU").frame("partners")
    assert [row["n_countries"] for row in partners] == run["n_countries"].tolist()
    for option, value in (("--seed", "2"), ("--against", "baseline")):
        refused = shell("groups", folder, option, value)
        assert (refused.status, refused.out) == (2, "")
        assert f"{option} has no meaning for a finished run" in refused.err


def test_groups_of_a_scenario_against_another(shell: Shell) -> None:
    options = ["--as-of", "2025-08", "-n", "16", "--countries", "EU", "--json"]
    said = shell("groups", SMALL, "--lever", "local_control=0.9", "--against", SMALL, *options)
    small = sim.load_scenario(SMALL)
    moved = small.with_levers({"local_control": 0.9})
    change = sim.compare(small, moved, replicates=16, as_of="2025-08")
    own = sim.groups(change, "EU")
    assert said.data["sentences"] == own.sentences()
    assert "in the same futures" in " ".join(own.sentences())


def test_a_folder_or_the_newest_of_a_name_is_read(shell: Shell, results: Path) -> None:
    (folder,) = (results / "sweeps" / "terms").iterdir()
    by_folder = shell("enough", folder)
    by_name = shell("enough", "terms", "--results", results)
    by_file = shell("enough", "scenarios/sweeps/terms.yaml", "--results", results)
    assert by_folder.out == by_name.out == by_file.out
    assert by_name.err == f"Reading {folder}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["discover", "nothing", "n_countries(us) < 6"], "no finished result called 'nothing'"),
        (["discover", "nothing", "n_countries(us) < 6"], "Finished sweeps there: terms."),
        (["discover", "terms", "n_countries(us) > 600"], "Choose a threshold between"),
        (["discover", "terms", "JPN signs before GBR"], "Ask about a run"),
        (["discover", "terms", "n_countries(us) > 1", "--method", "x"], "Choose one of prim, cart"),
        (["robust", "terms", "n_contries(us)"], "Did you mean 'n_countries'"),
        (["robust", "small", "n_countries(us)"], "robust needs a finished sweep, not a StoredRun"),
        (["robust", "terms", "n_countries(us)", "--as-lever", "fund"], "It varies local_control"),
        (["enough", "terms", "--within", "0"], "must be a number above 0"),
        (["enough", "small", "--scenario", "small"], "small is not a sweep"),
        (["enough", "terms", "--scenario", "other"], "Choose one of small"),
    ],
)
def test_what_cannot_be_answered_is_told(
    arguments: list[Any], words: str, shell: Shell, results: Path
) -> None:
    said = shell(*arguments, "--results", results)
    assert said.status == 2
    assert words in said.err
    assert said.out == ""


def test_without_the_renderer_the_specification_is_written(
    shell: Shell, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **given: Any) -> Any:
        if name == "vl_convert":
            raise ImportError(name)
        return real(name, *rest, **given)

    monkeypatch.setattr(builtins, "__import__", without)
    out = tmp_path / "plain"
    said = shell("robust", "terms", "n_countries(us)", "--results", results, "--out", out)
    assert said.status == 0
    assert "pip install 'alignsim[pictures]'" in said.err
    assert not (out / "trade_off.svg").exists()
    assert (out / "trade_off.vl.json").is_file()
    with pytest.raises(ImportError):
        pictures.svg_of({"config": {}})


def test_a_folder_that_cannot_be_written_is_told(
    shell: Shell, results: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = shell(
        "robust", "terms", "n_countries(us)", "--results", results, "--out", tmp_path / "file" / "x"
    )
    assert said.status == 2
    assert "cannot be written" in said.err
