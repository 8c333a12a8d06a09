"""A report from its subject: which sections it has, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.findings import CAUTION
from sim.analysis.pairing import lacks_in_words, months_in_words, provider_names
from sim.interfaces.report.document import Block, Bullets, Prose, Report, Section
from sim.interfaces.report.grounds import (
    assumptions_section,
    limits_section,
    named_providers,
    numbers_listing,
    own_record,
    skill_section,
)
from sim.interfaces.report.outcome import country_listing, country_rows, outcome_sections
from sim.interfaces.report.pictures import side_names
from sim.interfaces.report.reproducing import citing_section, reproducing_section
from sim.interfaces.report.sensitivity import sensitivity_section
from sim.interfaces.report.sentences import in_three_sentences
from sim.interfaces.report.sweep import sweep_question, sweep_sections, sweep_sentences
from sim.words.definitions import DEFINITIONS
from sim.words.titles import country_names
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.analysis.what_matters.matters import WhatMatters
    from sim.interfaces.report.subject import Subject


def contents(about: Subject, mattered: WhatMatters | None = None, has_files: bool = True) -> Report:
    """Return the report of a result.

    Parameters
    ----------
    about : Subject
    mattered : WhatMatters, optional
        What a run hangs on, where that was worked out.
    has_files : bool
        Whether tables and scenario files lie beside it.
    """
    if about.shown is None:
        sections = _head(sweep_question(about), sweep_sentences(about))
        *outcome, sensitivity = sweep_sections(about)
    else:
        sections = _head(_question(about, about.shown), _answer(about, about.shown))
        outcome = outcome_sections(about.shown, about.provider, about.country)
        sensitivity = sensitivity_section(about, mattered)
    sections += [
        *outcome,
        assumptions_section(about),
        sensitivity,
        skill_section(),
        limits_section(),
        reproducing_section(about, has_files),
        citing_section(about),
        Section("all", "All rows", [*_all_rows(about)]),
    ]
    return Report(about.title, _subtitle(about), CAUTION, sections, about.run_id)


def _subtitle(about: Subject) -> str:
    first, last = (month_in_words(about.months[at]) for at in (0, -1))
    return (
        f"Report of alignsim: {about.kind} of {about.named_as_moved}, {first} to {last}, "
        f"{about.futures_in_words}, seed {about.seed}, run {about.run_id}."
    )


def _head(question: list[str], answer: list[str]) -> list[Section]:
    return [
        Section("question", "The question", [Prose(question)]),
        Section(
            "answer", "The answer", [Prose(answer, is_lead=True), Prose([*own_record(), CAUTION])]
        ),
    ]


def _question(about: Subject, shown: Shown) -> list[str]:
    """Return what is asked of a run or a comparison."""
    end = month_in_words(about.months[-1])
    scenarios = about.scenarios
    if len(scenarios) == 1:
        return [
            f"Which countries would be partners of {named_providers(scenarios[0])} by the end of "
            f"{end} in the scenario “{about.scenario_titles[0]}”?",
            *months_in_words({"A": scenarios[0]}, about.months),
            DEFINITIONS,
        ]
    first, second = scenarios
    own, other = side_names(shown)
    sides = {own: shown.ensemble, other: shown.other}
    known = {side: found for side, found in sides.items() if found is not None}
    return [
        f"What changes by the end of {end} with “{about.scenario_titles[1]}” instead of "
        f"“{about.scenario_titles[0]}”?",
        f"{own} is compared with {other}: differences are {own} minus {other}, future by future. "
        "Files follow the command line, which names first what it compares with: their columns of "
        f"{other} end in `_a`, those of {own} in `_b`.",
        *months_in_words({own: second, other: first}, about.months),
        *lacks_in_words(known, provider_names(shown), country_names()),
        DEFINITIONS,
    ]


def _answer(about: Subject, shown: Shown) -> list[str]:
    # The reference comes first in a comparison, and has no title in a report of one run.
    reference, own = ("", *about.scenario_titles)[-2:]
    return in_three_sentences(shown, about.provider, (own, reference))


def _all_rows(about: Subject) -> list[Block]:
    blocks: list[Block] = []
    if about.shown is not None:
        rows = country_rows(about.shown, about.provider)
        blocks.append(country_listing(about.shown, about.provider, rows, len(rows)))
    # Where scenarios differ in numbers, the section on what differs says so.
    blocks.append(numbers_listing(about.scenarios[-1]))
    blocks.append(Bullets([_beside(about)]))
    return blocks


def _beside(about: Subject) -> str:
    return (
        f"The tables of the {about.kind} as CSV and as an Excel workbook are made with this report "
        "by the command report; the first sheet and `datapackage.json` say what each column means."
    )
