"""What an events table says that countries did: dates, waves, silence, weights, what was known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.analysis.history.answers import (
    Answers,
    programme_of,
    read_answers,
    reads_uninvited_as_refusals,
)
from sim.data.codes import bloc_members
from sim.errors import InputError
from sim.scenario import Scenario, load_scenario_text

# Five months of joining, one more than countries that sign at meetings have.
FIVE = (
    ("CAN", "2020-02"), ("JPN", "2020-04"), ("KOR", "2020-06"), ("AUS", "2020-08"),
    ("NZL", "2020-10"),
)  # fmt: skip


def programme(start: str = "2020-01", end: str = "2020-12", **offer: object) -> Scenario:
    """Return a programme of the United States."""
    block = {"title": "Programme", "programme": "made", "open_enrolment": True, **offer}
    home = {"title": "Home", "home": ["USA"], "offers": {"programme": block}}
    content = {
        "name": "made",
        "title": "Made",
        "description": "Made for a test.",
        "horizon": {"start": start, "end": end},
        "providers": {"us": home},
    }
    return load_scenario_text(yaml.safe_dump(content, sort_keys=False))


def events(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Return an events table: iso3, date, then event and confidence where they are not as usual."""
    plain = ("", "", "joined", "high")
    cells = [(*row, *plain[len(row) :]) for row in rows]
    table = pd.DataFrame(cells, columns=["iso3", "date", "event", "confidence"])
    return table.assign(programme="made", bloc="US")


def answer(found: Answers, code: str) -> tuple[int, int, float]:
    """Return first month, last month and weight of a country."""
    i = found.country.index(code)
    return int(found.first[i]), int(found.last[i]), float(found.weight[i])


def test_a_month_is_a_month_and_a_day_of_it_no_more() -> None:
    found = read_answers(programme(), events(*FIVE, ("BRA", "2020-11-30")))
    assert answer(found, "JPN") == (3, 3, 1.0)
    assert answer(found, "BRA") == (10, 10, 1.0)
    assert found.n_months == 12


def test_a_year_is_an_interval_as_far_as_it_is_watched() -> None:
    scenario = programme("2020-03", "2021-06")
    found = read_answers(scenario, events(*FIVE, ("BRA", "2021"), ("CHL", "2020")))
    assert answer(found, "BRA") == (10, 15, 1.0)
    assert answer(found, "CHL") == (0, 9, 1.0)


def test_of_two_rows_the_first_counts() -> None:
    found = read_answers(programme(), events(*FIVE, ("BRA", "2020-09"), ("BRA", "2020-03")))
    assert answer(found, "BRA") == (2, 2, 1.0)


def test_who_joins_at_a_meeting_decided_since_the_last_one() -> None:
    found = read_answers(programme(), events(("JPN", "2020-03"), ("KOR", "2020-09")))
    assert answer(found, "JPN") == (0, 2, 1.0)
    assert answer(found, "KOR") == (3, 8, 1.0)


@pytest.mark.parametrize(
    ("offer", "weight"),
    [
        ({"kind": "membership"}, 1.0),
        ({"kind": "vote"}, 0.0),
        ({"kind": "vote", "silence": "refusal"}, 1.0),
        ({"kind": "membership", "silence": "unknown"}, 0.0),
    ],
)
def test_silence_is_a_refusal_unless_nothing_can_be_read_from_it(
    offer: dict[str, str], weight: float
) -> None:
    table = events(("JPN", "2020-03"), ("KOR", "2020-03", "voted_no"))
    found = read_answers(programme(**offer), table)
    assert answer(found, "BRA") == (-1, -1, weight)
    # A refusal on record is no silence.
    assert answer(found, "KOR") == (-1, -1, 1.0)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ({"open_enrolment": False}, True),
        ({"open_enrolment": True}, False),
        ({"open_enrolment": False, "asked": ["JPN", "KOR"]}, False),
        ({"open_enrolment": False, "silence": "unknown"}, False),
        ({"open_enrolment": False, "kind": "vote"}, False),
    ],
)
def test_by_invitation_without_a_list_countries_without_a_row_count_as_refusals(
    offer: dict[str, Any], expected: bool
) -> None:
    scenario = programme(**offer)
    assert reads_uninvited_as_refusals(programme_of(scenario)[1]) is expected
    found = read_answers(scenario, events(("JPN", "2020-03")))
    assert (answer(found, "BRA")[2] == 1.0) is (expected or offer == {"open_enrolment": True})


