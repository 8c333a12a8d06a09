"""The choice of a scenario: those of the folder, and the drafts of this session."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import streamlit as st

from sim.errors import ScenarioError
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import read_draft
from sim.interfaces.explorer.state.runs import scenario_files, scenario_of
from sim.interfaces.explorer.state.view import Side, fits_a_link
from sim.words.text import escaped, told_apart

NOT_IN_THE_LINK = (
    "This draft is too long for a link: whoever opens the link will not see it. Download it in "
    "the scenario editor and send the file."
)

# The scenario from which most visitors start; the others follow in the order of their files.
_LEADING = {"baseline": 0, "today": 1}


def scenario_choices(now: Side) -> dict[str, tuple[str, Side]]:
    """Return the choices: for each option its title and its side, without moved levers.

    The option of a scenario of the folder is its name; that of a draft is a key that no file can
    have as a name.

    Parameters
    ----------
    now : Side
        The current choice, which is always among the options.
    """
    entries = sorted(scenario_files(), key=lambda entry: _LEADING.get(entry.name, len(_LEADING)))
    found = {entry.name: (entry.title, Side(entry.name)) for entry in entries}
    if not now.draft and now.scenario not in found:
        found = {now.scenario: (now.scenario, Side(now.scenario))} | found
    # In the same order for every side, so that versions of one draft keep their numbers.
    sides = [*session.current().sides(), now]
    kept = [Side(name, (), text) for name, text in reversed(session.drafts().items())]
    versions: Counter[str] = Counter()
    for side in dict.fromkeys(replace(side, levers=()) for side in [*sides, *kept]):
        if side.draft:
            title = f"Draft: {read_draft(side.draft).title}"
            versions[title] += 1
            n = versions[title]
            found[option_of(side)] = (title if n == 1 else f"{title} ({n})", side)
    return found


def option_of(side: Side) -> str:
    """Return the option under which a side is chosen.

    Examples
    --------
    >>> option_of(Side("today", (("slots", 2.0),)))
    'today'
    """
    if not side.draft:
        return side.scenario
    digest = hashlib.sha256(side.draft.encode("utf-8", "surrogatepass")).hexdigest()
    return f"draft {side.scenario} {digest[:16]}"


def show_scenario_choice(side: str, label: str) -> None:
    """Draw the list of scenarios for one side; choosing one resets its levers."""
    now = session.current().side(side)
    found = scenario_choices(now)
    titles = told_apart({option: title for option, (title, _) in found.items()})
    option = option_of(now)

    apart = _without_shared_month(found, session.current().a) if side == "b" else set()

    def take(chosen: str) -> None:
        session.show(session.current().with_side(side, found[chosen][1]))

    def words(chosen: str) -> str:
        title = titles.get(chosen, chosen)
        return f"{title} (no month shared with A)" if chosen in apart else title

    st.selectbox(
        label,
        list(found),
        format_func=words,
        help=_description(replace(now, levers=())),
        **session.controlled(f"scenario.{side}", option, take),
    )
    if now.draft and not fits_a_link(now.draft):
        st.caption(NOT_IN_THE_LINK)


def _without_shared_month(found: dict[str, tuple[str, Side]], a: Side) -> set[str]:
    """Return the options that cannot be compared with A because they share no month with it."""
    months = {option: _months(side) for option, (_, side) in found.items()}
    own = set(_months(a))
    return {
        option for option, covered in months.items() if own and covered and own.isdisjoint(covered)
    }


def _months(side: Side) -> tuple[str, ...]:
    """Return the months of a side; none if it cannot be read."""
    try:
        return tuple(scenario_of(side).months)
    except ScenarioError:
        return ()


def _description(side: Side) -> str | None:
    if side.draft:
        scenario = read_draft(side.draft).scenario
        return None if scenario is None else escaped(scenario.description)
    entries = {entry.name: entry.description for entry in scenario_files()}
    return escaped(entries[side.scenario]) if side.scenario in entries else None
