"""Settings that all tests share."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Examples follow from the code alone, so a red test is red everywhere. Kernels compile inside the
# first example, which is no reason to call a test slow.
settings.register_profile(
    "alignsim",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("alignsim")

# Each compiles some kernels: what an ensemble calls, the steps of a model, what follows a future.
COMPILING = (
    "import sim; sim.simulate(sim.load_scenario('baseline'), 1)",
    "import sim; sim.AlignmentModel(sim.load_scenario('baseline')).step()",
    "import sim; sim.explain(sim.load_scenario('baseline'), 'KOR', replicate=0)",
)


def pytest_collection_finish() -> None:
    """Leave what is imported to itself: looking through it again and again takes a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the kernels before any worker starts; otherwise each would compile them all.

    Where that fails, the tests say why.
    """
    # Only the process that hands out tests to workers has this plugin of pytest-xdist.
    if session.config.pluginmanager.hasplugin("dsession"):
        root, quiet = Path(__file__).parents[1], subprocess.DEVNULL
        commands = [[sys.executable, "-c", text] for text in COMPILING]
        started = [subprocess.Popen(words, cwd=root, stderr=quiet) for words in commands]
        for process in started:
            process.wait()
