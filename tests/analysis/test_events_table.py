"""Events tables that users bring: what is read, and what is refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.history.events_table import read_events
from sim.data.facts import TABLES_FOLDER
from sim.errors import InputError

GOOD = "iso3,date,event\nKOR,2024-05-01,signed\nFRA,2024-06,joined\nBRA,2024,declined\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "events.csv"
    path.write_text(text, "utf-8")
    return path


def test_three_columns_are_enough(tmp_path: Path) -> None:
    rows = read_events(written(tmp_path, GOOD), "accords")
    assert rows["programme"].tolist() == ["accords"] * 3
    assert rows["confidence"].tolist() == ["high"] * 3
    assert rows["date"].tolist() == ["2024-05-01", "2024-06", "2024"]


def test_places_that_decide_nothing_are_kept_to_be_counted(tmp_path: Path) -> None:
    text = GOOD + "VAT,2024-05-01,signed\nGRL,2024-05-01,signed\n"
    assert read_events(written(tmp_path, text), "a")["iso3"].tolist()[3:] == ["VAT", "GRL"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("iso3,when,event\nKOR,2024,signed\n", 1, "the column date is missing"),
        (GOOD + "KOR,2024-05-01,signed\n", 5, "repeats line 2"),
        (GOOD + "KOR,2024-06-01,declined\n", 5, "line 2 has signed on 2024-05-01: a country can"),
        (GOOD + "BRA,2024-03,joined\n", 5, "line 4 has declined on 2024: a country can refuse"),
        (GOOD + "FRA,,declined\n", 5, "FRA declined without a date; line 3 has joined on 2024-06"),
        (GOOD + "KOR,2024-07-02,signed\n", 5, "line 2 has signed on 2024-05-01: two dates for one"),
        ("iso3,date,event\n", 0, "has no rows"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read_events(path, "accords")
    assert words in str(error.value)
    first = error.value.problems[0]
    assert (first.file, first.line) == (str(path), line)
    assert all(problem.remedy for problem in error.value.problems)


@pytest.mark.parametrize(
    "rows",
    [
        "BRA,2025,joined\n",  # refused the year before
        "KOR,2025-03,withdrew\n",
        "FRA,2024-07,withdrew\nFRA,2024-08,joined\n",
        "KOR,2024-07,joined\n",  # signed first
        "KOR,2024-03,declined\nKOR,2024-04,declined\n",
    ],
)
def test_what_a_country_can_do_in_turn_is_taken(tmp_path: Path, rows: str) -> None:
    assert len(read_events(written(tmp_path, GOOD + rows), "a")) == 3 + rows.count("\n")


def test_two_acts_and_rows_that_nobody_believes_contradict_nothing(tmp_path: Path) -> None:
    text = "iso3,date,event,confidence,detail\n"
    text += "KOR,2024-05,signed,high,memorandum\nKOR,2024-09,signed,high,contract\n"
    text += "FRA,2024-05,joined,high,\nFRA,2024-05,declined,low,\n"
    assert len(read_events(written(tmp_path, text), "a")) == 4


def test_the_table_of_the_project_contradicts_itself_nowhere() -> None:
    rows = read_events(TABLES_FOLDER / "events.csv", "accords")
    assert rows["programme"].nunique() > 30
