"""The pages say what is there: links, generated tables, parameters, commands, examples."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import documents
from sim.analysis.history.programmes import history_programmes
from sim.data import load_parameters
from sim.experiment import Design, load_sweep, simulate, sweep
from sim.interfaces.cli.command_line import main
from sim.interfaces.generated import effects_page, readme_output
from sim.interfaces.generated.model_page import GROUP_TITLES, generated_sections
from sim.interfaces.generated.sections import fill_sections
from sim.scenario import load_scenario, load_scenario_text

ROOT = Path(__file__).parents[1]
MODEL_PAGE = ROOT / "docs" / "model.md"
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/results.md",
    "docs/scenarios.md",
    "docs/sweeps.md",
    "docs/scaling.md",
    "docs/reading.md",
    "docs/what-would-it-take.md",
    "docs/portfolio.md",
)
THIS_PROJECT = 2025  # later years in brackets are dates of facts
COMMANDS = list(documents.commands(ROOT, *PAGES))
BLOCKS = [block for page in documents.pages(ROOT) for block in documents.code_blocks(page)]


def block_name(block: documents.CodeBlock) -> str:
    return f"{block.page.name}:{block.text.split(chr(10), 1)[0][:40]}"


def test_links_and_files_named_exist() -> None:
    assert documents.broken_links(ROOT) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a](missing.md)", "missing.md"),
        ("[a](a.md#nowhere)", "no such heading"),
        ("[a](#nowhere)", "no such heading"),
        ("see `docs/missing.md`", "docs/missing.md"),
    ],
)
def test_a_broken_link_is_found(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.md").write_text("# Some *heading*, and more\n[x](#some-heading-and-more)\n")
    assert documents.broken_links(tmp_path) == []
    (tmp_path / "b.md").write_text(text)
    complaints = documents.broken_links(tmp_path)
    assert len(complaints) == 1
    assert complaint in complaints[0]


def test_the_generated_tables_of_the_model_page_are_current() -> None:
    page = MODEL_PAGE.read_text("utf-8")
    filled = fill_sections(page, generated_sections())
    assert filled == page, "run: make docs"


def section_of(page: str, name: str) -> str:
    """Return what stands between the marks of a generated section."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text.split(f"<!-- begin {name} -->")[1].split(f"<!-- end {name} -->")[0]


@pytest.mark.parametrize(
    ("page", "section", "scenarios"),
    [
        ("model.md", "rivals", effects_page.RIVAL_SCENARIOS),
        ("scenarios.md", "lever_effects", (effects_page.BASE,)),
        ("scenarios.md", "scenario_effects", effects_page.same_months_as_base()),
    ],
)
def test_the_tables_of_effects_are_of_this_code(
    page: str, section: str, scenarios: tuple[str, ...]
) -> None:
    assert effects_page.origin(*scenarios) in section_of(page, section), "run: make docs"


def test_every_lever_and_every_scenario_moves_something() -> None:
    base = load_scenario(effects_page.BASE)
    causes = {"lever_effects": [*base.levers],
              "scenario_effects": effects_page.same_months_as_base()[1:]}  # fmt: skip
    for section, names in causes.items():
        rows = section_of("scenarios.md", section).splitlines()
        for name in names:
            of_it = [row for row in rows if row.startswith(f"| `{name}` ")]
            # Bold is what chance does not explain.
            assert any("**" in row for row in of_it), f"{section}: {name} moves nothing"


def test_the_output_shown_in_the_readme_is_current() -> None:
    page = (ROOT / "README.md").read_text("utf-8")
    filled = fill_sections(page, readme_output.generated_sections())
    assert filled == page, "run: make docs"


def test_the_readme_says_which_parts_of_the_summary_it_leaves_out() -> None:
    before = (ROOT / "README.md").read_text("utf-8").split("<!-- begin output -->")[0]
    words = " ".join(before.split("## What comes out")[1].split()).lower()
    first, *others = simulate(load_scenario("baseline"), 4, seed=1).summary().sections
    assert "the scenario and its offers" in words
    for section in others:
        is_shown = section.heading.startswith(readme_output.SHOWN)
        assert is_shown == (section.heading.lower() not in words), section.heading
    assert not first.heading.startswith(readme_output.SHOWN)


