"""The tree keeps to its own rules, and each rule is able to fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import architecture
from sim.data.codes import GROUPS, known_countries
from sim.scenario import list_scenarios, load_scenario

ROOT = Path(__file__).parents[1]

Check = Callable[[Path], list[str]]


def names_of_actors(root: Path) -> list[str]:
    scenarios = [load_scenario(entry.path) for entry in list_scenarios(ROOT / "scenarios")]
    providers = {key for scenario in scenarios for key in scenario.providers}
    countries = known_countries()
    return architecture.names_of_actors(root, providers, countries.values(), {*countries, *GROUPS})


RULES: dict[str, Check] = {
    "import order": architecture.import_order,
    "late imports": architecture.late_imports,
    "circles": architecture.circles,
    "crowded folders": architecture.crowded_folders,
    "kernel imports": architecture.kernel_imports,
    "one caller": architecture.second_callers,
    "names of actors": names_of_actors,
    "vague names": architecture.vague_names,
    "shared class names": architecture.shared_class_names,
    "sizes": architecture.sizes,
    "docstrings": architecture.undocumented,
    "unfinished": architecture.unfinished,
}
LONG = "\n".join(f"    x = {n}" for n in range(61))
JUST_FITS = "\n".join(f"    x = {n}" for n in range(59))
LATER = "TO" + "DO"
KERNEL = "from sim.model.machine.compiled import entry\n@entry\ndef f():\n    '''F.'''\n"

# Rule, file of a broken tree, its text, and what the complaint must say.
BROKEN = [
    ("import order", "sim/data/a.py", "from sim.model import terms", "later sim.model"),
    ("import order", "sim/data/a.py", "from ..model import terms", "later sim.model"),
    ("import order", "sim/data/a.py", "from .. import model", "later sim.model"),
    ("import order", "sim/data/a.py", "def f():\n    import sim.interfaces.x", "sim.interfaces.x"),
    ("import order", "sim/scenario/a.py", "import sim", "must not import sim"),
    ("import order", "sim/errors.py", "from sim.data import x", "must not import sim.data"),
    ("import order", "sim/model/a.py", "import sim.extras", "no stage"),
    ("import order", "sim/extras.py", "import sim.data", "no stage"),
    ("import order", "sim/notebook/a.py", "import sim.data", "later sim.data"),
    (
        "late imports",
        "sim/data/a.py",
        "from importlib import import_module\nimport_module('sim.interfaces')",
        "imports by name",
    ),
    ("late imports", "sim/model/a.py", "__import__('sim.interfaces')", "imports by name"),
    ("kernel imports", "sim/model/a.py", f"import pandas as pd\n{KERNEL}", "pandas"),
    ("kernel imports", "sim/model/a.py", f"from sim.data import codes\n{KERNEL}", "sim.data"),
    ("kernel imports", "sim/model/a.py", f"from .b import c\n{KERNEL}", "sim.model.b"),
    ("one caller", "sim/model/a.py", "run_block(1)", "only sim/model/rows.py calls run_block"),
    (
        "one caller",
        "sim/model/a.py",
        "from sim.model.mechanism.block import run_block",
        "run_block",
    ),
    ("one caller", "benchmarks/a.py", "block.run_block(1)", "run_block"),
    ("one caller", "sim/interfaces/a.py", "st.line_chart(x)", "controls/charts.py calls line_"),
    ("names of actors", "sim/model/a.py", "x = {'us': 1}", "names us"),
    ("names of actors", "sim/model/a.py", "def f(china_weight): pass", "names china"),
    ("names of actors", "sim/model/a.py", "if code == 'KOR': pass", "names KOR"),
    ("names of actors", "sim/model/a.py", "x = 'as in South Korea'", "names South Korea"),
    ("names of actors", "sim/model/a.py", "south_korea = 1", "names south_korea"),
    ("names of actors", "sim/model/a.py", "x = f'{1} of the EU'", "names EU"),
    ("vague names", "sim/data/utils.py", "", "utils"),
    ("vague names", "sim/helpers/a.py", "", "helpers"),
    ("sizes", "sim/data/a.py", "x = 1\n" * 401, "401 lines"),
    ("sizes", "tests/a.py", f"def f():\n{LONG}", "f has 62 lines"),
    ("docstrings", "sim/data/a.py", "'''M.'''\ndef f(): pass", "f has no docstring"),
    ("docstrings", "sim/data/a.py", "'''M.'''\nclass C:\n  '''C.'''\n  def m(self): pass", "m has"),
    ("docstrings", "sim/data/a.py", "x = 1", "the module"),
    ("unfinished", "docs/a.md", f"{LATER}: say more", "say more"),
]


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(rule: str) -> None:
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "file", "text", "complaint"), BROKEN)
def test_a_broken_tree_is_found(
    tmp_path: Path, rule: str, file: str, text: str, complaint: str
) -> None:
    plant(tmp_path, "sim/model/mechanism/terms.py", "'''Terms.'''\n")
    plant(tmp_path, "sim/model/machine/compiled.py", "'''Decorators.'''\n")
    assert RULES[rule](tmp_path) == []
    plant(tmp_path, file, text)
    complaints = RULES[rule](tmp_path)
    assert complaints
    assert complaint in complaints[0]


@pytest.mark.parametrize(
    ("rule", "file", "text"),
    [
        ("import order", "sim/model/a.py", "from sim.errors import SimError\nimport sim.data"),
        ("import order", "sim/model/a.py", "from . import terms\nfrom .terms import gain"),
        ("import order", "sim/__init__.py", "import sim.interfaces"),
        ("kernel imports", "sim/model/a.py", f"import numpy as np\n{KERNEL}"),
        ("kernel imports", "sim/model/a.py", "import pandas"),
        (
            "one caller",
            "sim/model/rows.py",
            "from sim.model.mechanism.block import run_block\nrun_block(1)",
        ),
        ("one caller", "sim/model/mechanism/block.py", "def run_block(): pass"),
        ("names of actors", "sim/model/a.py", "'''As between KOR and us.'''\nper = NOISE_PER_SD"),
        ("sizes", "sim/data/a.py", f"def f():\n    '''F.\n\n    More.'''\n{JUST_FITS}"),
        ("docstrings", "sim/data/a.py", "'''M.'''\ndef _f():\n    def g(): pass"),
    ],
)
def test_a_sound_tree_passes(tmp_path: Path, rule: str, file: str, text: str) -> None:
    plant(tmp_path, file, text)
    assert RULES[rule](tmp_path) == []


def test_a_circle_is_found_also_inside_functions_and_for_type_checkers(tmp_path: Path) -> None:
    plant(tmp_path, "sim/model/a.py", "def f():\n    from sim.model.b import x")
    plant(tmp_path, "sim/model/b.py", "from sim.model import c")
    plant(tmp_path, "sim/model/c.py", "x = 1")
    assert architecture.circles(tmp_path) == []
    architecture.forget_sources()
    plant(tmp_path, "sim/model/c.py", "if TYPE_CHECKING:\n    from sim.model.a import f")
    (complaint,) = architecture.circles(tmp_path)
    assert complaint.startswith("these import each other: ")
    assert complaint.count(" -> ") == 3


def test_a_crowded_folder_is_found(tmp_path: Path) -> None:
    for n in range(architecture.MOST_MODULES):
        plant(tmp_path, f"sim/data/a{n}.py", "")
    plant(tmp_path, "sim/data/__init__.py", "")
    assert architecture.crowded_folders(tmp_path) == []
    plant(tmp_path, "sim/data/one_more.py", "")
    assert architecture.crowded_folders(tmp_path) == [
        "sim/data has 17 modules: divide it, 16 at most"
    ]


def test_two_classes_of_one_name_are_found_with_both_places(tmp_path: Path) -> None:
    plant(tmp_path, "sim/data/a.py", "class Step: pass\nclass Part:\n    class Step: pass")
    plant(tmp_path, "sim/data/b.py", "from sim.data.a import Part\ndef step(): pass")
    assert architecture.shared_class_names(tmp_path) == []
    plant(tmp_path, "sim/model/c.py", "x = 1\nclass Step: pass")
    (complaint,) = architecture.shared_class_names(tmp_path)
    assert complaint.startswith("class Step is defined in sim/data/a.py:1 and sim/model/c.py:2: ")
    assert "rename the one" in complaint


def test_there_are_kernels_to_check() -> None:
    kernels = [
        path.stem
        for path in architecture.python_files(ROOT, "sim/model")
        if architecture.is_kernel(path)
    ]
    assert {"terms", "choice", "month", "philox", "ieee"} <= set(kernels)
