"""The world map as a component of the page: outlines once per visit, numbers with every answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.standing import (
    country_partners,
    group_counts,
    paired_groups,
    shown_months,
)
from sim.analysis.summary.kinds import country_data_centres
from sim.interfaces.charts.palette import (
    DARK_THEME,
    DIVERGING_DARK,
    DIVERGING_LIGHT,
    LIGHT_THEME,
)
from sim.interfaces.explorer.tables.world import probability_phrases
from sim.interfaces.map.outlines import (
    BOUNDARIES,
    HERE,
    MODES,
    full_range,
    has_same_shape,
    shapes,
)
from sim.scenario.months import month_number
from sim.words.text import readable
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.analysis.groups.members import CountryGroup
    from sim.analysis.standing import Group
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble

_Draw = Callable[..., Any]


@dataclass(frozen=True)
class MapStyle:
    """How the map shows results.

    Parameters
    ----------
    mode : str
        One of `MODES`: A, B, or A minus B.
    has_tiles : bool
        Whether tiles of equal size replace the outlines.
    is_small : bool
        One of several side by side: only the last month, no controls.
    sides : tuple of str
        Names of A and B.
    title : str
        Text after "World map" for screen readers.
    full_at : float
        Difference of probabilities at which a colour is full, 0-1; 0 derives it from the answer.
    on_demand : bool
        Whether there is a B that the answer has only once the visitor asks for it.
    group : CountryGroup, optional
        The countries in focus; the others are drawn in outline.
    """

    mode: str = "a"
    has_tiles: bool = False
    is_small: bool = False
    sides: tuple[str, str] = ("A", "B")
    title: str = ""
    full_at: float = 0.0
    on_demand: bool = False
    group: CountryGroup | None = None


@st.cache_resource(show_spinner=False)
def _components() -> tuple[_Draw, _Draw]:
    """Register both components, once per server."""
    drawn = ("box", "countries", "others", "contested", "dots", "tiles")
    content = json.dumps({key: shapes()[key] for key in drawn}, separators=(",", ":"))
    script = (HERE / "world_shapes.js").read_text("utf-8")
    outlines = st.components.v2.component(
        "alignsim_world_shapes", js=script.replace("/*SHAPES*/ null", content)
    )
    world = st.components.v2.component(
        "alignsim_world_map",
        css=(HERE / "world_map.css").read_text("utf-8"),
        js=(HERE / "world_map.js").read_text("utf-8"),
    )
    return outlines, world


def _packed(ensemble: Ensemble, groups: Sequence[Group], months: Sequence[int]) -> str:
    """Return counts of futures (n, G, T) as base64 of 16-bit numbers."""
    counts = group_counts(ensemble, groups)[:, :, list(months)]
    return base64.b64encode(counts.astype("<u2").tobytes()).decode("ascii")


def map_data(
    answer: ShownAnswer, of: str, picked: str, month: str, style: MapStyle = MapStyle()
) -> dict[str, Any]:
    """Return the data that the browser needs to draw the map and play it through time.

    Counts of futures, not shares, so that the browser writes percentages as the tables do.
    """
    ensemble = answer.ensemble
    axes = ensemble.axes
    groups, *others = paired_groups(ensemble, answer.other)
    asked = axes.month.index(month) if month in axes.month else None
    months = shown_months(len(axes.month), asked)[-1 if style.is_small else 0 :]
    names = [axes.month[t] for t in months]
    facts = ensemble.facts.countries["name"].to_dict()
    providers = tuple(provider_names(answer))
    data = {
        "groups": [
            {
                "title": group.title,
                "light": LIGHT_THEME.colour(group.key, providers),
                "dark": DARK_THEME.colour(group.key, providers),
            }
            for group in groups
        ],
        "diverging": {"light": DIVERGING_LIGHT, "dark": DIVERGING_DARK},
        "countries": list(axes.country),
        "names": {str(code): str(name) for code, name in facts.items()},
        "homes": [code for homes in ensemble.scenario.homes.values() for code in homes],
        "of": provider_names(answer)[of],
        "futures": ensemble.replicates,
        "months": names,
        "labels": [month_in_words(name) for name in names],
        "month": snapped(month, names),
        "picked": picked,
        "intervals": list(_in_order(probability_phrases(answer.a, of), axes.country)),
        "boundaries": "" if style.is_small else BOUNDARIES,
        "mode": style.mode if style.mode in MODES else MODES[0],
        "tiles": style.has_tiles,
        "small": style.is_small,
        "sides": style.sides,
        "likelier": _likelier(answer, style.sides),
        "title": f" of {style.title}" if style.title else "",
        "members": None if style.group is None else list(style.group.members),
        "group": "" if style.group is None else style.group.title,
        "figures": "the CSV of the maps" if style.is_small else "the table of countries",
        "a": _packed(ensemble, groups, months),
        "b": None,
        "focus_a": _packed_counts(country_partners(ensemble, of), months),
        "large_a": _packed_counts(country_data_centres(ensemble, of), months),
        "on_demand": style.on_demand,
        "range": 1.0,
    }
    if answer.other is not None and has_same_shape(answer):
        data["b"] = _packed(answer.other, others[0], months)
        data["focus_b"] = _packed_counts(country_partners(answer.other, of), months)
        data["large_b"] = _packed_counts(country_data_centres(answer.other, of), months)
        data["range"] = style.full_at or full_range(answer, of)
    elif answer.other is not None:
        reason = f"This shows {style.sides[0]}: {style.sides[1]} has other countries."
        data["boundaries"] = f"{reason} {data['boundaries']}".strip()
    return data


def _likelier(answer: ShownAnswer, sides: tuple[str, str]) -> tuple[str, str]:
    """Return what the two colours of a difference mean."""
    if answer.is_from_start:
        return "likelier now", "less likely now"
    return f"likelier under {sides[0]}", f"likelier under {sides[1]}"


def _in_order(words: dict[str, str], codes: Sequence[str]) -> list[str]:
    return [readable(words.get(code, "")) for code in codes]


def _packed_counts(counts: NDArray[np.int64], months: Sequence[int]) -> str:
    """Return counts of futures of each country (n, T), packed likewise."""
    return base64.b64encode(counts[:, list(months)].astype("<u2").tobytes()).decode("ascii")


def snapped(month: str, names: Sequence[str]) -> str:
    """Return the month of the map nearest to a requested one; the last for "".

    Examples
    --------
    >>> snapped("2026-02", ["2025-12", "2026-03"]), snapped("", ["2025-12", "2026-03"])
    ('2026-03', '2026-03')
    """
    if not month:
        return names[-1]

    wanted = month_number(month)
    return min(names, key=lambda name: abs(month_number(name) - wanted))


def show_outlines() -> None:
    """Send the outlines that every map of the page draws; needed once per page."""
    outlines, _ = _components()
    with st.container(key="outlines"):
        outlines(key="outlines_once")


def show_map(data: dict[str, Any], take: Callable[[dict[str, Any]], None], key: str) -> None:
    """Draw a map.

    Parameters
    ----------
    data : dict
        From `map_data`.
    take : callable
        Called, before the page is drawn again, with the visitor's requests: any of "country" (a
        code), "month" (one of the map's), "mode" (one of `MODES`), "tiles" (bool).
    key : str
        Key of the component, distinct for each map of a page.
    """
    _, world = _components()

    def on_asked() -> None:
        # Only a browser that has drawn the map has a value under its key.
        asked = checked(getattr(st.session_state.get(key), "asked", None), data)
        if asked:
            take(asked)

    world(data=data, key=key, on_asked_change=on_asked)


def checked(asked: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return the valid part of a browser's request for a map with these data.

    Examples
    --------
    >>> checked({"country": "BRA", "mode": "z"}, {"countries": ["BRA"], "months": []})
    {'country': 'BRA'}
    """
    if not isinstance(asked, dict):
        return {}
    known = {
        "country": data["countries"],
        "month": data["months"],
        "mode": MODES,
        "tiles": (False, True),
    }
    return {name: asked[name] for name in known if asked.get(name) in known[name]}
