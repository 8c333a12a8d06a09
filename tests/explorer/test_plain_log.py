"""An error that nobody expected: one line in the log, without what it must not show."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sim.interfaces.explorer.state.plain_log import (
    LONGEST_MESSAGE,
    ON_THE_PAGE,
    UNEXPECTED,
    log_in_plain_lines,
)

LOG = logging.getLogger("somebody.else")


@pytest.fixture(autouse=True)
def _plain() -> Iterator[None]:
    factory, hook = logging.getLogRecordFactory(), threading.excepthook
    log_in_plain_lines()
    yield
    logging.setLogRecordFactory(factory)
    threading.excepthook = hook
    LOG.setLevel(logging.NOTSET)


def fail(text: str) -> None:
    raise ValueError(text)


def logged(caplog: pytest.LogCaptureFixture, text: str) -> str:
    try:
        fail(text)
    except ValueError:
        LOG.exception("%s went wrong\nwith more", "It")
    return caplog.text


def test_a_traceback_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    text = logged(caplog, "first\nsecond\x1b[31m" + "x" * 9999)
    assert text.count("\n") == 1
    assert "Traceback" not in text
    assert "\x1b" not in text
    assert f"It went wrong: {UNEXPECTED}: ValueError: 'first\\nsecond" in text
    assert "explorer/test_plain_log.py:" in text
    assert " fail < " in text
    assert len(text) < 3 * LONGEST_MESSAGE


def test_whoever_asks_for_details_gets_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel(logging.DEBUG)
    assert "Traceback (most recent call last)" in logged(caplog, "first")


def test_a_thread_ends_with_one_line(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=fail, args=("in a thread",))
    thread.start()
    thread.join()
    assert "a thread ended: unexpected error: ValueError: 'in a thread'" in caplog.text
    assert caplog.text.count("\n") == 1
    assert capsys.readouterr().err == ""


def test_the_page_says_it_in_a_sentence() -> None:
    def page() -> None:
        from sim.interfaces.explorer.state.plain_log import say_plainly

        assert say_plainly(ValueError("/secret/path")) is True

    at = AppTest.from_function(page).run()
    assert [error.value for error in at.error] == [ON_THE_PAGE]
