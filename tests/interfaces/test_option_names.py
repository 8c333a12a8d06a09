"""Options of the command line: one name for one thing, one thing for one name.

A command that makes results takes ``--out`` for ``--results`` too: there they are also written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import typer

from sim.interfaces.cli.verbs import app

# A file instead of a folder, as its metavar says: where the answer goes is the same thing.
SEVERAL_METAVARS = {"--out"}


class Option(NamedTuple):
    verb: str
    name: str
    metavar: str
    help: str


def options() -> Iterator[Option]:
    # Typer has its own copy of click, whose classes no other package names.
    command: Any = typer.main.get_command(app)
    for verb, each in command.commands.items():
        for parameter in each.params:
            long = [name for name in parameter.opts if name.startswith("--")]
            if long:
                yield Option(verb, long[0], parameter.metavar or "", parameter.help or "")


def test_one_thing_has_one_name() -> None:
    names = defaultdict(set)
    for option in options():
        names[option.help].add(option.name)
    assert {words: found for words, found in names.items() if len(found) > 1} == {}


def test_one_name_takes_one_kind_of_value() -> None:
    taken = defaultdict(set)
    for option in options():
        if option.metavar and option.name not in SEVERAL_METAVARS:
            taken[option.name].add(option.metavar)
    assert {name: found for name, found in taken.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "verb",
    ["run", "compare", "sweep", "results", "query", "sensitivity", "discover", "robust", "enough"],
)
def test_the_folder_of_results_is_named_alike(verb: str) -> None:
    assert (verb, "--results") in {(option.verb, option.name) for option in options()}


@pytest.mark.parametrize("verb", ["run", "compare", "sweep"])
def test_results_are_written_where_they_are_kept(verb: str) -> None:
    command: Any = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]
    (own,) = (each for each in command.params if "--results" in each.opts)
    assert "--out" in own.opts


@pytest.mark.parametrize(
    "arguments",
    [
        ("results", "--folder", "x"),
        ("forecast", "--out", "x"),
        ("split", "baseline", "--by", "address"),
        ("robust", "x", "n_countries(us)", "--lever", "fund"),
    ],
    ids=" ".join,
)
def test_the_other_names_are_gone(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.interfaces.cli.command_line import main

    assert main([*arguments]) == 2
    assert "No such option" in capsys.readouterr().err
