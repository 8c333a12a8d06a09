"""The small maps of the Compare page, one per scenario, and their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.analysis.pairing import provider_names
from sim.interfaces.explorer.compare.changes import probability_differences
from sim.interfaces.explorer.compare.columns import paired_headers
from sim.interfaces.explorer.controls.charts import map_drawn
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.link_choices import pick
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import ShownAnswer
from sim.interfaces.explorer.tables.building import probability_header
from sim.interfaces.explorer.tables.world import map_table
from sim.interfaces.map.component import MapStyle, map_data, show_outlines
from sim.interfaces.map.outlines import BOUNDARIES, COLOURS, full_range, has_same_shape, map_title
from sim.words.text import escaped, with_article
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.interfaces.explorer.compare.columns import ScenarioColumn
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture

PROBABILITY, DIFFERENCE = "probability", "difference"
_MODES = {PROBABILITY: "Likeliest path", DIFFERENCE: "Less scenario 1"}


def show_maps(columns: Sequence[ScenarioColumn], of: str, title: str) -> None:
    """Draw a small map for each column that runs."""
    st.header("Maps at the end", anchor=False)
    mode = pick("What the maps show", "compare.map", _MODES, PROBABILITY, has_label=False)
    says = COLOURS
    if mode == DIFFERENCE:
        who = with_article(title)
        what = f"Probability of being with {who} at the end"
        says = f"{what}, less that of scenario 1. All on one scale."
    st.caption(escaped(f"{says} Hatched: contested or not modelled. {BOUNDARIES}"))
    full_at = _one_scale(columns, of) if mode == DIFFERENCE else 0.0
    drawn: list[OfferedPicture] = []
    with st.grid(columns=max(len(columns), 2), min_column_width=260, gap="medium"):
        for column in columns:
            with st.container(key=f"small_map.{column.number}", gap="xsmall"):
                st.markdown(f"**{escaped(column.label)}**")
                drawn += _show_one(column, of, mode, full_at)
    show_outlines()
    origin = partial(origin_of_columns, columns, session.current())
    offer_csv(
        lambda: maps_table(columns, of, title, mode),
        f"maps-{mode}",
        "CSV of the maps",
        origin,
        drawn,
    )


def _one_scale(columns: Sequence[ScenarioColumn], of: str) -> float:
    ranges = [full_range(column.found, of) for column in columns if _is_paired(column, of)
              and column.found is not None]  # fmt: skip
    return max(ranges, default=0.0)


def _is_paired(column: ScenarioColumn, of: str) -> bool:
    """Return whether a map can show the difference of a column from the reference."""
    found = column.found
    if found is None or found.other is None or found.comparison is None:
        return False
    return of in provider_names(found) and has_same_shape(found)


def _show_one(column: ScenarioColumn, of: str, mode: str, full_at: float) -> list[OfferedPicture]:
    """Draw the map of a column if there is one; return it as a picture."""
    if column.found is None:
        st.caption("It cannot be run; see the problem above.")
        return []
    found, is_paired = column.found, _is_paired(column, of)
    if mode == DIFFERENCE and not is_paired:
        if column.is_reference:
            st.caption("The reference: the others are compared with it.")
        else:
            reason = column.apart or "It has other countries than scenario 1."
            st.caption(escaped(f"No difference: {reason}"))
        # The reference stays on the page as a map, so that the others can be compared with it.
        if not column.is_reference:
            return []
    shown = found if is_paired else ShownAnswer(found.a)
    providers = list(provider_names(shown))
    style = MapStyle(
        mode="difference" if mode == DIFFERENCE and is_paired else "a",
        is_small=True,
        sides=(str(column.number), "1"),
        title=column.label,
        full_at=full_at,
    )
    own = of if of in providers else providers[0]
    data = map_data(shown, own, session.current().country, "", style)
    how = {"mode": style.mode, "month": data["month"], "sides": style.sides}
    drawn = map_drawn(shown, own, how, data, _take, f"small_world.{column.number}")
    name, sides = provider_names(shown)[own], (column.label, style.sides[1])
    return [replace(drawn, title=map_title(style.mode, data["month"], name, sides))]


def _take(asked: dict[str, Any]) -> None:
    if "country" in asked:
        session.change(country=asked["country"])


def maps_table(columns: Sequence[ScenarioColumn], of: str, title: str, mode: str) -> pd.DataFrame:
    """Return the content of the maps: one row per scenario and country, shares 0-1."""
    if mode == DIFFERENCE:
        table = probability_differences(
            [c for c in columns if c.is_reference or _is_paired(c, of)], of
        )
        paired = [c for c in columns if c.is_reference or _is_paired(c, of)]
        names = country_names()
        columns_of = ("p_a", "p_b", "difference", "difference_low", "difference_high")
        heads = paired_headers(probability_header(title))
        return pd.DataFrame(
            {
                "scenario": [paired[int(place)].label for place in table["place"]],
                "code": table["country"],
                "country": [names[str(code)] for code in table["country"]],
            }
            | {head: table.get(name) for head, name in zip(heads, columns_of, strict=True)}
        )
    tables = []
    for column in columns:
        if column.found is not None:
            last = len(column.found.ensemble.axes.month) - 1
            own = map_table(ShownAnswer(column.found.a), last).drop(columns="side")
            own.insert(0, "scenario", column.label)
            tables.append(own)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
