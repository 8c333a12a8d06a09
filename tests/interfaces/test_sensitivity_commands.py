"""The commands sensitivity and what-matters: their words, their files, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from experiment.short_sweeps import SMALL, short_scenario
from shell import Shell
from sim.experiment.sweeps.designs.plan import Heading

RANGES = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.0)}
SIZES = ("-n", "8", "--trajectories", "4", "--points", "8", "--kept", "2")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("results")
    scenario = short_scenario()
    for name, design in (
        ("shares", sim.Design.saltelli(RANGES, 8)),
        ("even", sim.Design.latin_hypercube(RANGES, 20)),
    ):
        sim.sweep(scenario, design, 8, out=root, heading=Heading(name))
    return root


@pytest.mark.parametrize("command", ["sensitivity", "what-matters"])
def test_each_explains_itself(command: str, shell: Shell) -> None:
    said = shell(command, "-h")
    assert said.status == 0
    assert f"  alignsim {command} " in said.out
    assert f"\n  {command} " in shell("-h").out


def test_sensitivity_of_a_sweep_by_name(shell: Shell, results: Path, tmp_path: Path) -> None:
    out = tmp_path / "found"
    said = shell(
        "sensitivity", "shares", "--outcome", "n_countries(us)", "--results", results, "--out", out
    )
    assert said.status == 0, said.err
    assert "Partners, United States, August 2025: " in said.out
    assert "Monte Carlo noise is at most" in " ".join(said.out.split())
    assert {path.name for path in out.iterdir()} == {
        "sensitivity.csv", "sensitivity_outcomes.csv", "datapackage.json", "sensitivity.vl.json",
        "sensitivity.svg",
    }  # fmt: skip
    header = (out / "sensitivity.csv").read_text("utf-8").splitlines()[0].split(",")
    assert {"total", "total_low", "first", "low", "high", "source", "role"} <= {*header}


def test_the_design_that_is_needed_is_named(shell: Shell, results: Path) -> None:
    said = shell("sensitivity", "even", "--method", "sobol", "--results", results)
    assert said.status == 2
    assert "needs a saltelli design, and the sweep has Latin hypercube of 20 points" in said.err
    assert "'saltelli' in the sweep file" in said.err


def test_what_is_not_of_the_sweep_is_told(shell: Shell, results: Path) -> None:
    for option, given, words in (
        ("--outcome", "n_partners(us)", "n_partners is not an outcome"),
        ("--country", "Atlantis", "Atlantis"),
        ("--method", "pca", "Choose one of sobol, morris, scores"),
    ):
        said = shell("sensitivity", "even", option, given, "--results", results)
        assert said.status == 2
        assert words in said.err
    said = shell("sensitivity", "odd", "--results", results)
    assert said.status == 2
    assert "Finished sweeps there: even, shares" in said.err


def test_what_matters_is_answered_in_one_command(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "answer"
    said = shell("what-matters", SMALL, *SIZES, "--out", out, "--json")
    assert (said.status, said.err) == (0, "")
    data = json.loads(said.out)
    found = sim.what_matters(SMALL, replicates=8, trajectories=4, points=8, kept=2)
    assert data["sentences"] == found.sentences()
    assert [row["number"] for row in data["what_matters"]] == found.frame()["number"].tolist()
    assert {path.name for path in out.iterdir()} == {
        "what_matters.csv", "what_matters_over_time.csv", "datapackage.json", "tornado.vl.json",
        "tornado.svg",
    }  # fmt: skip


def test_questions_about_nothing_are_refused(shell: Shell) -> None:
    for arguments, words in (
        (("nowhere",), "nowhere"),
        ((SMALL, "--country", "Atlantis"), "Atlantis"),
        ((SMALL, "--outcome", "n_partners(us)"), "n_partners is not an outcome"),
        ((SMALL, "--points", "100"), "must be a power of two"),
        ((SMALL, "--country", "KOR", "--outcome", "n_countries(us)"), "an outcome and a country"),
    ):
        said = shell("what-matters", *arguments, *(SIZES[:4] if "--points" in arguments else SIZES))
        assert said.status == 2
        assert words in said.err
