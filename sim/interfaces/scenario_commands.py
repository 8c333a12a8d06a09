"""Commands about scenario files: validate, scenarios, schema."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.interfaces.options import AsJson
from sim.interfaces.output import show_error, show_json

Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Scenario files, or names of scenarios.")
]
Folder = Annotated[
    Path | None, typer.Argument(metavar="FOLDER", help="Where to look; scenarios if left out.")
]
WIDTH = 92


def validate(files: Files, as_json: AsJson = False) -> None:
    """Check scenario files.

    Prints every problem with file, line, rule and remedy. Exit status 2 says that at least one
    file has a problem.

    \b
    Example:
      alignsim validate scenarios/baseline.yaml my-scenario.yaml
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.errors import InputError
    from sim.scenario import load_scenario

    checked: list[dict[str, Any]] = []
    for file in files:
        try:
            scenario = load_scenario(file)
        except InputError as error:
            checked.append({"file": file, "problems": [asdict(p) for p in error.problems]})
            if not as_json:
                show_error(str(error))
        else:
            checked.append({"file": file, "problems": [], "title": scenario.title})
            if not as_json:
                print(f"{file}: in order ({scenario.title})")
    if as_json:
        show_json(checked)
    if any(entry["problems"] for entry in checked):
        raise typer.Exit(2)


def scenarios(folder: Folder = None, as_json: AsJson = False) -> None:
    """List scenarios, with what each assumes.

    \b
    Example:
      alignsim scenarios
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.errors import InputError, Problem
    from sim.scenario import default_folder, list_scenarios

    where = default_folder() if folder is None else folder
    if not where.is_dir():
        remedy = "Name a folder with scenario files."
        raise InputError([Problem(str(where), 0, "there is no such folder.", remedy)])
    found = list_scenarios(where)
    if as_json:
        show_json([{**asdict(entry), "path": entry.path.as_posix()} for entry in found])
        return
    for entry in found:
        print(f"{entry.name}: {entry.title}")
        words = entry.problem or entry.description
        print(textwrap.fill(words, WIDTH, initial_indent="  ", subsequent_indent="  "))
    if not found:
        print(f"No scenario files in {where}.")


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    \b
    Example:
      alignsim schema > scenario.schema.json
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.scenario import json_schema_text

    print(json_schema_text().rstrip("\n"))
