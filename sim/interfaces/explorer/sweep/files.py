"""How to repeat a sweep without the page: a grid as a file, a stored sweep by its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from sim.interfaces.explorer.editor.text import text_of_side
from sim.interfaces.explorer.quoting.recipe import FOLDER, Recipe, loaded
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_name
from sim.scenario.reading.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.explorer.sweep.grid import Grid
    from sim.interfaces.explorer.sweep.own import OwnGrid

# The pattern of the file's name.
LONGEST_NAME = 60


def sweep_file(grid: Grid, scenario_name: str) -> tuple[str, str]:
    """Return name and text of the sweep file that makes the same points on the command line."""
    names = grid.design.names
    name = file_stem(names)
    axes: dict[str, Sequence[float]] = {
        field: sorted(set(grid.design.points[:, j].tolist())) for j, field in enumerate(names)
    }
    content = {
        "name": name,
        "title": f"Grid over {' and '.join(names)}",
        "description": "From the explorer. Say here which values these are, and why.",
        "scenario": scenario_name,
        "replicates": grid.futures,
        "seed": grid.seed,
        "grid": {field: [_plain(value) for value in values] for field, values in axes.items()},
    }
    head = "# yaml-language-server: $schema=sweep.schema.json\n"
    return f"{name}.yaml", head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def file_stem(names: Sequence[str]) -> str:
    """Return a name for the sweep of some levers that a file can have.

    Examples
    --------
    >>> file_stem(["linkage", "local_control"])
    'linkage-and-local-control'
    >>> len(file_stem(["a" * 30, "b" * 30])) <= LONGEST_NAME
    True
    """
    joint = "-and-"
    each = (LONGEST_NAME - len(joint) * (len(names) - 1)) // len(names)
    return joint.join(name.replace("_", "-")[:each].rstrip("-") for name in names)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def recipe_of_own(own: OwnGrid) -> Recipe:
    """Return how to run the visitor's grid without the page."""
    view = session.current()
    side, grid = own.start, own.grid
    is_shipped = not (side.draft or side.levers or view.beliefs)
    text = "" if is_shipped else text_of_side(side, view.beliefs)
    name = side.scenario if is_shipped else own_name(text)
    files = {} if is_shipped else {f"{FOLDER}/{name}.yaml": text}
    file_name, sweep_text = sweep_file(grid, name)
    values = {
        field: sorted(set(grid.design.points[:, j].tolist()))
        for j, field in enumerate(grid.design.names)
    }
    python = [
        "import sim",
        "",
        f"scenario = {loaded(side, view.beliefs)}",
        f"design = sim.Design.grid({json.dumps(values)})",
        f"found = sim.sweep(scenario, design, replicates={grid.futures}, seed={grid.seed})",
        "print(found.outcomes)",
    ]
    return Recipe(
        f"alignsim sweep {file_name.removesuffix('.yaml')}",
        "\n".join(python),
        files | {f"{FOLDER}/sweeps/{file_name}": sweep_text},
    )


def recipe_of_stored(found: StoredSweep) -> Recipe:
    """Return how to open a stored sweep without the page, and how to run it anew from its file."""
    name = found.heading.name
    has_file = shipped(FOLDER, "sweeps", f"{name}.yaml").is_file()
    how = f"-n {found.replicates} --seed {found.seed}"
    python = ["import sim", "", f"found = sim.load_run({json.dumps(found.path.as_posix())})"]
    return Recipe(
        f"alignsim sweep {name} {how}" if has_file else "",
        "\n".join([*python, "print(found.outcomes)"]),
    )
