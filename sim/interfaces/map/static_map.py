"""The world map as a picture: SVG that needs no script, for reports and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.pairing import provider_names
from sim.analysis.standing import country_partners, group_counts, paired_groups
from sim.interfaces.charts.palette import DIVERGING_DARK, DIVERGING_LIGHT, Theme, theme
from sim.interfaces.map.outlines import (
    BOUNDARIES,
    COLOURS,
    MEANS,
    MODES,
    full_range,
    has_same_shape,
    map_title,
    shapes,
)
from sim.words.text import readable, with_article
from sim.words.wording import percent, points

if TYPE_CHECKING:
    from sim.analysis.groups.members import CountryGroup
    from sim.analysis.shown import Shown

MARGIN = 40  # units around the outlines, so that nothing at the edges is cut
# As the pages draw it: 4.2 pixels where the map is 900 pixels wide.
_DOT = 19
_EMPTY, _SOFT, _ASIDE = 0.07, 0.68, 0.24
_LEAST_OPACITY = 0.2
_MOST_NAMED = 5
HATCH, HOME = "hatch", "home"


@dataclass(frozen=True)
class LegendEntry:
    """An entry of a legend.

    Parameters
    ----------
    fill : str
        A colour as "#rrggbb", or the name of a pattern: `HATCH` or `HOME`.
    title : str
        What it marks.
    mean : float, optional
        Mean number of countries in it over futures; colours show the likeliest path alone.
    """

    fill: str
    title: str
    mean: float | None = None

    @property
    def words(self) -> str:
        """The entry as a legend has it, with its number if there is one."""
        return self.title if self.mean is None else f"{self.title} {self.mean:.0f}"


@dataclass(frozen=True)
class StaticMap:
    """A map, drawn.

    Parameters
    ----------
    title : str
        What is on it, and of when.
    description : str
        What it shows, in sentences, for those who do not see it.
    legend : tuple of LegendEntry
    note : str
        What the colours mean, and what the outlines stand for.
    drawn : str
        Its elements, in units of the map, without the element ``svg``.
    box : tuple of int
        Left, top, width and height in units of the map.
    patterns : dict
        Paint for each pattern of the legend, such as ``url(#map-hatch)``. `drawn` defines them.
    """

    title: str
    description: str
    legend: tuple[LegendEntry, ...]
    note: str
    drawn: str
    box: tuple[int, int, int, int]
    patterns: dict[str, str]

    @property
    def svg(self) -> str:
        """The map alone as SVG, as wide as its place; its legend is for the page around it."""
        edges = " ".join(map(str, self.box))
        says = escape(f"{self.title}. {self.description}", quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edges}" role="img" '
            f'aria-label="{says}">{self.drawn}</svg>'
        )

    def mark(self, entry: LegendEntry) -> str:
        """Return the paint of an entry of the legend, for ``fill`` of an SVG."""
        return self.patterns.get(entry.fill, entry.fill)


@dataclass(frozen=True)
class _Painted:
    """Fill of each country (n,), what it stands for in words (n,), and the legend."""

    fills: list[str]
    words: list[str]
    legend: list[LegendEntry]
    says: str
    description: str


def static_map(
    shown: Shown,
    of: str,
    *,
    mode: str = "a",
    month: str = "",
    sides: tuple[str, str] = ("A", "B"),
    is_dark: bool = False,
    picked: str = "",
    name: str = "map",
    group: CountryGroup | None = None,
) -> StaticMap:
    """Return the map of a run, or of two that are compared, as the explorer colours it.

    Parameters
    ----------
    shown : Shown
    of : str
        Key of the provider whose probability a difference is about.
    mode : str
        One of `MODES`: A, B, or A minus B.
    month : str
        "YYYY-MM", a month of the run; the last unless given.
    sides : tuple of str
        What A and B are called.
    is_dark : bool
        Whether it stands on a dark page.
    picked : str
        Code of a country that is outlined.
    name : str
        Prefix of the identifiers in it; another for each map of a document.
    group : CountryGroup, optional
        The countries in focus: only they are counted and have a colour.

    Raises
    ------
    ValueError
        If B or the difference is asked for and there is no B with the same countries.

    Examples
    --------
    >>> import sim
    >>> from sim.analysis.shown import Shown
    >>> shown = Shown(sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1))
    >>> found = static_map(shown, "us")
    >>> found.title, found.svg[:4]
    ('World map: likeliest path of each country, December 2030', '<svg')
    >>> found.legend[0].title, 0 < found.legend[0].mean < 195
    ('United States only', True)
    """
    if mode not in MODES or (mode != "a" and not (shown.b and has_same_shape(shown))):
        raise ValueError(f"mode = {mode!r} needs two runs with the same countries.")
    page, months = theme(is_dark), shown.ensemble.axes.month
    t = months.index(month) if month else len(months) - 1
    if mode == "difference":
        painted = _difference(shown, of, t, sides, page)
    else:
        painted = _likeliest(shown, mode, t, page, group)
    patterns = {kind: f"url(#{name}-{kind})" for kind in (HATCH, HOME)}
    homes = [code for found in shown.ensemble.scenario.homes.values() for code in found]
    marks = [LegendEntry(HATCH, "contested or not modelled")]
    if homes:
        marks = [LegendEntry(HOME, "home of a provider"), *marks]
    drawn = "".join(
        [_patterns(name, page), *_shapes(shown, painted, homes, patterns, page, picked, group)]
    )
    width, height = shapes()["box"]
    focus = f"{group.title}; other countries in outline. " if group is not None else ""
    return StaticMap(
        map_title(
            mode,
            months[t],
            provider_names(shown)[of],
            sides if shown.b else ("", ""),
            "" if group is None else group.title,
        ),
        painted.description,
        (*painted.legend, *marks),
        f"{focus}{painted.says} {BOUNDARIES}",
        drawn,
        (-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN),
        patterns,
    )


def _likeliest(
    shown: Shown, mode: str, t: int, page: Theme, group: CountryGroup | None
) -> _Painted:
    """Colour each country by its likeliest path; the paler, the less likely."""
    groups = paired_groups(shown.ensemble, shown.other)["ab".index(mode)]
    ensemble = shown.ensemble if mode == "a" else shown.other
    assert ensemble is not None
    providers = tuple(provider_names(shown))
    colours = [page.colour(group.key, providers) for group in groups]
    counts = group_counts(ensemble, groups)[:, :, t]
    best, most = counts.argmax(axis=1), counts.max(axis=1)
    shares = most / ensemble.replicates
    strength = _LEAST_OPACITY + (1 - _LEAST_OPACITY) * shares
    names = ensemble.facts.countries["name"]
    codes = ensemble.axes.country
    counted = [i for i, code in enumerate(codes) if group is None or code in group.members]
    means = counts[counted].sum(axis=0) / ensemble.replicates
    legend = [
        LegendEntry(colour, group.title, float(mean))
        for group, colour, mean in zip(groups, colours, means, strict=True)
    ]
    return _Painted(
        [_mixed(colours[g], page.page, s) for g, s in zip(best, strength, strict=True)],
        [
            f"{names[code]}: {groups[g].title}, {percent(float(share))}"
            for code, g, share in zip(codes, best, shares, strict=True)
        ],
        legend,
        COLOURS,
        f"{MEANS} {', '.join(mark.words for mark in legend)}; of {len(counted)} that decide.",
    )


def _difference(shown: Shown, of: str, t: int, sides: tuple[str, str], page: Theme) -> _Painted:
    """Colour each country by how much likelier it is with a provider under A than under B."""
    assert shown.other is not None
    a, b = (
        country_partners(found, of)[:, t] / found.replicates
        for found in (shown.ensemble, shown.other)
    )
    change = a - b
    full_at = full_range(shown, of)
    colours = DIVERGING_DARK if page.is_dark else DIVERGING_LIGHT
    ground = _mixed(page.ink, page.page, _EMPTY)
    codes, names = shown.ensemble.axes.country, shown.ensemble.facts.countries["name"]
    moves = [readable(f"{points(float(value))} points") for value in change]
    who, pair = with_article(provider_names(shown)[of]), " minus ".join(sides)
    up, down = (f"likelier under {side}" for side in sides)
    says = f"Probability of being with {who}, {pair}."
    order = np.argsort(-abs(change), kind="stable")[:_MOST_NAMED]
    named = [f"{names[codes[i]]} {moves[i]}" for i in order if change[i]]
    return _Painted(
        [
            _mixed(colours[0 if value >= 0 else 1], ground, min(1.0, abs(value) / full_at))
            for value in change
        ],
        [f"{names[code]}: {move}" for code, move in zip(codes, moves, strict=True)],
        [
            LegendEntry(colours[0], f"{up} (full at {100 * full_at:.0f} points)"),
            LegendEntry(colours[1], down),
        ],
        says,
        f"{says} It moves most in: {'; '.join(named)}." if named else f"{says} It moves nowhere.",
    )


def _mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour laid over a ground, as browsers mix them.

    Examples
    --------
    >>> _mixed("#000000", "#ffffff", 0.2)
    '#cccccc'
    """
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * top + (1 - share) * under):02x}" for top, under in pairs)


