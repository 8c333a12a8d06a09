"""The identifier of a run moves with what results follow from, and with nothing else."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.cache import sources
from sim.cache.sources import PACKAGE, Sources, reached, read_sources, source_files
from sim.experiment.store.identity import (
    ASIDE,
    ENTRANCES,
    code_digest,
    modules_of_results,
    syntax_digest,
    with_numbers,
)
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.differences import COMPARISON_TABLES
from sim.model.machine.kernel_cache import kernel_digest, kernel_modules

ROOT = Path(__file__).parents[2]
# What only shows results, or makes pages: an edit there leaves every stored result as it is.
SHOWN = (
    "experiment/summaries/run.py",
    "experiment/summaries/comparison.py",
    "words/wording.py",
    "experiment/sweeps/summary.py",
    "data/description.py",
    "scenario/schema/reference.py",
)
NOTED = "\n\ndef noted() -> int:\n    return 1\n"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the stages, and the tables of parameters and posteriors, to be edited."""
    package = tmp_path_factory.mktemp("copy") / "sim"
    tables = PACKAGE / "data" / "tables"
    for path in [*source_files(), tables / "parameters.csv", tables / "posterior.csv"]:
        target = package / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return package


@pytest.fixture(scope="module")
def trees() -> Sources:
    """The syntax of the package, for tests that only read it."""
    return read_sources()


class Edited:
    """Edits one file of a copy at a time, and says what the digests are then.

    All other files are as before, so their trees and the plain form of these are remembered.
    """

    def __init__(self, package: Path) -> None:
        self._package = package
        # By content and path: an edited file is parsed anew.
        self._parse = cache(ast.parse)
        self._plain_module = cache(sources.plain_syntax)

    def __call__(self, file: str, old: str, new: str) -> tuple[str, str]:
        path = self._package / file
        before = path.read_text("utf-8")
        assert re.search(old, before, re.MULTILINE), old
        try:
            path.write_text(re.sub(old, new, before, count=1, flags=re.MULTILINE), "utf-8")
            return self.digests
        finally:
            path.write_text(before, "utf-8")

    @property
    def digests(self) -> tuple[str, str]:
        """Of what results follow from, and of what machine code follows from."""
        plain = sources.plain_syntax

        def plain_syntax(node: Any) -> Any:
            return self._plain_module(node) if isinstance(node, ast.Module) else plain(node)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ast, "parse", self._parse)
            patch.setattr(sources, "plain_syntax", plain_syntax)
            trees = read_sources(self._package)
            return with_numbers(syntax_digest(trees), self._package), kernel_digest(trees)


@pytest.fixture(scope="module")
def edited(copied: Path) -> Edited:
    return Edited(copied)


@pytest.fixture(scope="module")
def unedited(edited: Edited) -> tuple[str, str]:
    return edited.digests


def test_a_copy_has_the_digest_of_this_package(unedited: tuple[str, str]) -> None:
    assert unedited[0] == code_digest()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("model/mechanism/terms.py", r"\Z", "\n# A comment.\n"),
        ("model/mechanism/terms.py", '"""', '"""Other words. '),
        ("model/layout.py", "^import numpy as np$", "import   numpy as np\n"),
        ("experiment/tables/countries.py", '"""', '"""Other words. '),
        ("experiment/result.py", r"\Z", "\n# A comment.\n"),
        ("scenario/scenario.py", '"""', '"""Other words. '),
        *((file, '"""', '"""Other words. ') for file in SHOWN),
        *((file, r"\Z", NOTED) for file in SHOWN),
    ],
)
def test_prose_form_and_pages_move_nothing(
    edited: Edited, unedited: tuple[str, str], file: str, old: str, new: str
) -> None:
    assert edited(file, old, new) == unedited


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("model/rows.py", r"^FUTURES_PER_DRAW = 4$", "FUTURES_PER_DRAW = 8"),
        ("model/world/building.py", r"\Z", NOTED),
        ("data/imputation.py", r"^RIDGE_PENALTY\b.*$", "RIDGE_PENALTY = 7.0"),
        ("data/features/ties.py", r"\Z", NOTED),
        ("scenario/schema/file.py", r"\Z", NOTED),
        ("experiment/tables/countries.py", r'Column\("name"', 'Column("names"'),
        ("experiment/intervals.py", r"\Z", NOTED),
        ("experiment/tables/files.py", r"\Z", NOTED),
        ("experiment/sweeps/point_tables.py", r"\Z", NOTED),
        ("data/tables/parameters.csv", r"^w_peer,", "w_peers,"),
        ("data/tables/posterior.csv", r"\Z", "\n"),
    ],
)
def test_what_results_follow_from_moves_their_identifier_and_no_kernel(
    edited: Edited, unedited: tuple[str, str], file: str, old: str, new: str
) -> None:
    results, kernels = edited(file, old, new)
    assert results != unedited[0]
    assert kernels == unedited[1]


