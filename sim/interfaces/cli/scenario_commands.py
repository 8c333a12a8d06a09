"""Commands about scenario files: validate, scenarios, schema."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.interfaces.cli.options import AsJson, folder_given
from sim.interfaces.cli.output import show_error, show_json

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Scenario or sweep files, or their names."),
]
OfSweeps = Annotated[bool, typer.Option("--sweep", help="The schema of sweep files instead.")]
Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="FOLDER",
        parser=folder_given,
        help="Where to look; unless given, in the folder scenarios and among those that ship.",
    ),
]
WIDTH = 92


def validate(files: Files, as_json: AsJson = False) -> None:
    """Check scenario files and sweep files.

    Prints every problem with file, line, rule and remedy. Exit status 2 means that at least one
    file has a problem.

    \b
    Example:
      alignsim validate scenarios/baseline.yaml my-scenario.yaml
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.errors import InputError

    checked: list[dict[str, Any]] = []
    for file in files:
        try:
            title = _checked_title(file)
        except InputError as error:
            checked.append({"file": file, "problems": [asdict(p) for p in error.problems]})
            if not as_json:
                show_error(str(error))
        else:
            checked.append({"file": file, "problems": [], "title": title})
            if not as_json:
                print(f"{file}: valid ({title})")
    if as_json:
        show_json(checked)
    if any(entry["problems"] for entry in checked):
        raise typer.Exit(2)


def _checked_title(file: str) -> str:
    """Return the title of a valid scenario or sweep file."""
    from sim.scenario import load_scenario
    from sim.scenario.reading.named import is_bare, names_sweep

    # A bare name of a scenario does not need sweeps, which are slow to import.
    if not is_bare(file) or names_sweep(file):
        from sim.experiment.sweeps.designs.sweep_files import is_sweep_file, load_sweep

        if is_bare(file) or is_sweep_file(file):
            return load_sweep(file).heading.title
    return load_scenario(file).title


def scenarios(folder: Folder = None, as_json: AsJson = False) -> None:
    """List scenarios, with what each assumes.

    \b
    Example:
      alignsim scenarios
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.errors import InputError, Problem
    from sim.scenario import list_scenarios

    found = list_scenarios(folder)
    if folder is not None and not folder.is_dir():
        remedy = "Name a folder with scenario files."
        raise InputError([Problem(str(folder), 0, "this folder does not exist.", remedy)])
    if as_json:
        show_json([{**asdict(entry), "path": entry.path.as_posix()} for entry in found])
        return
    for entry in found:
        print(f"{entry.name}: {entry.title}")
        words = entry.problem or entry.description
        print(textwrap.fill(words, WIDTH, initial_indent="  ", subsequent_indent="  "))
    if not found:
        print(f"No scenario files in {folder}.")


def schema(of_sweeps: OfSweeps = False) -> None:
    """Print the JSON Schema of scenario files, for editors.

    \b
    Example:
      alignsim schema > scenario.schema.json
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.scenario import json_schema_text

    if of_sweeps:
        from sim.experiment.sweeps.designs.schema import sweep_json_schema_text

        print(sweep_json_schema_text().rstrip("\n"))
        return
    print(json_schema_text().rstrip("\n"))