def _patterns(name: str, page: Theme) -> str:
    """Return the definitions of the patterns: lines for contested areas, dots for homes."""
    soft, empty = _mixed(page.ink, page.page, _SOFT), _mixed(page.ink, page.page, _EMPTY)
    dots = "".join(f'<circle cx="{at}" cy="{at}" r="7" fill="{soft}"/>' for at in (11, 33))
    return (
        f'<defs><pattern id="{name}-{HATCH}" width="14" height="14" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V14" stroke="{soft}" stroke-width="6"/>'
        f'</pattern><pattern id="{name}-{HOME}" width="44" height="44" '
        f'patternUnits="userSpaceOnUse"><path d="M0 0H44V44H0z" fill="{empty}"/>{dots}</pattern>'
        "</defs>"
    )


def _shapes(
    shown: Shown,
    painted: _Painted,
    homes: Sequence[str],
    patterns: dict[str, str],
    page: Theme,
    picked: str,
    group: CountryGroup | None,
) -> Iterator[str]:
    """Yield the land in the order in which the explorer draws it: what lies above comes later."""
    drawn, soft = shapes(), _mixed(page.ink, page.page, _SOFT)
    empty, hatch = _mixed(page.ink, page.page, _EMPTY), patterns[HATCH]
    own = zip(shown.ensemble.axes.country, painted.fills, painted.words, strict=True)
    known = {code: (fill, words) for code, fill, words in own}
    names = shown.ensemble.facts.countries["name"]
    absent = {code: (empty, f"{names[code]}: takes no part") for code in drawn["countries"]}
    absent |= {code: (patterns[HOME], f"{names[code]}: home of a provider") for code in homes}
    fills = absent | known

    def element(tag: str, code: str, place: str) -> str:
        fill, words = fills[code]
        outline = ""
        if group is not None and code not in group.members:
            fill, outline = page.page, f' stroke="{_mixed(page.ink, page.page, _ASIDE)}"'
        if code == picked:
            outline = f' stroke="{page.ink}" stroke-width="7"'
        return f'<{tag} {place} fill="{fill}"{outline}><title>{escape(words)}</title></{tag}>'

    yield f'<g stroke="{page.page}" stroke-width="1.5">'
    for found in drawn["others"].values():
        yield f'<path d="{found["d"]}" fill="{empty}"/><path d="{found["d"]}" fill="{hatch}"/>'
    yield f'</g><g stroke="{page.page}" stroke-width="2.5">'
    # The outline of a picked country would else lie under its neighbours.
    for code in sorted(drawn["countries"], key=lambda code: code == picked):
        yield element("path", code, f'd="{drawn["countries"][code]}"')
    yield f'</g><g fill="{hatch}" stroke="{soft}" stroke-width="2" stroke-dasharray="10 8">'
    for found in drawn["contested"].values():
        yield f'<path d="{found["d"]}"/>'
    yield f'</g><g stroke="{page.page}" stroke-width="3">'
    for code, (x, y) in drawn["dots"].items():
        yield element("circle", code, f'cx="{x}" cy="{y}" r="{_DOT}"')
    yield "</g>"
