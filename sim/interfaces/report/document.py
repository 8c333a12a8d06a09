"""What a report consists of: sections, and in them text, lists, tables, pictures and commands.

All text in it is plain: `sim.interfaces.report.page` escapes it. Web addresses become links, and
what stands between backticks is set as code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Prose:
    """Paragraphs.

    Parameters
    ----------
    paragraphs : sequence of str
    is_lead : bool
        Whether this is what the report comes to, set larger.
    is_soft : bool
        Whether this only says how to read something, set smaller.
    """

    paragraphs: Sequence[str]
    is_lead: bool = False
    is_soft: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list.

    Parameters
    ----------
    items : sequence of str
    heads : sequence of str
        What stands before each item, in bold; empty for none.
    """

    items: Sequence[str]
    heads: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """A table for reading.

    Parameters
    ----------
    caption : str
        What a row is, and in what order rows stand.
    heads : sequence of str
        Of the columns, with units.
    rows : sequence of sequence of str
        Cells as they are read; the first of a row is its head.
    numbers : collection of int
        Columns whose cells are figures, by place.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a colour "#rrggbb" or a pattern "url(#...)", and what it marks."""

    fill: str
    text: str


@dataclass(frozen=True)
class Picture:
    """A chart or a map.

    Parameters
    ----------
    title : str
    caption : str
        How to read it.
    description : str
        What it shows, for those who do not see it.
    wide, narrow : str
        SVG for a page, and for a phone; the same where one fits both.
    legend : sequence of Key
    """

    title: str
    caption: str
    description: str
    wide: str
    narrow: str
    legend: Sequence[Key] = ()


@dataclass(frozen=True)
class Commands:
    """Lines to type, under a label."""

    label: str
    text: str


@dataclass(frozen=True)
class Subheading:
    """A heading within a section."""

    text: str


Block = Prose | Bullets | Listing | Picture | Commands | Subheading


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Parameters
    ----------
    key : str
        Its name in links within the page: letters and hyphens.
    title : str
    blocks : sequence of Block
    """

    key: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A report.

    Parameters
    ----------
    title, subtitle : str
        Of what, and the size of the result.
    caution : str
        What its figures are not.
    sections : sequence of Section
        In the order of the page.
    origin : str
        What it was made from: it changes when the figures may.
    """

    title: str
    subtitle: str
    caution: str
    sections: Sequence[Section]
    origin: str
