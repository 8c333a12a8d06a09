"""Many runs: ensembles, paired comparisons, and the store of results."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison, compare
    from sim.experiment.replaying import ReplayReport, replay
    from sim.experiment.result import Result, simulate
    from sim.experiment.stored import StoredComparison, StoredRun, load_run
    from sim.experiment.summary import Summary

__all__ = [
    "Comparison",
    "ReplayReport",
    "Result",
    "StoredComparison",
    "StoredRun",
    "Summary",
    "compare",
    "load_run",
    "replay",
    "simulate",
]

_HOME = {
    "Comparison": "comparison",
    "ReplayReport": "replaying",
    "Result": "result",
    "StoredComparison": "stored",
    "StoredRun": "stored",
    "Summary": "summary",
    "compare": "comparison",
    "load_run": "stored",
    "replay": "replaying",
    "simulate": "result",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that asking for help stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim.experiment' has no attribute {name!r}")
    return getattr(import_module(f"sim.experiment.{_HOME[name]}"), name)
