"""Commands that sentences, pages, errors and reports print can be typed as they stand."""

from __future__ import annotations

import ast
import html
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.exceptions import TyperException

import documents
import sim
from shell import Shell
from sim.errors import InputError
from sim.interfaces.cli.reading.answers import wrapped
from sim.interfaces.cli.verbs import app
from sim.interfaces.report.document import Prose
from sim.interfaces.report.sensitivity import sensitivity_section
from sim.interfaces.report.subject import subject_of

ROOT = Path(__file__).parents[2]
# What a sentence fills in, such as a name: both a word and a number.
FILLED = "8"
# Within marks up to the next one; elsewhere up to the next stop.
SAID = re.compile(
    r"(?P<mark>[`'])alignsim (.+?)(?P=mark)|(?<![`'])\balignsim ([a-z-]+ ?.*?)(?=[.,;](?:\s|$)|$)"
)
# Titles of schemas, which are no commands; errors about a file, which they name before the command.
APART = (
    "sim/scenario/schema/reference.py",
    "sim/scenario/loading.py",
    "sim/experiment/sweeps/designs/sweep_files.py",
)
SIZES = ["-n", "8", "--trajectories", "4", "--kept", "2", "--points", "8"]


@cache
def verbs() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def said(text: str) -> Iterator[str]:
    """Yield the commands that a text prints, without the name of the program."""
    for match in SAID.finditer(text.replace("\n", " ")):
        line = match[2] or match[3]
        if line.split()[0] in verbs() or match["mark"]:
            yield line


def refused(line: str) -> str:
    """Return why the command line refuses a command before it does anything; "" if it does not."""
    try:
        verb, *words = shlex.split(line)
        verbs()[verb].make_context(verb, words)
    except TyperException as error:
        # The last thing that is filled in may be options.
        shorter = line.removesuffix(f" {FILLED}")
        return f"alignsim {line}: {error}" if shorter == line else refused(shorter)
    except (InputError, KeyError, ValueError) as error:
        return f"alignsim {line}: {error}"
    return ""


def literals(path: Path) -> Iterator[str]:
    """Yield every text in a module that is not a docstring, with `FILLED` for what it fills in."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else FILLED
                for part in node.values
            )
            yield "".join(parts)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs | inner
        ):
            yield node.value


def test_a_command_without_what_it_needs_is_found() -> None:
    text = "By `alignsim what-matters`: 'alignsim report --what-matters' does. alignsim split"
    lines = [*said(text)]
    assert lines == ["what-matters", "report --what-matters", "split"]
    assert all(refused(line) for line in lines)
    assert not refused("split baseline --lever linkage=1")
    assert not [*said("The alignsim developers")]


def test_no_text_prints_a_command_that_lacks_something() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {why}"
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if not path.as_posix().endswith(APART)
        for text in literals(path) for line in said(text) if (why := refused(line))
    ]  # fmt: skip
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs/reports").glob("*")))
def test_reports_print_none_either(name: str) -> None:
    page = (ROOT / "docs/reports" / name).read_text("utf-8")
    code = [html.unescape(each) for each in re.findall(r"<(?:code|pre)>(.*?)</", page, re.S)]
    lines = [line for text in code for each in text.splitlines() for line in said(f"`{each}`")]
    assert lines
    assert not [why for line in lines if (why := refused(line))]


def test_pages_of_documents_print_none_either() -> None:
    pages = [str(path.relative_to(ROOT)) for path in documents.pages(ROOT)]
    found = [
        f"{page}: {why}" for page, line in documents.commands(ROOT, *pages)
        if (why := refused(line.removeprefix("alignsim ").split(" | ")[0].split(" > ")[0]))
    ]  # fmt: skip
    assert not found, "\n".join(found)


def test_the_command_of_a_change_by_levers_shares_out_that_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    baseline = sim.load_scenario("baseline")
    moved = baseline.with_levers({"linkage": 1.0, "slots": 20})
    why = sim.explain_difference(baseline, moved, replicates=8, as_of="2026-03")
    (line,) = said(why.sentences()[-1])
    told = Shell(capsys)(*shlex.split(line), "-n", "8", "--json")
    assert told.status == 0, told.err
    split = sim.split(baseline, moved, replicates=8, as_of="2026-03")
    assert told.data["sentences"] == split.sentences()
    assert split.difference.mean == pytest.approx(why.difference.mean)


def test_a_change_that_no_command_makes_has_none() -> None:
    baseline = sim.load_scenario("baseline")
    moved = baseline.with_levers({"linkage": 1.0})
    why = sim.explain_difference(moved, baseline, replicates=8, as_of="2026-03")
    assert not any("alignsim" in line for line in why.sentences())


def test_the_report_of_a_moved_scenario_ranks_that_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = sim.load_scenario("baseline").with_levers({"linkage": 1.0})
    section = sensitivity_section(subject_of(sim.simulate(scenario, 8, seed=3)), None)
    texts = [text for each in section.blocks if isinstance(each, Prose) for text in each.paragraphs]
    ranks, again = [line for text in texts for line in said(text)]
    assert not refused(again)
    assert "--lever linkage=1" in again
    told = Shell(capsys)(*shlex.split(ranks), *SIZES, "--json")
    assert told.status == 0, told.err
    own = sim.what_matters(
        scenario, "n_countries(us)", replicates=8, seed=3, trajectories=4, kept=2, points=8
    )
    assert told.data["sentences"] == own.sentences()


def test_a_terminal_keeps_a_command_on_one_line() -> None:
    a, b = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    why = sim.explain_difference(a, b, replicates=8, as_of="2026-03")
    (line,) = (line for line in wrapped(why.sentences()) if "alignsim" in line)
    assert line.startswith("  alignsim split baseline sovereignty-guarantees --outcome ")
    assert not refused(line.strip().removeprefix("alignsim "))
    assert line.endswith("--as-of 2026-03")
