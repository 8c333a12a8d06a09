"""What a report makes of the SVG of a chart: small, and with identifiers of its own."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[a-z][^<>]*>")
# What scripts and readers of single marks would need: the picture as a whole has its description.
_UNREAD = re.compile(
    r' (?:aria-[a-z]+|role|class|pointer-events|version|xmlns:xlink)="[^"]*"| opacity="1"'
)
_HIDDEN = re.compile(r'<path d="" display="none"/>|<path d="M0,0h0v0h0Z"/>')
_ID = re.compile(r' id="([^"]+)"')


def slim(svg: str) -> str:
    """Return a picture without what only scripts read; texts in it stay as they are.

    Examples
    --------
    >>> slim('<g class="x" aria-label="y" fill="red"><text>role="z"</text></g>')
    '<g fill="red"><text>role="z"</text></g>'
    """
    found = _TAG.sub(lambda tag: _UNREAD.sub("", tag.group()), svg.strip())
    return _HIDDEN.sub("", found)


def with_own_ids(svg: str, prefix: str) -> str:
    """Return a picture whose identifiers no other one of the page has, the same at each drawing.

    The renderer counts on from picture to picture.

    Examples
    --------
    >>> with_own_ids('<clipPath id="clip7"/><g clip-path="url(#clip7)"/>', "a")
    '<clipPath id="a-1"/><g clip-path="url(#a-1)"/>'
    """
    known: dict[str, str] = {}
    for tag in _TAG.findall(svg):
        for name in _ID.findall(tag):
            known.setdefault(name, f"{prefix}-{len(known) + 1}")

    def renamed(tag: re.Match[str]) -> str:
        words = tag.group()
        for name, own in known.items():
            words = words.replace(f' id="{name}"', f' id="{own}"')
            words = words.replace(f"url(#{name})", f"url(#{own})")
        return words

    return _TAG.sub(renamed, svg) if known else svg
