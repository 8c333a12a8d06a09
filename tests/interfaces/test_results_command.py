"""``alignsim results`` lists, shows and removes, at 80 columns and for machines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import sim
from catalogues import copied
from experiment.short_sweeps import REPLICATES, few_countries
from shell import Shell
from sim.experiment.sweeps import failing
from sim.experiment.sweeps.point_tables import point_tables
from sim.experiment.sweeps.points import Points

Folders = dict[str, Path]
NO_ID = "0123456789abcdef"


def root_of(folders: Folders) -> Path:
    return folders["run"].parents[1]


def test_the_list_has_two_lines_a_result(results_of_each_kind: Folders, shell: Shell) -> None:
    root = root_of(results_of_each_kind)
    said = shell("results", "--results", root)
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == ["id", "kind", "finished", "seed", "futures", "size", "name"]
    assert max(map(len, lines[:-1])) <= 80
    (row,) = (line for line in lines if line.startswith(results_of_each_kind["sweep"].name[:8]))
    assert row.split()[1] == "sweep"
    assert row.split()[3:7] == ["3", "3", "x", "8"]
    assert row.split()[-1] == "small"
    assert lines[lines.index(row) + 1] == f"{'':10}of small; varies local_control"
    assert lines[-1].startswith(f"4 results in {root}, ")
    assert "not whole" not in lines[-1]


def test_a_long_name_has_a_line_of_its_own(tmp_path: Path, shell: Shell) -> None:
    name = "a-scenario-with-a-name-that-has-sixty-letters-which-is-the-m"
    scenario = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-07", "name": name})
    sim.simulate(scenario, 4, seed=2**32 - 1).save(tmp_path)
    lines = shell("results", "--results", tmp_path).out.splitlines()
    assert lines[1].split()[3] == str(2**32 - 1)
    assert max(map(len, lines[:-1])) <= 80
    assert lines[2].startswith(f"{'':10}{name}")


def test_what_is_not_whole_is_told(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    (folders["run"] / "totals.csv").unlink()
    for name in ("notes", "odd\n[31m"):
        (root / name).mkdir()
    said = shell("results", "--results", root, "--not-whole")
    assert f"{'':10}damaged: without totals.csv\n" in said.out
    assert "1 of 4 results in " in said.out
    assert said.out.endswith(", 1 not whole\nNot results: notes, odd\\n[31m\n")
    assert shell("results", "--results", root, "--whole", "--json").data != []


def test_filters_and_data_for_machines(results_of_each_kind: Folders, shell: Shell) -> None:
    root = root_of(results_of_each_kind)
    (row,) = shell("results", "--results", root, "--kind", "comparison", "--json").data
    assert row["run_id"] == results_of_each_kind["comparison"].name
    assert (row["result_name"], row["seed"], row["is_whole"]) == ("small_vs_small", 1, True)
    assert len(shell("results", "--results", root, "--seed", "1", "--json").data) == 2
    assert len(shell("results", "--results", root, "--scenario", "small", "--json").data) == 4
    nothing = shell("results", "--results", root, "--until", "2001-01-01")
    assert nothing.out.startswith("0 of 4 results in ")


def test_an_empty_folder_says_what_makes_results(tmp_path: Path, shell: Shell) -> None:
    said = shell("results", "--results", tmp_path)
    assert said.out == (
        f"No results in {tmp_path}. The commands run, compare and sweep make them.\n"
    )
    assert shell("results", "--results", tmp_path, "--json").data == []


def test_one_result_is_shown_after_reading_it(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    said = shell("results", folders["comparison"].name, "--results", root)
    assert said.out.startswith(f"comparison {folders['comparison'].name}: small_vs_small\n")
    for text in (
        "  status     whole: every file is as it was written\n",
        "  months     2025-05 to 2025-08\n",
        "  futures    8 of each scenario, seed 1\n",
        "  command    from Python\n",
        "  base       small\n",
        "  differs    providers.us.linkage=0.9\n",
    ):
        assert text in said.out
    path = folders["comparison"] / "totals.csv"
    path.write_bytes(path.read_bytes().replace(b"us", b"US"))
    (data,) = shell("results", folders["comparison"].name, "--results", root, "--json").data
    assert data["status"] == "damaged"
    assert "totals.csv is not as written" in data["problem"]
    assert data["differences"][0]["address"] == "providers.us.linkage"


def test_removing_asks_and_needs_somebody_to_ask(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    command = ("results", run.name, "--remove", "--results", root)
    said = shell(*command)
    assert (said.status, said.out) == (2, "")
    assert f"run small: {run}\n" in said.err
    assert "nobody is there to ask.\n  Add --yes to remove them." in said.err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    asked: list[str] = []

    def answer(text: str, **_: object) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(typer, "confirm", answer)
    said = shell(*command)
    assert (said.status, said.err.splitlines()[-1]) == (1, "Nothing was removed.")
    assert run.exists()
    said = shell(*command)
    assert (said.status, said.out) == (0, "Removed: 1 result.\n")
    assert asked[0].startswith("Remove 1 result, ")
    assert not run.exists()


def test_removing_by_a_filter(results_of_each_kind: Folders, tmp_path: Path, shell: Shell) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    said = shell("results", "--kind", "run", "--remove", "--yes", "--json", "--results", root)
    assert set(said.data) == {str(folders["run"]), str(folders["changed"])}
    assert [entry.place.kind for entry in sim.results(root)] != []
    assert shell("results", "--kind", "run", "--remove", "-y", "--results", root).out == (
        "Removed: 0 results.\n"
    )
    (folders["sweep"] / "mine.txt").write_text("x", "utf-8")
    said = shell("results", "--scenario", "small", "--remove", "--yes", "--results", root)
    assert said.status == 1
    assert "holds what does not belong to the result: mine.txt" in said.err
    assert folders["comparison"].exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--remove",), "--remove needs an ID or a filter"),
        (("zzz",), "has an identifier that begins with 'zzz'"),
        (("--since", "soon"), "since = 'soon' is not a day"),
        (("--kind", "runs"), "'runs' is not one of"),
        (("--seed", "-1"), "greater than or equal to 0"),
    ],
)
def test_a_slip_is_told(
    results_of_each_kind: Folders, shell: Shell, arguments: tuple[str, ...], complaint: str
) -> None:
    said = shell("results", *arguments, "--results", root_of(results_of_each_kind))
    assert (said.status, said.out) == (2, "")
    assert complaint in said.err


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path, shell: Shell) -> None:
    for command in (("results",), ("query",), ("query", "from results")):
        said = shell(*command, "--results", tmp_path / "nowhere")
        assert said.status == 2
        assert (
            "this folder does not exist.\n  Name the folder that was given to --results" in said.err
        )


def test_the_list_of_results_says_how_many_failed(
    monkeypatch: pytest.MonkeyPatch, shell: Shell, tmp_path: Path
) -> None:
    def tables(points: Points, fields: Any) -> Any:
        if {2, 4} & {*points.numbers}:
            raise ZeroDivisionError("nothing to share")
        return point_tables(points, fields)

    design = sim.Design.grid({"local_control": [0.1, 0.2, 0.3, 0.4]})
    monkeypatch.setattr(failing, "point_tables", tables)
    sim.simulate(few_countries(), REPLICATES).save(tmp_path)
    failed = sim.sweep(few_countries(), design, REPLICATES, out=tmp_path)
    monkeypatch.undo()
    whole = sim.sweep(few_countries(), design, REPLICATES, seed=2, out=tmp_path)
    table = sim.results(tmp_path).table.set_index("run_id")["n_failed"]
    assert (table[failed.path.name], table[whole.path.name]) == (2, 0)
    assert table.isna().sum() == 1
    words = "2 points failed; the same command tries them again"
    assert shell("results", "--results", tmp_path).out.count(words) == 1
    assert words in shell("results", failed.path.name, "--results", tmp_path).out
    (found,) = shell("results", failed.path.name, "--results", tmp_path, "--json").data
    assert found["n_failed"] == 2
    # A table that cannot be read takes nothing down: a footer of zeros, a file of another kind.
    points = failed.path / "points.parquet"
    size = points.stat().st_size
    for content in (b"\0" * size, b"PAR1" + b"\0" * (size - 8) + b"PAR1"):
        points.write_bytes(content)
        (entry,) = sim.results(tmp_path).filter(kind="sweep", seed=1)
        assert entry.n_failed is None
