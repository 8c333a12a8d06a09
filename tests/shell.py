"""Command lines run in this process, and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.interfaces.cli.command_line import main


class Said:
    """What a command line did: exit status, standard output, standard error."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs command lines in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        self._capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return Said(status, *self._capsys.readouterr())
