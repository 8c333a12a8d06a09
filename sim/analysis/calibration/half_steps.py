"""Whether it matters that all countries of a month decide on the state at its start.

Peers are seen a month late, whatever the day on which they joined. So the same programmes are
simulated in steps of half a month: twice as many steps, in each of which half as many countries
look at the offer and half of the value of waiting fades.

``python -m sim.analysis.calibration.half_steps`` writes ``docs/evidence/half_steps.csv``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.forecasting.simulating import simulate_answers
from sim.analysis.calibration.record import RATE
from sim.analysis.history.answers import programme_of
from sim.analysis.history.programmes import history_scenarios
from sim.data.posterior import RIVAL_INTERCEPT, load_posteriors
from sim.model.world.building import build_world
from sim.scenario.months import month_name, month_number

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Programmes that countries joined one after another, so that peers could matter.
PROGRAMMES = ("artemis-accords", "aiib", "counter-ransomware", "gpai", "ilrs", "military-ai")
FUTURES = 4000
FILE = Path("docs/evidence/half_steps.csv")
WAITING = "parameters.waiting_half_life_months"
Progress = Callable[[str], None]


def in_half_months(scenario: Scenario) -> Scenario:
    """Return a scenario in which each month stands for half a month."""
    start, n = scenario.months[0], 2 * len(scenario.months)
    half_life = float(scenario.value(WAITING) or 0.0)
    return scenario.with_changes(
        {"horizon.end": month_name(month_number(start) + n - 1), WAITING: 2.0 * half_life}
    )


def half_steps_table(
    scenarios: Sequence[Scenario] | None = None,
    futures: int = FUTURES,
    progress: Progress = lambda text: None,
) -> pd.DataFrame:
    """Return how many join programmes in whole and in half steps of a month.

    Parameters
    ----------
    scenarios : sequence of Scenario, optional
        Those of `PROGRAMMES` unless given.
    futures : int
        For each programme and size of step.
    progress : callable
        Called with the name of each programme.

    Returns
    -------
    DataFrame
        scenario, step (``whole``, ``half``), joiners at the middle and at the end of the horizon:
        mean_middle, mean_end, sd_end.
    """
    chosen = scenarios or [s for s in history_scenarios() if s.name in PROGRAMMES]
    rows = []
    for scenario in chosen:
        progress(scenario.name)
        kind = programme_of(scenario)[1].kind
        posterior = load_posteriors().find(load_posteriors().months[-1], kind)
        assert posterior is not None
        names = [name for name in posterior.numbers if name != RIVAL_INTERCEPT]
        values = np.column_stack([posterior.column(name) for name in names])
        halved = values.copy()
        # A country that looks in neither half does not look in the month.
        halved[:, names.index(RATE)] = 1.0 - np.sqrt(1.0 - values[:, names.index(RATE)])
        steps = {"whole": (scenario, values), "half": (in_half_months(scenario), halved)}
        for step, (world, numbers) in steps.items():
            found = simulate_answers(build_world(world), names, numbers, futures)
            counts = found.counts(np.ones(len(found.country), np.bool_))
            middle, end = counts[:, counts.shape[1] // 2 - 1], counts[:, -1]
            rows.append((scenario.name, step, middle.mean(), end.mean(), end.std()))
    return pd.DataFrame(rows, columns=["scenario", "step", "mean_middle", "mean_end", "sd_end"])


def main() -> int:
    """Write the table."""
    table = half_steps_table(progress=lambda text: print(text, file=sys.stderr, flush=True))
    FILE.write_text(table.to_csv(index=False, float_format="%.4g", lineterminator="\n"), "utf-8")
    print(table.to_string())
    return 0


if __name__ == "__main__":
    sys.exit(main())
