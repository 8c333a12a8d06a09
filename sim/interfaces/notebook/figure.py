"""A chart as a notebook shows it, and as files hold it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.written import write_files
from sim.errors import InputError, Problem, checked_path
from sim.interfaces.charts.palette import theme
from sim.interfaces.pictures import check_renderer, has_renderer, png_of, svg_of

if TYPE_CHECKING:
    import altair as alt

    from sim.interfaces.charts.base import Spec

# Stands for "<" in texts until the page is made; no text has it, since it is for private use.
_LESS = "\ue000"


@dataclass(frozen=True, eq=False, repr=False)
class Figure:
    """A chart that a notebook shows by itself, and that can be saved.

    Parameters
    ----------
    name, title, says : str
        Of the chart in the registry; `says` is what it shows, in a sentence.
    spec : dict
        Its Vega-Lite specification: plain data for any program that draws Vega-Lite.
    is_dark : bool
        Whether it stands on a dark page.

    Examples
    --------
    >>> import sim, tempfile
    >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = result.plot("uptake").save(f"{folder}/uptake.svg")
    ...     print(path.name, path.read_text()[:4])
    uptake.svg <svg
    """

    name: str
    title: str
    says: str
    spec: Spec
    is_dark: bool = False

    @property
    def svg(self) -> str:
        """The chart as SVG, on the colour of its page.

        Raises
        ------
        RunError
            If the renderer, vl-convert-python, is not installed.
        """
        check_renderer("A picture", ", or save the chart as .html or .json")
        return svg_of(self.spec | {"background": theme(self.is_dark).page})

    def to_altair(self) -> alt.Chart:
        """Return the chart for altair, to be changed further."""
        import altair as alt

        # For a specification with layers or panels, altair makes another class than it declares.
        found: alt.Chart = alt.Chart.from_dict(self.spec)
        return found

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file and return the path.

        Parameters
        ----------
        path : path
            Its ending says what is written: ``.svg``, ``.png``, ``.pdf``, ``.html`` (interactive),
            or ``.json`` (the specification). A file of that name is replaced.

        Returns
        -------
        Path

        Raises
        ------
        InputError
            If the ending is none of these, or the file cannot be written.
        RunError
            If a picture is wanted and the renderer, vl-convert-python, is not installed.
        """
        place = checked_path(path, "the file of the chart")
        make = _FORMATS.get(place.suffix.lower())
        if make is None:
            rule = f"a chart cannot be saved as {place.name!r}."
            remedy = f"Give a name that ends with {', '.join(_FORMATS)}."
            raise InputError([Problem(str(place), 0, rule, remedy)])
        write_files(place.parent, {place.name: make(self)})
        return place

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what notebooks show: a picture; without the renderer, altair's drawing.

        The picture needs neither a script nor a network, so it shows in every notebook, on the web
        and in print.
        """
        if has_renderer():
            return {"image/svg+xml": self.svg, "text/plain": repr(self)}
        found: Any = self.to_altair()._repr_mimebundle_(include, exclude)
        # Some renderers of altair add metadata.
        bundle = found[0] if isinstance(found, tuple) else found
        return {**bundle, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Figure {self.name}: {self.title}>"


def _svg(figure: Figure) -> bytes:
    return figure.svg.encode()


def _png(figure: Figure) -> bytes:
    return png_of(figure.svg)


def _pdf(figure: Figure) -> bytes:
    svg = figure.svg
    import vl_convert

    return bytes(vl_convert.svg_to_pdf(svg))


def _html(figure: Figure) -> bytes:
    # With the renderer installed, the page holds the scripts and needs no network.
    import altair as alt

    page = str(alt.Chart.from_dict(_inert(figure.spec)).to_html(inline=has_renderer()))
    # Both ways in which JSON may have it.
    for mark in (_LESS, json.dumps(_LESS)[1:-1]):
        page = page.replace(mark, "\\u003c")
    return page.encode()


def _inert(content: Any) -> Any:
    """Return a specification in whose texts no tag can begin: a page has it inside a script."""
    if isinstance(content, str):
        return content.replace("<", _LESS)
    if isinstance(content, Mapping):
        return {_inert(key): _inert(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_inert(each) for each in content]
    return content


def _json(figure: Figure) -> bytes:
    return (json.dumps(figure.spec, indent=1, ensure_ascii=False) + "\n").encode()


_FORMATS: Mapping[str, Callable[[Figure], bytes]] = {
    ".svg": _svg,
    ".png": _png,
    ".pdf": _pdf,
    ".html": _html,
    ".json": _json,
}
