"""The command explain: its words, its files, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import documents
import sim
from shell import Shell
from sim.interfaces.generated.answers import explaining_page
from sim.interfaces.generated.effects_page import SEED, origin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1, as_of="2026-12")
    return run.save(tmp_path_factory.mktemp("results"))


def test_it_explains_itself(shell: Shell) -> None:
    said = shell("explain", "-h")
    assert said.status == 0
    assert "  alignsim explain baseline KOR" in said.out
    assert "\n  explain " in shell("-h").out


def test_one_future_of_a_run_is_explained_and_written(
    shell: Shell, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "why"
    said = shell("explain", folder, "Kazakhstan", "--replicate", "3", "--out", out)
    assert (said.status, said.err) == (0, "")
    assert " ".join(said.out.split()).startswith(
        "In one future of the model, number 3, Kazakhstan "
    )
    assert {path.name for path in out.iterdir()} == {
        "paths.csv", "terms.csv", "asked.csv", "numbers.csv", "facts.csv", "peers.csv",
        "flips.csv", "datapackage.json", "why.vl.json", "why.svg",
    }  # fmt: skip
    quiet = shell("explain", folder, "KAZ", "--replicate", "3", "--out", out, "-q")
    assert quiet.out.strip() == str(out)


def test_all_futures_are_explained_as_data(shell: Shell, folder: Path) -> None:
    said = shell("explain", folder, "South Korea", "--provider", "us", "--json")
    assert said.status == 0
    assert said.data["sentences"][0].startswith("In the model, South Korea is a partner of the Un")
    assert {row["end"] for row in said.data["ends"]} >= {"has it", "not asked"}
    assert sum(row["share"] for row in said.data["ends"]) == pytest.approx(1.0, abs=1e-3)


def test_two_scenarios_are_explained(shell: Shell, tmp_path: Path) -> None:
    said = shell(
        "explain", "baseline", "baseline", "--lever", "linkage=1", "-n", "4", "--as-of", "2026-06",
        "--out", tmp_path / "why",
    )  # fmt: skip
    assert said.status == 0
    assert "in the scenario baseline as changed, against " in " ".join(said.out.split())
    names = {path.name for path in (tmp_path / "why").iterdir()}
    assert {"causes.csv", "countries.csv", "why_difference.svg"} <= names


REFUSED = [
    (["baseline", "Norwya"], "Norwya' is neither a country.*Did you mean 'NOR' .Norway."),
    (["baseline", "Korea"], "is the name of more than one country.*KOR.*or 'PRK'"),
    (["baseline", "todya"], "todya' is neither a country of the data nor a scenario.*today"),
    (["baseline", "USA"], "takes no part in the scenario baseline: it is home to provider us"),
    (["baseline", "KOR", "--month", "2031-01", "--replicate", "0"], "month = 2031-01 is outside"),
    (["baseline", "KOR", "--month", "May"], "write a month as YYYY-MM"),
    (["baseline", "KOR", "--replicate", "-1"], "replicate"),
    (["baseline", "KOR", "--provider", "russia"], "'russia' is not a provider"),
    (["baseline", "KOR", "--outcome", "n_countries(us)"], "--outcome has no meaning for a country"),
    (["baseline", "today", "--replicate", "1"], "--replicate has no meaning for two scenarios"),
    (["baseline", "KOR", "--as-of", "2040-01"], "as_of = 2040-01 must be a month of"),
    (["nowhere", "KOR"], "nowhere"),
    (["docs", "KOR"], "docs is not the folder of a finished run.*manifest.json"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=lambda value: str(value)[:50])
def test_what_is_wrong_is_told(shell: Shell, arguments: list[str], words: str) -> None:
    said = shell("explain", *arguments)
    assert (said.status, said.out) == (2, "")
    assert re.search(words, said.err, re.DOTALL), said.err


def test_a_run_that_was_altered_or_has_other_futures_is_refused(
    shell: Shell, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "run"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    said = shell("explain", copy, "KOR", "--replicate", "8")
    assert said.status == 2
    assert "replicate = 8 must be a whole number from 0 to 7" in said.err
    assert "finished run has its own" in shell("explain", copy, "KOR", "--set", "a=1").err
    countries = next(copy.glob("countries.csv"))
    countries.write_text(countries.read_text("utf-8").replace("KOR", "KOP"), "utf-8")
    said = shell("explain", copy, "KOR", "--replicate", "0")
    assert said.status != 0
    assert "countries.csv" in said.err
    countries.unlink()
    said = shell("explain", copy, "KOR", "--replicate", "0")
    assert said.status != 0
    assert "countries.csv" in said.err


def test_a_run_of_other_code_is_refused(
    shell: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiment import stored

    monkeypatch.setattr(stored, "code_digest", lambda: "other")
    said = shell("explain", folder, "KOR", "--replicate", "0")
    assert said.status == 2
    assert "the code or the facts have changed since" in said.err


# The page ------------------------------------------------------------------------------------


def page() -> str:
    return (ROOT / "docs" / "explaining.md").read_text("utf-8")


def test_the_answers_of_the_page_are_of_this_code() -> None:
    assert explaining_page.is_current(page()), "run: make docs"
    assert page().count(origin("today")) == 2
    assert page().count(origin("baseline")) == 1
    assert explaining_page.one_future() in page(), "run: make docs"


@pytest.mark.parametrize(
    "line", [line for _, line in documents.commands(ROOT, "docs/explaining.md")]
)
def test_a_command_of_the_page_is_one(shell: Shell, line: str) -> None:
    import shlex

    assert shell(*shlex.split(line)[1:], "-h").status == 0


def test_the_event_of_the_page_changes_the_choice_of_its_answer() -> None:
    (block,) = [
        each
        for each in documents.code_blocks(ROOT / "docs" / "explaining.md")
        if each.language == "yaml"
    ]
    scenario = sim.load_scenario_text(block.text, folder=ROOT / "scenarios")
    _, country, replicate = explaining_page.ONE_FUTURE
    month = scenario.events[-1].date
    paths = []
    for each in (sim.load_scenario("baseline"), scenario):
        run = sim.simulate(each, replicate + 1, seed=SEED, as_of=month).ensemble
        i = run.axes.country.index(country)
        paths.append(run.axes.path[int(run.final_path[replicate, i])])
    assert paths == ["us_adoption", "us_infrastructure"]


def test_data_are_json(shell: Shell, folder: Path) -> None:
    said = shell("explain", folder, "KOR", "--replicate", "0", "--json")
    assert json.loads(said.out)["flips"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_run_is_no_second_scenario(shell: Shell, folder: Path, is_first: bool) -> None:
    asked = (folder, "today") if is_first else ("today", folder)
    said = shell("explain", *asked)
    assert said.status == 2
    assert "is a folder, and a difference is explained between two scenarios." in said.err
