"""Futures in which sets of countries are compared, for tests."""

from __future__ import annotations

from sim.analysis.portfolio.asked import Asked, market_of
from sim.analysis.portfolio.market import own_draws
from sim.analysis.portfolio.simulated import Luck
from sim.analysis.shared.tally import Tally
from sim.model.world.building import Built


def luck_of(built: Built, asked: Asked, futures: int, seed: int = 1) -> Luck:
    """Return some futures of one thread."""
    return Luck(market_of(built, asked), asked.objective, seed, own_draws(futures), 1, Tally())
