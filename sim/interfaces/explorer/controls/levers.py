"""The controls: scenarios, levers with their sources, and beliefs separately."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.levers import (
    drawn_in_words,
    is_whole,
    position_in_words,
    start_value,
    step_of,
)
from sim.errors import Problem, ScenarioError
from sim.interfaces.explorer.controls.as_of import choose_as_of
from sim.interfaces.explorer.controls.beliefs import show_beliefs, show_run_settings
from sim.interfaces.explorer.controls.keep import show_keep
from sim.interfaces.explorer.controls.navigation import PAGE_LINKS
from sim.interfaces.explorer.controls.scenario_choice import show_scenario_choice
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import begin, build_side, scenario_of
from sim.interfaces.explorer.state.view import Side
from sim.scenario import Lever, field_at, split_address
from sim.words.text import escaped, problem_in_words
from sim.words.titles import provider_name
from sim.words.wording import number

if TYPE_CHECKING:
    from sim.scenario import Distribution, Scenario

# Fragment of the buttons for undo and reset.
STEPS = "steps"
ONE, TWO = "One scenario", "A against B"
# What of the view says whose levers are shown, and what it may say.
EDITED = "levers.side"
EDITED_SIDES = ("a", "b")
# What of the view says whether a field to type a value stands beside each lever.
TYPED = "levers.typed"
TYPED_WORDS = ("yes", "no")
# Levers of one holder in the group that is open; those further down in the scenario have their own.
MOST_IN_A_GROUP = 8


def _unit(lever: Lever) -> str:
    spec = field_at(split_address(lever.target))
    return "" if spec is None else spec.unit


def _help(lever: Lever, spread: Distribution | None) -> str:
    unit = _unit(lever)
    lines = [
        " ".join(lever.explanation.split()),
        f"From {lever.low:g} to {lever.high:g}{f' ({unit})' if unit else ''}.",
    ]
    if spread is not None:
        lines.append(f"Left alone it is uncertain: {drawn_in_words(spread)}. Moved, it is fixed.")
    lines.append(f"In a scenario file: {lever.target}")
    return "\n\n".join(escaped(line) for line in lines)


@dataclass(frozen=True)
class _Place:
    """Where levers are drawn: their side, its scenario, and the parts of the page they change."""

    side: str
    scenario: Scenario
    parts: tuple[str, ...]

    @property
    def moved(self) -> dict[str, float]:
        """The moved levers of this side, with their values."""
        return dict(session.current().side(self.side).levers)


def _move(place: _Place, group: str, name: str, wanted: float | None) -> None:
    """Move a lever, or reset it if `wanted` is None, and redraw what that changes.

    The futures are requested first, so that they are computed while the rest is drawn.
    """
    was_wrong, was_moved, view = problems_of_view(), name in place.moved, session.current()
    side = view.side(place.side).with_lever(name, wanted)
    session.show(view.with_side(place.side, side))
    if was_wrong or problems_of_view():
        # The problem is shown in many places of the page.
        session.redraw_all()
    begin(session.current())
    # The head of a group counts its moved levers. It is redrawn with the lever beside it, so that
    # a browser removes elements that no longer belong below it.
    heads = () if (name in place.moved) == was_moved else (group,)
    session.redraw((*heads, f"{group}.{name}", STEPS, PAGE_LINKS, *place.parts))


def _show_lever(name: str, lever: Lever, place: _Place, group: str, broken: list[Problem]) -> None:
    scenario, chosen = place.scenario, place.moved
    start = start_value(scenario, lever)
    value, is_moved = chosen.get(name, start), name in chosen

    def put_back() -> None:
        session.stay()
        _move(place, group, name, None)

    spread = scenario.uncertainties.get(lever.target)
    key = f"{place.side}.{scenario.name}.{name}"
    _show_value(name, lever, place, group, spread)
    words = position_in_words(lever, value)
    if not is_moved:
        words = f"{words} · {drawn_in_words(spread)}" if spread is not None and words else (
            drawn_in_words(spread) if spread is not None else words
        )  # fmt: skip
    if is_moved:
        # Before the source of the lever: below it, the button would seem to belong to the next one.
        label = f"Put back to {number(start) if is_whole(lever) else f'{start:g}'}"
        st.button(label, key=f"back.lever.{key}", on_click=put_back, type="tertiary")
    words = escaped(words) if words else "as in the scenario"
    st.caption(f"**{words}**  \nSource: {escaped(' '.join(lever.source.split()))}")
    for problem in broken:
        st.error(escaped(problem_in_words(problem, scenario)))


def _show_value(
    name: str, lever: Lever, place: _Place, group: str, spread: Distribution | None
) -> None:
    """Draw the slider of a lever, and beside it the same value to type if that is asked for."""
    start = start_value(place.scenario, lever)
    step = step_of(lever, start)
    kind = int if is_whole(lever) else float
    value = kind(min(max(place.moved.get(name, start), lever.low), lever.high))
    key = f"{place.side}.{place.scenario.name}.{name}"

    def take(new: float) -> None:
        _move(place, group, name, None if abs(new - start) < 1e-9 else float(new))

    bounds: dict[str, Any] = {
        "min_value": kind(lever.low),
        "max_value": kind(lever.high),
        "step": kind(step),
    }
    draw = partial(
        st.slider,
        escaped(lever.title),
        **bounds,
        format="%d" if step >= 1 else None,
        help=_help(lever, spread),
        **session.controlled(f"lever.{key}", value, take),
    )
    if not _are_typed():
        draw()
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        draw()
        st.number_input(
            f"{escaped(lever.title)}: type a value",
            **bounds,
            format="%d" if kind is int else "%g",
            label_visibility="collapsed",
            width=76,
            required=True,
            **session.controlled(f"typed.{key}", value, take),
        )


def _are_typed() -> bool:
    """Return whether values can be typed; each field is one more stop for the keyboard."""
    return session.detail(TYPED, "no") == "yes"


def _choose_typed() -> None:
    def take(is_typed: bool) -> None:
        session.set_detail(TYPED, "yes" if is_typed else "no", "no")

    st.checkbox("Type values", **session.controlled("typed", _are_typed(), take))


def _groups(scenario: Scenario) -> dict[str, dict[str, Lever]]:
    """Return the levers by holder: a provider, or the ties between firms; of many, the first apart.

    A scenario lists first what matters most.
    """
    groups: dict[str, dict[str, Lever]] = {}
    for name, lever in scenario.levers.items():
        parts = [str(part) for part in split_address(lever.target)]
        holder = "Corporate ties"
        if parts[0] == "providers":
            holder = provider_name(scenario, parts[1])
        elif parts[0] == "parameters":
            holder = "The world"
        group = groups.setdefault(holder, {})
        if len(group) == MOST_IN_A_GROUP:
            group = groups.setdefault(f"{holder}: more levers", {})
        group[name] = lever
    return groups


def show_levers(side: str, problems: list[Problem], parts: tuple[str, ...]) -> None:
    """Draw the levers of one side, each with its source, and its problems."""
    view = session.current()
    scenario = scenario_of(view.side(side))
    broken = {
        name: [p for p in problems if lever.target in p.message or f"lever {name} " in p.message]
        for name, lever in scenario.levers.items()
    }
    placed = {problem for found in broken.values() for problem in found}
    # A problem that belongs to no lever is shown before all of them, where it is seen.
    for problem in problems:
        if problem not in placed:
            st.error(escaped(problem_in_words(problem, scenario)))
    _offer_to_drop(side, scenario)
    place = _Place(side, scenario, parts)
    for n, (holder, levers) in enumerate(_groups(scenario).items()):
        is_open = n == 0 or any(broken[name] for name in levers)
        group = f"group.{side}.{n}"
        st.fragment(_show_group, key=group)(place, group, holder, levers, broken, is_open)


def _show_group(
    place: _Place,
    group: str,
    holder: str,
    levers: dict[str, Lever],
    broken: dict[str, list[Problem]],
    is_open: bool,
) -> None:
    moved = sum(name in place.moved for name in levers)
    label = f"{holder} ({moved} moved)" if moved else holder
    with st.expander(escaped(label), expanded=is_open, key=group):
        for name, lever in levers.items():
            show = st.fragment(_show_lever, key=f"{group}.{name}")
            show(name, lever, place, group, broken[name])


def _offer_to_drop(side: str, scenario: Scenario) -> None:
    """Draw a way out if a side moves levers that its scenario does not have."""
    moved = session.current().side(side).levers
    unknown = [name for name, _ in moved if name not in scenario.levers]
    if unknown:

        def drop() -> None:
            now = session.current()
            kept = tuple(item for item in now.side(side).levers if item[0] not in unknown)
            session.show(now.with_side(side, replace(now.side(side), levers=kept)))

        st.button("Drop settings for levers that this scenario lacks", on_click=drop)


def problems_of(side: str) -> list[Problem]:
    """Return the problems with the settings of one side."""
    view = session.current()
    try:
        build_side(view.side(side), view.beliefs)
    except ScenarioError as error:
        return list(error.problems)
    return []


def problems_of_view() -> list[Problem]:
    """Return the problems with the settings of the sides on view."""
    sides = ("a",) if session.current().b is None else ("a", "b")
    return [problem for side in sides for problem in problems_of(side)]


def show_mode() -> None:
    """Draw the choice between one scenario and two."""

    def take(mode: str | None) -> None:
        session.change(b=(session.current().b or Side()) if mode == TWO else None)

    now = TWO if session.current().b is not None else ONE
    st.segmented_control(
        "Look at",
        [ONE, TWO],
        required=True,
        width="stretch",
        label_visibility="collapsed",
        **session.controlled("mode", now, take),
    )


def show_steps() -> None:
    """Draw undo, reset and swap."""
    view = session.current()

    def reset() -> None:
        now = session.current()
        b = None if now.b is None else replace(now.b, levers=())
        session.show(replace(now, a=replace(now.a, levers=()), b=b, beliefs=()))
        session.redraw_all()

    def swap() -> None:
        now = session.current()
        if now.b is not None:
            session.show(replace(now, a=now.b, b=now.a))
        session.redraw_all()

    def undo() -> None:
        session.undo()
        session.redraw_all()

    is_moved = bool(view.a.levers or view.beliefs or (view.b is not None and view.b.levers))
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", on_click=undo, disabled=not session.can_undo())
        st.button("Reset all", on_click=reset, disabled=not is_moved)
        if view.b is not None:
            st.button("Swap A and B", on_click=swap)


def has_scenario(side: Side) -> bool:
    """Return whether there is a scenario whose levers can be moved."""
    try:
        scenario_of(side)
    except ScenarioError:
        return False
    return True


def show_head() -> None:
    """Draw the target of the headline's link on a phone; it is invisible elsewhere."""
    with st.container(key="settings_head"):
        st.header("Settings", anchor="levers")


