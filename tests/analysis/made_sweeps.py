"""Finished sweeps whose outcomes come from a function with known indices, not from a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.experiment import Design, StoredSweep
from sim.experiment.sweeps.running import plan_sweep
from sim.scenario import load_scenario

Values = NDArray[np.float64]
# Numbers of the scenario that stand for the inputs of a function, each from 0 to 1.
NAMES = (
    "local_control", "linkage", "cost_share", "exclusivity", "chip_access", "us_backing",
    "us_pressure", "chinese_pressure",
)  # fmt: skip


def unit_ranges(n_names: int) -> dict[str, tuple[float, float]]:
    return dict.fromkeys(NAMES[:n_names], (0.0, 1.0))


class MadeSweep(StoredSweep):
    """A sweep with a design of its own and outcomes that a function gives.

    Parameters
    ----------
    design : Design
    function : callable
        Returns the outcome of rows of the design.
    error : float
        Standard error of each point, which the table reports.
    failed : sequence of int
        Rows without an outcome.
    """

    def __init__(
        self,
        design: Design,
        function: Callable[[Values], Values],
        error: float = 0.0,
        failed: tuple[int, ...] = (),
    ) -> None:
        self.inputs = plan_sweep(load_scenario("baseline"), design, 40)
        self.scenarios = self.inputs.scenarios
        self.scenario = self.scenarios[0]
        self.design = design
        self.heading = self.inputs.heading
        self._only = None
        kept = np.setdiff1d(np.arange(design.n_points), failed)
        values = np.asarray(function(design.points), np.float64)[kept]
        n = len(kept) + 1
        self._outcomes = pd.DataFrame(
            {
                "scenario": ["baseline"] * n,
                "point": [0, *(kept + 1)],
                "provider": ["us"] * n,
                "offer": [None] * n,
                "outcome": ["n_countries"] * n,
                "unit": ["countries"] * n,
                "mean": [0.0, *values],
                "mean_se": [error] * n,
                "difference_se": [np.nan, *([2.0 * error] * (n - 1))],
            }
        )

    def frame(self, name: str, columns: Any = None, where: Any = None) -> pd.DataFrame:
        frame = {"outcomes": self._outcomes, "points": self._outcomes}[name]
        table = pa.Table.from_pandas(frame, preserve_index=False)
        kept = table if where is None else table.filter(where)
        found: pd.DataFrame = kept.select(columns).to_pandas()
        return found
