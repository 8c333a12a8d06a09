"""Shades of a colour for the cells of a table, with writing that can be read on each."""

from __future__ import annotations

from sim.interfaces.charts.palette import DIVERGING_DARK, DIVERGING_LIGHT, Theme

_FAINTEST = 0.08


def _rgb(colour: str) -> tuple[float, float, float]:
    digits = colour.lstrip("#")
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def blend(page: str, colour: str, share: float) -> str:
    """Return a share of a colour laid over the page.

    Examples
    --------
    >>> blend("#ffffff", "#000000", 0.5), blend("#ffffff", "#32568f", 1)
    ('#808080', '#32568f')
    """
    parts = zip(_rgb(page), _rgb(colour), strict=True)
    mixed = [round(255 * (below + share * (above - below))) for below, above in parts]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1, as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff")), contrast("#32568f", "#32568f")
    (21, 1.0)
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(fill: str) -> str:
    """Return the colour of writing that stands out most on a fill."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, fill))


def shade(theme: Theme, colour: str, share: float) -> str:
    """Return the fill for a value at a share (0 to 1) of the way from the least to the greatest."""
    inside = min(max(share, 0.0), 1.0)
    return blend(theme.page, colour, _FAINTEST + (1 - _FAINTEST) * inside)


def diverging_shade(theme: Theme, share: float) -> str:
    """Return the fill for a change, from -1 (greatest fall) through 0 to 1 (greatest rise)."""
    rise, fall = DIVERGING_DARK if theme.is_dark else DIVERGING_LIGHT
    return blend(theme.page, rise if share > 0 else fall, min(abs(share), 1.0))
