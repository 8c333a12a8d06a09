"""The least that lifts a probability to a level: scans, bisection, and a frontier of two levers.

All trials have the same futures, so the probability is a fixed function of the terms, and a search
needs no guard against noise between trials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from sim.analysis.requirement.catalogue import Movable
from sim.analysis.requirement.trials import Positions

# Share of futures or of a way below which a fall of the probability is not worth a word.
NOTABLE_FALL = 0.02
SCAN = 8
LEVELS = 7
# Parts of the way by which levers are exchanged for each other, one after the other.
_EXCHANGES = (1 / 8, 1 / 16, 1 / 32)
_MOST_ROUNDS = 2
# Share of the way to which a frontier is found; Monte Carlo error is larger.
_FINEST = 1 / 32

Holds = Callable[[Sequence[Positions]], list[bool]]


@dataclass(frozen=True)
class FrontierPoint:
    """The least of the second lever at one level of the first.

    Parameters
    ----------
    positions : tuple of int
        Of all levers; where nothing is enough, with the second at its limit.
    is_enough : bool
        Whether the level is reached there.
    """

    positions: Positions
    is_enough: bool


def cost_of(levers: Sequence[Movable], positions: Positions) -> float:
    """Return what some terms cost: for each lever its share of the way, times its price."""
    pairs = zip(levers, positions, strict=True)
    return sum(lever.price * lever.share(position) for lever, position in pairs)


def spread_positions(n_steps: int, parts: int) -> list[int]:
    """Return positions spread evenly from 0 to the limit, each once.

    Examples
    --------
    >>> spread_positions(20, 4), spread_positions(2, 8)
    ([0, 5, 10, 15, 20], [0, 1, 2])
    """
    return sorted({round(n_steps * j / parts) for j in range(parts + 1)})


def least_on_line(holds: Holds, line: Sequence[Positions]) -> int | None:
    """Return the index of the first terms on a line that hold; None if none that is tried does.

    A scan over the line first; then bisection between the first that holds and the one before.
    """
    tried = spread_positions(len(line) - 1, SCAN)
    found = holds([line[j] for j in tried])
    if True not in found:
        return None
    place = found.index(True)
    if place == 0:
        return tried[0]
    return _bisected(holds, line, tried[place - 1], tried[place])


def _bisected(holds: Holds, line: Sequence[Positions], below: int, above: int) -> int:
    while above - below > 1:
        # Three points a round: two rounds of one would take as long.
        inner = sorted({below + round((above - below) * j / 4) for j in (1, 2, 3)} - {below, above})
        found = holds([line[j] for j in inner])
        place = found.index(True) if True in found else len(inner)
        edges = [below, *inner, above]
        below, above = edges[place], edges[place + 1]
    return above


def frontier_of(holds: Holds, limit: Positions) -> tuple[FrontierPoint, ...]:
    """Return the least of the second lever at levels of the first, all others where they stand.

    Along the second lever the probability is taken to rise: both ends are tried, then halves, to
    a thirty-second of the way.
    """
    first, second, *others = limit
    finest = max(1, int(second * _FINEST))
    rest = (0,) * len(others)
    levels = spread_positions(first, LEVELS - 1)
    at_ends = holds([(a, b, *rest) for a in levels for b in (0, second)])
    below = dict.fromkeys(levels, 0)
    above = dict.fromkeys(levels, second)
    enough = dict(zip(levels, at_ends[1::2], strict=True))
    for a, is_free in zip(levels, at_ends[::2], strict=True):
        if is_free:
            above[a], enough[a] = 0, True
    while True:
        halves = {
            a: (below[a] + above[a]) // 2
            for a in levels
            if enough[a] and above[a] - below[a] > finest
        }
        if not halves:
            break
        found = holds([(a, b, *rest) for a, b in halves.items()])
        for (a, b), is_enough in zip(halves.items(), found, strict=True):
            (above if is_enough else below)[a] = b
    return tuple(FrontierPoint((a, above[a], *rest), enough[a]) for a in levels)


def cheapest(levers: Sequence[Movable], holds: Holds, starts: Sequence[Positions]) -> Positions:
    """Return terms that hold and cost least, from the cheapest of some that do.

    Levers are lowered alone, or lowered while another is raised by what that saves at most; each
    exchange that still holds and is cheaper is taken, in ever smaller steps.
    """
    best = min(starts, key=lambda p: cost_of(levers, p))
    for part in _EXCHANGES:
        for _ in range(_MOST_ROUNDS):
            here = cost_of(levers, best)
            options = [
                p for p in _exchanges(levers, best, part) if cost_of(levers, p) < here - 1e-9
            ]
            held = [p for p, is_held in zip(options, holds(options), strict=True) if is_held]
            if not held:
                break
            best = min(held, key=lambda p: cost_of(levers, p))
    return best


def _exchanges(levers: Sequence[Movable], positions: Positions, part: float) -> list[Positions]:
    """Return terms with one lever lowered, and another raised by half of what that saves or not."""
    found: dict[Positions, None] = {}

    def moved(changes: dict[int, float]) -> None:
        new = list(positions)
        for j, share in changes.items():
            steps = share * levers[j].n_steps
            way = int(np.sign(steps)) * max(1, round(abs(steps)))
            new[j] = min(levers[j].n_steps, max(0, new[j] + way))
        found[tuple(new)] = None

    for j in range(len(levers)):
        moved({j: -part})
    for j, other in permutations(range(len(levers)), 2):
        price = levers[other].price
        raised = 0.75 * part * levers[j].price / price if price > 0 else 1.0
        moved({j: -part, other: raised})
    found.pop(positions, None)
    return [*found]


def ways_up(levers: Sequence[Movable]) -> list[list[Positions]]:
    """Return lines from where the levers stand: each alone, pairs, and all together."""
    n = len(levers)
    sets = [*combinations(range(n), 1), *combinations(range(n), 2), tuple(range(n))]
    return [line_of(levers, chosen) for chosen in dict.fromkeys(sets)]


def line_of(levers: Sequence[Movable], chosen: Sequence[int]) -> list[Positions]:
    """Return terms on which some levers go to their limits together, in the finest steps."""
    finest = max(levers[j].n_steps for j in chosen)
    found = {
        tuple(
            lever.position(step / finest) if j in chosen else 0 for j, lever in enumerate(levers)
        ): None
        for step in range(finest + 1)
    }
    return [*found]


def falls(chances: Sequence[float]) -> bool:
    """Return whether probabilities along a way to better terms fall notably somewhere."""
    highest = np.maximum.accumulate(np.asarray(chances, np.float64))
    return bool((highest - np.asarray(chances) > NOTABLE_FALL).any())
