"""docs/questions.md: twelve questions, each a command that exists, with answers of this code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from sim.interfaces.cli.verbs import app
from sim.interfaces.generated.answers.questions import PAGE, answered_page, origin, questions
from sim.interfaces.generated.sections import fill_sections

TEXT = (Path(__file__).parents[2] / PAGE).read_text("utf-8")
ASKED = questions(TEXT)


def test_there_are_twelve_and_each_has_its_answer() -> None:
    numbers = re.findall(r"^### (\d+)\. ", TEXT, re.M)
    assert numbers == [str(n) for n in range(1, 13)]
    assert len(ASKED) == TEXT.count("```sh\n") == 12
    for name in ASKED:
        answer = TEXT.split(f"<!-- begin {name} -->")[1].split(f"<!-- end {name} -->")[0]
        assert "n the model" in answer or "of the model" in answer


@pytest.mark.parametrize("command", ASKED.values())
def test_each_is_a_command(command: str) -> None:
    name, *arguments = shlex.split(command)[1:]
    verb = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    verb.make_context(name, arguments).close()


def test_the_answers_are_of_this_code() -> None:
    assert origin(TEXT) in TEXT, "run: python -m sim.interfaces.generated.answers.questions"


def test_a_page_is_filled_with_what_its_commands_print() -> None:
    page = "<!-- begin origin -->\n<!-- end origin -->\n```sh\nalignsim countries KOR\n```\n\n"
    page += "<!-- begin facts -->\n<!-- end facts -->\n"
    found = answered_page(page)
    assert "South Korea" in found
    assert found == fill_sections(found, {"origin": origin(page)})
    with pytest.raises(RuntimeError, match="ZZZ"):
        answered_page(page.replace("KOR", "ZZZ"))
