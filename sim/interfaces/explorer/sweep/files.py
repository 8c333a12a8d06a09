"""How to repeat a sweep without the page: a grid as a file, a stored sweep by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from sim.interfaces.explorer.editor.text import text_of_side
from sim.interfaces.explorer.quoting.recipe import FOLDER, given_side
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_name
from sim.interfaces.recipes.asked import size_of
from sim.interfaces.recipes.recipe import Recipe, grid_recipe, sweep_recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.sweeps.surface import SurfaceMeasure
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


def recipe_of_own(own: OwnGrid, measure: SurfaceMeasure) -> Recipe:
    """Return how to run the visitor's grid without the page, and to see the measure on view."""
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
    return grid_recipe(
        given_side(side, view.beliefs),
        file_name.removesuffix(".yaml"),
        values,
        size_of(grid.futures, grid.seed),
        rows_of_measure(measure),
        files | {f"{FOLDER}/sweeps/{file_name}": sweep_text},
    )


def recipe_of_stored(found: StoredSweep, measure: SurfaceMeasure) -> Recipe:
    """Return how to repeat or to open a stored sweep, and to see the measure on view."""
    return sweep_recipe(found, rows_of_measure(measure))


def rows_of_measure(measure: SurfaceMeasure) -> dict[str, str]:
    """Return which rows of a sweep's tables a measure is in: names of columns, and their values.

    Examples
    --------
    >>> from sim.analysis.sweeps.surface import SurfaceMeasure
    >>> rows_of_measure(SurfaceMeasure("", "", "", "us", "", "n_countries"))
    {'outcome': 'n_countries', 'provider': 'us'}
    """
    if measure.is_probability:
        return {"country": measure.country, "provider": measure.provider}
    about = {"provider": measure.provider, "offer": measure.offer}
    return {"outcome": measure.outcome} | {name: key for name, key in about.items() if key}
