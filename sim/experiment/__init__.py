"""Many runs: ensembles, paired comparisons, sweeps, and the store of results."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison, compare
    from sim.experiment.replaying import ReplayReport, replay
    from sim.experiment.result import Result, simulate
    from sim.experiment.stored import StoredComparison, StoredRun, load_run
    from sim.experiment.summaries.run import Summary
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.designs.plan import SweepPlan
    from sim.experiment.sweeps.designs.samples.ranges import default_ranges
    from sim.experiment.sweeps.designs.samples.spreads import Spread
    from sim.experiment.sweeps.designs.sweep_files import load_sweep
    from sim.experiment.sweeps.running import sweep
    from sim.experiment.sweeps.stored import StoredSweep

__all__ = [
    "Comparison",
    "Design",
    "ReplayReport",
    "Result",
    "Spread",
    "StoredComparison",
    "StoredRun",
    "StoredSweep",
    "Summary",
    "SweepPlan",
    "compare",
    "default_ranges",
    "load_run",
    "load_sweep",
    "replay",
    "simulate",
    "sweep",
]

_HOME = {
    "Comparison": "comparison",
    "Design": "sweeps.designs.design",
    "ReplayReport": "replaying",
    "Result": "result",
    "Spread": "sweeps.designs.samples.spreads",
    "StoredComparison": "stored",
    "StoredRun": "stored",
    "StoredSweep": "sweeps.stored",
    "Summary": "summaries.run",
    "SweepPlan": "sweeps.designs.plan",
    "compare": "comparison",
    "default_ranges": "sweeps.designs.samples.ranges",
    "load_run": "stored",
    "load_sweep": "sweeps.designs.sweep_files",
    "replay": "replaying",
    "simulate": "result",
    "sweep": "sweeps.running",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that asking for help stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim.experiment' has no attribute {name!r}")
    return getattr(import_module(f"sim.experiment.{_HOME[name]}"), name)
