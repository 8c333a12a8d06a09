"""The parts of the Country page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.analysis.countries import drivers, probability_with
from sim.analysis.findings import CAUTION, what_differs
from sim.analysis.pairing import (
    absence_from_b,
    absence_in_words,
    ensembles_of,
    only_in,
    provider_names,
    sides_of,
    where_it_takes_part,
)
from sim.analysis.reasons import changes_for_readers, what_changed
from sim.analysis.summary.country import country_headline, endings_in_words
from sim.analysis.summary.dated import numbered_in_words
from sim.data import facts_as_of, load_facts
from sim.experiment.summaries.explaining import case_in, counted_drivers, explain
from sim.interfaces.charts import CHARTS
from sim.interfaces.charts.drivers import has_breaks
from sim.interfaces.charts.probabilities import on_time_axis
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.documents import offer_document
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import (
    changed_answer,
    headline,
    latest_answer,
    marked_month,
    month_answer,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.origin import origin_of_country, what_was_moved
from sim.interfaces.explorer.country.card import change_of
from sim.interfaces.explorer.country.facts import fact_table, shown_facts
from sim.interfaces.explorer.country.invitations import filters_table, shown_filters
from sim.interfaces.explorer.country.record import show_record
from sim.interfaces.explorer.country.requirement import show_requirement
from sim.interfaces.explorer.country.tables import (
    WATCHED,
    WATCHES,
    path_table,
    peer_table,
    shown_paths,
    shown_peers,
)
from sim.interfaces.explorer.country.terms import shown_terms, terms_table
from sim.interfaces.explorer.country.why import show_why
from sim.interfaces.explorer.link_notes import show_lacks, show_notes, show_span
from sim.interfaces.explorer.quoting.headline import show_headline_with_levers
from sim.interfaces.explorer.quoting.printed import show_on_paper
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.tables.columns import looks, printed
from sim.interfaces.explorer.tables.html import html_listing
from sim.words.definitions import OF_MEAN, OVER_NUMBERS
from sim.words.text import escaped, with_article
from sim.words.titles import country_names
from sim.words.wording import (
    REASONS_COME_BACK,
    moment_of_drivers,
    month_in_words,
    percent,
    span,
    term_phrase,
    with_capital,
)

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import origin_of_country, what_was_moved
    from sim.interfaces.explorer.state.runs import ShownAnswer

# Widths of the columns of a country's facts, in per cent.
_WIDTHS = {"value": 13, "unit": 10, "year": 7, "remark": 8, "source": 30, "licence": 9}


# Of each column of numbers beside the paths, by how many columns there are.
_PATH_NUMBERS = {2: 25, 5: 16}
_FILTER_WIDTHS = {"offer": 31, "invited": 23, "signs once invited": 23, "signs": 23}

# Fragments that show the answer, each redrawn when a lever is moved.
_FINDING, _RESULTS = "country.finding", "country.results"
PARTS = (_FINDING, _RESULTS)
_WAY = "Change the country or the levers"


def _takes_part(answer: ShownAnswer, code: str) -> bool:
    return code in answer.ensemble.axes.country


@st.fragment(key=_FINDING)
def show_finding(problems: list[Problem], code: str) -> None:
    """Draw the headline about the country, and its range; see `latest_answer`."""
    answer = latest_answer(problems)
    name = country_names()[code]
    if not _takes_part(answer, code):
        show_headline_with_levers(headline(answer, f"{name} takes no part here"), _WAY)
        scenarios = {name: side.scenario for name, side in sides_of(answer).items()}
        if answer.other is None:
            scenarios = {"": answer.a.scenario}
        why = " ".join(absence_in_words(code, scenarios))
        st.caption(escaped(f"{why} Its facts are below."))
        return
    missing = absence_from_b(answer, code)
    answer = where_it_takes_part(answer, code)
    show_headline_with_levers(headline(answer, country_headline(answer, code, name)), _WAY)
    show_record(answer, code, "finding")
    st.caption(escaped(_finding_in_words(answer, code)))
    moved = what_was_moved(answer.view) if answer.view is not None else ""
    if moved:
        st.caption(escaped(f"{with_capital(moved)}."))
    show_span(where_it_takes_part(shown_answer(), code))
    if missing:
        st.caption(escaped(f"{missing} This shows A."))
    if answer.comparison is not None:
        with st.container(key="differs"):
            st.caption(f"**What differs.** {escaped(what_differs(answer, 'below'))}")
    show_on_paper(origin_of_country(shown_answer(), code))


def _finding_in_words(answer: ShownAnswer, code: str) -> str:
    """Return all paths of a country, and its probability of being with the provider on view."""
    of = provider_of_interest(answer)
    title = with_article(provider_names(answer)[of])
    p, low, high = probability_with(answer.a, code, of)
    text = (
        f"{endings_in_words(answer, code)} Shares of {answer.ensemble.replicates:,} futures. "
        f"With {title}, alone or beside a second partner: {percent(p)} ({OVER_NUMBERS}: "
        f"{span(low, high, percent)})."
    )
    changed = changed_answer() if changed_answer().is_from_start else answer
    if changed.comparison is not None:
        text += f" {change_of(changed, code, of)}."
    return f"{text} {CAUTION}"


def show_results(code: str, theme: Theme) -> None:
    """Draw everything beside the levers."""
    _show_answer(code, theme)
    # No lever changes a fact.
    _show_facts(shown_answer(), code)


@st.fragment(key=_RESULTS)
def _show_answer(code: str, theme: Theme) -> None:
    over_time, answer = shown_answer(), month_answer()
    show_notes(over_time)
    if _takes_part(answer, code):
        over_time, answer = (where_it_takes_part(each, code) for each in (over_time, answer))
        _show_probabilities(over_time, answer, code, theme)
        if answer.other is not None:
            _show_change(answer, code)
        _show_filters(answer, code)
        _show_drivers(answer, code, theme)
        show_why(answer, code, theme)
        _show_terms(answer, code)
        show_requirement(answer, code, theme)
        _show_peers(answer, code)
    # A moved lever redraws only these parts; this call then keeps the link up to date.
    session.write_address()


def _show_probabilities(
    over_time: ShownAnswer, answer: ShownAnswer, code: str, theme: Theme
) -> None:
    st.header("Its probabilities over time", anchor=False)
    sides = list(ensembles_of(answer))
    drawn = []
    for place, side in zip(st.columns(len(sides)), sides, strict=True):
        mark = side if len(sides) > 1 else ""
        with place:
            if mark:
                st.markdown(f"**{mark}**")
            key = f"probabilities{mark}"
            how: dict[str, Any] = {"country": code, "side": side, "month": marked_month()}
            drawn.append(show_chart("country_paths", over_time, theme, key, **how))
            dated = numbered_in_words(on_time_axis(over_time, code, side))
            if dated:
                st.caption(escaped(dated))
    show_lacks(answer)
    end = month_in_words(answer.a.months[-1])
    change = f" A change has the {OF_MEAN}." if answer.comparison is not None else ""
    st.caption(f"At the end of {end}; paths that no future ends on are in the CSV only.{change}")
    table = path_table(answer, code)
    read = shown_paths(table)
    widths = dict.fromkeys(read.columns[1:], _PATH_NUMBERS[len(read.columns)])
    st.html(html_listing(read, "Paths at the end", widths))
    offer_csv(
        lambda: table,
        f"{code}-probabilities",
        "CSV of its probabilities",
        partial(origin_of_country, answer, code),
        drawn,
    )


def _show_change(answer: ShownAnswer, code: str) -> None:
    st.header("What changes from B to A, and why", anchor=False)
    lines = what_changed(answer, code)
    if not lines:
        st.markdown("Nothing: A and B are the same.")
    for line in lines:
        st.markdown(f"- {escaped(line)}")
    if lines:
        offer_csv(
            lambda: changes_for_readers(answer),
            "changes",
            "CSV of the changes",
            partial(origin_of_country, answer, code),
        )


def _show_filters(answer: ShownAnswer, code: str) -> None:
    st.header("Is it invited, and does it sign?", anchor=False)
    st.caption(
        "Two choices in a row: the provider's, whom it invites, and the country's, once invited. "
        "Shares of futures in which each happens at some time; in brackets the "
        f"{OVER_NUMBERS}."
    )
    table = filters_table(answer, code)
    section = "side" if answer.comparison is not None else ""
    st.html(html_listing(shown_filters(table), "Invitations and answers", _FILTER_WIDTHS, section))
    offer_csv(
        lambda: table,
        f"{code}-invitations",
        "CSV of its invitations",
        partial(origin_of_country, answer, code),
    )


def _show_drivers(answer: ShownAnswer, code: str, theme: Theme) -> None:
    st.header(CHARTS["drivers"].title, anchor=False)
    names = provider_names(answer)
    cut = " A bar with a break is longer than the scale; its number stands beside it."
    st.caption(
        escaped(
            "What each reason adds to utility, relative to staying as it was, "
            f"{moment_of_drivers(answer.a.scenario, code)}. Mean over futures. {REASONS_COME_BACK}"
            + (" Rings: B." if answer.other is not None else "")
            + " All on one scale."
            + (cut if has_breaks(answer, code) else "")
        )
    )
    drawn = []
    # A third chart in the row would leave no room for bars beside the names of the reasons.
    with st.grid(columns=min(len(names), 2), min_column_width=330, gap="medium"):
        for provider, name in names.items():
            with st.container(key=f"drivers.{provider}"):
                alone = only_in(answer, provider)
                st.markdown(f"**{escaped(name)}**" + (f", only in {alone}" if alone else ""))
                if alone != "B":
                    lead = explain(case_in(answer.ensemble, code, provider)).lead
                    st.caption(escaped(lead))
                key = f"drivers.{provider}"
                how: dict[str, Any] = {"country": code, "provider": provider}
                drawn.append(show_chart("drivers", answer, theme, key, **how))

    offer_csv(
        lambda: _reason_table(answer, code),
        f"{code}-reasons",
        "CSV of its reasons",
        partial(origin_of_country, answer, code),
        drawn,
    )


def _reason_table(answer: ShownAnswer, code: str) -> pd.DataFrame:
    """Return what each term adds towards each provider, those that the record fixes marked so.

    The charts leave those out.
    """
    rows: list[dict[str, Any]] = []
    for provider, who in provider_names(answer).items():
        sides = {
            f"{name} (utility over staying as it was)": drivers(side, code, provider)
            for name, side in sides_of(answer).items()
        }
        for term in dict.fromkeys(term for values in sides.values() for term in values):
            row: dict[str, Any] = {"towards": who, "reason": term_phrase(term)}
            row |= {name: values.get(term) for name, values in sides.items()}
            is_fixed = any(
                term not in counted_drivers(side.scenario, code, provider, {term: 0.0})
                for side in sides_of(answer).values()
            )
            row["fixed by the record"] = "yes" if is_fixed else "no"
            rows.append(row | {"term of the model": term})
    return pd.DataFrame(rows)


def _show_terms(answer: ShownAnswer, code: str) -> None:
    st.header("The terms offered to it", anchor=False)
    st.caption(
        "From the scenario; the range in brackets is the one from which futures draw a term. An "
        "invited country may be conceded more control; the document on the model says when."
    )
    offer_document("model", "terms")
    table = terms_table(answer, code)
    shown = shown_terms(table)
    values = [name for name in shown.columns if name not in ("offer", "term", "meaning")]
    widths = dict.fromkeys(values, 12) | {"meaning": 68 - 12 * len(values)}
    st.html(html_listing(shown, "Terms of the offers", widths, "offer"))
    offer_csv(
        lambda: table, f"{code}-terms", "CSV of the terms", partial(origin_of_country, answer, code)
    )


def _show_peers(answer: ShownAnswer, code: str) -> None:
    st.header("Whom it watches, and who watches it", anchor=False)
    of = provider_of_interest(answer)
    title = with_article(provider_names(answer)[of])
    text = (
        "Its decisions lean towards those of its peers: allies, neighbours, trading partners and "
        "countries that vote alike, if they take part here. Left: the weight of each among all its "
        "peers. Right: its weight among theirs; those shares belong to different countries and do "
        f"not add up. Beside the weight: the probability of being with {title} at the end."
    )
    st.caption(escaped(text))
    places = st.columns(2)
    for place, way in zip(places, (WATCHES, WATCHED), strict=True):
        table = peer_table(answer, code, of, way)
        shown = shown_peers(table, provider_names(answer)[of])
        read, look = printed(shown), looks(shown)
        with place:
            st.markdown(f"**{escaped(country_names()[code])} {way}**")
            st.dataframe(read, hide_index=True, column_config=look, key=f"peers.{way}")
            offer_csv(
                lambda table=table: table,  # type: ignore[misc]
                f"{code}-{way.replace(' ', '-')}",
                f"CSV of whom it {way}" if way == WATCHES else "CSV of who watches it",
                partial(origin_of_country, answer, code),
            )


def _show_facts(answer: ShownAnswer, code: str) -> None:
    st.header("Its facts, with their sources", anchor=False)
    facts = facts_as_of(load_facts(), answer.a.scenario.months[0])
    share = float(facts.imputed_share()[code])
    estimated = "None of the facts that the model uses is an estimate."
    if share > 0:
        estimated = f"{percent(share)} of the facts that the model uses are estimates, marked so."
    table = fact_table(answer.a.scenario, code)
    weak = int((table["remark"] == "weak source").sum())
    weak_words = (
        f" {weak} rest on a weak source, such as general knowledge or an encyclopaedia: check "
        "them before you quote them."
        if weak
        else ""
    )
    st.caption(escaped(f"{estimated}{weak_words} An empty value is unknown."))
    offer_document("data", "facts")
    st.html(html_listing(shown_facts(table), f"Facts of {country_names()[code]}", _WIDTHS, "kind"))
    offer_csv(
        lambda: table,
        f"{code}-facts",
        "CSV of these facts",
        partial(origin_of_country, answer, code),
    )
