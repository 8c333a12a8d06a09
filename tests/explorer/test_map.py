"""The map: every country is there, and points lie where the note on boundaries says."""

from __future__ import annotations

import base64
import json
import math
import re

import numpy as np
import pytest

from sim.analysis.standing import group_counts, partners_by_month, path_groups
from sim.data.codes import known_countries
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.view import Side, View
from sim.interfaces.map.component import MapStyle, checked, map_data
from sim.interfaces.map.make_tiles import place_tiles
from sim.interfaces.map.outlines import HERE, shapes

Ring = list[tuple[int, int]]
# Place, longitude, latitude, and whose shape holds it.
CONTROL_POINTS = [
    ("Crimea", 34.1, 45.0, "UKR"),
    ("Donetsk", 37.8, 48.0, "UKR"),
    ("Gaza", 34.4, 31.43, "PSE"),
    ("Ramallah", 35.25, 31.95, "PSE"),
    ("Golan", 35.77, 33.0, "ISR"),
    ("Pristina", 21.1, 42.6, "XKX"),
    ("Taipei", 121.3, 24.7, "TWN"),
    ("Hargeisa", 44.1, 9.5, "SOM"),
    ("Northern Cyprus", 33.4, 35.28, "CYP"),
    ("Arunachal", 94.5, 28.0, "IND"),
    ("Aksai Chin", 79.5, 35.2, "CHN"),
    ("Gilgit", 74.3, 35.9, "PAK"),
    ("Abkhazia", 41.0, 43.1, "GEO"),
    ("Chukotka", 179.0, 67.5, "RUS"),
    ("Chukotka beyond the date line", -174.0, 66.7, "RUS"),
    ("Anadyr", 176.0, 64.7, "RUS"),
    ("Iturup", 147.7, 44.97, "RUS"),
    ("Alaska", -152.0, 65.0, "USA"),
    ("Viti Levu", 178.0, -17.8, "FJI"),
    ("Åland", 20.0, 60.25, "FIN"),
    ("Brasilia", -47.9, -15.8, "BRA"),
    ("Singapore", 103.82, 1.35, "SGP"),
]


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place in units of the map (Šavrič, Patterson and Jenny 2018)."""
    about = shapes()["projection"]
    turned = (longitude + about["rotate"][0] + 180) % 360 - 180
    lam, phi = math.radians(turned), math.radians(latitude)
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(phi))
    slope = a1 + 3 * a2 * theta**2 + theta**6 * (7 * a3 + 9 * a4 * theta**2)
    x = 2 / math.sqrt(3) * lam * math.cos(theta) / slope
    y = theta * (a1 + a2 * theta**2 + theta**6 * (a3 + a4 * theta**2))
    scale, (left, top) = about["scale"], about["translate"]
    return left + scale * x, top - scale * y


def rings(path: str) -> list[Ring]:
    found = []
    for part in path.split("z")[:-1]:
        start, steps = part.removeprefix("M").split("l")
        x, y = map(int, start.split())
        ring = [(x, y)]
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def holds(path: str, x: float, y: float) -> bool:
    crossings = 0
    for ring in rings(path):
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(("place", "longitude", "latitude", "owner"), CONTROL_POINTS)
def test_control_points(place: str, longitude: float, latitude: float, owner: str) -> None:
    x, y = equal_earth(longitude, latitude)
    holders = [code for code, path in shapes()["countries"].items() if holds(path, x, y)]
    assert holders == [owner], place


@pytest.mark.parametrize(
    ("name", "longitude", "latitude"),
    [
        ("Western Sahara", -13.0, 24.5),
        ("Somaliland", 44.1, 9.5),
        ("Northern Cyprus", 33.4, 35.28),
        ("Crimea", 34.1, 45.0),
        ("Falkland Islands", -58.9, -51.8),
    ],
)
def test_contested_areas_are_hatched(name: str, longitude: float, latitude: float) -> None:
    x, y = equal_earth(longitude, latitude)
    found = [area["name"] for area in shapes()["contested"].values() if holds(area["d"], x, y)]
    assert found == [name]


def test_parts_of_a_country_of_the_model_say_so() -> None:
    folded = {key: area.get("part_of") for key, area in shapes()["contested"].items()}
    assert {key for key, whole in folded.items() if whole} == set(folded) - set(shapes()["others"])
    assert (folded["SOL"], folded["CYN"], folded["crimea"]) == ("SOM", "CYP", "UKR")


def test_crimea_is_cut_at_the_isthmus() -> None:
    for longitude, latitude in ((33.4, 46.4), (32.6, 46.6), (35.2, 46.6)):
        x, y = equal_earth(longitude, latitude)
        assert not holds(shapes()["contested"]["crimea"]["d"], x, y)


def test_every_country_has_a_shape_and_a_tile() -> None:
    known = set(known_countries())
    assert set(shapes()["countries"]) == known
    without = {code for code, path in shapes()["countries"].items() if not path}
    assert without <= set(shapes()["dots"])
    assert set(shapes()["tiles"]) == known
    tiles = {tuple(tile) for tile in shapes()["tiles"].values()}
    assert len(tiles) == len(known)
    assert max(column for column, _ in tiles) < 30
    assert not known & set(shapes()["others"])


def test_small_states_have_a_dot_inside_the_map() -> None:
    dots = shapes()["dots"]
    assert {"SGP", "BHR", "MLT", "MUS", "TUV", "MCO", "HKG"} <= set(dots)
    width, height = shapes()["box"]
    assert all(0 < x < width and 0 < y < height for x, y in dots.values())


def test_no_shape_floods_the_map() -> None:
    width = shapes()["box"][0]
    for code, path in shapes()["countries"].items():
        for ring in rings(path):
            xs = [x for x, _ in ring]
            assert max(xs) - min(xs) < 0.55 * width, code


def test_tiles_are_those_of_their_script() -> None:
    assert place_tiles(shapes()["middles"]) == shapes()["tiles"]


def test_the_outlines_stay_small() -> None:
    assert (HERE / "shapes.json").stat().st_size < 250_000


def test_the_browser_gets_the_counts() -> None:
    found = runs.answer(View(b=Side(levers=(("slots", 20.0),)), futures=96, seed=3))
    data = json.loads(json.dumps(map_data(found, "us", "KOR", "")))
    groups = path_groups(found.ensemble)
    shape = (194, len(groups), len(data["months"]))
    for side, ensemble in (("a", found.ensemble), ("b", found.other)):
        assert ensemble is not None
        counts = np.frombuffer(base64.b64decode(data[side]), "<u2").reshape(shape)
        months = [ensemble.axes.month.index(month) for month in data["months"]]
        assert (counts == group_counts(ensemble, groups)[:, :, months]).all()
    assert data["month"] == "2030-12"
    at_end = np.frombuffer(base64.b64decode(data["focus_a"]), "<u2").reshape(194, -1)[:, -1]
    assert at_end.sum() == partners_by_month(found.ensemble, "us")[:, -1].sum()
    assert data["range"] >= 0.05


def test_the_map_has_the_month_that_a_link_asks_for() -> None:
    found = runs.answer(View(futures=16))
    usual = map_data(found, "us", "KOR", "")
    assert "2026-01" not in usual["months"]
    data = map_data(found, "us", "KOR", "2026-01")
    assert data["month"] == "2026-01"
    assert data["months"] == sorted({*usual["months"], "2026-01"})
    assert len(data["labels"]) == len(data["months"])


def test_a_small_map_holds_the_end_alone() -> None:
    found = runs.answer(View(b=Side(levers=(("slots", 20.0),)), futures=96, seed=3))
    style = MapStyle(
        mode="difference", is_small=True, sides=("2", "1"), title="2 mine", full_at=0.4
    )
    data = json.loads(json.dumps(map_data(found, "us", "KOR", "", style)))
    assert data["months"] == ["2030-12"]
    assert (data["mode"], data["sides"], data["title"]) == ("difference", ["2", "1"], " of 2 mine")
    assert data["range"] == 0.4
    counts = np.frombuffer(base64.b64decode(data["a"]), "<u2").reshape(194, -1)
    assert (counts == group_counts(found.ensemble, path_groups(found.ensemble))[:, :, -1]).all()
    assert len(json.dumps(data)) < 60_000


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ({"country": "BRA"}, {"country": "BRA"}),
        ({"country": "USA"}, {}),
        ({"month": "2030-12", "tiles": True}, {"month": "2030-12", "tiles": True}),
        ({"month": "2030-13", "mode": "difference"}, {"mode": "difference"}),
        ({"mode": ["a"], "country": {}, "tiles": "yes"}, {}),
        (None, {}),
        (["country"], {}),
    ],
)
def test_the_browser_is_not_trusted(asked: object, taken: dict[str, object]) -> None:
    data = {"countries": ["BRA", "KOR"], "months": ["2030-10", "2030-12"]}
    assert checked(asked, data) == taken
