"""Controls other than levers: beliefs about countries, and the number of futures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.levers import drawn_in_words
from sim.data import load_parameters
from sim.data.parameters import parameter_label
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.ranked import ranked_beliefs
from sim.interfaces.explorer.state.runs import scenario_of
from sim.interfaces.explorer.state.view import FUTURES
from sim.model.requests import LARGEST_SEED
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.data import Parameter
    from sim.scenario import Distribution, Scenario


def show_beliefs() -> None:
    """Draw the beliefs: numbers that nobody sets, drawn in each future unless pinned."""
    view = session.current()
    scenario = scenario_of(view.a)
    drawn = {
        address.removeprefix("parameters.")
        for address in scenario.uncertainties
        if address.startswith("parameters.")
    }
    pinned = dict(view.beliefs)
    table = load_parameters()
    ranked, outcome = ranked_beliefs()
    place = {name: rank for rank, name in enumerate(ranked)}
    free = sorted(
        (n for n in table if n in drawn and n not in pinned),
        key=lambda name: (place.get(name, len(place)), parameter_label(name)),
    )

    def pin() -> None:
        name = st.session_state["belief.new"]
        if name is not None:
            session.show(session.current().with_belief(name, _start(table[name], scenario)))
            st.session_state["belief.new"] = None

    title = "Beliefs about how countries decide"
    label = f"{title} ({len(pinned)} pinned)" if pinned else title
    with st.expander(label, expanded=bool(pinned), key="beliefs"):
        st.caption(
            "Not levers: nobody sets these numbers, and nobody knows them. Futures draw them from "
            "ranges. Pin one to see what follows if you are sure of it; it then holds for A and B."
        )
        if outcome:
            st.caption(escaped(f"Those that move most stand first: {outcome}."))
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
            _show_belief(name, value, table.get(name), scenario)


def _start(row: Parameter, scenario: Scenario) -> float:
    """Return the value at which a belief is pinned: the mean of its posterior, or its mode."""
    if _posterior(row, scenario) is not None:
        return scenario.parameters[row.name]
    return row.default if row.dist_mode is None else row.dist_mode


def _posterior(row: Parameter, scenario: Scenario) -> Distribution | None:
    """Return how a scenario draws a parameter from the posterior; None if it does not."""
    spread = scenario.uncertainties.get(f"parameters.{row.name}")
    return spread if spread is not None and spread.kind == "posterior" else None


def _range_and_basis(row: Parameter, scenario: Scenario) -> tuple[float, float, str]:
    """Return the range from which a parameter is drawn if free, and sentences on what it rests."""
    unit = "" if row.unit in ("1", "") else f" {row.unit}."
    spread = _posterior(row, scenario)
    if spread is not None and scenario.posterior is not None:
        found = f"Basis: {scenario.posterior.title}.{unit} If free, {drawn_in_words(spread)}."
        assert spread.low is not None
        assert spread.high is not None
        return spread.low, spread.high, found
    low = row.low if row.dist_low is None else row.dist_low
    high = row.high if row.dist_high is None else row.dist_high
    basis = f"Basis: {row.source or row.status}.{unit}"
    return low, high, f"{basis} Drawn from {low:g} to {high:g} if free."


def _show_belief(name: str, value: float, row: Parameter | None, scenario: Scenario) -> None:
    def take(new: float | None) -> None:
        session.show(session.current().with_belief(name, new))

    if row is None:
        st.error(escaped(f"The model has no number called {name}."))
    else:
        low, high, basis = _range_and_basis(row, scenario)
        low, high = min(low, value), max(high, value)
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
