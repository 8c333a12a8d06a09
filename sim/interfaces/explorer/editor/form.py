"""The form of the scenario editor: controls made from the schema, which write into the text."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.link_choices import choice
from sim.interfaces.explorer.editor.text import drop_value, set_value
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_word
from sim.interfaces.explorer.state.runs import scenario_files
from sim.interfaces.explorer.tables.columns import printed
from sim.scenario import FieldSpec, Offer, Provider, field_at
from sim.scenario.checks.keys import MAX_OFFERS
from sim.scenario.reading.nodes import Node, at, to_plain
from sim.scenario.schema.fields import IDENTIFIER_PATTERN
from sim.scenario.schema.rules import broken_rule
from sim.words.offer_terms import (
    explanation_of,
    in_words,
    label_of,
    step_of_field,
    term_groups,
)
from sim.words.text import escaped, told_apart

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.drafts import VisitorDraft
    from sim.scenario import Layers

Path = tuple[str, ...]
ABOUT, EVENTS = "about", "events"
NOTHING = "(nothing: it is complete by itself)"
UNREADABLE = (
    "The form is paused: the text cannot be read. Fix the problems listed above, or undo the last "
    "step, to use the form again. Nothing that you wrote is lost."
)
_SHORT_TEXT, _LONG_TEXT = 200, 2000


def show_form(draft: VisitorDraft) -> None:
    """Draw the form of one part of the scenario, and the choice of that part."""
    layers = draft.layers
    if layers is None:
        st.info(UNREADABLE)
        return
    parts = form_parts(layers)
    now = choice("editor.part", parts, ABOUT)
    st.selectbox(
        "Part of the scenario",
        list(parts),
        format_func=lambda part: parts.get(part, part),
        **session.controlled(
            "editor.part", now, lambda part: session.set_detail("editor.part", part, ABOUT)
        ),
    )
    if now == ABOUT:
        _show_about(layers, own_word(draft.text, "extends"))
    elif now == EVENTS:
        _show_events(layers)
    else:
        _show_terms(layers, now)


def form_parts(layers: Layers) -> dict[str, str]:
    """Return the parts that the form can show: identifiers and titles."""
    parts = {ABOUT: "Name, title and months"}
    for provider in _named(layers.merged, ("providers",)):
        who = _title(layers.merged, ("providers", provider)).split(" (")[0].strip() or provider
        parts[provider] = who
        for offer in _named(layers.merged, ("providers", provider, "offers")):
            parts[f"{provider}.{offer}"] = f"{who}: {offer}"
    return told_apart(parts | {EVENTS: "Events"})


def _named(root: Node, path: Path) -> list[str]:
    """Return the valid names in a map, up to the limit of a scenario."""
    names = [name for name in _entries(root, path) if re.fullmatch(IDENTIFIER_PATTERN, name)]
    return names[:MAX_OFFERS]


def _entries(root: Node, path: Path) -> dict[str, Node]:
    node = at(root, path)
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _title(root: Node, path: Path) -> str:
    node = at(root, (*path, "title"))
    title = node.value if node is not None and isinstance(node.value, str) else path[-1]
    return " ".join(title.split())[:_SHORT_TEXT]


def _value(root: Node, path: Path, default: Any = None) -> Any:
    node = at(root, path)
    return default if node is None or isinstance(node.value, dict | list) else node.value


def _show_about(layers: Layers, extends: str) -> None:
    _show_words(layers, "title", "Title", _SHORT_TEXT)
    _show_words(layers, "description", "Description", _LONG_TEXT)
    _show_words(layers, "name", "Name, also of the file", 60)
    _show_extends(extends)
    first, last = st.columns(2)
    for place, key, label in ((first, "start", "First month"), (last, "end", "Last month")):
        with place:
            _show_month(layers, ("horizon", key), label)


def _show_month(layers: Layers, path: Path, label: str) -> None:
    spec = field_at(path)
    assert spec is not None
    inherited = _value(layers.inherited, path, spec.default)
    st.text_input(
        label,
        max_chars=20,
        help="Written YYYY-MM; at most 240 months in all.",
        **session.controlled(
            f"editor.{path[-1]}",
            str(_value(layers.merged, path, spec.default))[:20],
            lambda month: set_value(path, month.strip(), inherited),
        ),
    )
    _show_origin(layers, path, inherited)


def _show_words(layers: Layers, key: str, label: str, most: int) -> None:
    spec = field_at((key,))
    assert spec is not None
    text = str(_value(layers.own, (key,)) or "").strip()
    text = text if key == "description" else " ".join(text.split())
    if len(text) > most:
        st.caption(f"{label}: too long for the form; shorten it in the text.")
        return
    draw: Any = st.text_area if key == "description" else st.text_input
    draw(
        label,
        max_chars=most,
        help=escaped(spec.description),
        **session.controlled(
            f"editor.{key}", text, lambda words: set_value((key,), words.strip(), None)
        ),
    )


def _show_extends(now: str) -> None:
    """Draw what a text extends, even if no scenario has that name."""
    titles = {entry.name: entry.title for entry in scenario_files()}
    names = ["", *([now] if now and now not in titles else []), *titles]

    def shown(name: str) -> str:
        if not name:
            return NOTHING
        return f"{name}: {titles[name]}" if name in titles else f"{name[:60]}: no such scenario"

    def take(name: str) -> None:
        if name:
            set_value(("extends",), name, None)
        else:
            drop_value(("extends",))

    st.selectbox(
        "It extends",
        names,
        format_func=shown,
        help="Anything that this text does not set comes from there.",
        **session.controlled("editor.extends", now, take),
    )


def _show_terms(layers: Layers, part: str) -> None:
    """Draw the terms of a provider or an offer."""
    provider, _, offer = part.partition(".")
    start: Path = ("providers", provider)
    start = (*start, "offers", offer) if offer else start
    st.caption(escaped(_title(layers.merged, start)))
    for n, (title, terms) in enumerate(term_groups(Offer if offer else Provider)):
        changed = sum(at(layers.own, (*start, term)) is not None for term in terms)
        label = f"{title} ({changed} in the text)" if changed else title
        with st.expander(label, expanded=n == 0, key=f"editor.group.{part}.{n}"):
            for term in terms:
                _show_term(layers, (*start, term))
    st.caption("Edit its titles, lists and dates in the text.")


def _show_term(layers: Layers, path: Path) -> None:
    """Draw the control of one number or switch, and where its value comes from."""
    spec = field_at(path)
    assert spec is not None
    value = _value(layers.merged, path, spec.default)
    inherited = _value(layers.inherited, path, spec.default)
    key, label = f"editor.{'.'.join(path)}", escaped(label_of(path[-1], spec))
    explanation = escaped(explanation_of(path, spec))
    is_list = isinstance(getattr(at(layers.merged, path), "value", None), dict | list)
    if is_list or not _fits(spec, value):
        shown = "a list or map" if is_list else in_words(value)
        st.text_input(label, shown[:60], disabled=True, key=f"{key}.broken.{shown[:60]}")
        st.caption("Fix it in the text.")
    elif spec.kind == "switch":
        st.toggle(
            label,
            help=explanation,
            **session.controlled(key, value, lambda new: set_value(path, new, inherited)),
        )
    else:
        _show_number(spec, key, label, explanation, value, partial(_take, path, spec, inherited))
    _show_origin(layers, path, inherited)


def _fits(spec: FieldSpec, value: Any) -> bool:
    """Return whether a control can show a value."""
    if value is None:
        return spec.is_nullable
    if spec.kind == "switch":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return broken_rule(spec, value) is None


def _take(path: Path, spec: FieldSpec, inherited: Any, new: float | None) -> None:
    """Write the number of a control into the text, rounded to remove binary noise."""
    if new is None and not spec.is_nullable:
        return
    value = new
    if new is not None:
        value = int(new) if spec.kind == "whole number" else float(f"{new:.10g}")
    if isinstance(inherited, int | float) and value is not None and value == inherited:
        value = inherited
    set_value(path, value, inherited)


def _show_number(
    spec: FieldSpec, key: str, label: str, explanation: str, value: Any, take: Any
) -> None:
    kind: Any = int if spec.kind == "whole number" else float
    assert spec.low is not None
    assert spec.high is not None
    # With an empty initial value the control can be cleared, which here means no limit.
    clearing: dict[str, Any] = {"value": None, "placeholder": "no limit"}
    st.number_input(
        label,
        min_value=kind(spec.low),
        max_value=kind(spec.high),
        step=kind(step_of_field(spec)),
        format="%d" if kind is int else "%g",
        help=explanation,
        **(clearing if spec.is_nullable else {}),
        **session.controlled(key, None if value is None else kind(value), take),
    )


def _show_origin(layers: Layers, path: Path, inherited: Any) -> None:
    """Show the value before a change, and offer to reset it."""
    if at(layers.own, path) is None:
        spread = at(layers.merged, ("uncertainties", ".".join(path)))
        ends = [_value(spread, (end,)) for end in ("low", "high")] if spread is not None else []
        if ends and all(isinstance(end, int | float) for end in ends):
            drawn = f"drawn from {ends[0]:g} to {ends[1]:g}; changed here, it is fixed"
            st.caption(escaped(drawn))
        return
    source = at(layers.inherited, path)
    whose = "as default" if source is None else f"in {layers.extends or 'what it builds on'}"
    place, back = st.columns([0.66, 0.34], vertical_alignment="center")
    with place:
        st.caption(escaped(f"{in_words(inherited)} {whose}"))
    with back:
        st.button(
            "Reset",
            key=f"back.editor.{'.'.join(path)}",
            on_click=partial(drop_value, path),
            type="tertiary",
        )


def event_table(layers: Layers) -> pd.DataFrame:
    """Return the events of a text and of what it builds on: date, title, effects, source."""
    node = at(layers.merged, ("events",))
    found = to_plain(node) if node is not None else []
    rows = []
    for event in found if isinstance(found, list) else []:
        if not isinstance(event, dict):
            continue
        kinds = [key for key in ("set", "shock", "affinity_shift") if event.get(key)]
        row = {key: str(event.get(key) or "") for key in ("date", "title")}
        probability = event.get("probability", 1)
        row |= {"probability": str(probability), "does": ", ".join(kinds).replace("_", " ")}
        rows.append(row | {"source": str(event.get("source") or "assumption")})
    return pd.DataFrame(rows, columns=["date", "title", "probability", "does", "source"])


def _show_events(layers: Layers) -> None:
    table = event_table(layers)
    is_own = at(layers.own, ("events",)) is not None
    st.caption(
        "Events are one list, which a text replaces as a whole."
        if is_own or table.empty
        else "Inherited. Events are one list, which a text replaces as a whole: to change one, "
        "copy all of them into the text first."
    )
    if table.empty:
        st.markdown("No events.")
    else:
        st.dataframe(printed(table), hide_index=True, key="editor.events")
        offer_csv(lambda: table, "events", "CSV of the events")
    inherited = at(layers.inherited, ("events",))
    if is_own:
        st.button("Put back", key="back.editor.events", on_click=partial(drop_value, ("events",)))
    elif inherited is not None and not table.empty:
        st.button(
            "Copy the events into the text",
            key="editor.take_events",
            on_click=partial(set_value, ("events",), to_plain(inherited), None),
        )
    elif not is_own:
        st.button(
            "Write a first event into the text",
            key="editor.first_event",
            on_click=partial(set_value, ("events",), [_first_event(layers)], None),
        )


def _first_event(layers: Layers) -> dict[str, Any]:
    """Return a valid event for the visitor to change."""
    providers = list(_entries(layers.merged, ("providers",)))
    end = str(_value(layers.merged, ("horizon", "end"), "2030-12"))
    shock = {"provider": providers[0] if providers else "", "size": 0.5, "countries": "all"}
    return {"date": end, "title": "What happens", "probability": 0.5, "shock": shock}