@pytest.mark.parametrize(
    "file",
    ["mechanism/terms.py", "mechanism/month.py", "layout.py", "machine/compiled.py",
     "machine/ieee.py"],
)  # fmt: skip
def test_the_mechanism_moves_both(edited: Edited, unedited: tuple[str, str], file: str) -> None:
    results, kernels = edited(f"model/{file}", r"\Z", NOTED)
    assert results != unedited[0]
    assert kernels != unedited[1]


def test_what_steps_single_futures_moves_kernels_alone(
    edited: Edited, unedited: tuple[str, str]
) -> None:
    results, kernels = edited("model/mechanism/entries.py", r"\Z", NOTED)
    assert results == unedited[0]
    assert kernels != unedited[1]


def test_a_new_module_counts_once_it_is_imported(
    copied: Path, edited: Edited, unedited: tuple[str, str]
) -> None:
    new = copied / "model" / "new_rule.py"
    new.write_text("X = 1\n", "utf-8")
    try:
        assert edited.digests == unedited
        imported = ("model/mechanism/terms.py", r"\Z", "\nfrom sim.model import new_rule\n")
        first = edited(*imported)
        new.write_text("X = 2\n", "utf-8")
        second = edited(*imported)
    finally:
        new.unlink()
    assert len({unedited[0], first[0], second[0]}) == 3
    assert len({unedited[1], first[1], second[1]}) == 3


def test_every_table_is_made_by_modules_that_count(trees: Sources) -> None:
    makers = {*RUN_TABLES.values(), *COMPARISON_TABLES.values()}
    counted = set(modules_of_results(trees))
    assert {make.__module__ for make in makers} <= counted


def test_nothing_that_shows_counts_and_everything_aside_is_reached(trees: Sources) -> None:
    counted = set(modules_of_results(trees))
    shown = {"sim." + file.removesuffix(".py").replace("/", ".") for file in SHOWN}
    assert shown <= set(trees)
    assert not shown & counted
    assert set(ENTRANCES) <= counted
    # A name that has moved, or that nothing reaches any more, would be left over for ever.
    assert set(ASIDE) <= set(reached(trees, ENTRANCES))


def test_only_modules_of_the_mechanism_are_behind_machine_code(trees: Sources) -> None:
    modules = kernel_modules(trees)
    wanted = {"sim.model.mechanism.terms", "sim.model.mechanism.month", "sim.model.layout"}
    assert wanted <= set(modules)
    assert all(name.startswith(("sim.model.", "sim.cache.")) for name in modules)
    assert "sim.interfaces.generated.model_page" not in modules
    assert "sim.model.world.building" not in modules


TRACED = """
import sys, tempfile
import sim
from sim.experiment.sweeps.designs.plan import Heading
modules = set()
def note(frame, event, arg):
    modules.add(frame.f_globals.get("__name__", ""))
scenario = sim.load_scenario({scenario!r})
sys.setprofile(note)
import threading
threading.setprofile(note)
run = sim.simulate(scenario, 4)
[*run.files()]
[*sim.compare(scenario, scenario.with_levers({{"local_control": 0.5}}), 4).files()]
with tempfile.TemporaryDirectory() as folder:
    sim.sweep(scenario, sim.Design.grid({{"local_control": [0.3]}}), 4, out=folder)
sys.setprofile(None)
print(*(name for name in modules if name.startswith("sim.")))
"""


def test_whatever_runs_while_results_are_made_counts_or_is_aside(trees: Sources) -> None:
    script = TRACED.format(scenario=str(ROOT / "tests" / "data" / "small.yaml"))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ran = set(done.stdout.split())
    assert {"sim.model.world.building", "sim.experiment.tables.countries"} <= ran
    # Packages run when their names are asked for, and only hand on.
    packages = {name for name in trees if any(other.startswith(f"{name}.") for other in trees)}
    assert ran - set(modules_of_results(trees)) - set(ASIDE) - packages == set()
    assert not ran & {"sim.experiment.summaries.run", "sim.experiment.summaries.comparison"}
