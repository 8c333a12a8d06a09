"""The best set where each country adds a fixed amount: those that add most, or a knapsack."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits
    from sim.analysis.portfolio.objective import Values

Chosen = frozenset[int]
# Steps into which a limit is cut: whole megawatts up to 5 GW.
CELLS = 5000


def best_sum(
    gains: Values,
    candidates: Collection[int],
    limits: Limits,
    forced: Collection[int] = (),
) -> Chosen:
    """Return the set of greatest sum that the limits admit.

    Parameters
    ----------
    gains : ndarray, shape (n,)
        What each country adds. One that adds nothing is chosen only if it is forced.
    candidates : collection of int
        Countries that can be chosen.
    limits : Limits
        They must admit the forced countries.
    forced : collection of int
        Countries that are chosen in any case.

    Notes
    -----
    With places alone these are the countries that add most. With megawatts or money it is a
    knapsack with a bound on the number of things, solved by dynamic programming (Kellerer, Pferschy
    and Pisinger 2004). Loads are rounded up to whole units, or to the 5,000th part of a larger
    limit. With both limits, a country counts by the one of which it takes the larger share, so that
    every set found fits.
    """
    kept = [*forced]
    listed = [i for i in sorted(candidates) if gains[i] > 0.0 and i not in forced]
    room = limits.to_choose - len(kept)
    if room < 1 or not listed:
        return frozenset(kept)
    if not limits.loads:
        best = sorted(listed, key=lambda i: (-gains[i], i))[:room]
        return frozenset([*kept, *best])
    cells, load = _in_cells(limits, kept)
    fitting = [i for i in listed if load[i] <= cells]
    taken = _knapsack(gains[fitting], load[fitting], room, cells) if fitting else ()
    return frozenset([*kept, *(fitting[j] for j in taken)])


def _in_cells(limits: Limits, kept: Sequence[int]) -> tuple[int, NDArray[np.int64]]:
    """Return how many cells of the limits are left, and how many each country takes."""
    left = [(load, most - float(load[[*kept]].sum())) for load, most in limits.loads]
    load, most = left[0]
    if len(left) > 1:
        load = np.max([each / max(rest, 1e-9) for each, rest in left], axis=0)
        most, unit = 1.0, 1.0 / CELLS
    else:
        unit = max(1.0, most / CELLS)
    # What rounding has added to a whole number of cells is no cell more.
    return int(most / unit + 1e-6), np.ceil(load / unit - 1e-6).astype(np.int64)


def _knapsack(gains: Values, load: NDArray[np.int64], room: int, cells: int) -> list[int]:
    """Return which things have the greatest sum: at most `room` of them, and `cells` in all."""
    # best[k, c]: the greatest sum of at most k things in c cells.
    best = np.zeros((room + 1, cells + 1))
    is_taken = np.zeros((gains.size, room + 1, cells + 1), np.bool_)
    for j, (gain, size) in enumerate(zip(gains, load.tolist(), strict=True)):
        with_it = best[:-1, : cells + 1 - size] + gain
        is_better = with_it > best[1:, size:]
        is_taken[j, 1:, size:] = is_better
        best[1:, size:] = np.where(is_better, with_it, best[1:, size:])
    found, k, c = [], room, cells
    for j in range(gains.size - 1, -1, -1):
        if is_taken[j, k, c]:
            found.append(j)
            k, c = k - 1, c - int(load[j])
    return found
