"""A report as one HTML file: no script, nothing from elsewhere, and every text only text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import count
from pathlib import Path

from sim.interfaces.report.document import (
    Block,
    Bullets,
    Key,
    Listing,
    Picture,
    Prose,
    Report,
    Section,
    Subheading,
)
from sim.interfaces.report.drawing import with_own_ids
from sim.words.text import readable

# The form of addresses that the pages of the explorer make links of.
_LINK = re.compile(r"https?://[\w./?=&%#~+,-]+[\w/]")
_CODE = re.compile(r"`([^`\n]+)`")
_SHORT = 25
# No script, no frame, no request: what a browser holds the file to.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return (Path(__file__).parent / "report.css").read_text("utf-8")


def page(report: Report) -> str:
    """Return a report as HTML."""
    title = escape(readable(report.title))
    links = "".join(
        f'<li><a href="#{section.key}">{escape(section.title)}</a></li>'
        for section in report.sections
    )
    numbers = count(1)
    body = "\n".join(_section(section, numbers) for section in report.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        f'<meta name="alignsim-origin" content="{escape(report.origin)}">\n'
        f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#content">Skip to the report</a>\n'
        f'<header>\n<h1>{title}</h1>\n<p class="subtitle">{text(report.subtitle)}</p>\n'
        f'<p class="caution">{text(report.caution)}</p>\n'
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n</header>\n'
        f'<main id="content" tabindex="-1">\n{body}\n</main>\n'
        "<footer><p>Made with alignsim. The file needs no network; to keep it as PDF, print it "
        "to a file from the browser.</p></footer>\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """Return plain words as HTML: escaped, with links for web addresses and code in backticks.

    Examples
    --------
    >>> text("<b> see https://example.org/a, or `alignsim run`")
    '&lt;b&gt; see <a href="https://example.org/a">https://example.org/a</a>, or <code>alignsim run</code>'
    """  # noqa: E501 (one line of HTML)
    parts, end = [], 0
    for match in _LINK.finditer(words):
        address = escape(match.group())
        parts += [_plain(words[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join([*parts, _plain(words[end:])])


def _plain(words: str) -> str:
    parts, end = [], 0
    for match in _CODE.finditer(words):
        # Code is typed as it stands, so it keeps its plain signs.
        code = f"<code>{escape(match[1])}</code>"
        parts += [escape(readable(words[end : match.start()])), code]
        end = match.end()
    return "".join([*parts, escape(readable(words[end:]))])


def _section(section: Section, numbers: Iterator[int]) -> str:
    blocks = "\n".join(_block(block, numbers) for block in section.blocks)
    head = f'<h2 id="{section.key}-title">{escape(section.title)}</h2>'
    return (
        f'<section id="{section.key}" aria-labelledby="{section.key}-title">\n{head}\n{blocks}\n'
        "</section>"
    )


def _block(block: Block, numbers: Iterator[int]) -> str:
    if isinstance(block, Prose):
        kind = "lead" if block.is_lead else "soft" if block.is_soft else "prose"
        body = "".join(f"<p>{text(words)}</p>" for words in block.paragraphs)
        return f'<div class="{kind}">{body}</div>'
    if isinstance(block, Bullets):
        heads = block.heads or [""] * len(block.items)
        pairs = zip(heads, block.items, strict=True)
        return f"<ul>{''.join(_item(head, words) for head, words in pairs)}</ul>"
    if isinstance(block, Listing):
        return _table(block, next(numbers))
    if isinstance(block, Picture):
        return _figure(block, next(numbers))
    if isinstance(block, Subheading):
        return f"<h3>{text(block.text)}</h3>"
    return f'<p class="label">{text(block.label)}</p><pre>{escape(block.text)}</pre>'


def _item(head: str, words: str) -> str:
    return f"<li>{f'<strong>{text(head)}</strong> ' if head else ''}{text(words)}</li>"


def _table(block: Listing, number: int) -> str:
    """Return a table in a region of its own, which scrolls on a narrow page."""
    own = set(block.numbers)

    def attributes(place: int) -> str:
        return ' class="number"' if place in own else ""

    heads = "".join(
        f'<th scope="col"{attributes(place)}>{text(words)}</th>'
        for place, words in enumerate(block.heads)
    )
    rows = "".join(_row(cells, attributes) for cells in block.rows)
    key = f"table-{number}"
    # In print, a table that fits on a page is not divided.
    kind = "table short" if len(block.rows) <= _SHORT else "table"
    return (
        f'<div class="{kind}" role="region" tabindex="0" aria-labelledby="{key}"><table>'
        f'<caption id="{key}">{text(block.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(cells: Sequence[str], attributes: Callable[[int], str]) -> str:
    first, *rest = cells
    others = "".join(f"<td{attributes(j)}>{text(cell)}</td>" for j, cell in enumerate(rest, 1))
    return f'<tr><th scope="row"{attributes(0)}>{text(first)}</th>{others}</tr>'


def _figure(block: Picture, number: int) -> str:
    legend = f'<ul class="legend">{"".join(map(_key, block.legend))}</ul>' if block.legend else ""
    says = escape(readable(block.description))
    # One of the two is not displayed, and so is not read out either.
    if block.narrow == block.wide:
        drawn = f'<div class="map" role="img" aria-label="{says}">{block.wide}</div>'
    else:
        drawn = "".join(
            f'<div class="{width}" role="img" aria-label="{says}">'
            f"{with_own_ids(svg, f'{width}-{number}')}</div>"
            for width, svg in (("wide", block.wide), ("narrow", block.narrow))
        )
    key = f"figure-{number}"
    return (
        f'<figure aria-labelledby="{key}"><p class="figure-title" id="{key}">{text(block.title)}'
        f"</p>{legend}{drawn}<figcaption>{text(block.caption)}</figcaption></figure>"
    )


def _key(entry: Key) -> str:
    mark = (
        '<svg viewBox="0 0 88 88" aria-hidden="true" focusable="false">'
        f'<rect width="88" height="88" rx="14" fill="{escape(entry.fill)}" '
        'stroke="#8a939c" stroke-width="4"/></svg>'
    )
    return f"<li>{mark}{text(entry.text)}</li>"
