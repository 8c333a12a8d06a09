"""The scenario as a factor: the same points in each scenario, differences within a scenario."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files
from sim.analysis.sweeps.shown import shown_sweep
from sim.scenario import Scenario

DESIGN = sim.Design.grid({"local_control": [0.1, 0.9], "providers.us.linkage": [0, 0.5, 1]})


@pytest.fixture(scope="module")
def pair() -> tuple[Scenario, Scenario]:
    one = few_countries()
    return one, one.with_changes({"name": "other", "providers.us.linkage": 0.9})


@pytest.fixture(scope="module")
def found(pair: tuple[Scenario, Scenario], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sim.sweep(pair, DESIGN, REPLICATES, out=tmp_path_factory.mktemp("factor")).path


def opened(path: Path) -> sim.StoredSweep:
    found = sim.load_run(path)
    assert isinstance(found, sim.StoredSweep)
    return found


def test_each_scenario_has_the_points_that_it_has_alone(
    pair: tuple[Scenario, Scenario], found: Path, tmp_path: Path
) -> None:
    both = opened(found)
    assert [scenario.name for scenario in both.scenarios] == ["small", "other"]
    for scenario in pair:
        alone = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
        one = both.within(scenario.name)
        for table in ("points", "outcomes", "countries"):
            pd.testing.assert_frame_equal(one.frame(table), alone.frame(table))


def test_point_0_is_each_scenario_as_it_stands(found: Path) -> None:
    points = opened(found).points
    stands = points[points["is_baseline"]]
    assert stands["scenario"].tolist() == ["small", "other"]
    assert stands["point"].tolist() == [0, 0]
    assert stands["providers.us.linkage"].tolist() == [0.0, 0.9]
    outcomes = opened(found).outcomes
    assert (outcomes[outcomes["point"] == 0]["difference"] == 0).all()


def test_its_bytes_do_not_depend_on_how_it_was_made(
    pair: tuple[Scenario, Scenario], found: Path, tmp_path: Path
) -> None:
    again = sim.sweep(pair, DESIGN, REPLICATES, out=tmp_path, workers=1)
    assert files(again) == files(opened(found))
    assert sim.replay(again.path).agrees


def test_fields_are_told_for_each_scenario(found: Path) -> None:
    fields = pd.read_csv(found / "fields.csv")
    assert fields["scenario"].tolist() == ["small", "small", "other", "other"]
    assert fields["role"].tolist() == ["lever"] * 4
    assert fields["value"].tolist() == [0.4, 0.0, 0.4, 0.9]


def test_one_scenario_is_shown_at_a_time(found: Path) -> None:
    sweep = opened(found)
    for name, stands in (("small", 0.0), ("other", 0.9)):
        shown = shown_sweep(sweep, scenario=name)
        assert shown.cells[0] == (0.4, stands)
        assert shown.known["point"].tolist() == [*range(7)]
    with pytest.raises(sim.InputError, match=r"Choose one of small, other\."):
        shown_sweep(sweep, scenario="third")


def test_scenarios_that_do_not_go_together_are_refused(
    pair: tuple[Scenario, Scenario], tmp_path: Path
) -> None:
    one, _ = pair
    longer = one.with_changes({"name": "longer", "horizon.end": "2025-09"})
    with pytest.raises(sim.InputError) as caught:
        sim.sweep([one, one, longer], DESIGN, out=tmp_path)
    said = [problem.message for problem in caught.value.problems]
    assert said == [
        "scenario longer ends in 2025-09 and small in 2025-08: their outcomes belong to different "
        "months.",
        "scenario small is listed twice.",
    ]
    with pytest.raises(sim.InputError, match="at least one scenario"):
        sim.sweep([], DESIGN, out=tmp_path)


def test_a_lever_must_be_there_and_mean_the_same_in_each(
    pair: tuple[Scenario, Scenario], tmp_path: Path
) -> None:
    one, other = pair
    lever = one.to_dict()["levers"]["local_control"]
    without = other.with_changes({"levers.local_control": None})
    with pytest.raises(sim.InputError, match="is not a lever or an address of scenario other"):
        sim.sweep([one, without], DESIGN, out=tmp_path)
    moved = {**lever, "target": "providers.china.offers.cloud.local_control"}
    differs = other.with_changes({"levers.local_control": moved})
    with pytest.raises(sim.InputError, match="Sweep the address that you mean"):
        sim.sweep([one, differs], DESIGN, out=tmp_path)


def test_a_point_that_one_scenario_refuses_is_told_with_its_scenario(
    pair: tuple[Scenario, Scenario], tmp_path: Path
) -> None:
    one, other = pair
    low = "providers.us.offers.infrastructure.data_centre_mw_min"
    narrow = other.with_changes(
        {low: 10, "providers.us.offers.infrastructure.data_centre_mw_max": 300}
    )
    design = sim.Design.grid({low: [100, 500]})
    with pytest.raises(sim.InputError, match=r"^scenario other, point 2 "):
        sim.sweep([one, narrow], design, out=tmp_path)
    assert not [*tmp_path.iterdir()]
