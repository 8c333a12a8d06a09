"""The public functions: what they check, and what they give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment import Result
from sim.experiment.wording import moment_of_drivers
from sim.scenario import Scenario, load_scenario


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"replicates": 0}, "replicates = 0 must be a whole number from 1"),
        ({"replicates": 2.5}, r"replicates = 2\.5 must be a whole number"),
        ({"replicates": True}, "replicates = True must be a whole number"),
        ({"replicates": 10**7}, "replicates = 10000000 must be"),
        ({"seed": -1}, "seed = -1 must be a whole number from 0 to 4294967295"),
        ({"seed": 2**32}, "seed = 4294967296 must be"),
        ({"seed": "one"}, "seed = one must be"),
        ({"workers": 0}, "workers = 0 must be"),
    ],
)
def test_numbers_out_of_range_are_refused(
    baseline: Scenario, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(sim.InputError, match=message):
        sim.simulate(baseline, **{"replicates": 4, **asked})


def test_all_that_is_wrong_is_said_at_once(baseline: Scenario) -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.simulate(baseline, replicates=0, seed=-1, workers=0)
    assert len(caught.value.problems) == 3


def test_whole_numbers_of_numpy_are_whole_numbers(small: Result) -> None:
    run = sim.simulate(small.scenario, np.int64(12), seed=np.uint32(1))  # type: ignore[arg-type]
    assert run.inputs.run_id == small.inputs.run_id


def test_progress_reaches_the_end(small: Result) -> None:
    seen: list[tuple[int, int]] = []
    sim.simulate(small.scenario, 90, seed=1, progress=lambda done, n: seen.append((done, n)))
    assert seen[-1] == (90, 90)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_larger_run_begins_with_the_smaller_one(small: Result) -> None:
    larger = sim.simulate(small.scenario, 50, seed=1).ensemble
    n = small.replicates
    assert (larger.final_path[:n] == small.ensemble.final_path).all()


def test_the_summary_answers_a_newcomer(result: Result) -> None:
    text = str(result.summary())
    assert max(len(line) for line in text.splitlines()) <= 100
    for words in (
        "194 countries, 96 futures, seed 0",
        "Who signs with whom by December 2030",
        "Likeliest partners of us infrastructure, 10 slots",
        "South Korea: odds in December 2030, and why",
        "MW contracted",
        "USD million of funds",
        "model parameters are assumptions",
        "not how far the world can",
    ):
        assert words in text
    likeliest = next(s for s in result.summary().sections if s.heading.startswith("Likeliest"))
    assert sum("%" in line for line in likeliest.lines[1:11]) == 10


def test_the_summary_looks_at_the_country_asked_for(result: Result) -> None:
    assert "Brazil: odds in" in str(result.summary("BRA"))
    # A country that does not decide is left out.
    assert ": odds in" not in str(result.summary("USA"))


def test_the_summary_lists_partners_at_the_start_apart(today: Result) -> None:
    text = str(today.summary())
    assert "Partners at the start already: " in text
    assert "South Korea (KOR) " not in text


def test_the_summary_of_a_few_futures_has_no_intervals(baseline: Scenario) -> None:
    text = str(sim.simulate(baseline, 2, seed=1).summary())
    assert "nan" not in text


def test_partners_on_record_have_a_caption_of_their_own(baseline: Scenario) -> None:
    usual = "when it first commits to that provider"
    today = load_scenario("today")
    assert moment_of_drivers(baseline, "KOR").startswith(usual)
    assert moment_of_drivers(today, "NOR").startswith(usual)
    held = moment_of_drivers(today, "KOR")
    assert held.startswith("with United States (OpenAI for Countries), where it stands on record")
    assert usual in held
    assert "where it stands on record" in " ".join(str(sim.simulate(today, 4).summary()).split())
