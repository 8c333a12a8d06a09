"""Groups of countries on the Explore page: the one in focus, and all of them beside each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.analysis.groups.grouping import Groups, groups_shown
from sim.analysis.groups.members import REGION, country_groups, group_named, membership_date
from sim.analysis.groups.totals import (
    ALL,
    COUNTRIES,
    GDP,
    LIGHT,
    POPULATION,
    READINESS,
    WITH_CENTRE,
)
from sim.analysis.groups.words import (
    amount,
    findings_in_words,
    members_in_words,
    notes_in_words,
)
from sim.interfaces.charts import CHARTS
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.quoting.recipe import given_on_view, size_on_view, two_on_view
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.tables.html import html_listing
from sim.interfaces.explorer.tables.search import matching
from sim.interfaces.recipes.recipe import Recipe, groups_recipe
from sim.words.text import escaped, with_article
from sim.words.wording import percent, span, with_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.groups.members import CountryGroup
    from sim.analysis.groups.totals import GroupTotals
    from sim.analysis.standing import Count
    from sim.experiment.tables import Table
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture
    from sim.interfaces.explorer.state.runs import ShownAnswer

# Names of choices in the view: the group in focus, and what all groups are compared by.
FOCUS, ALL_GROUPS = "explore.group", "explore.groups"
# Fragment of the totals.
GROUPS = "explore.group_totals"
_NONE = ""
_CHOICE_PX = 380
_WEIGHTS = {
    COUNTRIES: "Members", GDP: "GDP", POPULATION: "Population", READINESS: "AI readiness",
}  # fmt: skip
_HEADS = _WEIGHTS | {POPULATION: "population"}
_CSV = {"partners": "partners", "standings": "where members stand", "members": "members"}


def group_in_focus(answer: ShownAnswer) -> CountryGroup | None:
    """Return the group that the visitor has chosen; None if there is none."""
    asked = session.detail(FOCUS, _NONE)
    return country_groups(answer.ensemble.facts).get(asked) if asked else None


OF_THE_WORLD = "These are numbers of the whole world, not of {}."


def focus_in_words(answer: ShownAnswer, of: str) -> str:
    """Return how many of the group in focus are partners; "" if there is no group in focus."""
    focus = group_in_focus(answer)
    if focus is None:
        return ""
    own = groups_shown(answer, [focus.title])
    return members_in_words(own, own.totals[0], of)


def world_in_words(answer: ShownAnswer) -> str:
    """Return that numbers are of the world, while the map is of the group in focus; else ""."""
    focus = group_in_focus(answer)
    return "" if focus is None else OF_THE_WORLD.format(focus.phrase)


def narrowed(table: pd.DataFrame, wanted: str, answer: ShownAnswer) -> tuple[pd.DataFrame, str]:
    """Return the countries of a table that are searched for and in the group in focus.

    Parameters
    ----------
    table : DataFrame
        From `country_table`.
    wanted : str
        What is searched for; it may name a group.
    answer : ShownAnswer

    Returns
    -------
    DataFrame, str
        The rows, and of which groups they are members; "" if of any.
    """
    facts, focus = answer.ensemble.facts, group_in_focus(answer)
    known = country_groups(facts) if wanted else {}
    table = matching(table, wanted, known)
    if focus is not None:
        table = table[table["code"].isin(focus.members)]
    named = group_named(wanted, known) if wanted else None
    both = dict.fromkeys(each.phrase for each in (focus, named) if each is not None)
    if not both:
        return table, ""
    members = "Members of both" if len(both) > 1 else "Members of"
    return table, f"{members} {' and '.join(both)}, as of {membership_date(facts)}."


def title_to_type(group: CountryGroup) -> str:
    """Return the title of a group as people type it, with the number of members.

    A browser puts first what begins with what was typed, and of several the shortest: so a short
    name comes first, and Europe is no shorter than the EU.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> groups = country_groups(load_facts())
    >>> [title_to_type(groups[key]) for key in ("EU", "NATO", "FIVE_EYES", "EUROPE")]
    ['EU: European Union (27)', 'NATO (32)', 'Five Eyes (5)', 'Europe (region of the UN, 44)']
    """
    n, short = len(group.members), group.key.replace("_", " ")
    if group.kind == REGION:
        return f"{group.title} (region of the UN, {n})"
    is_told = short.casefold() == group.title.casefold()
    return f"{group.title} ({n})" if is_told else f"{short}: {group.title} ({n})"


def choose_group() -> None:
    """Draw the choice of a group, on which map, table and totals then focus."""
    answer = shown_answer()
    known = country_groups(answer.ensemble.facts)
    now = group_in_focus(answer)

    def take(key: str) -> None:
        session.set_detail(FOCUS, key)

    def words(key: str) -> str:
        return title_to_type(known[key]) if key else "All countries"

    st.selectbox(
        "Focus on a group of countries",
        [_NONE, *known],
        format_func=words,
        help=f"Members as of {membership_date(answer.ensemble.facts)}. The map, the table of "
        "countries and the totals of groups follow.",
        width=_CHOICE_PX,
        **session.controlled("group", _NONE if now is None else now.key, take),
    )


def show_groups(theme: Theme) -> None:
    """Draw the totals of the group in focus, and the choice to see all groups."""
    st.header(CHARTS["groups"].title, anchor=False)

    def take(weight: str | None) -> None:
        session.set_detail(ALL_GROUPS, weight or _NONE)

    st.segmented_control(
        "Show all groups, divided by",
        list(_WEIGHTS),
        format_func=_WEIGHTS.__getitem__,
        **session.controlled("groups.by", _weight() or None, take),
    )
    _show_totals(theme)


def _weight() -> str:
    """Return by what all groups are divided; "" if they are not shown."""
    asked = session.detail(ALL_GROUPS, _NONE)
    return asked if asked in _WEIGHTS else _NONE


@st.fragment(key=GROUPS)
def _show_totals(theme: Theme) -> None:
    answer, weight = shown_answer(), _weight()
    focus = group_in_focus(answer)
    if focus is not None:
        own = groups_shown(answer, [focus.title])
        st.markdown("\n\n".join(map(escaped, findings_in_words(own))))
        st.caption(escaped(" ".join(notes_in_words(own))))
        if not weight:
            _offer_tables(answer, own, focus.key)
    elif not weight:
        st.caption(
            "How the EU, NATO, ASEAN, the African Union, the regions of the United Nations and "
            "others divide: choose a group at the top of the page, or compare all of them here."
        )
    if not weight:
        return
    found = groups_shown(answer)
    drawn = show_chart("groups", found, theme, weight=weight)
    of = provider_of_interest(answer)
    name = found.providers[of]
    change = "" if found.start is None else ", A minus B with the 90 % interval of its mean"
    says = (
        f"Partners of {with_article(name)}: mean over futures, in brackets the range of 90 % of "
        f"them{change}; then the share of the group's GDP, population and AI readiness that is "
        f"with it. Members as of {found.members_as_of}; shares are of the members that decide."
    )
    st.caption(escaped(says))
    st.html(html_listing(shown_totals(found, of), f"Groups of countries and {name}", {"group": 18}))
    _offer_tables(answer, found, "", [drawn])


def _offer_tables(
    answer: ShownAnswer, found: Groups, of: str, drawn: Sequence[OfferedPicture] = ()
) -> None:
    """Draw the downloads of groups, of one by key or of all; pictures and command by the first."""
    with st.container(horizontal=True, gap="small", key="groups_csv"):
        for table in found.tables():
            if table.name in _CSV:
                is_first = table.name == next(iter(_CSV))
                offer_csv(
                    partial(_with_units, table), f"groups-{table.name}",
                    f"CSV of groups: {_CSV[table.name]}", partial(origin_of, answer),
                    drawn if is_first else (),
                    partial(_recipe, answer, of) if is_first else None,
                )  # fmt: skip


def _recipe(answer: ShownAnswer, of: str) -> Recipe:
    scenarios = [side.scenario for side in (answer.b, answer.a) if side is not None]
    shown = given_on_view(answer) if answer.b is None else two_on_view(answer)
    return groups_recipe(of, size_on_view(answer, scenarios), shown)


def _with_units(table: Table) -> pd.DataFrame:
    """Return a table whose headers say the units."""
    units = {c.name: f"{c.name} ({c.unit})" for c in table.columns if c.kind in _NUMBERS}
    return table.frame.rename(columns=units)


_NUMBERS = ("number", "integer")


def shown_totals(found: Groups, of: str) -> pd.DataFrame:
    """Return the groups for reading: partners of a provider by kind, who waits, shares."""
    return pd.DataFrame([_row(each, of, found.start is not None) for each in found.totals])


def _row(each: GroupTotals, of: str, has_b: bool) -> dict[str, str]:
    own = each.partners[of, ALL]
    if not each.deciding:
        return {"group": each.group.title, "decide": "none"}
    row = {
        "group": each.group.title,
        "decide": f"{len(each.deciding)} of {len(each.group.members)}",
        "partners": _level(own[COUNTRIES]),
    }
    if has_b:
        row["A minus B"] = _change(own[COUNTRIES])
    parts = {"data centre": each.partners[of, WITH_CENTRE], "light": each.partners[of, LIGHT]}
    row |= {title: amount(part[COUNTRIES].mean) for title, part in parts.items()}
    row["wait"] = _level(each.standing["uncommitted"][COUNTRIES])
    for weight in (GDP, POPULATION, READINESS):
        # A share that is not known stays empty.
        share = own[weight]
        known = share.mean == share.mean
        ends = span(share.p05, share.p95, percent)
        row[_HEADS[weight]] = f"{percent(share.mean)} ({ends})" if known else ""
    return row


def _level(found: Count) -> str:
    return f"{amount(found.mean)} ({span(found.p05, found.p95)})"


def _change(found: Count) -> str:
    assert found.change is not None
    return f"{with_sign(found.change)} ({span(found.low, found.high, with_sign)})"
