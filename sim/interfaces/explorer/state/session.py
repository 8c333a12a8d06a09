"""The visitor's session: one view, its history for undo, and its link.

The view is the only truth. Each control is set from it before it is drawn and writes to it when it
is moved, so that a control that is not on the page loses nothing.

The link follows the view. A browser sends its link with every move. If two controls move in quick
succession, the second move comes with the link from before the first; that old link is ignored.

A page can offer links to other views. The browser follows such a link itself, so its history keeps
the page that was left; following one is a step that can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from sim.interfaces.explorer.state.view import Side, View, fits_a_link, read_link, write_link

MOST_STEPS_BACK = 50
# Characters of drafts that the undo history may hold, in addition to the current view.
MOST_DRAFTS_BACK = 1_000_000
MOST_DRAFTS = 12
_VIEW, _PAST, _WRITTEN, _NOTES = "view", "past", "link_written", "link_notes"
_DRAFTS, _IS_MOVED = "drafts", "is_moved"
# Views to which the current page offers links, by link, and those of the page before it.
_OFFERED, _OFFERED_BEFORE = "offered", "offered_before"
# The controls that the browser shows, the page that they are on, and whether it was drawn whole.
_SHOWN, _SHOWN_ON, _IS_WHOLE = "controls", "controls.page", "controls.are_whole"


def current() -> View:
    """Return the view of this session."""
    view: View = st.session_state.get(_VIEW, View())
    return view


def open_session() -> None:
    """Adopt the link with which the visitor came or to which they went back in the browser."""
    _note_page()
    given = _given_link()
    offered = _take_offers().get(_key(given))
    if offered is not None and given != st.session_state.get(_WRITTEN):
        st.session_state[_WRITTEN] = given
        is_step = replace(offered, details=()) != replace(current(), details=())
        show(offered, is_step)
        return
    is_moved = st.session_state.get(_IS_MOVED, False)
    # Changing the page empties the link; only a link with content asks for something else.
    if given and given != st.session_state.get(_WRITTEN) and not is_moved:
        view, notes = read_link(given)
        st.session_state[_VIEW] = view = _with_own_drafts(view)
        _remember_drafts(view)
        st.session_state[_NOTES] = notes
        st.session_state[_WRITTEN] = given
    st.session_state.setdefault(_VIEW, View())


def _note_page() -> None:
    """Forget the controls shown, unless this page was drawn to its end the last time."""
    page, before = kept("page"), kept(_SHOWN_ON)
    if page != before or not kept(_IS_WHOLE):
        keep(_SHOWN, set())
    keep(_SHOWN_ON, page)
    keep(_IS_WHOLE, False)


_Offers = dict[frozenset[tuple[str, str]], View]


def _key(link: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(link.items())


def _take_offers() -> _Offers:
    """Return the links offered so far, and start over for the page being drawn."""
    # A click may come while the page is being redrawn, before all links are offered again.
    before: _Offers = st.session_state.get(_OFFERED_BEFORE, {})
    now: _Offers = st.session_state.get(_OFFERED, {})
    st.session_state[_OFFERED] = {}
    return before | now


def link() -> dict[str, str]:
    """Return the link of the view."""
    return write_link(current())


def link_to(view: View) -> dict[str, str]:
    """Return the link of another view; following it is a step that can be undone.

    Drafts that are too long for a link are restored from the session.
    """
    found = write_link(view)
    st.session_state.setdefault(_OFFERED, {})[_key(found)] = view
    return found


def close_session() -> None:
    """End a page, drawn whole: its link has the view, and the browser shows all its controls."""
    write_address()
    keep(_IS_WHOLE, True)


def write_address() -> None:
    """Write the view into the link; a page in a frame keeps the link that it was given."""
    link = _given_link() if st.context.is_embedded else write_link(current())
    # The link that came may be older than the last one written, which the browser shows by now.
    if not link == _given_link() == st.session_state.get(_WRITTEN):
        st.query_params.from_dict(link)
    st.session_state[_WRITTEN] = link
    st.session_state[_IS_MOVED] = False
    st.session_state[_OFFERED_BEFORE] = st.session_state.get(_OFFERED, {})


def _given_link() -> dict[str, str]:
    return {key: str(value) for key, value in st.query_params.items()}


def stay() -> None:
    """Record that a control without effect on the view was used: the link asks for nothing."""
    st.session_state[_IS_MOVED] = True


def link_notes() -> tuple[str, ...]:
    """Return notes on what could not be used in the visitor's link."""
    notes: tuple[str, ...] = st.session_state.get(_NOTES, ())
    return notes


