"""Pictures to quote: a chart or the map with its title, what was moved, and its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import streamlit as st

from sim.experiment.store.identity import package_version
from sim.interfaces.explorer.controls.origin import NOTHING
from sim.interfaces.explorer.quoting.alone import draw_alone, frame_html, is_alone
from sim.interfaces.explorer.quoting.opening import opens_panel
from sim.interfaces.explorer.state import session
from sim.interfaces.framing import Frame, framed
from sim.interfaces.pictures import has_renderer, png_of
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.interfaces.explorer.controls.origin import Origin

# Characters of a link that a picture shows; that of a view with a draft is far longer.
LONGEST_SHOWN = 600
TOO_LONG = "The link of this view is too long to print here: its scenario is a draft."
_SIDE = "scenario "
_MOVED = ", moved"
_PINNED = "beliefs pinned"


@dataclass(frozen=True)
class OfferedPicture:
    """A picture that a page can give away.

    Parameters
    ----------
    place : str
        What tells it from other pictures of its page; also the name of its file.
    title : str
        For readers.
    description : str
        What it shows, in a sentence or two.
    svg : callable
        Returns it as SVG for a light page, when it is asked for.
    draw : callable
        Draws it on the page.
    """

    place: str
    title: str
    description: str
    svg: Callable[[], str]
    draw: Callable[[], object]


def offer_pictures(
    pictures: Sequence[OfferedPicture], name: str, label: str, origin: Callable[[], Origin] = dict
) -> None:
    """Draw one button for some pictures; nothing without the renderer of pictures.

    It opens a panel with their files, which are drawn on the click. So a moved lever redraws no
    more than the button.

    Parameters
    ----------
    pictures : sequence of OfferedPicture
    name : str
        Tells the button from others of its page.
    label : str
        Its text, unique on its page.
    origin : callable, optional
        Returns what a download says about the origin of its numbers.
    """
    link = address()
    if is_alone():
        for picture in pictures:
            notes = (*origin_in_words(origin()), *sources_of(origin()))
            draw_alone(picture.place, picture.title, notes, picture.draw, link)
    elif pictures and has_renderer() and opens_panel(label, f"pictures.{name}", ":material/image:"):
        _show_files(pictures, origin, link)


@st.dialog("Pictures")
def _show_files(
    pictures: Sequence[OfferedPicture], origin: Callable[[], Origin], link: str
) -> None:
    for picture in pictures:
        st.header(escaped(picture.title), anchor=False)
        with st.container(horizontal=True, gap="small"):
            for kind, make in (("PNG", _png), ("SVG", _svg)):
                st.download_button(
                    kind,
                    data=partial(make, picture, origin, link),
                    file_name=f"{picture.place.replace('.', '-')}.{kind.lower()}",
                    mime="image/png" if kind == "PNG" else "image/svg+xml",
                    key=f"{kind.lower()}.{picture.place}",
                    on_click="ignore",
                )
        if link:
            st.caption("For another web page:")
            st.code(frame_html(picture.place, picture.title, link), "html", wrap_lines=True)


def address() -> str:
    """Return the address of the view on this page, with the name of the server; "" if unknown."""
    base = st.context.url
    link = session.link()
    if not base:
        return ""
    page = base if urlsplit(base).path else f"{base}/"
    return f"{page}?{urlencode(link)}" if link else page


def whole_picture(picture: OfferedPicture, origin: Origin, link: str) -> str:
    """Return a picture as SVG with its title, what was moved, and its source."""
    notes = origin_in_words(origin)
    address_shown = link if len(link) <= LONGEST_SHOWN else TOO_LONG
    sources = (picture.description, *sources_of(origin), address_shown)
    description = " ".join([picture.description, *notes])
    frame = Frame(picture.title, notes, tuple(line for line in sources if line), description)
    return framed(picture.svg(), frame)


def sources_of(origin: Origin) -> tuple[str, str]:
    """Return futures, seed and runs in a line, which may be empty, and the version in another."""
    is_run = "futures" in origin
    own = [f"{int(origin['futures']):,} futures, seed {origin['seed']}"] if is_run else []
    source = f"Source: alignsim {package_version()}, {datetime.now(UTC):%-d %B %Y}."
    return "; ".join([*own, *_rest_of(origin)]), (
        f"{source} Simulated, not a forecast." if is_run else source
    )


def origin_in_words(origin: Origin) -> tuple[str, ...]:
    """Return each scenario of an origin with what was moved in it, and the pinned beliefs.

    Examples
    --------
    >>> origin_in_words({"scenario A": "baseline", "scenario A, moved": "nothing"})
    ('Scenario: baseline, with no lever moved.',)
    """
    sides = [name for name in origin if f"{name}{_MOVED}" in origin]
    notes = []
    for name in sides:
        side = name.removeprefix(_SIDE) if len(sides) > 1 else "Scenario"
        moved = str(origin[f"{name}{_MOVED}"])
        what = "with no lever moved" if moved == NOTHING else f"with {moved}"
        notes.append(f"{side}: {origin[name]}, {what}.")
    pinned = str(origin.get(_PINNED, NOTHING))
    return tuple(notes if pinned == NOTHING else [*notes, f"Beliefs pinned: {pinned}."])


def _rest_of(origin: Origin) -> list[str]:
    """Return what an origin says besides scenarios, changes, futures and seed."""
    said = {"futures", "seed", _PINNED}
    said |= {
        each for name in origin if f"{name}{_MOVED}" in origin for each in (name, name + _MOVED)
    }
    return [f"{name} {value}" for name, value in origin.items() if name not in said]


def _svg(picture: OfferedPicture, origin: Callable[[], Origin], link: str) -> bytes:
    return whole_picture(picture, origin(), link).encode()


def _png(picture: OfferedPicture, origin: Callable[[], Origin], link: str) -> bytes:
    return png_of(whole_picture(picture, origin(), link))
