"""Sovereignty concern about each provider: shocks, spill-over along peers, and forgetting."""

from __future__ import annotations

from sim.model.layout import Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp


@inlined
def forgetting(draw: Draw) -> float:
    """Return the share of a shock that a month takes away."""
    return 1.0 - exp(-0.6931471805599453 / draw.weight.concern_half_life_months)


@inlined
def relax(world: World, draw: Draw, state: State, i: int, p: int, forgotten: float) -> None:
    """Let country i's concern about provider p relax, then add this month's abandonments."""
    felt = state.abandoned_now[p, i] + draw.weight.concern_spill * state.abandoned_peers[p, i]
    concern = state.concern[p, i]
    relaxed = concern + forgotten * (world.base_concern[i] - concern)
    state.concern[p, i] = relaxed + draw.weight.reversal_shock * felt
    state.abandoned_now[p, i] = 0.0
    state.abandoned_peers[p, i] = 0.0
