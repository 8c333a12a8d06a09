"""Rows of the events table that contradict themselves, as a contributor may write them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from sim.data.event_rows import event_problems
from sim.data.facts import TABLES_FOLDER

RIGHT = {
    "programme": "bri",
    "bloc": "CHN",
    "iso3": "CIV",
    "country": "Ivory Coast",
    "date": "2018-09",
    "date_precision": "month",
    "event": "signed",
    "kind": "memorandum",
}


def problems_with(tmp_path: Path, **cells: str) -> list[tuple[int, str, str]]:
    """Return line, rule and remedy of the problems with one row among the shipped ones."""
    for name in ("events.csv", "programmes.csv"):
        shutil.copy(TABLES_FOLDER / name, tmp_path / name)
    path = tmp_path / "events.csv"
    columns = next(csv.reader(path.read_text("utf-8").splitlines()))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns).writerow({**RIGHT, **cells})
    return [(p.line, p.message, p.remedy) for p in event_problems(tmp_path)]


def test_no_row_that_ships_contradicts_itself() -> None:
    assert event_problems(TABLES_FOLDER) == []


def test_names_as_people_write_them_and_places_outside_the_panel_pass(tmp_path: Path) -> None:
    assert problems_with(tmp_path) == []
    assert problems_with(tmp_path, iso3="VAT", country="Holy See") == []


def test_what_loading_tells_of_is_left_to_it(tmp_path: Path) -> None:
    assert problems_with(tmp_path, date_precision="dya") == []
    path = tmp_path / "events.csv"
    for row in ("bri,CHN", "bri" + 30 * ","):
        path.write_text(f"{path.read_text('utf-8')}{row}\n", "utf-8")
    assert event_problems(tmp_path) == []


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"programme": "brii"}, "programme = brii is not in programmes.csv."),
        ({"bloc": "US"}, "bloc = US, but programmes.csv has bri under CHN."),
        (
            {"iso3": "AUT", "country": "Australia"},
            "iso3 = AUT is Austria, but country = Australia.",
        ),
        ({"iso3": "KRO", "country": "South Korea"}, "iso3 = KRO is no country's code."),
        ({"date": "2018"}, "date = 2018, but date_precision = month."),
        ({"date": ""}, "date = empty, but date_precision = month."),
        ({"date_precision": ""}, "date = 2018-09, but date_precision = empty."),
        ({"event": "withdrew"}, "event = withdrew, but side = empty."),
        ({"side": "country"}, "event = signed, but side = country."),
    ],
)
def test_a_row_that_contradicts_itself_is_told(
    tmp_path: Path, cells: dict[str, str], rule: str
) -> None:
    last = len((TABLES_FOLDER / "events.csv").read_text("utf-8").splitlines()) + 1
    ((line, message, remedy),) = problems_with(tmp_path, **cells)
    assert (line, message) == (last, rule)
    assert remedy
