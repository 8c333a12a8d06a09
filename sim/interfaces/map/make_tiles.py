"""Makes tiles.json: one tile of equal size for each country, near where it lies on the map.

Not needed to run alignsim: tiles.json is part of the sources. To make it again:
``python -m sim.interfaces.map.make_tiles``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

HERE = Path(__file__).parent
COLUMNS, ROWS = 26, 17
STEPS = 400
# The oceans are empty, so they are narrowed: longitude in units of the map, before and after.
_WEST_TO_EAST = ((0.0, 0.0), (600, 0.06), (1400, 0.25), (1600, 0.33), (2950, 0.78), (4000, 1.0))
_NORTH_TO_SOUTH = ((0.0, 0.0), (200, 0.10), (480, 0.42), (900, 0.70), (1250, 0.84), (1793, 1.0))


def _spread(middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions in cells, with crowded parts of the world widened and oceans narrowed."""
    wide, high = np.array(_WEST_TO_EAST), np.array(_NORTH_TO_SOUTH)
    x = np.interp(middle[:, 0], wide[:, 0], wide[:, 1]) * (COLUMNS - 1)
    y = np.interp(middle[:, 1], high[:, 0], high[:, 1]) * (ROWS - 1)
    return np.stack([x, y], axis=1)


def _relaxed(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions pushed apart until few are closer than a cell, each drawn back home."""
    home, moved = position, position.copy()
    for _ in range(STEPS):
        gap = moved[:, None] - moved[None]
        distance = np.hypot(gap[..., 0], gap[..., 1]) + 1e-9
        push = np.clip(1.0 - distance, 0.0, None) / distance
        np.fill_diagonal(push, 0.0)
        moved = moved + 0.25 * (push[..., None] * gap).sum(axis=1) + 0.01 * (home - moved)
    return moved


def place_tiles(middles: dict[str, list[int]]) -> dict[str, list[int]]:
    """Return column and row of each country: the assignment with the least movement.

    Parameters
    ----------
    middles : dict
        Middle of each country on the map, in units of the map.
    """
    codes = sorted(middles)
    wanted = _relaxed(_spread(np.array([middles[code] for code in codes], np.float64)))
    cells = np.array([(x, y) for y in range(ROWS) for x in range(COLUMNS)], np.float64)
    cost = ((wanted[:, None] - cells[None]) ** 2).sum(axis=2)
    rows, chosen = linear_sum_assignment(cost)
    at = cells[chosen].astype(int)
    at -= at.min(axis=0)
    return {codes[i]: [int(at[j, 0]), int(at[j, 1])] for j, i in enumerate(rows)}


def main() -> None:
    """Write tiles.json beside this file."""
    shapes = json.loads((HERE / "shapes.json").read_text("utf-8"))
    tiles = place_tiles(shapes["middles"])
    (HERE / "tiles.json").write_text(
        json.dumps(tiles, separators=(",", ":")) + "\n", "utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
