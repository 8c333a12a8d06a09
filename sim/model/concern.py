"""Sovereignty concern about each provider: shocks, spill-over along peers, and forgetting."""

from __future__ import annotations

from sim.model.compiled import inlined
from sim.model.ieee import exp
from sim.model.layout import Draw, State, World


@inlined
def forgetting(draw: Draw) -> float:
    """Return the share of a shock that a month takes away."""
    return 1.0 - exp(-0.6931471805599453 / draw.weight.concern_half_life_months)


@inlined
def relax(world: World, draw: Draw, state: State, i: int, forgotten: float) -> None:
    """Let country i's concern relax toward its baseline, then add this month's abandonments."""
    for p in range(state.stance.shape[1]):
        baseline = world.country[i].base_concern
        state.stance[i, p].concern += forgotten * (baseline - state.stance[i, p].concern)
        felt = (
            state.stance[i, p].abandoned_now
            + draw.weight.concern_spill * state.abandoned_peers[p, i]
        )
        if felt > 0.0:
            state.stance[i, p].concern += draw.weight.reversal_shock * felt
            state.stance[i, p].abandoned_now = 0.0
            state.abandoned_peers[p, i] = 0.0
