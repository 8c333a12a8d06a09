"""Ctrl-C while the model is compiled."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sim.experiment import simulate
from sim.interfaces.cli.compiling import leave_if_compiling, tidied_at_end
from sim.interfaces.cli.interrupts import INTERRUPTED
from sim.model.machine import kernel_cache
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SMALL = str(ROOT / "tests" / "data" / "small.yaml")
SOON, MONTHS = "sampling._fill_events", "block.run_block"


# Says when it begins to compile the months, which take longest, or shortly before.
ANNOUNCING = """
    import sys
    from sim.interfaces.cli.command_line import main
    from sim.model.machine.kernel_cache import KernelCache
    load = KernelCache.load_overload
    is_between = sys.argv.pop(1) == "between"
    def announced(self, *given):
        is_months = "block.run_block" in self._file(given[0])
        if is_months and is_between:
            print("here", flush=True)
            sys.stdin.readline()
        found = load(self, *given)
        if is_months and not is_between:
            print("here", flush=True)
        return found
    KernelCache.load_overload = announced
    raise SystemExit(main())
"""


@pytest.fixture(scope="module")
def nearly_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernels of a run, but for one that is compiled soon and the one that takes longest."""
    simulate(load_scenario(SMALL), replicates=1)
    found, root = kernel_cache.kernel_store().folder, tmp_path_factory.mktemp("kernels")
    assert found is not None
    # A process beside this one may be writing a kernel, under a name of its own that begins so.
    left_out = shutil.ignore_patterns(".*", f"{SOON}-*", f"{MONTHS}-*")
    # Digests of sources take longer to make than most kernels.
    for folder in (found, found.parent / "sources"):
        shutil.copytree(folder, root / folder.name, ignore=left_out)
    return root


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
@pytest.mark.parametrize(
    ("is_quiet", "moment"), [(True, "within"), (False, "within"), (True, "between")]
)
def test_an_interrupt_ends_a_first_run_at_once_and_leaves_whole_kernels(
    nearly_all: Path, tmp_path: Path, is_quiet: bool, moment: str
) -> None:
    shutil.copytree(nearly_all, tmp_path / "cache")
    out = tmp_path / "out"
    words = ["run", SMALL, "-n", "4", "--results", str(out), *(["-q"] if is_quiet else [])]
    running = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ANNOUNCING), moment, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ALIGNSIM_CACHE": str(tmp_path / "cache")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell in the background hands down an ignored SIGINT; a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "here\n"
        running.send_signal(signal.SIGINT)
        said = running.communicate("go on\n", timeout=120)
    assert (running.returncode, said[0]) == (INTERRUPTED, "")
    lines = said[1].splitlines()
    assert lines[-1] == "interrupted while compiling; the same command starts again."
    assert len(lines) == (1 if is_quiet else 3)
    # What was compiled before is kept, and it did not wait for the last kernel.
    assert [*tmp_path.glob(f"cache/kernels-*/{SOON}-*")]
    assert not [*tmp_path.glob(f"cache/kernels-*/{MONTHS}-*")]
    assert not [path for path in out.rglob("*") if path.is_file()]


class LeftError(Exception):
    """Stands for the end of the process."""


def test_what_a_terminal_shows_is_taken_away_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(status: int) -> None:
        raise LeftError(status)

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(kernel_cache, "is_compiling", lambda: True)
    closed: list[str] = []

    def fail() -> None:
        raise OSError

    with (
        tidied_at_end(lambda: closed.append("bar")),
        tidied_at_end(fail),
        pytest.raises(LeftError) as left,
    ):
        leave_if_compiling(INTERRUPTED)
    assert left.value.args == (INTERRUPTED,)
    assert closed == ["bar"]
    with pytest.raises(LeftError):
        leave_if_compiling(INTERRUPTED)
    assert closed == ["bar"]
    assert capsys.readouterr().err.count("\n") == 2
