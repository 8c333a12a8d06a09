"""Points that fail: a row with the error, the others whole, and another try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files
from sim.experiment.sweeps import failing
from sim.experiment.sweeps.point_tables import point_tables
from sim.experiment.sweeps.points import Points

LOW = "providers.us.offers.infrastructure.data_centre_mw_min"
DESIGN = sim.Design.grid({"local_control": [n / 20 for n in range(20)]})


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let points 5 and 12 fail after they have run."""

    def tables(points: Points, fields: Any) -> Any:
        if {5, 12} & {*points.numbers}:
            raise ZeroDivisionError("nothing to\nshare")
        return point_tables(points, fields)

    monkeypatch.setattr(failing, "point_tables", tables)
    return monkeypatch


def test_a_failed_point_is_a_row_with_its_error(broken: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path)
    assert found.n_failed == 2
    failed = found.failed
    assert failed["point"].tolist() == [5, 12]
    assert {*failed["error"]} == {"ZeroDivisionError: nothing to share"}
    assert failed["scenario_hash"].isna().all()
    assert failed["local_control"].tolist() == [0.2, 0.55]
    assert found.points["point"].tolist() == [*range(21)]
    rest = {*range(21)} - {5, 12}
    for table in (found.outcomes, found.countries):
        assert {*table["point"]} == rest


def test_the_same_call_tries_failed_points_again_and_those_alone(
    broken: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path / "a")
    broken.undo()
    ran: list[int] = []

    def counted(points: Points, fields: Any) -> Any:
        ran.extend(points.numbers)
        return point_tables(points, fields)

    broken.setattr(failing, "point_tables", counted)
    again = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path / "a")
    assert sorted(ran) == [5, 12]
    assert (again.path, again.n_failed) == (first.path, 0)
    unbroken = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path / "b")
    assert files(again) == files(unbroken)


def test_a_sweep_that_was_stopped_keeps_its_failed_points_until_it_is_whole(
    broken: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Stopped(BaseException):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 16:
            raise Stopped

    with pytest.raises(Stopped):
        sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path, progress=stop)
    found = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path)
    assert found.failed["point"].tolist() == [5, 12]


@pytest.mark.parametrize("error", [MemoryError(), OSError("disk"), sim.RunError("no room")])
def test_what_is_not_the_fault_of_a_point_ends_the_sweep(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(failing, "point_tables", fail)
    with pytest.raises((MemoryError, OSError, sim.RunError)):
        sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path)


def test_points_that_break_a_rule_are_refused_unless_they_may_fail(tmp_path: Path) -> None:
    design = sim.Design.table({LOW: [100, 1500, 200], "local_control": [0.5, 0.5, 2]})
    with pytest.raises(sim.InputError, match="point 3: local_control = 2 must be at most 1"):
        sim.sweep(few_countries(), design, REPLICATES, out=tmp_path)
    assert not [*tmp_path.iterdir()]
    found = sim.sweep(few_countries(), design, REPLICATES, out=tmp_path, invalid_points="fail")
    assert found.failed[["point", "error"]].to_numpy().tolist() == [
        [2, f"{LOW} = 1500 must be at most data_centre_mw_max, which is 1000 MW."],
        [3, "local_control = 2 must be at most 1 (a share from 0 to 1)."],
    ]
    alone = sim.Design.table({LOW: [100], "local_control": [0.5]})
    sound = sim.sweep(few_countries(), alone, REPLICATES, out=tmp_path / "alone")
    pd.testing.assert_frame_equal(found.outcomes, sound.outcomes)
    report = sim.replay(found.path)
    assert report.agrees
    with pytest.raises(sim.InputError, match='invalid_points = "drop" must be refuse or fail'):
        sim.sweep(few_countries(), design, out=tmp_path, invalid_points="drop")
