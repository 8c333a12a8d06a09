"""Base classes of results that show themselves in a notebook.

What a result looks like is work for the interfaces, and those import the results. So these classes
name the module that draws, and it is imported when something is shown: importing results costs
nothing more, as with the plotting backends of pandas. Digests of code leave these base classes out:
they change no number (`sim.cache.display`).
"""

from __future__ import annotations

# As in `sim/__init__.py`: `typing` takes longer to import than this module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Protocol

    class Figure(Protocol):
        """A chart that a notebook shows by itself; see `sim.interfaces.notebook.figure.Figure`."""

        @property
        def name(self) -> str:
            """Name in the registry of charts."""

        @property
        def title(self) -> str:
            """Its title for readers."""

        @property
        def spec(self) -> dict[str, Any]:
            """Its Vega-Lite specification."""

        @property
        def svg(self) -> str:
            """The chart as SVG."""

        def save(self, path: str | Path) -> Path:
            """Write it to a file and return the path."""


BACKEND = "sim.interfaces.notebook"


def _backend() -> Any:
    """Return the module that draws."""
    from importlib import import_module

    return import_module(BACKEND)


class ShowsItself:
    """Shows itself in a notebook: title, what it says, and the first rows of a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Return what a notebook shows, as HTML."""
        return str(_backend().html_of(self))


class Draws(ShowsItself):
    """Shows itself in a notebook, and has charts."""

    __slots__ = ()

    def plot(self, name: str | None = None, *, is_dark: bool = False, **choices: Any) -> Figure:
        """Return a chart that a notebook shows by itself.

        Parameters
        ----------
        name : str, optional
            One of the charts that draw this; the first one that fits the choices unless given. A
            wrong name lists them.
        is_dark : bool
            Whether it stands on a dark page.
        **choices
            What the chart may be given, such as ``country="KOR"``; see
            `sim.interfaces.charts.chart`.

        Returns
        -------
        Figure
            With ``save(path)`` for SVG, PNG, PDF, HTML or JSON, and ``spec``, the Vega-Lite
            specification.

        Raises
        ------
        InputError
            If there is no such chart of this, or a choice is missing, unknown or impossible.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> result.plot()
        <Figure uptake: Partners over time>
        >>> result.plot(country="KOR")
        <Figure country_groups: A country over time>
        """
        figure: Figure = _backend().figure_of(self, name, is_dark, choices)
        return figure
