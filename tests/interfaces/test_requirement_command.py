"""The command what-would-it-take: its words, its files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shell import Shell

SMALL = ("--by", "2025-07", "-n", "8", "--probability", "0.05")


def test_it_explains_itself(shell: Shell) -> None:
    said = shell("what-would-it-take", "-h")
    assert said.status == 0
    assert "  alignsim what-would-it-take " in said.out
    assert "\n  what-would-it-take " in shell("-h").out


def test_one_country_and_its_files(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "found"
    said = shell(
        "what-would-it-take", "Norway", *SMALL, "--move", "fund", "--move", "local_control=0.8",
        "--price", "fund=2", "--out", out,
    )  # fmt: skip
    assert said.status == 0, said.err
    words = " ".join(said.out.split())
    assert "Norway" in words
    assert "the infrastructure offer of the United States by the end of July 2025" in words
    assert "fresh futures" in words
    assert "Trying terms ..." in said.err
    assert {path.name for path in out.iterdir()} >= {
        "answer.csv", "trials.csv", "binding.csv", "moves.csv", "certificate.csv",
        "datapackage.json", "requirement.vl.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "chart", "first"),
    [
        (("NOR", "--only-it"), "requirement", "answer"),
        (("Norway", "--host"), "most_asked", "asks"),
        (("--all",), "requirements", "countries"),
    ],
    ids=lambda value: str(value),
)
def test_each_question_as_data(
    asked: tuple[str, ...], chart: str, first: str, shell: Shell, tmp_path: Path
) -> None:
    said = shell("what-would-it-take", *asked, *SMALL, "--json", "--out", tmp_path)
    assert said.status == 0, said.err
    found = json.loads(said.out)
    assert len(found["sentences"]) >= 2
    assert found[first]
    spec = json.loads((tmp_path / f"{chart}.vl.json").read_text("utf-8"))
    assert spec["usermeta"] == {"chart": chart}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "no country is named"),
        (("NOR", "--all"), "--all asks about every country"),
        (("NOR", "--host", "--only-it"), "--only-it and --host are different questions"),
        (("--all", "--price", "fund=1"), "--all asks about one"),
        (("NOR", "--price", "fund"), "--price 'fund' must be a name, an equals sign"),
        (("NOR", "--move", "fund=much"), "--move 'fund=much' must be a name"),
        (("NOR", "--move", "fund", "--move", "fund"), "--move fund is given twice"),
        (("NOR", "--move", "opening=2025-05"), "must be a month before 2025-05"),
        (("NOR", "--at", "local_control=0.2"), "only terms better for the country are tried"),
        (("Norge", "--move", "slots"), "country 'Norge'"),
        (("NOR", "--probability", "1.5"), "For 1.5 per cent write 0.015"),
        (("NOR", "--by", "2040"), "by = 2040 is outside the scenario baseline"),
        (("USA",), "home to provider us"),
        (("RUS",), "can never be invited"),
        (("--all", "--move", "fund", "--move", "slots"), "are asked about one"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told(given: tuple[str, ...], words: str, shell: Shell) -> None:
    said = shell("what-would-it-take", *given)
    assert said.status == 2
    assert words in said.err
