"""The values that each control of a page can send: a browser that shows the page sends no others.

Streamlit reads what a browser sends before any code of a page runs, and raises an error if the type
of a value does not fit the control. So values are checked before they reach it, against the control
itself, which the server has sent to that browser.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Slider_pb2 import Slider

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.proto.Element_pb2 import Element
    from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

    Check = Callable[[WidgetState], bool]

# More than any page has, allowing for some pages to go back to.
MOST_CONTROLS = 2000


def _is_of_kind(kind: str, state: WidgetState) -> bool:
    return state.WhichOneof("value") == kind


def _slider(slider: Slider) -> Check:
    if slider.type == Slider.SELECT_SLIDER:
        return _among(tuple(slider.options), len(slider.default))
    low, high, count = slider.min, slider.max, len(slider.default)

    def check(state: WidgetState) -> bool:
        values = state.double_array_value.data
        # NaN is on neither side of a bound.
        return len(values) == count and all(low <= value <= high for value in values)

    return check


def _among(options: tuple[str, ...], most: int) -> Check:
    known = frozenset(options)

    def check(state: WidgetState) -> bool:
        chosen = state.string_array_value.data
        is_kind = _is_of_kind("string_array_value", state)
        return is_kind and len(chosen) <= most and known.issuperset(chosen)

    return check


def _button_group(group: ButtonGroup) -> Check:
    options = tuple(option.content for option in group.options)
    is_single = group.click_mode == ButtonGroup.SINGLE_SELECT
    return _among(options, 1 if is_single else len(options))


def _selectbox(box: Any) -> Check:
    options = frozenset(box.options)
    is_open = box.accept_new_options

    def check(state: WidgetState) -> bool:
        is_kind = _is_of_kind("string_value", state)
        return is_kind and (is_open or state.string_value in options)

    return check


def _number_input(field: Any) -> Check:
    low = field.min if field.has_min else float("-inf")
    high = field.max if field.has_max else float("inf")

    def check(state: WidgetState) -> bool:
        kind = state.WhichOneof("value")
        value = state.int_value if kind == "int_value" else state.double_value
        return kind in ("double_value", "int_value") and low <= value <= high

    return check


def _file_uploader(uploader: Any) -> Check:
    is_multiple = uploader.multiple_files

    def check(state: WidgetState) -> bool:
        is_kind = _is_of_kind("file_uploader_state_value", state)
        files = state.file_uploader_state_value.uploaded_file_info
        return is_kind and (is_multiple or len(files) <= 1)

    return check


def _read_json(text: str) -> Any:
    """Return the content of a JSON text; None if it cannot be read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _marked(state: WidgetState) -> dict[str, Any] | None:
    """Return what is marked in a table or a chart; None if it cannot be read."""
    found = _read_json(state.string_value)
    marked = found.get("selection") if isinstance(found, dict) else None
    return marked if isinstance(marked, dict) else None


def _are_marks(state: WidgetState) -> bool:
    """Return whether the marks of a chart hold the values of what is marked, by name."""
    marked = _marked(state)
    return marked is not None and all(
        isinstance(found, list) and all(isinstance(mark, dict) for mark in found)
        for found in marked.values()
        if found != {}
    )


def _is_selection(state: WidgetState) -> bool:
    """Return whether marked rows, columns and cells are such as a table can have."""
    marked = _marked(state)
    if marked is None:
        return False
    parts = [marked.get(name, []) for name in ("rows", "columns", "cells")]
    if not all(isinstance(part, list) for part in parts):
        return False
    rows, columns, cells = parts
    are_cells = all(isinstance(cell, list) and len(cell) == 2 for cell in cells)
    return (
        all(map(_is_place, rows))
        and all(isinstance(name, str) for name in columns)
        and are_cells
        and all(_is_place(row) and isinstance(name, str) for row, name in cells)
    )


def _is_place(row: Any) -> bool:
    return isinstance(row, int) and not isinstance(row, bool) and row >= 0


def _is_state(state: WidgetState) -> bool:
    """Return whether a state of one of our components has its values by name."""
    is_kind = _is_of_kind("json_value", state)
    return is_kind and isinstance(_read_json(state.json_value), dict)


def _are_events(state: WidgetState) -> bool:
    """Return whether events of one of our components have the right form, with their data."""
    if not _is_of_kind("json_trigger_value", state):
        return False
    found = _read_json(state.json_trigger_value)
    events = found if isinstance(found, list) else [found]
    return all(isinstance(event, dict) and "event" in event for event in events)


def _always(check: Check) -> Callable[[Any], Check]:
    return lambda _: check


# By the name of the element in Streamlit's messages. A kind that is missing here is never answered,
# so a page that uses a new kind adds its line; a test covers all pages.
CHECKS: dict[str, Callable[[Any], Check]] = {
    "bidi_component": _always(_is_state),
    "button": _always(partial(_is_of_kind, "trigger_value")),
    "button_group": _button_group,
    "checkbox": _always(partial(_is_of_kind, "bool_value")),
    "dataframe": _always(_is_selection),
    "download_button": _always(partial(_is_of_kind, "trigger_value")),
    "file_uploader": _file_uploader,
    "number_input": _number_input,
    "selectbox": _selectbox,
    "slider": _slider,
    "text_area": _always(partial(_is_of_kind, "string_value")),
    "text_input": _always(partial(_is_of_kind, "string_value")),
    "vega_lite_chart": _always(_are_marks),
}


def _events_of(component: str) -> str:
    """Return the id under which a component sends its events, as Streamlit makes it."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"


class Controls:
    """The controls that a browser was sent, by id; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._checks: OrderedDict[str, Check] = OrderedDict()

    def learn(self, element: Element) -> None:
        """Record an element of a page if it is a control."""
        kind = element.WhichOneof("type")
        if kind not in CHECKS:
            return
        control = getattr(element, kind)
        if not control.id:
            return
        self._note(control.id, CHECKS[kind](control))
        if kind == "bidi_component":
            self._note(_events_of(control.id), _are_events)

    def _note(self, control: str, check: Check) -> None:
        self._checks[control] = check
        self._checks.move_to_end(control)
        if len(self._checks) > MOST_CONTROLS:
            self._checks.popitem(last=False)

    def can_send(self, state: WidgetState) -> bool:
        """Return whether a control can send a value; a cleared one sends none."""
        check = self._checks.get(state.id)
        return check is not None and (state.WhichOneof("value") is None or check(state))

    def drop_impossible(self, states: WidgetStates) -> int:
        """Remove values that no control could send; return how many there were.

        The control then keeps its value, as it does when it sends nothing.
        """
        possible = [state for state in states.widgets if self.can_send(state)]
        dropped = len(states.widgets) - len(possible)
        if dropped:
            del states.widgets[:]
            states.widgets.extend(possible)
        return dropped
