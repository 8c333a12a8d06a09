"""The public functions: what they check, and what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment import Result
from sim.experiment.result import plan
from sim.scenario import Scenario, load_scenario
from sim.words.wording import moment_of_drivers


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"replicates": 0}, "replicates = 0 must be a whole number from 1"),
        ({"replicates": 2.5}, r"replicates = 2\.5 must be a whole number"),
        ({"replicates": True}, "replicates = True must be a whole number"),
        ({"replicates": 10**7}, "replicates = 10000000 must be"),
        ({"seed": -1}, "seed = -1 must be a whole number from 0 to 4294967295"),
        ({"seed": 2**32}, "seed = 4294967296 must be"),
        ({"seed": 10**5000}, r"seed = \(a number of 5,001 digits\) must be"),
        ({"seed": "one"}, 'seed = "one" must be'),
        ({"workers": 0}, "workers = 0 must be"),
    ],
)
def test_numbers_out_of_range_are_refused(
    baseline: Scenario, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(sim.InputError, match=message):
        sim.simulate(baseline, **{"replicates": 4, **asked})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("baseline", r"'baseline' is not a loaded(.|\n)*sim\.load_scenario\('baseline'\)"),
        (Path("a.yaml"), r"'a\.yaml' is not a loaded scenario"),
        (None, "a value of type NoneType is not a loaded scenario"),
        ({"name": "x"}, "a value of type dict is not a loaded scenario"),
    ],
)
def test_a_scenario_is_loaded_first(baseline: Scenario, given: Any, message: str) -> None:
    design = sim.Design.grid({"linkage": [0, 1]})
    for ask in (
        lambda: sim.simulate(given, 4),
        lambda: sim.compare(given, baseline, 4),
        lambda: sim.compare(baseline, given, 4),
        lambda: sim.sweep(given, design, 4),
        lambda: sim.AlignmentModel(given),
        lambda: plan((given,), 4, 1),
    ):
        with pytest.raises(sim.InputError, match=message):
            ask()


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
    assert repr(result.summary()) == text
    assert max(len(line) for line in text.splitlines()) <= 100
    for words in (
        "194 countries, 96 futures, seed 0",
        "Who signs with whom by December 2030",
        "Likeliest partners of us infrastructure, 10 slots",
        "South Korea: probabilities in December 2030, and why",
        "MW contracted",
        "USD million of funds",
        "model parameters are assumptions",
        "not how far the world can",
    ):
        assert words in text
    likeliest = next(s for s in result.summary().sections if s.heading.startswith("Likeliest"))
    assert sum("%" in line for line in likeliest.lines[1:11]) == 10


def test_the_summary_looks_at_the_country_asked_for(result: Result) -> None:
    assert "Brazil: probabilities in" in str(result.summary("BRA"))
    assert str(result.summary("bra")) == str(result.summary("BRA"))


def test_a_summary_cannot_look_at_one_that_takes_no_part(result: Result) -> None:
    with pytest.raises(sim.InputError, match=r"focus 'USA' takes no part in the scenario baseline"):
        result.summary("USA")
    with pytest.raises(sim.InputError, match=r"focus 'KRO' is not a country(.|\n)*Did you mean"):
        result.summary("KRO")


def test_a_summary_without_south_korea_looks_at_nobody(small: Result) -> None:
    without = small.scenario.with_changes({"countries.exclude": ["KOR"]})
    run = sim.simulate(without, 4)
    assert ": probabilities in" not in str(run.summary())
    with pytest.raises(sim.InputError, match=r"exclude leaves it out(.|\n)*take it off that list"):
        run.summary("KOR")


def test_the_summary_lists_partners_at_the_start_apart(today: Result) -> None:
    text = str(today.summary())
    assert "Already partners at the start: " in text
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
    assert held.startswith(usual)
    assert held.endswith(
        "for the provider United States (OpenAI for Countries), with whom it has a partnership on "
        "record, in the first month, relative to having none"
    )
    assert "with whom it has a partnership on record" in " ".join(
        str(sim.simulate(today, 4).summary()).split()
    )
