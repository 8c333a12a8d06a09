"""The report of the scenario editor on a text: its problems, or what it changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.errors import ScenarioError
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.state.runs import preset
from sim.interfaces.explorer.tables.html import html_listing
from sim.scenario.differing import scenario_changes
from sim.words.text import escaped
from sim.words.titles import address_title

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.interfaces.explorer.state.drafts import VisitorDraft
    from sim.scenario import Scenario

# More than anybody fixes in one go; a hostile text can have thousands.
MOST_PROBLEMS = 40
# This many fit above the text without pushing it off the page.
MOST_OPEN = 3
_LONGEST_COLOURED = 60_000
# Widths of the columns of the differences, in per cent.
_WIDTHS = {"what": 28, "there": 15, "in the draft": 15}
# Characters at which the YAML reader ends a line.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def in_order(draft: VisitorDraft) -> str:
    """Return one line about a valid text."""
    assert draft.scenario is not None
    parent = draft.layers.extends if draft.layers is not None else ""
    if not parent:
        n = len(draft.scenario.offers)
        return f"Valid. It extends nothing, and has {n} offer{'' if n == 1 else 's'}."
    n = len(draft_changes(draft))
    if n == 0:
        return f"Valid. So far it is the same as {parent}."
    return f"Valid. It differs from {parent} in {n} place{'' if n == 1 else 's'}."


def draft_changes(draft: VisitorDraft) -> pd.DataFrame:
    """Return a draft's differences from what it extends: what, there, in the draft, address."""
    parent = _parent(draft)
    if draft.scenario is None or parent is None:
        return pd.DataFrame()
    rows = scenario_changes(parent, draft.scenario)
    addresses = {address for address, _, _ in rows}
    return pd.DataFrame(
        [
            {
                "what": address_title(address, draft.scenario, parent),
                # Two columns of one name would be one; a draft can have its parent's name.
                f"in {parent.name}": there or "nothing",
                f"in the draft {draft.name}": here or "nothing",
                "address in a scenario file": address,
            }
            for address, there, here in rows
            # The loss of a distribution only follows from setting the number.
            if address.removeprefix("uncertainties.") not in addresses - {address}
        ]
    )


def _parent(draft: VisitorDraft) -> Scenario | None:
    if draft.layers is None or not draft.layers.extends:
        return None
    try:
        return preset(draft.layers.extends)
    except ScenarioError:
        return None


def numbered(text: str, line: int) -> str:
    r"""Return one line of a text with its number; "" if the text has no such line.

    Examples
    --------
    >>> numbered("name: x\nslots: many", 2)
    '2 | slots: many'
    """
    lines = _LINE_END.split(text)
    return f"{line} | {lines[line - 1][:200]}" if 0 < line <= len(lines) else ""


def show_problems(draft: VisitorDraft) -> None:
    """Draw all problems of a text, each with its line."""
    n = len(draft.problems)
    st.error(f"{n} problem{'' if n == 1 else 's'}. Fix the text below, or undo the last step.")
    shown = draft.problems[:MOST_PROBLEMS]
    for k, problem in enumerate(shown[:MOST_OPEN]):
        _show_problem(draft, problem, k)
    if len(shown) > MOST_OPEN:
        with st.expander(f"{n - MOST_OPEN:,} more", key="editor.more_problems"):
            for k, problem in enumerate(shown[MOST_OPEN:], start=MOST_OPEN):
                _show_problem(draft, problem, k)
            rest = n - MOST_PROBLEMS
            if rest > 0:
                st.caption(f"And {rest:,} more, shown once these are fixed.")


def show_report(draft: VisitorDraft) -> None:
    """Draw the lines of a text with problems, or the differences made by a valid one."""
    if draft.scenario is None:
        with st.expander("The text with line numbers", key="editor.lines"):
            language = "yaml" if len(draft.text) < _LONGEST_COLOURED else None
            st.code(draft.text, language=language, line_numbers=True)
        return
    table = draft_changes(draft)
    if table.empty or draft.layers is None:
        return
    st.header(escaped(f"What differs from {draft.layers.extends}"), anchor=False)
    label = f"What differs from {draft.layers.extends}"
    # Names can be longer than a narrow column; the title shows one of them, the form both.
    _, there, here, _ = table.columns
    shown = table.rename(columns={there: "there", here: "in the draft"})
    st.html(html_listing(shown, label, _WIDTHS))
    offer_csv(lambda: table, f"changes-{draft.name}", "CSV of the differences")


def _show_problem(draft: VisitorDraft, problem: Problem, n: int) -> None:
    """Draw one problem in the words of the command line, and the line that it is about."""
    head, _, remedy = str(problem).partition("\n  ")
    with st.container(key=f"problem.{n}", gap=None):
        st.error(escaped(head) + (f"  \n{escaped(remedy)}" if remedy else ""))
        line = numbered(draft.text, problem.line) if problem.file == draft.file_name else ""
        if line:
            st.code(line, language=None)
