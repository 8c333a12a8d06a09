"""Points that another sweep has done are taken from it, and give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files
from sim.experiment.sweeps.points import PointRunner

SLOTS = "providers.us.offers.infrastructure.slots"
RANGES = {"local_control": (0.0, 1.0), "providers.us.linkage": (0.0, 1.0)}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list of the points that are computed, point 0 aside."""
    found: list[int] = []
    whole = PointRunner.run

    def counted(self: PointRunner, baseline: Any, numbers: Sequence[int], *rest: Any) -> Any:
        found.extend(numbers)
        return whole(self, baseline, numbers, *rest)

    monkeypatch.setattr(PointRunner, "run", counted)
    return found


def swept(design: sim.Design, root: Path, **given: Any) -> sim.StoredSweep:
    return sim.sweep(few_countries(), design, REPLICATES, out=root, **given)


@pytest.mark.parametrize(
    ("small", "large", "new"),
    [
        (sim.Design.sobol(RANGES, 16), sim.Design.sobol(RANGES, 32), [*range(17, 33)]),
        (
            sim.Design.grid({"local_control": [0, 0.4, 0.8]}),
            sim.Design.grid({"local_control": [0, 0.2, 0.4, 0.6, 0.8]}),
            [2, 4],
        ),
        # By content, whatever the design and the names.
        (
            sim.Design.sobol(RANGES, 4),
            sim.Design.table(
                {
                    "providers.us.linkage": [0.5, *sim.Design.sobol(RANGES, 4).points[::-1, 1]],
                    "providers.us.offers.infrastructure.local_control": [
                        0.5, *sim.Design.sobol(RANGES, 4).points[::-1, 0],
                    ],
                }
            ),
            [1],
        ),
        # Whole numbers: points come twice, in both designs.
        (
            sim.Design.sobol({SLOTS: (5, 12)}, 8, whole=[SLOTS]),
            sim.Design.sobol({SLOTS: (5, 12)}, 32, whole=[SLOTS]),
            [],
        ),
    ],
    ids=("sobol", "grid", "table", "repeated"),
)  # fmt: skip
def test_a_design_that_grows_runs_what_is_new(
    small: sim.Design, large: sim.Design, new: list[int], tmp_path: Path, ran: list[int]
) -> None:
    swept(small, tmp_path / "a")
    ran.clear()
    grown = swept(large, tmp_path / "a")
    assert sorted(ran) == new
    whole = swept(large, tmp_path / "b")
    assert files(grown) == files(whole)


def test_reused_points_count_as_done_from_the_beginning(tmp_path: Path) -> None:
    swept(sim.Design.sobol(RANGES, 4), tmp_path)
    counts: list[tuple[int, int]] = []
    swept(sim.Design.sobol(RANGES, 8), tmp_path, progress=lambda *now: counts.append(now))
    # Point 0 and four others.
    assert counts[0] == (5, 9)
    assert counts[-1] == (9, 9)


def test_a_second_scenario_reuses_the_first(tmp_path: Path, ran: list[int]) -> None:
    one = few_countries()
    other = one.with_changes({"name": "other", "providers.us.linkage": 0.9})
    design = sim.Design.grid({"local_control": [0, 1]})
    swept(design, tmp_path)
    ran.clear()
    both = sim.sweep([one, other], design, REPLICATES, out=tmp_path)
    assert ran == [1, 2]
    apart = sim.sweep([one, other], design, REPLICATES, out=tmp_path / "apart")
    assert files(both) == files(apart)


@pytest.mark.parametrize("change", ["seed", "replicates", "scenario", "fresh"])
def test_other_futures_are_not_reused(change: str, tmp_path: Path, ran: list[int]) -> None:
    small, large = (sim.Design.sobol(RANGES, n) for n in (4, 8))
    swept(small, tmp_path)
    ran.clear()
    scenario = few_countries()
    if change == "scenario":
        # The same point of another scenario has another point 0 to differ from.
        scenario = scenario.with_changes({"providers.us.linkage": 0.7})
    n = REPLICATES + 4 * (change == "replicates")
    seed = 1 + (change == "seed")
    sim.sweep(scenario, large, n, seed, out=tmp_path, fresh=change == "fresh")
    assert sorted(ran) == [*range(1, 9)]


def test_a_damaged_sweep_is_not_reused(tmp_path: Path, ran: list[int]) -> None:
    small, large = (sim.Design.sobol(RANGES, n) for n in (4, 8))
    found = swept(small, tmp_path / "a")
    path = found.path / "points.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    ran.clear()
    grown = swept(large, tmp_path / "a")
    assert sorted(ran) == [*range(1, 9)]
    assert files(grown) == files(swept(large, tmp_path / "b"))


def test_a_sweep_that_is_damaged_while_it_is_reused_is_left_alone(
    tmp_path: Path, ran: list[int]
) -> None:
    small, large = (sim.Design.sobol(RANGES, n) for n in (4, 8))
    found = swept(small, tmp_path / "a")
    ran.clear()

    def damage(done: int, total: int) -> None:
        # Its points have been found, its outcomes have not been read.
        (found.path / "outcomes.parquet").write_bytes(b"")

    grown = swept(large, tmp_path / "a", progress=damage)
    assert {*range(1, 9)} <= {*ran}
    assert files(grown) == files(swept(large, tmp_path / "b"))


def test_invalid_points_of_either_sweep_do_not_matter(tmp_path: Path, ran: list[int]) -> None:
    first = sim.Design.table({"local_control": [0.5, 2]})
    second = sim.Design.table({"local_control": [2, 0.5, 0.75, 3]})
    swept(first, tmp_path, invalid_points="fail")
    ran.clear()
    found = swept(second, tmp_path, invalid_points="fail")
    assert ran == [3]
    assert found.failed["point"].tolist() == [1, 4]
