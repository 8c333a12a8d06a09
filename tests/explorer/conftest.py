"""The explorer without a browser."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import fragment
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from app_pages import FEW, Downloaded, Open
from sim.interfaces.explorer.controls import beliefs
from sim.interfaces.explorer.state import session, view
from sim.interfaces.explorer.sweep import to_explore
from sim.scenario.reading.shipped import shipped

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def _fresh_caches() -> Iterator[None]:
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="session", autouse=True)
def _lean_runs() -> Iterator[None]:
    """Spare each run of an `AppTest` what takes long and changes nothing that it finds.

    It looks for components in all installed packages, and a thousand times a second whether the
    page has been drawn. Each fragment copies the containers around it, for when it is drawn alone,
    which `_whole_pages` rules out.
    """
    with pytest.MonkeyPatch.context() as patch:
        once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        patch.setattr(local_script_runner, "require_widgets_deltas", _await_run)
        patch.setattr(fragment, "deepcopy", lambda containers: containers)
        yield


def _await_run(runner: LocalScriptRunner, timeout: float) -> None:
    thread = runner._script_thread
    assert thread is not None
    thread.join(timeout)
    if thread.is_alive():
        runner.request_stop()
        thread.join()
        raise RuntimeError(f"the page was not drawn within {timeout} s")


@pytest.fixture(scope="session", autouse=True)
def _fewer_to_choose() -> Iterator[None]:
    """Let a view have fewer futures than visitors can choose."""
    choices = (FEW, *view.FUTURES)
    with pytest.MonkeyPatch.context() as patch:
        for module in (view, beliefs, to_explore):
            patch.setattr(module, "FUTURES", choices)
        yield


@pytest.fixture(autouse=True)
def _whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the page whole after each move: `AppTest` forgets what a run does not draw anew.

    What a move draws in a browser is tested in test_parts.py.
    """
    monkeypatch.setattr(session, "redraw", lambda _: None)


@pytest.fixture
def open_page() -> Open:
    """Open a page of the app, as by a link with the given parameters."""

    def opened(page: str = "explore", **link: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in {"futures": str(FEW), **link}.items():
            at.query_params[name.replace("__", ".")] = value
        if page != "explore":
            at.switch_page(f"sim/interfaces/pages/{page}.py")
        at.run()
        assert not at.exception, at.exception[0].message
        return at

    return opened


@pytest.fixture
def downloaded(monkeypatch: pytest.MonkeyPatch) -> Downloaded:
    """Read a CSV that a page offers, by the name of its file; pages have to be open before."""
    offered: dict[str, Any] = {}

    def button(*_: Any, file_name: str, data: Any, **__: Any) -> bool:
        offered[file_name] = data
        return False

    monkeypatch.setattr(st, "download_button", button)

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(io.BytesIO(offered[f"{name}.csv"]()), encoding="utf-8-sig")

    return read


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with scenarios, from which commands start."""
    shutil.copytree(shipped("scenarios"), tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path