def show(view: View, is_step: bool = True) -> None:
    """Make another view the current one; a step can be undone."""
    old = current()
    if view == old:
        return
    if is_step:
        past = [*st.session_state.get(_PAST, ()), old]
        st.session_state[_PAST] = _within_bounds(past)
    st.session_state[_VIEW] = view
    stay()
    _remember_drafts(view)
    st.session_state[_NOTES] = ()


def _within_bounds(past: list[View]) -> list[View]:
    """Return the last steps, as many as may be kept."""
    seen: set[str] = set()
    for n, view in enumerate(reversed(past)):
        seen |= {view.editing, *(side.draft for side in view.sides())}
        if n >= MOST_STEPS_BACK or sum(map(len, seen)) > MOST_DRAFTS_BACK:
            return past[len(past) - n :]
    return past


def drafts() -> dict[str, str]:
    """Return the drafts that this session has viewed, by name; the most recent last."""
    found: dict[str, str] = st.session_state.get(_DRAFTS, {})
    return dict(found)


def _remember_drafts(view: View) -> None:
    kept = drafts()
    for side in view.sides():
        if side.draft and kept.get(side.scenario) != side.draft:
            kept.pop(side.scenario, None)
            kept[side.scenario] = side.draft
    st.session_state[_DRAFTS] = dict([*kept.items()][-MOST_DRAFTS:])


def _with_own_drafts(view: View) -> View:
    """Return the view of a link, with this session's drafts that were too long for the link."""

    def filled(side: Side) -> Side:
        text = drafts().get(side.scenario, "")
        is_left_out = text and not side.draft and not fits_a_link(text)
        return replace(side, draft=text) if is_left_out else side

    b = None if view.b is None else filled(view.b)
    return replace(view, a=filled(view.a), b=b, compared=tuple(map(filled, view.compared)))


def change(**parts: Any) -> None:
    """Change some parts of the current view."""
    show(replace(current(), **parts))


def detail(name: str, default: str) -> str:
    """Return the visitor's choice of how a page shows the answer; see `View.details`."""
    return dict(current().details).get(name, default)


def set_detail(name: str, value: str, default: str = "") -> None:
    """Choose how a page shows the answer. This enters the link, and is not a step to undo."""
    show(current().with_detail(name, "" if value == default else value), is_step=False)


def can_undo() -> bool:
    """Return whether there is a step to undo."""
    return bool(st.session_state.get(_PAST))


def undo() -> None:
    """Undo the last step; how pages show the answer is not a step, and stays."""
    past = list(st.session_state.get(_PAST, ()))
    if past:
        st.session_state[_VIEW] = replace(past.pop(), details=current().details)
        st.session_state[_PAST] = past
        stay()


def controlled(key: str, value: Any, take: Callable[[Any], None]) -> dict[str, Any]:
    """Return what makes a control follow the view: its key, and what to do when it is moved.

    A control of the same key on the page before is another one for the browser, though its value
    is still there when this page is drawn: so a control that is drawn anew is told its value.

    Parameters
    ----------
    key : str
        Key of the control.
    value : Any
        The value in the view, which the control shows.
    take : callable
        Called with the new value when the visitor moves the control.
    """
    shown: set[str] = kept(_SHOWN) or set()
    if key not in shown or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    keep(_SHOWN, shown | {key})

    def moved() -> None:
        stay()
        take(st.session_state[key])

    return {"key": key, "on_change": moved}


def redraw(parts: Sequence[str]) -> None:
    """Redraw only some parts of the page, in this order, after a control was moved.

    Only the callback of a control may call this, as its last action.

    Parameters
    ----------
    parts : sequence of str
        Keys of fragments on the page.
    """
    st.rerun(list(parts))


def redraw_all() -> None:
    """Redraw the whole page after a control was moved, even if the control is in a fragment.

    Only the callback of such a control may call this, as its last action.
    """
    st.rerun()


def keep(name: str, value: Any) -> None:
    """Remember something in this session under one of the explorer's own names."""
    st.session_state[f"kept_{name}"] = value


def kept(name: str) -> Any:
    """Return what was kept under a name, or None."""
    return st.session_state.get(f"kept_{name}")
