"""The identity of a run: its inputs, and the identifier derived from them."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from sim.cache.display import without_display
from sim.cache.sources import PACKAGE, digest_of, reached, remembered
from sim.data.dates import is_present
from sim.experiment.spans import shared_months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.cache.sources import Trees
    from sim.scenario import Scenario

# Where results are computed: runs, comparisons, sweeps here and on workers.
ENTRANCES = (
    "sim.experiment.result",
    "sim.experiment.comparison",
    "sim.experiment.sweeps.running",
    "sim.experiment.sweeps.scaling.working",
)
# Imported from there, but these change no number: they display, name or store results.
ASIDE = (
    "sim.experiment.store.claims",
    "sim.experiment.store.identity",
    "sim.experiment.store.recorded",
    "sim.experiment.store.replacing",
    "sim.experiment.store.stated_files",
    "sim.experiment.store.results",
    "sim.experiment.store.unavailable",
    "sim.experiment.summaries.run",
    "sim.experiment.summaries.comparison",
    "sim.experiment.sweeps.arrow_sources",
    "sim.experiment.sweeps.bounds",
    "sim.experiment.sweeps.chunks",
    "sim.experiment.sweeps.scaling.connecting",
    "sim.experiment.sweeps.scaling.places",
    "sim.experiment.sweeps.scaling.sending",
    "sim.experiment.sweeps.stored",
    "sim.experiment.store.writers",
    "sim.model.machine.kernel_cache",
    "sim.cache.display",
    "sim.cache.files",
    "sim.cache.sources",
)
LIBRARIES = ("numpy", "numba", "pandas", "pyarrow", "scipy")
ID_LENGTH = 16
Kind = Literal["run", "comparison", "sweep"]


def modules_of_results(trees: Trees) -> list[str]:
    """Return the modules that can change a number of a result."""
    return reached(trees, ENTRANCES, ASIDE)


def syntax_digest(trees: Trees) -> str:
    """Return a digest of the code that can change a number of a result."""
    modules = modules_of_results(trees)
    return digest_of(without_display(trees, modules), modules)


def with_numbers(digest: str, package: Path = PACKAGE) -> str:
    """Return a digest of code together with the tables of parameters and of their posterior."""
    found = hashlib.sha256(digest.encode())
    for name in ("parameters.csv", "posterior.csv"):
        found.update((package / "data" / "tables" / name).read_bytes())
    return found.hexdigest()


@cache
def code_digest() -> str:
    """Return the SHA-256 over the code and numbers that can change a number of a result.

    Notes
    -----
    This is the code revision of a run, not the revision of the repository: an installed package
    has no repository, an uncommitted change has no revision, and a commit that touches only a page
    of documentation changes no result. It covers the syntax of every module that computing results
    imports, without comments, docstrings and formatting, and without what only shows
    results in notebooks. The parameter table belongs to it, because its texts and bounds are
    written into ``parameters.csv``; the posterior table, because a scenario states which posterior
    it draws from, not what is in it.
    """
    return with_numbers(remembered("results", syntax_digest))


@cache
def git_revision() -> str | None:
    """Return the revision of the clone that the package runs from; None if it is installed."""
    root = PACKAGE.parent
    if not (root / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=root, capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None


def package_version() -> str:
    """Return the version of alignsim; "unknown" if it runs without being installed."""
    try:
        return metadata.version("alignsim")
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    found = [("alignsim", package_version()), ("python", platform.python_version())]
    found += [(name, metadata.version(name)) for name in LIBRARIES]
    return tuple(found)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries on which a result depends."""
    return dict(_versions())


def as_text(given: str) -> str:
    r"""Return a path or argument as text that any file can hold, with undecodable bytes escaped.

    Systems pass names that are not UTF-8, or not in the present locale, with a placeholder for each
    byte; bytes that are valid UTF-8 after all become characters.

    Examples
    --------
    >>> as_text("b\udce9.yaml"), as_text("\udcc3\udca9"), as_text("S\xe3o Tom\xe9")
    ('b\\xe9.yaml', '\xe9', 'S\xe3o Tom\xe9')
    """
    try:
        content = given.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        content = given.encode("utf-8", "backslashreplace")
    return content.decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class RunInputs:
    """Everything that determines the bytes of a result, except libraries and processor.

    Parameters
    ----------
    kind : str
        ``run`` of one scenario, ``comparison`` of two, or ``sweep`` over variants of one.
    scenarios : tuple of Scenario
        One, or two.
    seed, replicates, futures_per_draw : int
        As in `sim.model.ensemble.Ensemble`.
    facts_hash : str
        Digest of the tables of facts.
    as_of : str or None
        Month at whose end the result stops; None for the last that it can have.
    """

    kind: Kind
    scenarios: tuple[Scenario, ...]
    seed: int
    replicates: int
    futures_per_draw: int
    facts_hash: str
    as_of: str | None = field(default=None, kw_only=True)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months that the result covers: of a comparison, those that both scenarios have."""
        return shared_months(self.scenarios, self.as_of)

    @cached_property
    def run_id(self) -> str:
        """Identifier of the run: 16 hexadecimal digits, the same for the same inputs.

        It is derived from the resolved scenario with all changes, the facts, the seed, the number
        of futures, `as_of` and `code_digest`. Library versions are excluded, so that an update
        does not orphan every finished run; they are in the manifest, and `replay` reports
        differences.
        """
        return self.run_id_of(code_digest(), [scenario.hash for scenario in self.scenarios])

    def run_id_of(self, code: str, hashes: Sequence[str]) -> str:
        """Return the identifier under a code digest, from the scenario hashes under that code."""
        text = json.dumps(self._identity(code, hashes), separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]

    def _identity(self, code: str, hashes: Sequence[str]) -> dict[str, Any]:
        """Return the data whose digest is the identifier."""
        found = {
            "kind": self.kind,
            "scenarios": list(hashes),
            "facts": self.facts_hash,
            "seed": self.seed,
            "replicates": self.replicates,
            "futures_per_draw": self.futures_per_draw,
            "code": code,
        }
        return found if self.as_of is None else found | {"as_of": self.as_of}

    @property
    def folder(self) -> PurePath:
        """Folder of the result below the root of results."""
        names = [scenario.name for scenario in self.scenarios]
        if self.kind == "run":
            return PurePath(names[0], self.run_id)
        return PurePath("comparisons", "_vs_".join(names), self.run_id)

    def manifest(self, command_line: tuple[str, ...] | None) -> dict[str, Any]:
        """Return the manifest without the list of files."""
        return {
            "kind": self.kind,
            "run_id": self.run_id,
            "created_by": f"alignsim {package_version()}",
            "command_line": None if command_line is None else [*map(as_text, command_line)],
            "seed": self.seed,
            "replicates": self.replicates,
            "futures_per_draw": self.futures_per_draw,
            "first_month": self.months[0],
            "last_month": self.months[-1],
            "facts_hash": self.facts_hash,
            "code_digest": code_digest(),
            "git_revision": git_revision(),
            "versions": versions(),
            "scenarios": [_described(scenario) for scenario in self.scenarios],
        }


def _described(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "hash": scenario.hash,
        # Names only: the location of files depends on the machine.
        "source_files": [as_text(PurePath(name).name) for name in scenario.source_files],
        "parameter_set": scenario.parameter_set,
        # Vintage of the facts: the present one, or what was public in the first month.
        "facts_as_of": "present" if is_present(scenario.horizon.start) else scenario.horizon.start,
        "content": scenario.to_dict(),
    }