def explained_part() -> str:
    """Return the text of the model page without the lists that name everything by themselves."""
    page = MODEL_PAGE.read_text("utf-8")
    lists = r"<!-- begin (terms|parameters|records) -->.*?<!-- end \1 -->"
    return re.sub(lists, "", page, flags=re.DOTALL).replace(r"\_", "_")


def test_the_text_of_the_model_page_uses_every_parameter_and_no_other() -> None:
    text = explained_part()
    rows = load_parameters()
    unused = [
        f"docs/model.md does not explain {name}: name it in the docstring of its term, "
        "then make docs; or in the text of the page"
        for name, row in sorted(rows.items())
        if row.group != "features" and not re.search(rf"\b{name}\b", text)
    ]
    assert not unused, "\n".join(unused)
    unknown = [
        f"docs/model.md names {name}, which is no row of parameters.csv"
        for name in sorted(set(re.findall(r"\b(?:w|tau|review)_\w+\b", text)) - set(rows))
    ]
    assert not unknown, "\n".join(unknown)


def test_titles_of_groups_belong_to_groups_of_the_parameter_table() -> None:
    assert sorted(set(GROUP_TITLES) - {row.group for row in load_parameters().values()}) == []


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("docs/calibration.md", r"has (\d+) earlier programmes as scenarios"),
        ("docs/calibration.md", r"All (\d+) programmes take"),
        ("docs/calibration.md", r"the (\d+) programmes on record"),
        ("docs/model.md", r"are estimated from (\d+) earlier programmes"),
        ("docs/scenarios.md", r"`history/` has (\d+) earlier programmes"),
        ("README.md", r"countries answered (\d+) earlier\s+programmes"),
    ],
)
def test_sentences_count_the_programmes_that_ship(page: str, sentence: str) -> None:
    counted = re.findall(sentence, (ROOT / page).read_text("utf-8"))
    n = len(history_programmes())
    assert counted == [str(n)], f"{page}: write {n} programmes where it says {sentence!r}"


def test_every_decision_is_listed_in_order() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\[\d+\]\((\S+)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == records
    for number, name in enumerate(records, 1):
        text = (folder / name).read_text("utf-8")
        assert name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number}. ")
        parts = [text.find(f"**{part}.**") for part in ("Context", "Decision", "Consequence")]
        assert parts == sorted(parts)
        assert min(parts) > 0


def test_every_work_that_a_docstring_cites_is_in_the_bibliography() -> None:
    entries = (ROOT / "docs" / "bibliography.md").read_text("utf-8")
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "sim").rglob("*.py"))
    # In brackets, as "(Wichura 1988, ..." or "(Brock and Durlauf 2001)".
    cited = set(re.findall(r"\(([A-Z]\w+)(?:,? [\w, ]+)? ((?:19|20)\d\d)[,)]", sources))
    works = {(name, year) for name, year in cited if int(year) < THIS_PROJECT}
    assert {("Wichura", "1988"), ("McFadden", "1974"), ("Salmon", "2011")} <= works
    known = [re.search(rf"\*\*{name}\b[^*]*{year}\.\*\*", entries) for name, year in works]
    assert all(known), works


def test_there_are_commands_to_check() -> None:
    assert {line.split()[1] for _, line in COMMANDS} >= {"run", "compare", "validate"}


