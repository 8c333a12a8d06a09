"""Controls other than levers: beliefs about countries, and the number of futures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.data import load_parameters
from sim.data.parameters import parameter_label
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import scenario_of
from sim.interfaces.explorer.state.view import FUTURES
from sim.model.requests import LARGEST_SEED
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.data import Parameter


def show_beliefs() -> None:
    """Draw the beliefs: numbers that nobody sets, drawn in each future unless pinned."""
    view = session.current()
    drawn = {
        address.removeprefix("parameters.")
        for address in scenario_of(view.a).uncertainties
        if address.startswith("parameters.")
    }
    pinned = dict(view.beliefs)
    table = load_parameters()
    free = sorted((n for n in table if n in drawn and n not in pinned), key=parameter_label)

    def pin() -> None:
        name = st.session_state["belief.new"]
        if name is not None:
            row = table[name]
            start = row.default if row.dist_mode is None else row.dist_mode
            session.show(session.current().with_belief(name, start))
            st.session_state["belief.new"] = None

    title = "Beliefs about how countries decide"
    label = f"{title} ({len(pinned)} pinned)" if pinned else title
    with st.expander(label, expanded=bool(pinned), key="beliefs"):
        st.caption(
            "Not levers: nobody sets these numbers, and nobody knows them. Futures draw them from "
            "ranges. Pin one to see what follows if you are sure of it; it then holds for A and B."
        )
        st.selectbox(
            "Pin a belief",
            free,
            index=None,
            format_func=parameter_label,
            placeholder="Search, for example “peers”",
            # A fuzzy search also offers titles that share only some letters with the search text.
            filter_mode="contains",
            key="belief.new",
            on_change=pin,
        )
        for name, value in pinned.items():
            _show_belief(name, value, table.get(name))


def _show_belief(name: str, value: float, row: Parameter | None) -> None:
    def take(new: float | None) -> None:
        session.show(session.current().with_belief(name, new))

    if row is None:
        st.error(escaped(f"The model has no number called {name}."))
    else:
        low = row.low if row.dist_low is None else row.dist_low
        high = row.high if row.dist_high is None else row.dist_high
        low, high = min(low, value), max(high, value)
        unit = "" if row.unit in ("1", "") else f" {row.unit}."
        basis = f"Basis: {row.source or row.status}.{unit} Drawn from {low:g} to {high:g} if free."
        st.slider(
            escaped(parameter_label(name)),
            min_value=float(low),
            max_value=float(high),
            step=float(high - low) / 40 or 1.0,
            help=escaped(f"{basis} In a scenario file: parameters.{name}"),
            **session.controlled(f"belief.{name}", float(value), take),
        )
        st.caption(escaped(f"{row.description} {basis}"))
    st.button("Let it be drawn again", key=f"unpin.{name}", on_click=partial(take, None),
              type="tertiary")  # fmt: skip


def show_run_settings() -> None:
    """Draw the number of futures and the seed."""
    view = session.current()
    with st.expander("Futures and seed"):

        def take_futures(n: Any) -> None:
            session.change(futures=int(n))

        st.select_slider(
            "Futures",
            list(FUTURES),
            help="More futures make the figures more precise, not more accurate.",
            **session.controlled("futures", view.futures, take_futures),
        )

        def take_seed(seed: Any) -> None:
            session.change(seed=int(seed))

        st.number_input(
            "Seed",
            min_value=0,
            max_value=LARGEST_SEED,
            step=1,
            help="The same seed gives the same numbers: here, on the command line, on any machine.",
            **session.controlled("seed", view.seed, take_seed),
        )
