"""The catalogue says what a folder of results holds, and what of it is not whole."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from catalogues import REPLICATES, copied
from experiment.short_sweeps import short_scenario
from experiment.stored_copies import manifest_of
from sim.errors import InputError, ResultError
from sim.experiment.catalogue.base_differences import Bases
from sim.experiment.catalogue.choosing import shortest_ids
from sim.experiment.store.sweep_folders import MARK_FILE, UNFINISHED
from sim.experiment.store.writers import HeldLock
from sim.experiment.sweeps.finished import list_sweeps

Folders = dict[str, Path]
NO_ID = "0123456789abcdef"


def root_of(folders: Folders) -> Path:
    return folders["run"].parents[1]


def statuses(root: Path) -> dict[str, tuple[str, str]]:
    """Return status and problem of each result, by its folder below the root."""
    return {e.place.below_root: (e.status, e.problem) for e in sim.results(root)}


def begin_sweep(root: Path, n_chunks: int, n_written: int) -> Path:
    """Write what a sweep that was stopped leaves, with empty chunks."""
    folder = root / "sweeps" / "stopped" / f"{NO_ID}{UNFINISHED}"
    folder.mkdir(parents=True)
    (folder / MARK_FILE).write_text(json.dumps({"n_points": 99, "n_chunks": n_chunks}), "utf-8")
    for chunk in range(n_written):
        (folder / f"{chunk:06d}.json").write_text("{}", "utf-8")
    return folder


def half_written(folder: Path) -> Path:
    """Write what a writer of a result leaves that is killed."""
    partial = folder.with_name(f".{folder.name}.partial-1-ab")
    partial.mkdir(parents=True)
    (partial / "countries.csv").write_text("country\n", "utf-8")
    return partial


def test_every_kind_is_listed_with_what_its_manifest_says(results_of_each_kind: Folders) -> None:
    found = sim.results(root_of(results_of_each_kind))
    table = found.table.set_index("run_id")
    assert len(found) == len(results_of_each_kind)
    assert table["is_whole"].all()
    for word, folder in results_of_each_kind.items():
        row, manifest = table.loc[folder.name], manifest_of(folder)
        assert row["seed"] == manifest["seed"]
        assert row["replicates"] == REPLICATES
        assert row["n_points"] == {"comparison": 2, "sweep": 3}.get(word, 1)
        assert row["result_kind"] == manifest["kind"]
        assert root_of(results_of_each_kind) / row["folder"] == folder
        assert row["n_bytes"] == sum(path.stat().st_size for path in folder.iterdir())
        assert dt.datetime.fromisoformat(str(row["finished"])).year >= 2026
    assert table.loc[results_of_each_kind["comparison"].name, "compared_with"] == "small"
    assert table["compared_with"].notna().sum() == 1


def test_the_latest_comes_first(results_of_each_kind: Folders, tmp_path: Path) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    for word, day in (("run", "2026-01-02"), ("changed", "2026-01-04"), ("sweep", "2026-01-03")):
        log = folders[word] / "run_log.json"
        log.write_text(json.dumps({"finished_utc": f"{day}T12:00:00+00:00"}), "utf-8")
    found = sim.results(tmp_path / "results").filter(until="2026-01-31")
    assert [entry.run_id for entry in found] == [
        folders[word].name for word in ("changed", "sweep", "run")
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"finished_utc": 7}', '{"finished_utc": "now"}'])
def test_without_a_log_the_day_is_that_of_the_manifest(
    results_of_each_kind: Folders, tmp_path: Path, text: str
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    (folders["run"] / "run_log.json").write_text(text, "utf-8")
    os.utime(folders["run"] / "manifest.json", (1e9, 1e9))
    (entry,) = sim.results(tmp_path / "results").filter(until="2001-12-31")
    assert (entry.run_id, str(entry.finished)) == (folders["run"].name, "2001-09-09 01:46:40")
    assert entry.is_whole


def test_what_a_run_changes_is_told_by_lever_and_address(tmp_path: Path) -> None:
    baseline = sim.load_scenario("baseline")
    changes = {"horizon.end": "2025-07", "providers.us.linkage": 0.9}
    run = sim.simulate(baseline.with_changes(changes), 4).save(tmp_path)
    early = sim.simulate(baseline, 4, as_of="2025-06").save(tmp_path)
    twenty = sim.load_scenario("twenty-slots").with_changes({"parameters.w_peer": 0.25})
    extended = sim.simulate(twenty, 4, as_of="2025-06").save(tmp_path)
    table = sim.results(tmp_path).table.set_index("run_id")
    assert table.loc[run.name, "differs"] == "horizon.end=2025-07; linkage=0.9"
    assert table.loc[early.name, "differs"] == "as of 2025-06"
    # The change for this run first, then what the file says of the one that it extends.
    told = table.loc[extended.name, "differs"]
    assert told == "as of 2025-06; parameters.w_peer=0.25; slots=20"
    assert table["base"].unique().tolist() == ["baseline"]


def test_what_sweeps_and_comparisons_change(results_of_each_kind: Folders) -> None:
    table = sim.results(root_of(results_of_each_kind)).table.set_index("run_id")
    assert table.loc[results_of_each_kind["sweep"].name, "differs"] == "varies local_control"
    comparison = table.loc[results_of_each_kind["comparison"].name]
    assert comparison["differs"] == "providers.us.linkage=0.9"
    assert comparison["base"] == "small"


def test_a_sweep_of_several_scenarios_is_told_as_one(tmp_path: Path) -> None:
    several = [sim.load_scenario(name) for name in ("baseline", "twenty-slots")]
    short = [each.with_changes({"horizon.end": "2025-08"}) for each in several]
    sim.sweep(short, sim.Design.grid({"linkage": [0.2, 0.8]}), 4, out=tmp_path)
    found = sim.results(tmp_path)
    (row,) = found.table.to_dict("records")
    assert (row["scenario"], row["differs"]) == ("baseline, twenty-slots", "varies linkage")
    for name in ("baseline", "twenty-slots"):
        assert len(found.filter(scenario=name)) == 1
    assert len(found.filter(scenario="today")) == 0


def test_without_its_file_a_run_is_told_by_its_command(results_of_each_kind: Folders) -> None:
    command = ["alignsim", "run", "x", "--set", "a.b=1", "--lever", "c=d=2"]
    manifest = manifest_of(results_of_each_kind["run"]) | {"command_line": command}
    found = Bases().differing(manifest)
    assert (found.base, found.parts()) == ("", ["a.b=1", "c=d=2"])


def test_a_manifest_of_another_version_is_listed(results_of_each_kind: Folders) -> None:
    manifest = manifest_of(results_of_each_kind["run"])
    content = {"title": "Old", "levers": ["none"], "unheard_of": {"of": [1, {"now": None}]}}
    manifest["scenarios"][0] |= {"content": content, "source_files": ["baseline.yaml"]}
    parts = Bases().differing(manifest).parts()
    assert "unheard_of.of=1; now none" in parts
    assert "no horizon.start" in parts


def test_what_is_not_whole_is_listed_with_the_reason(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    (folders["run"] / "totals.csv").unlink()
    with (folders["changed"] / "totals.csv").open("a") as file:
        file.write("x")
    (folders["comparison"] / "manifest.json").write_text("{", "utf-8")
    shutil.copytree(folders["sweep"], root / "sweeps" / "other" / folders["sweep"].name)
    shutil.copytree(folders["sweep"], folders["sweep"].with_name(NO_ID))
    begin_sweep(root, 8, 2)
    half_written(root / "half" / NO_ID)
    here = folders["sweep"].relative_to(root).as_posix()
    misplaced = ("damaged", f"it belongs in {here}, not in this folder")
    found = statuses(root)
    assert found.pop(here) == ("whole", "")
    damaged = found.pop(folders["comparison"].relative_to(root).as_posix())
    assert damaged[0] == "damaged"
    assert "cannot be read" in damaged[1]
    assert found == {
        folders["run"].relative_to(root).as_posix(): ("damaged", "without totals.csv"),
        folders["changed"].relative_to(root).as_posix(): (
            "damaged",
            "of another size than written: totals.csv",
        ),
        f"sweeps/other/{folders['sweep'].name}": misplaced,
        f"sweeps/small/{NO_ID}": misplaced,
        f"sweeps/stopped/{NO_ID}{UNFINISHED}": (
            "unfinished",
            "25 % of its points are done; the command that began it continues it",
        ),
        f"half/.{NO_ID}.partial-1-ab": (
            "unfinished",
            "half written by a process that was killed; its command writes it again",
        ),
    }


def test_what_a_process_works_on_is_running(tmp_path: Path) -> None:
    stopped = begin_sweep(tmp_path, 8, 2)
    partial = half_written(tmp_path / "half" / NO_ID)
    with HeldLock(stopped.with_name(NO_ID)), HeldLock(partial.with_name(NO_ID)):
        assert [entry.status for entry in sim.results(tmp_path)] == ["running", "running"]
    assert [entry.status for entry in sim.results(tmp_path)] == ["unfinished", "unfinished"]


def test_a_lock_whose_process_is_dead_holds_nothing(tmp_path: Path) -> None:
    stopped = begin_sweep(tmp_path, 8, 2)
    script = (
        "import os, sys; from pathlib import Path;"
        "from sim.experiment.store.writers import HeldLock;"
        "HeldLock(Path(sys.argv[1])).__enter__(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, stopped.with_name(NO_ID)], check=True)
    assert [*stopped.parent.glob(".*.lock-*")] != []
    assert [entry.status for entry in sim.results(tmp_path)] == ["unfinished"]


def test_a_sweep_is_running_while_it_makes_chunks(tmp_path: Path) -> None:
    seen: list[str] = []

    def look(done: int, total: int) -> None:
        if 0 < done < total:
            seen.extend(entry.status for entry in sim.results(tmp_path))

    design = sim.Design.grid({"local_control": [k / 20 for k in range(20)]})
    found = sim.sweep(short_scenario(), design, 8, out=tmp_path, workers=1, progress=look)
    assert set(seen) == {"running"}
    # Nothing is left beside the result.
    assert [path.name for path in found.path.parent.iterdir()] == [found.path.name]


def test_an_unfinished_sweep_with_a_damaged_note_has_an_unknown_share(tmp_path: Path) -> None:
    (begin_sweep(tmp_path, 8, 2) / MARK_FILE).write_text('{"n_chunks": 0}', "utf-8")
    (entry,) = sim.results(tmp_path)
    assert entry.problem.startswith("an unknown share of its points are done")


def test_a_sweep_that_runs_again_is_listed_as_it_stands(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    sweep = folders["sweep"]
    begin_sweep(tmp_path / "results", 8, 2).rename(sweep.with_name(f"{sweep.name}{UNFINISHED}"))
    half_written(sweep)
    (entry,) = (e for e in sim.results(tmp_path / "results") if e.run_id == sweep.name)
    assert entry.is_whole


def test_a_result_left_aside_is_put_back(results_of_each_kind: Folders, tmp_path: Path) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    run = folders["run"]
    run.rename(run.with_name(f".{run.name}.replaced-1-ab"))
    assert statuses(tmp_path / "results")[f"small/{run.name}"] == ("whole", "")


def test_what_is_not_a_result_is_named_and_not_listed(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    copied(results_of_each_kind, root)
    n_results = len(sim.results(root))
    for name in ("notes", "notes/0123", "forecasts", "reference/baseline", f"empty/{NO_ID}"):
        (root / name).mkdir(parents=True)
    (root / "forecasts" / "today_2026-11-29_98731405.csv").write_text("x", "utf-8")
    (root / "README.md").write_text("x", "utf-8")
    (root / "odd \n'\"[*]").mkdir()
    (root / "a-link").symlink_to(root / "nowhere")
    found = sim.results(root)
    assert len(found) == n_results
    assert set(found.others) == {"notes", "odd \n'\"[*]", "empty"}


def test_filters_join(results_of_each_kind: Folders) -> None:
    found = sim.results(root_of(results_of_each_kind))
    assert [e.place.kind for e in found.filter(kind="sweep")] == ["sweep"]
    assert [e.run_id for e in found.filter(kind="run", seed=2)] == [
        results_of_each_kind["changed"].name
    ]
    assert len(found.filter(scenario="small")) == len(found)
    assert len(found.filter(scenario="small", since="2001-01-01", is_whole=True)) == len(found)
    assert len(found.filter(until=dt.date(2001, 1, 1))) == 0
    assert len(found.filter(seed=7)) == len(found.filter(is_whole=False)) == 0
    assert len(found.filter(scenario="big")) == 0


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        ({"kind": "runs"}, "kind = 'runs' is not a kind of result"),
        ({"kind": ["run"]}, r"kind = \['run'\] is not a kind of result"),
        ({"scenario": 3}, "scenario = 3 is not a name"),
        ({"since": "yesterday"}, "since = 'yesterday' is not a day"),
        ({"until": "2026-02-30"}, "until = '2026-02-30' is not a day"),
        ({"until": 20260101}, "until = 20260101 is not a day"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "since = 2026-02-02 is later than until"),
        ({"seed": 1.5}, "seed = 1.5 is not a whole number"),
        ({"seed": True}, "seed = True is not a whole number"),
        ({"is_whole": "yes"}, "is_whole = 'yes' must be True, False or None"),
    ],
)
def test_a_filter_of_the_wrong_kind_is_refused(
    results_of_each_kind: Folders, choice: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        sim.results(root_of(results_of_each_kind)).filter(**choice)  # type: ignore[arg-type]


def test_a_result_is_opened_by_its_first_digits(results_of_each_kind: Folders) -> None:
    found = sim.results(root_of(results_of_each_kind))
    short = shortest_ids(found.entries, least=1)
    for word, kind in (
        ("run", sim.StoredRun), ("comparison", sim.StoredComparison), ("sweep", sim.StoredSweep)
    ):  # fmt: skip
        folder = results_of_each_kind[word]
        for given in (folder.name, short[folder.name], folder, folder.name.upper()):
            opened = found.open(given)
            assert isinstance(opened, kind)
            assert opened.path == folder


def test_an_identifier_that_fits_none_or_many_is_refused(results_of_each_kind: Folders) -> None:
    found = sim.results(root_of(results_of_each_kind))
    for given in ("xyz", "", "é'*", "../..", 7, None):
        with pytest.raises(InputError, match=r"no result in .* begins with"):
            found.open(given)  # type: ignore[arg-type]
    twins = [entry for entry in found for _ in range(2)]
    assert shortest_ids(twins) == {e.run_id: e.run_id[:8] for e in found}


def test_an_ambiguous_identifier_names_those_that_fit(tmp_path: Path) -> None:
    for last in "ab":
        half_written(tmp_path / "half" / f"{NO_ID[:-1]}{last}")
    found = sim.results(tmp_path)
    with pytest.raises(InputError, match=r"2 results in .*\n  Give more digits of one of 0123"):
        found.open("0123")
    assert set(shortest_ids(found.entries).values()) == {NO_ID[:-1] + "a", NO_ID[:-1] + "b"}


def test_what_is_not_finished_cannot_be_opened(tmp_path: Path) -> None:
    begin_sweep(tmp_path, 8, 2)
    with pytest.raises(ResultError, match=r"is not finished: 25 % of its points are done"):
        sim.results(tmp_path).open(NO_ID)


@pytest.mark.parametrize("given", ["nowhere", "file", 7, ""])
def test_a_root_that_is_no_folder_is_refused(tmp_path: Path, given: object) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    path = tmp_path / given if isinstance(given, str) and given else given
    with pytest.raises(InputError, match="folder"):
        sim.results(path)  # type: ignore[arg-type]


def test_the_folder_of_one_result_is_not_a_root(results_of_each_kind: Folders) -> None:
    with pytest.raises(InputError, match=r"this is the folder of one result.\n  Name the folder"):
        sim.results(results_of_each_kind["run"])


def test_an_empty_root_has_no_results(tmp_path: Path) -> None:
    found = sim.results(tmp_path)
    assert (len(found), found.table.empty, found.others) == (0, True, ())
    assert found.query("select count(*) n from results")["n"].tolist() == [0]


def test_the_list_of_sweeps_is_that_of_the_catalogue(results_of_each_kind: Folders) -> None:
    (entry,) = list_sweeps(root_of(results_of_each_kind))
    assert entry.path == results_of_each_kind["sweep"]
