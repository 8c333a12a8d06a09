"""Borders and sea gaps derived from a small made-up world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.data.neighbours import EARTH_RADIUS_KM, centre_of, decode_arcs, derive_neighbours

DEGREE_KM = 2 * np.pi * EARTH_RADIUS_KM / 360


def square(west: int, south: int, size: int = 1) -> list[list[int]]:
    """Return an outline as TopoJSON deltas, counter-clockwise from the south-west corner."""
    return [[west, south], [size, 0], [0, size], [-size, 0], [0, -size]]


def world() -> dict[str, Any]:
    """Return AAA and BBB side by side, CCC an island two degrees east, DDD behind CCC."""
    arcs = [
        [[1, 0], [0, 1]],  # 0: the border of AAA (west) and BBB (east), northwards
        [[1, 1], [-1, 0], [0, -1], [1, 0]],  # 1: the rest of AAA
        [[1, 0], [1, 0], [0, 1], [-1, 0]],  # 2: the rest of BBB
        [[4, -3], [1, 0], [0, 7], [-1, 0], [0, -7]],  # 3: CCC, long enough to bar the way
        square(6, 0),  # 4: DDD
        square(40, 0),  # 5: a far part of AAA
    ]
    shapes = {"AAA": [[[0, 1]], [[5]]], "BBB": [[[2, -1]]], "CCC": [[[3]]], "DDD": [[[4]]]}
    return {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "arcs": arcs,
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "MultiPolygon", "properties": {"a3": code}, "arcs": parts}
                    for code, parts in shapes.items()
                ]
            }
        },
    }


def test_a_shared_arc_is_a_land_border() -> None:
    table = derive_neighbours(world(), ["AAA", "BBB", "CCC", "DDD"])
    land = table[table["land_border"] == 1]
    assert list(zip(land["iso3_a"], land["iso3_b"], strict=True)) == [("AAA", "BBB")]
    assert land["sea_gap_km"].isna().all()


def test_a_sea_gap_is_the_shortest_distance_between_shores() -> None:
    table = derive_neighbours(world(), ["AAA", "BBB", "CCC", "DDD"])
    gap = table.set_index(["iso3_a", "iso3_b"])["sea_gap_km"]
    assert gap["BBB", "CCC"] == pytest.approx(2 * DEGREE_KM, rel=0.01)
    assert gap["CCC", "DDD"] == pytest.approx(DEGREE_KM, rel=0.01)


def test_land_in_between_blocks_a_sea_gap() -> None:
    table = derive_neighbours(world(), ["AAA", "BBB", "CCC", "DDD"])
    pairs = set(zip(table["iso3_a"], table["iso3_b"], strict=True))
    assert ("BBB", "DDD") not in pairs


def test_countries_that_are_not_asked_for_still_block() -> None:
    table = derive_neighbours(world(), ["BBB", "DDD"])
    assert table.empty


def test_arcs_are_undone() -> None:
    arcs = decode_arcs(world())
    assert arcs[2].tolist() == [[1, 0], [2, 0], [2, 1], [1, 1]]


def test_the_centre_of_a_square() -> None:
    outline = np.cumsum(np.array(square(10, 20, 2), dtype=float), axis=0)
    assert centre_of([outline]) == pytest.approx((11, 21))
