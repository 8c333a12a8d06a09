"""Buttons that make a report of what is on screen, and a workbook of its tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import ShownAnswer, against_start
from sim.interfaces.pictures import has_renderer
from sim.interfaces.report.contents import contents
from sim.interfaces.report.making import workbook_of
from sim.interfaces.report.page import page
from sim.interfaces.report.subject import Subject
from sim.words.titles import country_names

# Fragment that shows the answer.
REPORT = "explore.report"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@st.fragment(key=REPORT)
def offer_report() -> None:
    """Draw the buttons for the answer on screen."""
    offer_report_of(report_subject(shown_answer()), "Report of what is on screen")


def offer_report_of(about: Subject, label: str) -> None:
    """Draw the buttons of a report and of a workbook, which are made on the click.

    Parameters
    ----------
    about : Subject
    label : str
        The text of the first.
    """
    with st.container(horizontal=True, gap="small", key="report"):
        if has_renderer():
            st.download_button(
                label,
                data=partial(_page, about),
                file_name=f"alignsim-{about.folder_name}.html",
                mime="text/html",
                key="report.page",
                on_click="ignore",
                type="tertiary",
                icon=":material/description:",
                help="One page to send or to print: it needs no network.",
            )
        else:
            st.caption("A report needs `pip install 'alignsim[pictures]'` on the server.")
        st.download_button(
            "Tables as Excel",
            data=partial(workbook_of, about),
            file_name=f"alignsim-{about.folder_name}.xlsx",
            mime=_EXCEL,
            key="report.tables",
            on_click="ignore",
            type="tertiary",
            icon=":material/table:",
        )


def report_subject(answer: ShownAnswer) -> Subject:
    """Return what a report of an answer is of: with the provider and the country on view."""
    country = session.current().country
    result = answer.a if answer.comparison is None else answer.comparison
    code = country if country in country_names() else ""
    return Subject(result, answer, provider_of_interest(answer), code)


def _page(about: Subject) -> bytes:
    return page(contents(with_change(about), has_files=False)).encode()


def with_change(about: Subject) -> Subject:
    """Return what a report is of, compared with the file's scenario where numbers were moved.

    The page shows this change too, so that its run is at hand.
    """
    if not isinstance(about.shown, ShownAnswer):
        return about
    changed = against_start(about.shown)
    if changed is None or changed.comparison is None:
        return about
    return replace(about, result=changed.comparison, shown=changed)
