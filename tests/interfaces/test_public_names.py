"""The package's front: quick to import, complete, typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sim

HEAVY = ("numba", "pandas", "numpy", "mesa", "pyarrow", "scipy", "pydantic", "typer", "rich")


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert not loaded_after("import sim; dir(sim)") & set(HEAVY)


def test_asking_for_help_compiles_nothing() -> None:
    statement = "from sim.interfaces.cli.command_line import main; main(['run', '-h'])"
    assert not loaded_after(statement) & {"numba", "pandas", "mesa", "pyarrow", "scipy"}


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sim, name) is not None
    assert name in dir(sim)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'nothing'"):
        sim.nothing  # noqa: B018


def test_errors_that_users_cause_have_one_base() -> None:
    for name in ("InputError", "ScenarioError", "DataError", "RunError"):
        assert issubclass(getattr(sim, name), sim.SimError)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(sim.__file__).parent / "py.typed").is_file()
