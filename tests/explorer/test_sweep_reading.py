"""The part of the Sweep page that reads a finished sweep: four questions, and their answers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sim
from app_pages import Downloaded, Open, said
from experiment.short_sweeps import short_scenario
from sim.interfaces.explorer.sweep import reading as sweep_reading
from sim.interfaces.explorer.sweep import stored as sweep_stored

STORED = {"show__sweep__source": "stored"}
WAITING, CONTROL = "parameters.w_waiting", "local_control"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of results with one sweep, of a lever and an uncertainty."""
    axes: dict[str, list[float]] = {
        CONTROL: [0.1, 0.3, 0.5, 0.7, 0.9], WAITING: [0.5, 1.0, 1.5, 2.0, 3.0],
    }  # fmt: skip
    found = tmp_path_factory.mktemp("results")
    sim.sweep(short_scenario(), sim.Design.grid(axes), 16, out=found)
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
    specs: list[dict[str, Any]] = [
        json.loads(each.proto.spec) for each in at.get("vega_lite_chart")
    ]
    return [spec["usermeta"]["chart"] for spec in specs]


def test_nothing_is_asked_at_first(open_page: Open, results: sim.StoredSweep) -> None:
    at = open_page("sweep", **STORED)
    assert "What this sweep says" in [header.value for header in at.header]
    assert charts(at) == ["sweep_grid"]


def test_a_question_is_asked_and_enters_the_link(
    open_page: Open, results: sim.StoredSweep, downloaded: Downloaded
) -> None:
    at = open_page("sweep", **STORED)
    at.segmented_control(key="sweep.read").set_value("discover").run()
    assert not at.exception
    assert charts(at) == ["sweep_grid", "peeling"]
    assert at.query_params["show.sweep.read"] == "discover"
    rows = results.outcomes.query("outcome == 'n_countries' and provider == 'us' and point > 0")
    middle = float(f"{rows['mean'].median():.3g}")
    held = int((rows["mean"] < middle).sum())
    assert f"this holds in {held} of 25 points" in said(at)
    at.number_input(key="sweep.threshold").set_value(float(rows["mean"].max())).run()
    at.segmented_control(key="sweep.method").set_value("cart").run()
    assert not at.exception
    assert at.query_params["show.sweep.method"] == "cart"
    assert "of 25 points" in said(at)
    frame = downloaded("sweep-boxes")
    assert frame["method"].tolist()[0] == "cart"


def test_a_condition_that_never_holds_is_told(open_page: Open, results: sim.StoredSweep) -> None:
    at = open_page("sweep", **STORED, show__sweep__read="discover", show__sweep__threshold="0")
    assert not at.exception
    assert "holds at none of the 25 points" in said(at)


def test_the_robust_setting_is_that_of_the_function(
    open_page: Open, results: sim.StoredSweep
) -> None:
    at = open_page("sweep", **STORED, show__sweep__read="robust")
    assert charts(at) == ["sweep_grid", "trade_off"]
    first = sim.robust(results, "n_countries(us)").sentences()[1]
    assert first in said(at)
    at.segmented_control(key="sweep.aim").set_value("less").run()
    assert sim.robust(results, "n_countries(us)", aim="less").sentences()[1] in said(at)


def test_the_futures_that_are_enough(open_page: Open, results: sim.StoredSweep) -> None:
    at = open_page("sweep", **STORED, show__sweep__read="enough", show__sweep__within="2")
    assert charts(at) == ["sweep_grid", "futures_needed"]
    assert sim.enough(results, "n_countries(us)", within="2 %").sentences()[0] in said(at)


def test_the_question_is_about_the_outcome_on_view(
    open_page: Open, results: sim.StoredSweep
) -> None:
    link = {"show__sweep__show": "probability:us", "country": "JPN"}
    at = open_page("sweep", **STORED, **link, show__sweep__read="enough")
    assert "Probability that Japan is with the United States" in said(at)


def test_a_sweep_that_does_not_fit_is_told_what_is_needed(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_stored, "RESULTS", tmp_path)
    sweep_stored.finished_sweeps.clear()
    sim.sweep(short_scenario(), sim.Design.grid({CONTROL: [0.2, 0.6]}), 8, out=tmp_path)
    at = open_page("sweep", **STORED, show__sweep__read="robust")
    assert not at.exception
    assert "Robustness needs levers crossed with uncertainties" in said(at)
    few = open_page("sweep", **STORED, show__sweep__read="discover")
    assert "2 points are too few" in said(few)


def test_a_large_sweep_is_searched_on_the_command_line(
    open_page: Open, results: sim.StoredSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_reading, "MOST_SEARCHED", 24)
    at = open_page("sweep", **STORED, show__sweep__read="discover")
    assert charts(at) == ["sweep_grid"]
    assert "alignsim discover" in said(at)


def test_a_link_may_ask_for_anything(open_page: Open, results: sim.StoredSweep) -> None:
    at = open_page("sweep", **STORED, show__sweep__read="magic", show__sweep__within="7")
    assert not at.exception
    assert "The link asks for sweep.read = magic" in said(at)


def test_a_report_of_the_sweep_is_made_on_the_click(
    open_page: Open, results: sim.StoredSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Any] = {}

    def button(*_: Any, file_name: str, data: Any, **__: Any) -> bool:
        offered[file_name] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    open_page("sweep", **STORED, show__sweep__show="china::n_countries")
    (name,) = (each for each in offered if each.endswith(".html"))
    assert results.path.name[:8] in name
    report = offered[name]().decode()
    assert "Partners over what is varied" in report
    assert " countries are partners of China by the end of " in report
    with zipfile.ZipFile(io.BytesIO(offered[name.replace(".html", ".xlsx")]())) as book:
        assert b"data dictionary" in book.read("xl/workbook.xml")
