"""Manifests: read strictly, held to their own digest, to their run id and to the data package."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from experiment.short_sweeps import short_scenario
from experiment.stored_copies import Manifest, linked, manifest_of
from sim.errors import ResultError, RunError, SimError
from sim.experiment import Comparison, Result
from sim.experiment.file_bytes import sha256
from sim.experiment.store import claims, identity
from sim.experiment.store.manifest import (
    DIGEST,
    MANIFEST_FILE,
    digest_of_manifest,
    read_claimed_manifest,
    read_manifest,
    sealed,
)
from sim.experiment.store.strict_json import DEEPEST, read_json
from sim.experiment.sweeps.finished import list_sweeps


def put(path: str, value: Any) -> Callable[[Manifest], None]:
    """Return a change of one entry, named by its keys."""

    def change(manifest: Manifest) -> None:
        *above, last = path.split("/")
        place: Any = manifest
        for key in above:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value

    return change


def test_a_manifest_carries_the_digest_of_its_other_entries(run: Path) -> None:
    manifest = manifest_of(run)
    assert [*manifest][-1] == DIGEST
    assert manifest[DIGEST] == digest_of_manifest(manifest)
    assert read_manifest(run) == manifest


EDITS: dict[str, Callable[[Manifest], object]] = {
    "seed": put("seed", 7),
    "replicates": put("replicates", 5000),
    "title": put("scenarios/0/content/title", "Another"),
    "source files": put("scenarios/0/source_files", ["other.yaml"]),
    "parameter set": put("scenarios/0/parameter_set", "other"),
    "created by": put("created_by", "alignsim 9"),
    "command line": put("command_line", ["alignsim", "run", "other"]),
    "versions": put("versions/numpy", "9"),
    "no files": lambda m: [m["files"].pop(name) for name in [*m["files"]][1:]],
    "another key": put("verdict", "good"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_manifest_is_refused_and_replay_says_so(
    small: Result, run: Path, tmp_path: Path, edit: str
) -> None:
    manifest = manifest_of(run)
    EDITS[edit](manifest)
    folder = linked(run, tmp_path, manifest)
    with pytest.raises(ResultError, match=r"it was changed since it was written(.|\n)*--fresh"):
        sim.load_run(folder)
    with pytest.raises(ResultError, match="it was changed since it was written"):
        small.save(tmp_path)
    report = sim.replay(folder)
    assert not report.agrees
    assert report.is_manifest_as_written is False
    assert "  Manifest: changed since it was written" in report.lines()


@pytest.mark.parametrize("edit", ["seed", "replicates", "title", "no files"])
def test_a_manifest_without_a_digest_is_held_to_its_run_id_and_files(
    small: Result, run: Path, tmp_path: Path, edit: str
) -> None:
    """Earlier versions wrote none, and whoever edits a manifest can take it away."""
    manifest = manifest_of(run)
    EDITS[edit](manifest)
    del manifest[DIGEST]
    folder = linked(run, tmp_path, manifest)
    with pytest.raises(RunError, match="is damaged"):
        sim.load_run(folder)
    with pytest.raises(RunError, match="is damaged"):
        small.save(tmp_path)


def test_a_result_without_a_digest_is_opened_and_found(
    small: Result, run: Path, tmp_path: Path
) -> None:
    manifest = manifest_of(run)
    del manifest[DIGEST]
    folder = linked(run, tmp_path, manifest)
    assert isinstance(sim.load_run(folder), sim.StoredRun)
    before = (folder / MANIFEST_FILE).stat().st_mtime_ns
    assert small.save(tmp_path) == folder
    assert (folder / MANIFEST_FILE).stat().st_mtime_ns == before


def test_a_result_of_other_code_is_held_to_the_hashes_it_states(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (identity, claims):
        monkeypatch.setattr(module, "code_digest", lambda: "another")
    for n, path in enumerate(("scenarios/0/content/title", "scenarios/0/name")):
        manifest = manifest_of(run)
        put(path, "another")(manifest)
        del manifest[DIGEST]
        with pytest.raises(ResultError, match=r"do not follow from the inputs.*: scenarios"):
            sim.load_run(linked(run, tmp_path / str(n), manifest))


def test_replay_names_what_nothing_vouches_for(
    small: Result, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = sim.replay(run)
    assert report.is_manifest_as_written
    assert report.lines()[-1] == (
        "  Not verified: created_by, command_line, git_revision, source_files, "
        "parameter_set; all of run_log.json"
    )
    # One without a digest, under the code that always writes one, was changed.
    manifest = manifest_of(run)
    del manifest[DIGEST]
    assert sim.replay(linked(run, tmp_path / "now", manifest)).is_manifest_as_written is False
    # One of an earlier version has none.
    monkeypatch.setattr(sim.experiment.replaying, "code_digest", lambda: "another")
    earlier = sim.replay(linked(run, tmp_path / "then", manifest))
    assert earlier.is_manifest_as_written is None
    assert "  Manifest: written by an earlier version, without its own digest" in (earlier.lines())


def nested(levels: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


WRONG: dict[str, Callable[[Manifest], object]] = {
    "infinite seed": put("seed", float("inf")),
    "no number of futures": put("replicates", float("nan")),
    "fraction": put("seed", 1.5),
    "text for a number": put("seed", "1"),
    "true for a number": put("seed", True),
    "seed out of range": put("seed", -1),
    "huge number": put("futures_per_draw", 10**400),
    "kind of another": put("kind", "comparison"),
    "kind of none": put("kind", "essay"),
    "kind of a sweep": put("kind", "sweep"),
    "run id": put("run_id", "../../x"),
    "text for a list": put("scenarios", "baseline"),
    "no scenario": put("scenarios", []),
    "list for a map": put("scenarios", [[1]]),
    "list for a text": put("scenarios/0/name", [1]),
    "deep scenarios": put("scenarios", nested(600)),
    "deep content": put("scenarios/0/content/deep", nested(DEEPEST)),
    "half a letter": put("scenarios/0/content/title", "\ud800"),
    "no files": put("files", {}),
    "list of files": put("files", [1]),
    "file without size": put("files/countries.csv", {"sha256": "0"}),
    "file elsewhere": put("files/..\\x", {"bytes": 1, "sha256": "0"}),
    "size below zero": put("files/countries.csv/bytes", -1),
    "sweep of a run": put("sweep", {"name": "x"}),
    "digest that is none": put(DIGEST, 3),
    "no digest, in so many words": put(DIGEST, None),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_manifest_of_the_wrong_form_is_refused_in_words(
    small: Result, run: Path, tmp_path: Path, wrong: str
) -> None:
    manifest = manifest_of(run)
    WRONG[wrong](manifest)
    if isinstance(manifest[DIGEST], str):
        # Its digest agrees: the form is refused, not the change.
        try:
            manifest = sealed(manifest)
        except UnicodeEncodeError:
            assert wrong == "half a letter"
    folder = linked(run, tmp_path, manifest)
    for reader in (sim.load_run, sim.replay):
        with pytest.raises(ResultError, match=r"manifest\.json is damaged"):
            reader(folder)
    with pytest.raises(ResultError, match=r"manifest\.json is damaged"):
        small.save(tmp_path)


def test_an_entry_comes_once(run: Path, tmp_path: Path) -> None:
    """Python takes the last of two, other readers the first."""
    text = (run / MANIFEST_FILE).read_text("utf-8").replace("{", '{"seed": 9,', 1)
    with pytest.raises(ResultError, match="a key appears twice"):
        read_claimed_manifest(linked(run, tmp_path, text))


def test_a_manifest_has_a_largest_size(run: Path, tmp_path: Path) -> None:
    text = (run / MANIFEST_FILE).read_text("utf-8") + " " * 10_000_000
    with pytest.raises(ResultError, match="more than 10,000,000 bytes"):
        read_claimed_manifest(linked(run, tmp_path, text))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150)
@given(data=st.data(), value=PLAIN)
def test_no_change_of_an_entry_ends_in_a_traceback(
    run: Path,
    sweep: Path,
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    value: Any,
) -> None:
    folder = data.draw(st.sampled_from([run, sweep]))
    manifest = manifest_of(folder)
    place: Any = manifest
    while True:
        key = data.draw(st.sampled_from([*place] if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    has_digest = data.draw(st.booleans())
    manifest = sealed(manifest) if has_digest else {k: manifest[k] for k in manifest if k != DIGEST}
    root = tmp_path_factory.mktemp("edited")
    copy = linked(folder, root, manifest)
    # Whatever else were to escape fails the test.
    with suppress(SimError):
        assert sim.load_run(copy).manifest == manifest
    assert len(list_sweeps(root)) <= 1


def test_json_is_read_strictly() -> None:
    for text in (b"NaN", b"-Infinity", b"1e999", b'"\\ud800"', b"[" * 100_000, b"\xff", b""):
        with pytest.raises(ValueError, match=r"\w"):
            read_json(text)
    assert read_json(b'{"a": [1, 1.5, null, "\xc3\xb4"]}') == {"a": [1, 1.5, None, "ô"]}


def test_a_result_in_the_place_of_another_is_refused(run: Path, tmp_path: Path) -> None:
    folder = linked(run, tmp_path, manifest_of(run))
    other = sim.simulate(short_scenario(), 8, seed=3)
    folder.rename(folder.with_name(other.inputs.run_id)).rename(tmp_path / other.inputs.folder)
    with pytest.raises(ResultError, match="the name of its folder"):
        sim.load_run(tmp_path / other.inputs.folder)
    with pytest.raises(ResultError, match="other values for run_id, seed, replicates, last_month"):
        other.save(tmp_path)


def test_manifest_and_data_package_must_say_the_same(run: Path, tmp_path: Path) -> None:
    """A table that is damaged before its digest is taken differs from the one that was counted."""
    manifest = manifest_of(run)
    folder = linked(run, tmp_path, manifest)
    (folder / "totals.csv").unlink()
    (folder / "totals.csv").write_bytes(b"scenario\n")
    manifest["files"]["totals.csv"] = {"bytes": 9, "sha256": sha256(b"scenario\n")}
    (folder / MANIFEST_FILE).write_text(json.dumps(sealed(manifest)), "utf-8")
    with pytest.raises(ResultError, match=r"it and the data package differ about totals\.csv"):
        sim.load_run(folder)


def test_a_comparison_is_held_to_its_manifest_too(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "whole")
    manifest = manifest_of(folder)
    put("scenarios/1/content/title", "Another")(manifest)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ResultError, match="it was changed since it was written"):
        sim.load_run(folder)
    del manifest[DIGEST]
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ResultError, match=r"do not follow from the inputs.*: scenarios"):
        sim.load_run(folder)


# A sweep's own entries.
SWEEP_EDITS: dict[str, Callable[[Manifest], object]] = {
    "title": put("sweep/title", "Another"),
    "description": put("sweep/description", "Another"),
    "sources": put("sweep/sources", ["Another"]),
    "points": put("sweep/n_points", 3),
    "method": put("sweep/method", "by hand"),
    "design": put("sweep/design_hash", "0" * 64),
    "address": put("sweep/fields/local_control", "providers.us.linkage"),
    "name": put("sweep/name", "../x"),
    "field": lambda m: m["sweep"].update(fields={"elsewhere": "elsewhere"}),
}


@pytest.mark.parametrize("edit", SWEEP_EDITS)
def test_a_sweep_is_held_to_its_manifest(sweep: Path, tmp_path: Path, edit: str) -> None:
    manifest = manifest_of(sweep)
    SWEEP_EDITS[edit](manifest)
    with pytest.raises(ResultError, match="it was changed since it was written"):
        sim.load_run(linked(sweep, tmp_path / "with", manifest))
    assert list_sweeps(tmp_path / "with") == ()
    with pytest.raises(ResultError, match=r"damaged|cannot be read"):
        sim.load_run(linked(sweep, tmp_path / "sealed", sealed(manifest)))
    del manifest[DIGEST]
    with pytest.raises(ResultError, match=r"damaged|cannot be read"):
        sim.load_run(linked(sweep, tmp_path / "without", manifest))


def test_bad_folders_do_not_hide_good_ones(sweep: Path, tmp_path: Path) -> None:
    good = linked(sweep, tmp_path, manifest_of(sweep))
    for n in range(5):
        bad = good.with_name(f"{n:016x}")
        bad.mkdir()
        # A copy in the place of another, and a manifest that is a folder.
        (bad / MANIFEST_FILE).write_text((good / MANIFEST_FILE).read_text("utf-8"), "utf-8")
    good.with_name("f" * 16).mkdir()
    (good.with_name("f" * 16) / MANIFEST_FILE).mkdir()
    hidden = good.with_name(f".{good.name}.partial-1-aaaa")
    hidden.mkdir()
    (hidden / MANIFEST_FILE).hardlink_to(good / MANIFEST_FILE)
    assert [entry.path for entry in list_sweeps(tmp_path, most=1)] == [good]
