"""The visitor's own grid as files for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
import yaml

from sim.interfaces.explorer.editor.text import text_of_side
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_name

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def offer_files(own: OwnGrid) -> None:
    """Draw the downloads for the command line."""
    view = session.current()
    side = own.start
    is_shipped = not (side.draft or side.levers or view.beliefs)
    scenario_text = "" if is_shipped else text_of_side(side, view.beliefs)
    scenario_name = side.scenario if is_shipped else own_name(scenario_text)
    name, text = sweep_file(own.grid, scenario_name)
    with st.expander("The same on the command line"):
        lines = [f"Save the sweep in scenarios/sweeps/ and run `alignsim sweep {name[:-5]}`."]
        if not is_shipped:
            lines.append("It also needs the scenario, saved in scenarios/.")
        st.caption(" ".join(lines))
        st.download_button(
            "Sweep file", data=text.encode(), file_name=name, mime="application/yaml",
            key="sweep.file", on_click="ignore", type="tertiary",
        )  # fmt: skip
        if not is_shipped:
            st.download_button(
                "Scenario file", data=scenario_text.encode(), file_name=f"{scenario_name}.yaml",
                mime="application/yaml", key="sweep.scenario", on_click="ignore", type="tertiary",
            )  # fmt: skip
