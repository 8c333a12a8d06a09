"""The page Sweep with a sweep over several scenarios, of which some points failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import sim
from app_pages import Open, plain
from sim.interfaces.explorer.sweep import stored as sweep_stored
from sim.scenario import load_scenario

LOW = "providers.us.offers.infrastructure.data_centre_mw_min"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sweep_stored, "RESULTS", tmp_path)
    sweep_stored.finished_sweeps.clear()
    yield tmp_path
    sweep_stored.finished_sweeps.clear()


def captions(at: AppTest) -> str:
    return " ".join(plain(caption.value) for caption in at.caption)


def test_a_visitor_chooses_the_scenario(open_page: Open, stored: Path) -> None:
    both = [load_scenario("baseline"), load_scenario("third-way")]
    design = sim.Design.sobol({"linkage": (0, 1), LOW: (100, 1300)}, 8)
    found = sim.sweep(both, design, 8, 1, stored, invalid_points="fail")
    assert 0 < found.n_failed < 16
    at = open_page("sweep", show__sweep__source="stored")
    assert not at.exception
    choice = at.selectbox(key="sweep.of")
    assert choice.value == "baseline"
    failed = len(found.within("baseline").failed)
    assert f"{failed} of 8 points failed." in captions(at)
    assert "Scenario baseline, Sobol' sequence" in captions(at)
    choice.select("third-way").run()
    assert not at.exception
    assert "Scenario third-way, Sobol' sequence" in captions(at)
    other = open_page("sweep", show__sweep__source="stored", show__sweep__of="third-way")
    assert other.selectbox(key="sweep.of").value == "third-way"
