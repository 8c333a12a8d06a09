"""Replaying a stored result and comparing the bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.data import load_facts
from sim.errors import checked_path
from sim.experiment.comparison import compare
from sim.experiment.file_bytes import sha256
from sim.experiment.result import simulate
from sim.experiment.store.claims import UNPROVEN, unfounded_claims
from sim.experiment.store.identity import code_digest, versions
from sim.experiment.store.manifest import DIGEST, MANIFEST_FILE, is_as_sealed, read_claimed_manifest
from sim.experiment.store.recorded import inputs_of
from sim.experiment.store.results import LOG_FILE
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.store.writers import restore_replaced
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.sweeps.running import FAIL, sweep
from sim.experiment.sweeps.stored import sweep_inputs_of
from sim.model.requests import check_extras
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.experiment.store.identity import RunInputs

_SEALS = {
    True: "as it was written, by its own digest",
    False: "changed since it was written",
    None: "written by an earlier version, without its own digest",
}


@dataclass(frozen=True)
class ReplayReport(ShowsItself):
    """Whether a stored result can be reproduced byte for byte.

    Parameters
    ----------
    path : Path
        Folder of the result.
    equal, different, missing, new : tuple of str
        Files whose bytes agree; differ; are no longer produced; were not produced before.
    damaged : tuple of str
        Files on disk that differ from the manifest; the comparison is with the manifest.
    unfounded : tuple of str
        Entries of the manifest that do not follow from the inputs it states.
    is_manifest_as_written : bool or None
        Whether the manifest agrees with its own digest; None if an earlier version wrote it without
        one.
    is_code_equal, are_facts_equal : bool
        Whether the source files and the tables of facts equal those of the result.
    changed_versions : mapping
        Library to its old and present version, where they differ.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sim.simulate(scenario, replicates=8, seed=1).save(folder)
    ...     _ = (path / "totals.csv").write_text("")
    ...     report = sim.replay(path)
    >>> report.agrees, report.damaged, report.different
    (False, ('totals.csv',), ())
    """

    path: Path
    equal: tuple[str, ...]
    different: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]
    damaged: tuple[str, ...]
    unfounded: tuple[str, ...]
    is_manifest_as_written: bool | None
    is_code_equal: bool
    are_facts_equal: bool
    changed_versions: Mapping[str, tuple[str, str]]

    @property
    def agrees(self) -> bool:
        """Whether every file agrees, none on disk is damaged, and the manifest is intact."""
        return not (
            self._differs or self.damaged or self.unfounded or self.is_manifest_as_written is False
        )

    @property
    def _differs(self) -> bool:
        return bool(self.different or self.missing or self.new)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        found = [self._verdict()]
        for words, names in (
            ("Made again with different content", self.different),
            ("No longer made", self.missing),
            ("Made now but not before", self.new),
            ("Changed on disk since it was written", self.damaged),
            (f"In {MANIFEST_FILE}, not what its stated inputs give", self.unfounded),
        ):
            if names:
                found.append(f"  {words}: {', '.join(names)}")
        found.append(f"  Manifest: {_SEALS[self.is_manifest_as_written]}")
        found.append(f"  Code: {'the same' if self.is_code_equal else 'changed since'}")
        found.append(f"  Facts: {'the same' if self.are_facts_equal else 'changed since'}")
        then = [f"{name} {old} then, {new} now" for name, (old, new) in self._versions()]
        found.append(f"  Versions: {'; '.join(then) if then else 'the same'}")
        found.append(f"  Not verified: {', '.join(UNPROVEN)}; all of {LOG_FILE}")
        return found

    def _verdict(self) -> str:
        n = len(self.equal)
        if self.agrees:
            return f"The bytes agree: {n} files of {self.path} were made again and are equal."
        if self._differs:
            stated = n + len(self.different) + len(self.missing)
            return f"The bytes do not agree: of the {stated} files of {self.path} {n} are equal."
        again = f"all {n} files of {self.path} were made again as its manifest says"
        if self.damaged:
            return f"The bytes do not agree: {again}, but the folder was changed since."
        return f"The manifest is damaged: {again}, but it was changed since."

    def _versions(self) -> list[tuple[str, tuple[str, str]]]:
        return sorted(self.changed_versions.items())


def replay(
    path: str | Path,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ReplayReport:
    """Repeat a stored run, comparison or sweep from its manifest and compare the bytes.

    The manifest itself is checked against the inputs that it states, and against its own digest,
    which shows whether it was changed since it was written. Its command line, repository revision,
    version and names of source files are notes: no file depends on them, and nothing verifies them.

    Parameters
    ----------
    path : path
        Folder of the result. It is not changed.
    workers, progress
        As in `sim.experiment.simulate`.

    Returns
    -------
    ReplayReport

    Raises
    ------
    ResultError
        If there is no manifest, or its scenario can no longer be read.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = sim.replay(sim.simulate(scenario, replicates=8, seed=1).save(folder))
    >>> report.agrees, report.different
    (True, ())
    """
    folder = checked_path(path, "the folder of a result")
    check_extras(progress=progress)
    manifest, inputs = _read(folder)
    again = _again(inputs, workers, progress)
    stated = {name: entry["sha256"] for name, entry in manifest["files"].items()}
    return ReplayReport(
        path=folder,
        equal=tuple(name for name in stated if again.get(name) == stated[name]),
        different=tuple(n for n in stated if n in again and again[n] != stated[n]),
        missing=tuple(name for name in stated if name not in again),
        new=tuple(name for name in again if name not in stated),
        damaged=tuple(StatedFiles(folder, manifest).damaged()),
        unfounded=unfounded_claims(folder, manifest, inputs),
        is_manifest_as_written=_is_as_written(manifest),
        is_code_equal=manifest.get("code_digest") == code_digest(),
        are_facts_equal=inputs.facts_hash == load_facts().hash,
        changed_versions=_changed(manifest.get("versions")),
    )


def _read(folder: Path) -> tuple[dict[str, Any], RunInputs]:
    """Return the manifest of a result, and the inputs that it states."""
    restore_replaced(folder)
    manifest = read_claimed_manifest(folder)
    if manifest["kind"] == "sweep":
        return manifest, sweep_inputs_of(folder, manifest)
    return manifest, inputs_of(manifest)


def _is_as_written(manifest: dict[str, Any]) -> bool | None:
    """Return whether a manifest agrees with its own digest; None for one of an earlier version."""
    if DIGEST in manifest or manifest.get("code_digest") == code_digest():
        return DIGEST in manifest and is_as_sealed(manifest)
    return None


def futures_to_replay(path: str | Path) -> int:
    """Return how many futures a replay simulates, summed over all points of a sweep.

    Raises
    ------
    ResultError
        If there is no manifest, or its scenario can no longer be read.
    """
    _, inputs = _read(checked_path(path, "the folder of a result"))
    n_points = inputs.n_points if isinstance(inputs, SweepInputs) else len(inputs.scenarios)
    return inputs.replicates * n_points


def _again(
    inputs: RunInputs, workers: int | None, progress: Callable[[int, int], None] | None
) -> dict[str, str]:
    """Return the digest of every file of the result, made again."""
    if isinstance(inputs, SweepInputs):
        return _sweep_again(inputs, workers, progress)
    size = (inputs.replicates, inputs.seed, workers)
    asked: dict[str, Any] = {"progress": progress, "as_of": inputs.as_of}
    result: Result | Comparison
    if inputs.kind == "run":
        result = simulate(inputs.scenarios[0], *size, **asked)
    else:
        first, second = inputs.scenarios
        result = compare(first, second, *size, **asked)
    return {name: sha256(content) for name, content in result.files()}


def _sweep_again(
    inputs: SweepInputs, workers: int | None, progress: Callable[[int, int], None] | None
) -> dict[str, str]:
    """Return the digest of every file of a sweep, made again beside the results, then deleted."""
    n = inputs.replicates

    def report(done: int, total: int) -> None:
        if progress is not None:
            progress(done * n, total * n)

    with tempfile.TemporaryDirectory() as folder:
        again = sweep(
            inputs.scenarios,
            inputs.design,
            n,
            inputs.seed,
            folder,
            workers,
            report,
            heading=inputs.heading,
            # Those that broke a rule when the sweep ran failed then too.
            invalid_points=FAIL,
        )
        return {name: entry["sha256"] for name, entry in again.manifest["files"].items()}


def _changed(stated: Any) -> dict[str, tuple[str, str]]:
    now, then = versions(), stated if isinstance(stated, dict) else {}
    names = dict.fromkeys([*then, *now])
    pairs = {name: (str(then.get(name, "none")), now.get(name, "none")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
