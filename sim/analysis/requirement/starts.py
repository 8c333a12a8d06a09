"""What futures start from: what countries are worth to a provider, and the size that each takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import Draw, State, make_state
from sim.model.mechanism import entries
from sim.model.mechanism.terms import N_TERMS
from sim.model.places import records_of
from sim.model.rows import FUTURES_PER_DRAW, sizes
from sim.model.sampling import draw_events

if TYPE_CHECKING:
    from sim.analysis.requirement.trials import Positions, Trials
    from sim.model.places import RowInputs
    from sim.model.world.building import Built


def started(built: Built, seed: int, inputs: RowInputs) -> Iterator[tuple[Draw, State]]:
    """Yield each of some rows at its start; the state is one and the same object.

    Parameters
    ----------
    built : Built
    seed : int
    inputs : RowInputs
        From `sim.model.places.place`.
    """
    records = records_of(built, inputs, slice(None))
    timetable = built.timetable
    happens = draw_events(seed, inputs.replicate, timetable.probability, timetable.key)
    state = make_state(*sizes(built), N_TERMS)
    for r in range(inputs.replicate.size):
        draw = Draw(
            np.uint64(seed),
            inputs.replicate[r],
            records.weight[r],
            records.offer[r],
            records.provider[r],
            records.numbers("offer")[r],
            records.numbers("provider")[r],
            happens[r],
        )
        entries.start(built.world, draw, state)
        yield draw, state


def partner_cost(trials: Trials, i: int, positions: Positions) -> tuple[float, float]:
    """Return what a partnership with country i is: megawatts, and USD million for the provider.

    The mean over draws of the uncertain numbers: what of the capital (megawatts times
    ``capex_usd_m_per_mw``) and of the fund the host does not pay.
    """
    setting = trials.setting
    futures = np.arange(0, trials.replicates, FUTURES_PER_DRAW, dtype=np.uint64)
    inputs = setting.inputs(trials.seed, futures, [trials.changes(positions)])
    o, mw, usd_m = setting.offer, 0.0, 0.0
    for draw, state in started(setting.built, trials.seed, inputs):
        size, terms = float(state.offer_mw[o, i]), draw.offer[o]
        capital = size * float(draw.weight["capex_usd_m_per_mw"])
        mw += size
        usd_m += (1.0 - float(terms["cost_share"])) * (capital + float(terms["fund_usd_m"]))
    return mw / futures.size, usd_m / futures.size
