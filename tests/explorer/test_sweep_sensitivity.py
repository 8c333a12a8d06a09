"""The question on the Sweep page: what does an outcome of a finished sweep hang on?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import sim
from app_pages import Downloaded, Open, said
from experiment.short_sweeps import short_scenario
from sim.interfaces.explorer.sweep import reading as sweep_reading
from sim.interfaces.explorer.sweep import stored as sweep_stored

ASKED = {"show__sweep__source": "stored", "show__sweep__read": "sensitive"}
RANGES = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.0)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("results")
    sim.sweep(short_scenario(), sim.Design.saltelli(RANGES, 8), 16, out=found)
    return found


@pytest.fixture
def results(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sim.StoredSweep]:
    monkeypatch.setattr(sweep_stored, "RESULTS", root)
    sweep_stored.finished_sweeps.clear()
    (folder,) = (root / "sweeps").glob("*/*")
    found = sim.load_run(folder)
    assert isinstance(found, sim.StoredSweep)
    yield found
    sweep_stored.finished_sweeps.clear()


def charts(at: AppTest) -> list[str]:
    specs = [json.loads(each.proto.spec) for each in at.get("vega_lite_chart")]
    return [str(spec["usermeta"]["chart"]) for spec in specs]


def test_the_answer_is_that_of_the_function(
    open_page: Open, results: sim.StoredSweep, downloaded: Downloaded
) -> None:
    at = open_page("sweep", **ASKED)
    assert not at.exception
    assert charts(at) == ["sweep_line", "sensitivity", "tornado"]
    found = sim.sensitivity(results, "n_countries(us)")
    first = found.sentences()[0]
    assert first.split(" (90")[0] in said(at)
    table = downloaded("sweep-sensitivity")
    assert table["total"].tolist() == found.frame("sensitivity")["total"].tolist()


def test_scores_can_be_asked_for_too(open_page: Open, results: sim.StoredSweep) -> None:
    at = open_page("sweep", **ASKED)
    at.segmented_control(key="sweep.index").set_value("scores").run()
    assert not at.exception
    assert at.query_params["show.sweep.index"] == "scores"
    assert "as a forest predicts it" in said(at) or "no number can be told" in said(at)


def test_too_many_points_are_left_to_the_command_line(
    open_page: Open, results: sim.StoredSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_reading, "MOST_SEARCHED", 10)
    at = open_page("sweep", **ASKED, show__sweep__index="scores")
    assert not at.exception
    assert "alignsim sensitivity" in said(at)
    assert charts(at) == ["sweep_line"]