@pytest.mark.parametrize("line", sorted({line for _, line in COMMANDS}))
def test_a_command_of_the_pages_parses(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    # With -h nothing runs, but unknown verbs and options are still refused.
    words = shlex.split(line.split(" > ")[0])[1:]
    assert main([*words, "-h"]) == 0
    assert f"Usage: alignsim {words[0]}" in capsys.readouterr().out


def test_a_command_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "baseline", "--lover", "x=1", "-h"]) == 2
    assert main(["rum", "-h"]) == 2
    assert "No such" in capsys.readouterr().err


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if block.language == "python"], ids=block_name
)
def test_a_python_example_is_sound(block: documents.CodeBlock) -> None:
    ast.parse(block.text)


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if block.language == "yaml"], ids=block_name
)
def test_a_scenario_or_sweep_example_loads(block: documents.CodeBlock, tmp_path: Path) -> None:
    content = yaml.safe_load(block.text)
    if "scenario" in content:
        path = tmp_path / f"{content['name']}.yaml"
        path.write_text(block.text, "utf-8")
        assert load_sweep(path).heading.name == content["name"]
    elif "name" in content:
        assert load_scenario_text(block.text, folder=ROOT / "scenarios").name == content["name"]


def run_python_of(page: str, folder: Path, replaced: dict[str, str]) -> None:
    """Run the Python examples of a page, one after another, in a folder; with fewer futures."""
    script = "\n".join(
        block.text for block in documents.code_blocks(ROOT / page) if block.language == "python"
    )
    for words, others in replaced.items():
        assert words in script, words
        script = script.replace(words, others)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_python_tour_of_the_readme_runs(tmp_path: Path) -> None:
    replaced = {
        "replicates=1000": "replicates=8",
        '"scenarios/': f'"{(ROOT / "scenarios").as_posix()}/',
    }
    run_python_of("README.md", tmp_path, replaced)


def test_the_python_of_the_page_on_data_runs(tmp_path: Path) -> None:
    run_python_of("docs/data.md", tmp_path, {})


def test_the_python_of_the_page_on_sweeps_runs(tmp_path: Path) -> None:
    # The second example reads a finished sweep: here one of a few points over the same numbers.
    plan = load_sweep(ROOT / "scenarios" / "sweeps" / "weights-and-terms.yaml")
    design = Design(plan.design.names, plan.design.points[:4])
    made = sweep(plan.scenario, design, replicates=1, out=tmp_path / "made")
    folder = tmp_path / "results" / "sweeps" / "weights-and-terms"
    folder.mkdir(parents=True)
    made.path.rename(folder / "RUN_ID")
    # Another is about a Saltelli design.
    sample = Design.saltelli({"linkage": (0, 1), "slots": (5, 20)}, 2, whole=["slots"])
    made = sweep(plan.scenario, sample, replicates=4, out=tmp_path / "made")
    (tmp_path / "results" / "sweeps" / "my-sweep").mkdir()
    made.path.rename(tmp_path / "results" / "sweeps" / "my-sweep" / "RUN_ID")
    run_python_of("docs/sweeps.md", tmp_path, {"replicates=100": "replicates=2"})


def test_the_python_of_the_page_on_results_runs(tmp_path: Path) -> None:
    plan = load_sweep(ROOT / "scenarios" / "sweeps" / "control-and-linkage.yaml")
    design = Design(plan.design.names, plan.design.points[:2])
    sweep(plan.scenario, design, replicates=1, out=tmp_path / "results")
    run_python_of("docs/results.md", tmp_path, {})


def test_citation_and_package_agree() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(citation) >= {"cff-version", "message", "title", "authors"}
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    assert project["license"] == " AND ".join(citation["license"])
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in project["authors"]
    ]


def test_the_changelog_begins_with_the_present_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert project["version"] in versions[:2]
    assert versions[0] in {"Unreleased", project["version"]}


def test_every_dependency_is_pinned_for_every_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(want for extra in extras for want in extra)]
    names = {re.split(r"[\[><=!~]", want)[0].lower() for want in wanted} - {project["name"]}
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    exact = re.compile(r"[a-z0-9.-]+==[^@/ ]+(; python_version (<|>=) \"3\.\d+\")?")
    assert [pin for pin in pins if not exact.fullmatch(pin)] == []
    pinned = {pin.split("==")[0] for pin in pins}
    assert names <= pinned
