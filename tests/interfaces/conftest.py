"""What the tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogues import make_results
from shell import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture(scope="session")
def results_of_each_kind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of results of every kind below one root, for tests that only read them."""
    return make_results(tmp_path_factory.mktemp("each") / "results")
