"""Rows of the events table that contradict themselves, as a contributor may write them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from sim.data.event_rows import event_problems
from sim.data.facts import TABLES_FOLDER
from sim.errors import DataError

TABLES = ("events.csv", "programmes.csv", "provenance.yaml")

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
    for name in TABLES:
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


def test_what_may_be_passes(tmp_path: Path) -> None:
    # The month of the compilation; what is published as a file of a repository; its own request.
    assert problems_with(tmp_path, date="2026-11") == []
    file = {"basis": "published", "source": "owner/name: path/to/file.csv"}
    assert problems_with(tmp_path, **file) == []
    home = {"programme": "aiib", "kind": "membership", "iso3": "CHN", "country": "China"}
    assert problems_with(tmp_path, **home) == []


def test_a_table_without_the_day_of_its_compilation_is_told(tmp_path: Path) -> None:
    problems_with(tmp_path)
    path = tmp_path / "provenance.yaml"
    path.write_text(path.read_text("utf-8").replace(", compiled 23 November", ""), "utf-8")
    with pytest.raises(DataError, match=r"provenance\.yaml: sources\.EVENTS\.title"):
        event_problems(tmp_path)


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
        ({"kind": "treaty"}, "kind = treaty, but programmes.csv has bri as memorandum."),
        (
            {"programme": "digital_silk_road_ai", "kind": "contract"},
            "kind = contract, but programmes.csv has digital_silk_road_ai as contract.",
        ),
        (
            {"event": "voted_yes"},
            "event = voted_yes does not happen to a memorandum, which bri is.",
        ),
        (
            {"programme": "aiib", "kind": "membership", "event": "used"},
            "event = used does not happen to a membership, which aiib is.",
        ),
        (
            {"programme": "un_vote_cybercrime_2019", "kind": "vote", "event": "joined"},
            "event = joined does not happen to a vote, which un_vote_cybercrime_2019 is.",
        ),
        (
            {"iso3": "CHN", "country": "China"},
            "iso3 = CHN leads the bloc CHN: bri is its own offer to others.",
        ),
        (
            {
                "programme": "aiib",
                "kind": "membership",
                "iso3": "CHN",
                "country": "China",
                "event": "declined",
            },
            "iso3 = CHN leads the bloc CHN, but event = declined is no yes to its own request.",
        ),
        (
            {"basis": "published", "source": "as the papers said"},
            "basis = published, but source = as the papers said names nothing published.",
        ),
        (
            {"basis": "published"},
            "basis = published, but source = empty names nothing published.",
        ),
        (
            {"date": "2026-11-24", "date_precision": "day"},
            "date = 2026-11-24 is after 2026-11-23, when the table was compiled.",
        ),
        (
            {"date": "2027", "date_precision": "year"},
            "date = 2027 is after 2026-11-23, when the table was compiled.",
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_told(
    tmp_path: Path, cells: dict[str, str], rule: str
) -> None:
    last = len((TABLES_FOLDER / "events.csv").read_text("utf-8").splitlines()) + 1
    ((line, message, remedy),) = problems_with(tmp_path, **cells)
    assert (line, message) == (last, rule)
    assert remedy
