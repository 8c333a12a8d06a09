"""The choice of a scenario, from a folder with files of one title."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app_pages import Open
from sim.interfaces.explorer.state.runs import scenario_files
from sim.scenario import default_folder


def test_scenarios_of_one_title_are_told_apart(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scenarios"
    shutil.copytree(default_folder(), folder)
    for name, parent in (("my-a", "baseline"), ("2nd-plan", "twenty-slots")):
        text = f"name: {name}\nextends: {parent}\ntitle: My plan\ndescription: One of two.\n"
        (folder / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    scenario_files.clear()
    try:
        for name in ("my-a", "2nd-plan"):
            at = open_page(a=name)
            shown = at.selectbox(key="scenario.a").options
            assert {"My plan (my-a)", "My plan (2nd-plan)"} < set(shown)
            at.slider(key=f"lever.a.{name}.local_control").set_value(0.9).run()
            assert at.query_params["a"] == name
            at = open_page("compare", c1="baseline", c2=name)
            at.selectbox(key="compare.country").set_value("BRA").run()
            assert at.query_params["c2"] == name
    finally:
        scenario_files.clear()
