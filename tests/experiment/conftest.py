"""Runs that several tests look at, simulated once."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from catalogues import make_results
from experiment.short_sweeps import REPLICATES as FEW
from experiment.short_sweeps import short_scenario
from sim.experiment import Comparison, Result
from sim.scenario import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLICATES = 96


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    return sim.load_scenario(SCENARIOS / "baseline.yaml")


@pytest.fixture(scope="session")
def result(baseline: Scenario) -> Result:
    return sim.simulate(baseline, REPLICATES, seed=0)


@pytest.fixture(scope="session")
def today() -> Result:
    """A run with a record at the start, events, and a horizon of its own."""
    return sim.simulate(sim.load_scenario(SCENARIOS / "today.yaml"), REPLICATES, seed=3)


@pytest.fixture(scope="session")
def comparison(baseline: Scenario) -> Comparison:
    third_way = sim.load_scenario(SCENARIOS / "third-way.yaml")
    return sim.compare(baseline, third_way, REPLICATES, seed=2)


@pytest.fixture(scope="session")
def small() -> Result:
    """A run whose files are quick to write."""
    scenario = sim.load_scenario(Path(__file__).parents[1] / "data" / "small.yaml")
    return sim.simulate(scenario, 12, seed=1)


@pytest.fixture(scope="session")
def saved(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run, for tests that only read it."""
    return result.save(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def run(small: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run, for tests that only read it."""
    return small.save(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="session")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small sweep, for tests that only read it."""
    design = sim.Design.grid({"local_control": [0, 0.5, 1]})
    root = tmp_path_factory.mktemp("sweep")
    return sim.sweep(short_scenario(), design, FEW, out=root).path


@pytest.fixture(scope="session")
def results_of_each_kind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of results of every kind below one root, for tests that only read them."""
    return make_results(tmp_path_factory.mktemp("each") / "results")
