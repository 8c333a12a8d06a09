"""What a command loads: nothing that it does not need, so that it answers soon and anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENARIO = str(ROOT / "scenarios" / "baseline.yaml")
SMALL = str(ROOT / "tests" / "data" / "small.yaml")
ESTIMATED = str(ROOT / "tests" / "data" / "estimated.yaml")
SWEEP = str(ROOT / "scenarios" / "sweeps" / "control-and-linkage.yaml")
# What simulates, what serves pages, and what backtests need.
SIMULATES = {"numba", "llvmlite", "scipy", "mesa", "streamlit", "sklearn"}
TABLES = {"pandas", "pyarrow"}
SCRIPT = """
import contextlib, io, json, sys
from sim.interfaces.cli.command_line import main
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = main(command)
    print(json.dumps([status, out.tell() > 0, sorted(sys.modules)]))
"""


def loaded(*commands: tuple[str, ...]) -> list[set[str]]:
    """Return the libraries that are loaded when each of some commands is done, without a home.

    One process runs them all, one after the other: what one has loaded the next has too.
    """
    blocked = str(ROOT / "README.md" / "no folder")
    names = ("HOME", "XDG_CACHE_HOME", "ALIGNSIM_CACHE", "NUMBA_CACHE_DIR")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(names, blocked)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = []
    for command, line in zip(commands, done.stdout.splitlines(), strict=True):
        status, has_spoken, modules = json.loads(line)
        assert (status, has_spoken) == (0, True), command
        found.append({name.partition(".")[0] for name in modules})
    return found


def test_a_command_that_needs_no_facts_loads_neither_kernels_nor_tables(tmp_path: Path) -> None:
    commands = [
        ("--version",),
        ("--help",),
        ("run", "--help"),
        ("scenarios",),
        ("validate", SCENARIO),
        ("validate", ESTIMATED),
        ("validate", SWEEP),
        ("schema",),
        ("schema", "--sweep"),
        ("results", "--results", str(tmp_path)),
    ]
    for command, libraries in zip(commands, loaded(*commands), strict=True):
        assert not libraries & (SIMULATES | TABLES | {"duckdb"}), command


@pytest.mark.parametrize(("path", "n_tables"), [(SMALL, 0), (ESTIMATED, 1)])
def test_only_a_scenario_that_asks_for_the_posterior_reads_it(path: str, n_tables: int) -> None:
    script = (
        "import sys; from sim.scenario import load_scenario;"
        "from sim.data.posterior import load_posteriors;"
        "load_scenario(sys.argv[1]); print(load_posteriors.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (str(n_tables), "")


def test_facts_need_no_kernels() -> None:
    commands = ("countries",), ("countries", "KOR")
    for command, libraries in zip(commands, loaded(*commands), strict=True):
        assert libraries >= TABLES, command
        assert not libraries & SIMULATES, command


def test_a_run_loads_what_simulates_and_no_pages() -> None:
    script = (
        "import sim, sys; sim.simulate(sim.load_scenario('baseline'), 1);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = set(done.stdout.split())
    assert "numba" in found
    assert not found & {"mesa", "streamlit", "sklearn"}
