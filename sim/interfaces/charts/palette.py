"""Colours that stay apart in every kind of colour vision, for a light and a dark page."""

from __future__ import annotations

from dataclasses import dataclass

# Found by search over hue bands: the least CAM02-UCS distance over normal, deutan, protan and
# tritan sight is 23 on light and 26 on dark. Merely brightening the light set for the dark page
# would leave 7.5 between two of them.
LIGHT = {
    "first": "#32568f",
    "second": "#b75b29",
    "two": "#eac45f",
    "sovereign": "#24a58b",
    "uncommitted": "#b9c4ce",
    "third": "#8b5a9f",
    "fourth": "#7a7a32",
}
DARK = {
    "first": "#6581c2",
    "second": "#b36d37",
    "two": "#edcc62",
    "sovereign": "#59d8d3",
    "uncommitted": "#6d7075",
    "third": "#b98fcf",
    "fourth": "#a3a35c",
}
PROVIDERS = ("first", "second", "third", "fourth")
# Likelier, less likely: neither is good or bad, so neither is green or red.
DIVERGING_LIGHT = ("#5e3c99", "#c8690a")
DIVERGING_DARK = ("#a98be0", "#e59a3c")


@dataclass(frozen=True)
class Theme:
    """What a chart needs to know of the page it stands on."""

    is_dark: bool
    ink: str
    soft: str
    grid: str
    page: str

    def colour(self, key: str, providers: tuple[str, ...] = ()) -> str:
        """Return the colour of a group; providers take theirs by their order."""
        table = DARK if self.is_dark else LIGHT
        if key in providers:
            # A and B together can have more providers than one scenario may.
            return table[PROVIDERS[providers.index(key) % len(PROVIDERS)]]
        return table[key]


LIGHT_THEME = Theme(is_dark=False, ink="#1d2733", soft="#5b6672", grid="#e6eaee", page="#ffffff")
DARK_THEME = Theme(is_dark=True, ink="#f0f2f4", soft="#a9b1ba", grid="#33373d", page="#14161a")


def theme(is_dark: bool) -> Theme:
    """Return the theme of a dark or a light page."""
    return DARK_THEME if is_dark else LIGHT_THEME
