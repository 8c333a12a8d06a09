"""A picture that stands on its own: its title above it, and where it comes from below it.

A picture of a page is soon in somebody's slides, without the page. So all that is needed to read,
check and repeat it is drawn into it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape

from sim.interfaces.charts.palette import LIGHT_THEME
from sim.interfaces.pictures import FONT

_MARGIN, _GAP = 18, 10
# Sizes of the letters of title, notes and sources, in pixels, and how far lines are apart.
_TITLE_PX, _NOTE_PX, _SOURCE_PX = 18, 13, 11
_LINE = 1.35
# The widest that the letters of a line are on average, as a share of their size.
_LETTER = 0.56
_SIZE = re.compile(r"<svg\b[^>]*?\bviewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"")


@dataclass(frozen=True)
class Frame:
    """What is written around a picture.

    Parameters
    ----------
    title : str
        Above it, in large letters.
    notes : tuple of str
        Above it, below the title: the scenarios, and what was changed in them.
    sources : tuple of str
        Below it: futures, seed, versions, links.
    description : str
        What it shows, for screen readers.
    """

    title: str
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    description: str = ""


def framed(svg: str, frame: Frame) -> str:
    """Return a picture as SVG on white, with its frame.

    Parameters
    ----------
    svg : str
        The picture, drawn for a light page; its ``viewBox`` begins at 0 0.
    frame : Frame
        Its texts may hold anything: they are shown as written.
    """
    found = _SIZE.search(svg)
    assert found is not None, "the SVG has no viewBox that begins at 0 0"
    wide, high = float(found[1]), float(found[2])
    width = wide + 2 * _MARGIN
    ink, soft = LIGHT_THEME.ink, LIGHT_THEME.soft
    head = [
        _Line(line, _TITLE_PX, ink, 700) for line in lines_that_fit(frame.title, wide, _TITLE_PX)
    ]
    head += _lines(frame.notes, wide, _NOTE_PX, soft)
    foot = _lines(frame.sources, wide, _SOURCE_PX, soft)
    top = _MARGIN + _height(head) + _GAP
    bottom = top + high + _GAP
    height = bottom + _height(foot) + _MARGIN
    body = svg[svg.index("<svg") :].replace("<svg", f'<svg x="{_MARGIN}" y="{top:g}"', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{escape(frame.title)}</title><desc>{escape(frame.description)}</desc>"
        f'<rect width="100%" height="100%" fill="{LIGHT_THEME.page}"/>'
        f'<g font-family="{FONT}">{_drawn(head, _MARGIN)}{_drawn(foot, bottom)}</g>'
        f"{body.rstrip()}</svg>\n"
    )


@dataclass(frozen=True)
class _Line:
    text: str
    size: int
    colour: str
    weight: int = 400


def _lines(texts: tuple[str, ...], wide: float, size: int, colour: str) -> list[_Line]:
    return [
        _Line(line, size, colour) for text in texts for line in lines_that_fit(text, wide, size)
    ]


def _height(lines: list[_Line]) -> float:
    return sum(line.size * _LINE for line in lines)


def _drawn(lines: list[_Line], top: float) -> str:
    parts, y = [], top
    for line in lines:
        y += line.size * _LINE
        parts.append(
            f'<text x="{_MARGIN}" y="{y - 0.35 * line.size:g}" font-size="{line.size}" '
            f'font-weight="{line.weight}" fill="{line.colour}">{escape(line.text)}</text>'
        )
    return "".join(parts)


def lines_that_fit(text: str, wide: float, size: int) -> list[str]:
    """Return a text in lines that fit a width in pixels; a longer word, as a link, is cut apart.

    Examples
    --------
    >>> lines_that_fit("one two three", 60, 12), lines_that_fit("a" * 9, 34, 12)
    (['one two', 'three'], ['aaaaa', 'aaaa'])
    """
    most = max(1.0, wide / (size * _LETTER))
    lines: list[str] = []
    line = ""
    for word in text.split():
        joint = f"{line} {word}" if line else word
        if _letters(joint) <= most:
            line = joint
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, most)
        lines += full
    return [*lines, line] if line else lines


def _cut(word: str, most: float) -> list[str]:
    parts, part = [], ""
    for sign in word:
        if part and _letters(part + sign) > most:
            parts.append(part)
            part = ""
        part += sign
    return [*parts, part]


def width_of(text: str, size: int) -> float:
    """Return how wide a line is at most, in pixels, given the size of its letters."""
    return _letters(text) * size * _LETTER


def _letters(text: str) -> int:
    """Return how many letters wide a text is; those of East Asian scripts are two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
