"""A process that is asked to end clears up as it does on Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"

# Stops while it writes the file that is named, and waits there.
STOPPING = """
    import sys
    from sim.experiment.store import results as store
    from sim.experiment.sweeps import chunks
    from sim.interfaces.cli.command_line import main
    write, last = store.write_file, sys.argv.pop()
    def slow(path, content):
        write(path, content)
        if path.name.endswith(last):
            print("here", flush=True)
            sys.stdin.readline()
    store.write_file = chunks.write_passing = slow
    raise SystemExit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_run_that_is_asked_to_end_leaves_nothing(
    tmp_path: Path, name: str, fresh: list[str]
) -> None:
    number = signal.Signals[name]
    command = [sys.executable, "-c", textwrap.dedent(STOPPING)]
    command += ["run", str(SMALL), "-n", "4", "--results", str(tmp_path), *fresh, "timeline.csv"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (signal.SIGINT, number)],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        assert len([*(tmp_path / "small").iterdir()]) == 2
        process.send_signal(number)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 128 + number
    assert errors.endswith("interrupted; nothing is left half done.\n")
    assert "Traceback" not in errors
    assert [*(tmp_path / "small").iterdir()] == []
