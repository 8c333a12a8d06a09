"""Charts as files: the specification, and a picture where the renderer is installed."""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sim.errors import RunError

if TYPE_CHECKING:
    from sim.interfaces.charts.base import Spec

# The renderer carries the first, so that the same chart makes the same bytes on every machine;
# browsers that lack it have the second, which is as wide.
FONT = "Liberation Sans, Arial, sans-serif"
VEGA_LITE = "6.4"
USUAL_WIDTH = 720
RENDERER = "vl_convert"
_PIXELS_A_POINT = 2.0


def has_renderer() -> bool:
    """Return whether the renderer of pictures is installed."""
    return find_spec(RENDERER) is not None


def check_renderer(what: str, otherwise: str = "") -> None:
    """Refuse to draw what needs the renderer of pictures where it is not installed.

    Parameters
    ----------
    what : str
        What needs it, at the beginning of a sentence.
    otherwise : str
        What else can be done, after a comma; "" if nothing.

    Raises
    ------
    RunError
        If it is not installed; says how to install it.
    """
    if not has_renderer():
        raise RunError(
            f"{what} needs the renderer vl-convert-python, which is not installed.\n"
            f"  Run: pip install 'alignsim[pictures]'{otherwise}."
        )


def svg_of(spec: Spec, width: int = USUAL_WIDTH) -> str:
    """Return a chart as SVG.

    Parameters
    ----------
    spec : dict
        As `sim.interfaces.charts.chart` returns it.
    width : int
        Pixels; panels of a fixed size have their own.

    Raises
    ------
    ImportError
        If the renderer, vl-convert-python, is not installed.
    """
    import vl_convert

    sized = spec | ({"width": width} if "width" in spec else {})
    sized["config"] = sized["config"] | {"font": FONT}
    return str(vl_convert.vegalite_to_svg(sized, vl_version=VEGA_LITE)) + "\n"


def png_of(svg: str) -> bytes:
    """Return an SVG as PNG, two pixels for each of its own.

    Raises
    ------
    ImportError
        If the renderer, vl-convert-python, is not installed.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=_PIXELS_A_POINT))


def picture_files(name: str, spec: Spec) -> dict[str, bytes]:
    """Return a chart as files by name: its specification, and SVG if the renderer is there.

    The picture stands on white, for programs that show what is behind it.
    """
    files = {f"{name}.vl.json": (json.dumps(spec, indent=1, ensure_ascii=False) + "\n").encode()}
    with suppress(ImportError):
        files[f"{name}.svg"] = svg_of(spec | {"background": "white"}).encode()
    return files
