"""The world map as a component of the page: outlines once a visit, numbers with every answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from sim.experiment.outcomes import path_membership
from sim.experiment.wording import month_in_words
from sim.interfaces.charts.palette import (
    DARK_THEME,
    DIVERGING_DARK,
    DIVERGING_LIGHT,
    LIGHT_THEME,
)
from sim.interfaces.explorer.standing import group_counts, path_groups, provider_name, shown_months
from sim.interfaces.explorer.tables import interval_words

if TYPE_CHECKING:
    from sim.interfaces.explorer.runs import Answer
    from sim.interfaces.explorer.standing import Group
    from sim.model.ensemble import Ensemble

HERE = Path(__file__).parent
BOUNDARIES = (
    "Boundaries: Natural Earth via Visionscarto, simplified; no endorsement implied. Taiwan, "
    "Kosovo and Palestine are modelled as deciding for themselves."
)
LEAST_RANGE = 0.05
_Draw = Callable[..., Any]


@cache
def shapes() -> dict[str, Any]:
    """Return the outlines, dots and tiles of all countries, in units of the map."""
    found: dict[str, Any] = json.loads((HERE / "shapes.json").read_text("utf-8"))
    found["tiles"] = json.loads((HERE / "tiles.json").read_text("utf-8"))
    return found


@st.cache_resource(show_spinner=False)
def _components() -> tuple[_Draw, _Draw]:
    """Register both components, once a server."""
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


def map_data(answer: Answer, of: str, picked: str, month: str) -> dict[str, Any]:
    """Return what the browser needs to draw the map and to play it through time.

    Counts of futures, not shares, so that the browser writes percentages as the tables do.
    """
    ensemble = answer.ensemble
    axes = ensemble.axes
    groups = path_groups(ensemble)
    months = shown_months(len(axes.month))
    names = [axes.month[t] for t in months]
    facts = ensemble.facts.countries["name"].to_dict()
    data = {
        "groups": [
            {
                "title": group.title,
                "light": LIGHT_THEME.colour(group.key, axes.provider),
                "dark": DARK_THEME.colour(group.key, axes.provider),
            }
            for group in groups
        ],
        "diverging": {"light": DIVERGING_LIGHT, "dark": DIVERGING_DARK},
        "countries": list(axes.country),
        "names": {str(code): str(name) for code, name in facts.items()},
        "homes": [code for homes in ensemble.scenario.homes.values() for code in homes],
        "of": provider_name(ensemble.scenario, of),
        "futures": ensemble.replicates,
        "months": names,
        "labels": [month_in_words(name) for name in names],
        "month": snapped(month, names),
        "picked": picked,
        "intervals": list(_in_order(interval_words(answer.a, of), axes.country)),
        "boundaries": BOUNDARIES,
        "a": _packed(ensemble, groups, months),
        "b": None,
        "range": 1.0,
    }
    if answer.other is not None and _same_shape(answer):
        data["b"] = _packed(answer.other, groups, months)
        data["focus_a"] = _packed_partners(ensemble, of, months)
        data["focus_b"] = _packed_partners(answer.other, of, months)
        data["range"] = _range(answer, of)
    elif answer.other is not None:
        data["boundaries"] = f"Shown is A: B has other providers or countries. {BOUNDARIES}"
    return data


def _in_order(words: dict[str, str], codes: Sequence[str]) -> list[str]:
    return [words.get(code, "") for code in codes]


def _packed_partners(ensemble: Ensemble, of: str, months: Sequence[int]) -> str:
    """Return futures in which each country is with a provider, (n, T), packed likewise."""
    member = path_membership(ensemble)[:, ensemble.axes.provider.index(of)]
    counts = ensemble.country_path[:, member].sum(axis=1)[:, list(months)]
    return base64.b64encode(counts.astype("<u2").tobytes()).decode("ascii")


def _same_shape(answer: Answer) -> bool:
    """Return whether both sides have the same groups and countries, so one map can hold both."""
    assert answer.other is not None
    a, b = answer.ensemble, answer.other
    return path_groups(a) == path_groups(b) and a.axes.country == b.axes.country


def _range(answer: Answer, of: str) -> float:
    """Return the difference of odds at which the map is full, rounded up to five points."""
    assert answer.comparison is not None
    found = answer.comparison.countries
    own = found[found["outcome"] == f"p_committed_{of}"]
    most = float(np.nanmax(own["difference"].abs().to_numpy(np.float64), initial=0.0))
    return max(LEAST_RANGE, float(np.ceil(most / 0.05 - 1e-9) * 0.05))


def snapped(month: str, names: Sequence[str]) -> str:
    """Return the month of the map nearest to a wanted one; the last for "".

    Examples
    --------
    >>> snapped("2026-02", ["2025-12", "2026-03"]), snapped("", ["2025-12", "2026-03"])
    ('2026-03', '2026-03')
    """
    if not month:
        return names[-1]

    def index(name: str) -> int:
        return int(name[:4]) * 12 + int(name[5:])

    return min(names, key=lambda name: abs(index(name) - index(month)))


def show_map(data: dict[str, Any], key: str = "world") -> tuple[str, str]:
    """Draw the map; return the country and the month that the visitor has chosen on it."""
    outlines, world = _components()
    found = world(
        data=data,
        key=key,
        default={"picked": data["picked"], "month": data["month"]},
        on_picked_change=_nothing,
        on_month_change=_nothing,
    )
    with st.container(key="outlines"):
        outlines(key="outlines_once")
    return str(found.picked or data["picked"]), str(found.month or data["month"])


def _nothing() -> None:
    """Ask for no more than the rerun that a change brings."""
