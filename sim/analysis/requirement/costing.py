"""What a partnership with a country is: its data centre, and what the provider pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.shared.packages import packages
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    from sim.analysis.requirement.trials import Positions, Trials


def partner_cost(trials: Trials, i: int, positions: Positions) -> tuple[float, float]:
    """Return what a partnership with country i is: megawatts, and USD million for the provider.

    The mean over draws of the uncertain numbers.
    """
    setting = trials.setting
    futures = np.arange(0, trials.replicates, FUTURES_PER_DRAW, dtype=np.uint64)
    inputs = setting.inputs(trials.seed, futures, [trials.changes(positions)])
    found = packages(setting.built, setting.offer, trials.seed, inputs)
    return float(found.size_mw.mean(axis=0)[i]), float(found.bill_usd_m.mean(axis=0)[i])