@st.fragment(key=STEPS)
def _show_steps_and_keep() -> None:
    show_steps()
    show_keep()


def show_controls(parts: tuple[str, ...]) -> list[Problem]:
    """Draw the whole column of controls; return the problems with their settings.

    Parameters
    ----------
    parts : tuple of str
        Keys of the fragments that a lever changes beside the controls, in the order to draw.
    """
    show_mode()
    view = session.current()
    edited = "a"
    if view.b is None:
        show_scenario_choice("a", "Scenario")
    else:
        show_scenario_choice("a", "A: the scenario you look at")
        show_scenario_choice("b", "B: what it is compared with")
    choose_as_of()
    _show_steps_and_keep()
    if view.b is not None:
        edited = _choose_side()
    problems = {side: problems_of(side) for side in ("a", "b")[: 1 if view.b is None else 2]}
    unknown = [side for side in problems if not has_scenario(view.side(side))]
    if unknown:
        for problem in problems[unknown[0]]:
            st.error(escaped(problem_in_words(problem)))
        return problems[unknown[0]]
    st.header("Levers", anchor=False)
    st.caption(
        "What a decision-maker could set. Below each lever is the meaning of its position and its "
        "source; the question mark explains the lever."
    )
    _choose_typed()
    for side, found in problems.items():
        if side != edited and found:
            own = scenario_of(view.side(side))
            st.error(escaped(f"{side.upper()}: {problem_in_words(found[0], own)}"))
    try:
        show_levers(edited, problems[edited], parts)
    except ScenarioError as error:
        st.error(escaped(str(error)))
    show_beliefs()
    show_run_settings()
    return [problem for found in problems.values() for problem in found]


def _choose_side() -> str:
    """Draw the choice of the side whose levers are shown."""
    now = session.detail(EDITED, "a")
    now = now if now in EDITED_SIDES else "a"
    st.segmented_control(
        "Levers of",
        list(EDITED_SIDES),
        format_func=str.upper,
        required=True,
        width="stretch",
        **session.controlled("edited", now, partial(session.set_detail, EDITED, default="a")),
    )
    return now
