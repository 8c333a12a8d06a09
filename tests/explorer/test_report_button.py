"""The buttons on Explore that make a report of what is on screen, and its tables."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import streamlit as st

from app_pages import FEW, Open, plain
from sim.interfaces import pictures

MOVED = {"a__local_control": "0.5", "b": "baseline", "b__local_control": "0.3"}


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The files that a page offers, by their ending."""
    found: dict[str, Any] = {}

    def button(*_: Any, file_name: str, data: Any, **__: Any) -> bool:
        found[file_name.rsplit(".", 1)[-1]] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    return found


def test_it_is_of_what_is_on_screen(open_page: Open, offered: dict[str, Any]) -> None:
    open_page(**MOVED, country="BRA", of="china", belief__w_peer="2", seed="7")
    report = plain(offered["html"]().decode())
    assert "A closer look: Brazil" in report
    assert "partners of China by the end of December 2030 change by" in report
    assert "Control that stays in the host country: 0.5 instead of 0.35" in report
    assert report.count("Beliefs pinned: Weight of what peers do: 2 instead of 1.6") == 2
    assert f"replicates={FEW}, seed=7" in report
    assert f"{FEW} futures, seed 7" in report
    with zipfile.ZipFile(io.BytesIO(offered["xlsx"]())) as book:
        assert b"data dictionary" in book.read("xl/workbook.xml")


def test_what_was_moved_is_in_the_title_and_its_change_in_the_answer(
    open_page: Open, offered: dict[str, Any]
) -> None:
    at = open_page(a__local_control="0.9", a__slots="20")
    says = plain(" ".join(each.value for each in at.caption))
    (change,) = re.findall(r"[Aa]gainst the start[^.]*?: ([+-]?[\d.]+) \(", says)[:1]
    report = plain(offered["html"]().decode())
    title = re.findall(r"<title>(.*?)</title>", report)[0]
    for moved in ("Places in the US infrastructure offer: 20", "Control that stays"):
        assert moved in title
    assert "comparison of baseline and baseline as moved" in report
    assert f"change by {change} (90 % interval of the mean: " in report
    assert "They are then " in report
    assert "Who moves most" in report
    assert "The probability of being with the United States moves most in" in report
    # What is at its start has nothing to be compared with.
    open_page()
    assert " change by " not in plain(offered["html"]().decode())


def test_without_the_renderer_the_page_says_what_is_missing(
    open_page: Open, offered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "RENDERER", "no_such_renderer")
    at = open_page()
    assert "html" not in offered
    assert any("alignsim[pictures]" in caption.value for caption in at.caption)
