"""Partners on record beside those that a scenario simulates."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from explorer.draft_pages import ANSWERED
from sim.analysis.history.answers import read_answers
from sim.analysis.history.programmes import history_scenarios
from sim.analysis.on_record import partners_on_record, record_shown
from sim.analysis.shown import Shown
from sim.analysis.standing import ribbon
from sim.data import load_facts
from sim.interfaces.charts import chart
from sim.interfaces.charts.palette import DARK_THEME, LIGHT_THEME
from sim.interfaces.explorer.tables.building import ribbon_table, with_record
from sim.scenario import default_folder, load_scenario_text

RECORD = "openai_for_countries"


def named(extends: str = "baseline", more: str = "", programme: str = RECORD) -> sim.Scenario:
    """Return a shipped scenario in which the American offers name their programme."""
    text = ANSWERED.format(extends=extends, programme=programme) + more
    return load_scenario_text(text, folder=default_folder())


def test_partners_stand_from_the_month_of_their_answer_until_they_leave() -> None:
    found = partners_on_record(named(), "us")
    assert found is not None
    assert (found.months[0], found.months[-1]) == ("2025-05", "2026-11")
    at = dict(zip(found.months, found.partners, strict=True))
    # Estonia since February, the Emirates since May; Norway's data centre was given up in April.
    assert at["2025-05"] == 2
    assert at["2026-03"] - at["2026-04"] == 1
    assert at["2026-11"] == 18
    assert found.source == "rows of OpenAI for Countries in sim/data/tables/events.csv"


def test_the_record_of_a_country_that_takes_no_part_does_not_count() -> None:
    whole = partners_on_record(named(), "us")
    part = partners_on_record(named(more="countries: {exclude: [EST, NOR]}\n"), "us")
    assert whole is not None
    assert part is not None
    less = np.subtract(whole.partners, part.partners)
    assert less[0] == 1
    assert less.max() == 2
    assert less[-1] == 1


def test_what_came_before_a_later_start_is_on_record() -> None:
    found = partners_on_record(named("today"), "us")
    assert found is not None
    assert (found.months[0], found.months[-1]) == ("2025-05", "2026-11")


def test_an_earlier_end_ends_the_record() -> None:
    found = partners_on_record(named(), "us", until="2025-12")
    assert found is not None
    assert found.months[-1] == "2025-12"


@pytest.mark.parametrize("provider", ["china", "nobody"])
def test_without_a_programme_there_is_no_record(provider: str) -> None:
    assert partners_on_record(named(), provider) is None


def test_a_scenario_of_later_years_has_none() -> None:
    later = "horizon: {start: 2032-01, end: 2033-12}\n"
    assert partners_on_record(named(more=later), "us") is None


def test_a_programme_of_the_past_is_counted_as_its_backtest_counts_it() -> None:
    scenario = next(s for s in history_scenarios() if s.name == "artemis-accords")
    found = partners_on_record(scenario, next(iter(scenario.providers)))
    assert found is not None
    answers = read_answers(scenario, load_facts().events)
    joined = answers.last[answers.has_joined]
    counts = [int((joined <= month).sum()) for month in range(answers.n_months)]
    assert [*found.partners] == counts
    assert counts[-1] > 60


def test_the_chart_draws_the_record_in_steps_and_names_its_source() -> None:
    result = sim.simulate(named(), replicates=8, seed=1)
    for is_dark, theme in ((False, LIGHT_THEME), (True, DARK_THEME)):
        spec = chart(result, "uptake", provider="us", is_dark=is_dark)
        (line,) = [each for each in spec["layer"] if each["mark"].get("interpolate")]
        assert line["mark"] | {"interpolate": "step-after", "color": theme.ink} == line["mark"]
        record = record_shown(Shown(result), "us")
        assert record is not None
        drawn = [row["on_record"] for row in line["data"]["values"]]
        assert drawn == [*record.partners]
        assert record.source in spec["description"]
        tips = [row["on_record"] for row in spec["data"]["values"]]
        assert tips[: len(drawn)] == [*map(str, drawn)]
        assert {*tips[len(drawn) :]} == {"no record"}
    other = chart(result, "uptake", provider="china")
    assert not [each for each in other["layer"] if each["mark"].get("interpolate")]


@pytest.mark.parametrize(("extends", "align"), [("baseline", "left"), ("today", "right")])
def test_the_name_of_the_record_lies_off_the_mean(extends: str, align: str) -> None:
    result = sim.simulate(named(extends), replicates=8, seed=1)
    spec = chart(result, "uptake", provider="us")
    (name,) = [each for each in spec["layer"] if each["mark"]["type"] == "text"]
    assert name["mark"]["align"] == align
    end = name["data"]["values"][0]
    means = {row["month"]: row["mean"] for row in spec["data"]["values"]}
    is_below = name["mark"]["dy"] > 0
    assert is_below == (end["on_record"] < means.get(end["month"], 0))


def test_the_record_of_b_is_drawn_where_a_has_none() -> None:
    a, b = (
        sim.simulate(scenario, replicates=8, seed=1)
        for scenario in (named(programme="null"), named())
    )
    assert record_shown(Shown(a), "us") is None
    expected = partners_on_record(b.scenario, "us")
    assert expected is not None
    assert record_shown(Shown(a, b), "us") == expected


def test_a_download_holds_the_record_below_the_lines() -> None:
    record = partners_on_record(named(), "us")
    assert record is not None
    line = ribbon(np.arange(6.0).reshape(3, 2))
    lines = ribbon_table(("2025-05", "2025-06"), {"A": line}, "countries", {"A": {"side": "A"}})
    assert with_record(lines, None, {}) is lines
    table = with_record(lines, record, {"partners of": "United States"})
    own = table[table["side"] == "on record"]
    assert own["on record (countries)"].tolist() == [*record.partners]
    assert {*own["source"]} == {record.source}
    assert {*own["partners of"]} == {"United States"}
    assert table["on record (countries)"].isna().sum() == len(lines)
