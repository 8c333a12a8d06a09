"""How much `what_matters` runs: trajectories, base points, futures at each point."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError, Problem
from sim.experiment.sweeps.designs.samples.sampling import MOST_TRAJECTORIES, next_powers
from sim.model.requests import LARGEST_SEED, check_whole
from sim.model.rows import FUTURES_PER_DRAW

LEVELS = 4
TRAJECTORIES, REPLICATES, KEPT, POINTS = 8, 24, 6, 128
# The ends of a range are compared over more futures than a point of a design has.
_MORE_AT_ENDS = 5
_FEWEST_TRAJECTORIES, _FEWEST_POINTS, _FEWEST_KEPT, _MOST_KEPT = 4, 8, 2, 20
_MOST_POINTS, _MOST_REPLICATES = 65_536, 100_000


@dataclass(frozen=True)
class Sizes:
    """How much is run.

    Parameters
    ----------
    trajectories : int
        Of the Morris design over everything that can be moved.
    replicates : int
        Futures at each point.
    kept : int
        How many numbers are left for the Saltelli design.
    points : int
        Its base points.
    """

    trajectories: int = TRAJECTORIES
    replicates: int = REPLICATES
    kept: int = KEPT
    points: int = POINTS

    @property
    def at_ends(self) -> int:
        """Futures with a number at one end of its range, and of the scenario as it stands."""
        return self.replicates * _MORE_AT_ENDS

    def futures(self, n_movers: int) -> int:
        """Return how many futures run in all, at most."""
        kept = min(self.kept, n_movers)
        rows = self.trajectories * (n_movers + 1) + self.points * (kept + 2)
        return rows * self.replicates + (2 * kept + 1) * self.at_ends


def checked_sizes(trajectories: Any, replicates: Any, kept: Any, points: Any, seed: Any) -> Sizes:
    """Return the sizes that a caller asks for.

    Raises
    ------
    InputError
        With every one that is not allowed.
    """
    least = 2 * FUTURES_PER_DRAW
    problems = [
        *check_whole(
            "trajectories", trajectories, _FEWEST_TRAJECTORIES, MOST_TRAJECTORIES, "Use 10."
        ),
        *check_whole("replicates", replicates, least, _MOST_REPLICATES, f"Use {REPLICATES}."),
        *check_whole("kept", kept, _FEWEST_KEPT, _MOST_KEPT, f"Use {KEPT}."),
        *check_whole("points", points, _FEWEST_POINTS, _MOST_POINTS, f"Use {POINTS}."),
        *check_whole("seed", seed, 0, LARGEST_SEED, "Use 1."),
    ]
    if not problems:
        base = operator.index(points)
        if base & (base - 1):
            rule = f"points = {base:,} must be a power of two."
            problems.append(Problem("", 0, rule, next_powers(base)))
    if problems:
        raise InputError(problems)
    sizes = (operator.index(size) for size in (trajectories, replicates, kept, points))
    return Sizes(*sizes)
