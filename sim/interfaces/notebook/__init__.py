"""What results look like in a notebook: `sim.notebook.showing` names this module as its backend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.interfaces.notebook.cards import html_of

if TYPE_CHECKING:
    from sim.interfaces.notebook.figure import Figure

__all__ = ["figure_of", "html_of"]


def figure_of(found: Any, name: str | None, is_dark: bool, choices: Mapping[str, Any]) -> Figure:
    """Return a chart of a result; see `sim.notebook.showing.Draws.plot`."""
    # Charts import every analysis that they draw.
    from sim.interfaces.notebook.plotting import draw

    return draw(found, name, is_dark, choices)
