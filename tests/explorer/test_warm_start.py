"""What the server prepares is what the first page would otherwise make its visitor wait for."""

from __future__ import annotations

import gc
import inspect
import sys

import pytest

from sim.analysis import on_record
from sim.interfaces.explorer.warm_start import get_ready


def test_the_first_page_finds_the_record_and_what_streamlit_looks_up_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the other tests of this process make is garbage at some time, so nothing is frozen.
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.delitem(sys.modules, "streamlit.emojis", raising=False)
    asked = []
    monkeypatch.setattr(inspect, "stack", lambda: asked.append("who calls"))
    on_record._answers.cache_clear()
    get_ready()
    assert on_record._answers.cache_info().currsize == 2
    assert "streamlit.emojis" in sys.modules
    assert asked == ["who calls"]
