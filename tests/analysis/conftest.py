"""Forecasts that several tests look at, frozen once."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario import Scenario

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
FUTURES = 40


@pytest.fixture(scope="session")
def small() -> Scenario:
    """May 2025 to April 2026: two horizons, which begin after April 2025."""
    return sim.load_scenario(SMALL)


@pytest.fixture(scope="session")
def frozen(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> sim.Ledger:
    """A ledger for tests that only read it."""
    return sim.forecast(small, FUTURES, seed=1, out=tmp_path_factory.mktemp("forecasts"))
