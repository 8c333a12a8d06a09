"""What tests of stopped sweeps share: scenarios of few months, a sweep's files and its chunks."""

from __future__ import annotations

from pathlib import Path

import sim
from sim.experiment.store.results import LOG_FILE
from sim.experiment.sweeps.chunks import ChunkStore
from sim.experiment.sweeps.running import plan_sweep
from sim.scenario import Scenario

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
# Enough that a chunk has no more points than it must.
REPLICATES = 50


def short_scenario() -> Scenario:
    return sim.load_scenario(SMALL).with_changes({"horizon.end": "2025-08"})


def few_countries() -> Scenario:
    """The short scenario without nine in ten countries: what is kept of a sweep is asked the same.

    Half of the time of a sweep of all countries goes into their futures.
    """
    whole = short_scenario()
    left_out = [code for place, code in enumerate(whole.agents) if place % 10]
    return whole.with_changes({"countries.exclude": left_out})


def files(found: sim.StoredSweep) -> dict[str, bytes]:
    """Return the files of a sweep that its inputs determine, by name."""
    return {p.name: p.read_bytes() for p in found.path.iterdir() if p.name != LOG_FILE}


def store(scenario: Scenario, design: sim.Design, root: Path) -> ChunkStore:
    """Return the chunks of a sweep with `REPLICATES` futures at each point."""
    return ChunkStore(root, plan_sweep(scenario, design, REPLICATES))