def test_an_answer_counts_as_far_as_its_row_is_believed() -> None:
    rows = (("JPN", "2020-03", "joined", "medium"), ("KOR", "2020-03", "voted_no", "medium"))
    low = ("CHL", "2020-04", "joined", "low")
    found = read_answers(programme(), events(*FIVE[3:], *rows, low, ("BRA", "")))
    assert answer(found, "JPN")[2] == answer(found, "KOR")[2] == 0.7
    # What nobody is sure of, and what has no date, is neither a yes nor a no.
    assert answer(found, "CHL") == answer(found, "BRA") == (-1, -1, 0.0)
    assert not found.is_scored[found.country.index("CHL")]


def test_a_bloc_that_joins_as_one_counts_as_the_root_of_its_number() -> None:
    members = bloc_members("EU") or ()
    rows = [(code, "2020-03") for code in members[1:]]
    found = read_answers(programme(), events(*rows, ("JPN", "2020-03")))
    assert answer(found, members[1])[2] == pytest.approx(1 / np.sqrt(len(rows)))
    assert answer(found, members[0])[2] == answer(found, "JPN")[2] == 1.0
    # Half of it is many countries.
    half = read_answers(programme(), events(*rows[: len(members) // 2]))
    assert answer(half, members[1])[2] == 1.0


def test_nothing_is_known_of_what_comes_later() -> None:
    table = events(*FIVE, ("BRA", "2020-07"))
    found = read_answers(programme(), table, known_before="2020-07")
    assert found.n_months == 6
    # Of three months with joiners nobody knows yet that more will follow: they look like waves.
    assert answer(found, "KOR") == (4, 5, 1.0)
    assert answer(found, "BRA") == answer(found, "AUS") == (-1, -1, 1.0)
    assert found.has_joined.sum() == 3
    assert not read_answers(programme(), table, known_before="2020-01").has_joined.any()


def test_a_year_of_which_a_part_is_still_to_come_tells_nothing() -> None:
    table = events(*FIVE, ("BRA", "2020"))
    assert answer(read_answers(programme(), table, known_before="2020-12"), "BRA")[1] == -1
    assert answer(read_answers(programme(), table, known_before="2021-01"), "BRA") == (0, 11, 1.0)


def test_who_joined_before_the_programme_is_watched_is_not_scored() -> None:
    found = read_answers(programme("2020-05"), events(*FIVE, ("BRA", "2019-12")))
    assert answer(found, "CAN")[2] == answer(found, "BRA")[2] == 0.0
    assert answer(found, "KOR") == (1, 1, 1.0)


def test_only_those_who_were_asked_are_scored() -> None:
    found = read_answers(programme(excluded=["BRA"]), events(*FIVE))
    assert answer(found, "BRA")[2] == 0.0
    with pytest.raises(InputError, match="JPN joined, but the offer of uploaded is not open"):
        read_answers(programme(excluded=["BRA", "JPN"]), events(*FIVE))


def test_where_rows_answer_both_sides_only_the_own_side_is_a_yes() -> None:
    table = events(*FIVE, ("BRA", "2020-03"))
    table.loc[table["iso3"] == "BRA", "bloc"] = "CHN"
    assert answer(read_answers(programme(), table), "BRA") == (-1, -1, 1.0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (events(("JPN", "2020-03")).assign(programme="other"), "no row has programme = 'made'"),
        (events(("JPN", "2020-03", "voted_no")), "no row of made says that a country joined"),
    ],
)
def test_a_table_without_an_answer_is_refused(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_answers(programme(), table, source="events.csv")
