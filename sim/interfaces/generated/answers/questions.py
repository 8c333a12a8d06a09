"""Asks the questions of docs/questions.md, and writes the answers to the page.

``python -m sim.interfaces.generated.answers.questions`` takes ten minutes, so ``make docs`` does
not. The page names the code, facts and scenarios that its answers are of; a test checks that.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import sys
from pathlib import Path

from typer.testing import CliRunner

from sim.data import load_facts
from sim.experiment.store.identity import code_digest
from sim.interfaces.generated.sections import fill_sections
from sim.scenario import load_scenario

PAGE = "docs/questions.md"
ORIGIN = "origin"
# The commands that the page asks, each in a block of its own.
_ASKED = re.compile(r"```sh\n(alignsim [^\n]+)\n```\n\n<!-- begin (\w+) -->")


def questions(page: str) -> dict[str, str]:
    """Return the commands of a page by the names of the sections that hold their answers."""
    return {name: command for command, name in _ASKED.findall(page)}


def origin(page: str) -> str:
    """Return the line that says what the answers were made from: it changes when they may."""
    words = {word for command in questions(page).values() for word in shlex.split(command)}
    names = sorted(words & {"baseline", "today", "sovereignty-guarantees"})
    parts = [code_digest(), load_facts().hash, *(load_scenario(name).hash for name in names)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"*Answers of the code, facts and scenarios `{digest[:12]}`.*"


def answered_page(page: str) -> str:
    """Return the page with the answers to its questions.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    from sim.interfaces.cli.verbs import app

    sections = {ORIGIN: origin(page)}
    for name, command in questions(page).items():
        print(command, file=sys.stderr, flush=True)
        said = CliRunner().invoke(app, shlex.split(command)[1:])
        if said.exit_code:
            raise RuntimeError(f"{command}: {said.stderr}")
        sections[name] = f"```text\n{said.stdout.rstrip()}\n```"
    return fill_sections(page, sections)


def main() -> None:
    """Write the page."""
    path = Path(__file__).parents[4] / PAGE
    path.write_text(answered_page(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
