"""What the figures of a report rest on: numbers, sources, the record of skill, and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sim.analysis.evidence import (
    CHARTED_SCORES,
    SCORES,
    expected_joiners,
    load_evidence,
    skill_table,
)
from sim.data import facts_as_of, load_facts
from sim.interfaces.explorer.evidence.tables import ASSUMPTION, parameter_table
from sim.interfaces.report.document import Block, Bullets, Listing, Prose, Section, Subheading
from sim.interfaces.report.pictures import chart_picture
from sim.interfaces.shipped_documents import generated_part
from sim.words.evidence import HOW_FORECAST, SCORES_EXPLAINED, WHICH_IS_BETTER, estimates_in_words
from sim.words.limits import LIMITS, LIMITS_TITLE
from sim.words.text import with_article
from sim.words.titles import offer_title, provider_name
from sim.words.wording import counted, listed, month_in_words

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.evidence import Evidence
    from sim.analysis.moved import Moved
    from sim.interfaces.report.subject import Subject
    from sim.scenario import Scenario

# What stands after a number of numbers.
_KINDS = {ASSUMPTION: "assumptions", "set here": "set by the scenario"}


def assumptions_section(about: Subject) -> Section:
    """Return what the scenarios assume, what was moved in them, and where it comes from."""
    blocks: list[Block] = []
    for scenario, moved in zip(about.scenarios, about.moved, strict=True):
        if len(about.scenarios) > 1:
            blocks.append(Subheading(f"{scenario.title} ({scenario.name})"))
        blocks += _of_scenario(scenario, moved)
    blocks += [Subheading("Sources of the facts"), *_of_facts(about.scenarios[0])]
    return Section("assumptions", "Assumptions and sources", blocks)


def _of_scenario(scenario: Scenario, moved: Sequence[Moved] | None) -> Iterator[Block]:
    yield Prose([" ".join(scenario.description.split())])
    yield Bullets([*_moved(moved)])
    yield _offers(scenario)
    table = parameter_table(scenario)
    kinds = table["basis"].str.split(";").str[0].value_counts()
    drawn = int(table["drawn from"].notna().sum())
    listed = ", ".join(f"{n} {_KINDS.get(str(kind), kind)}" for kind, n in kinds.items())
    yield Prose(
        [
            f"Of {len(table)} numbers of the model: {listed}. {drawn} of them are drawn anew from "
            "ranges in the futures; all stand in the last section."
        ]
    )
    yield Subheading("Sources of the scenario")
    yield Bullets([" ".join(source.split()) for source in scenario.sources])


def _moved(moved: Sequence[Moved] | None) -> Iterator[str]:
    """Yield in words what was moved since a scenario was read from its file."""
    if moved is None:
        yield "The scenario is not the file of this name in the folder of scenarios."
        return
    beliefs = [each.in_words for each in moved if each.is_belief]
    levers = [each.in_words for each in moved if not each.is_belief]
    yield f"Moved: {'; '.join(levers) if levers else 'nothing'}."
    yield f"Beliefs pinned: {'; '.join(beliefs) if beliefs else 'none'}."


def _offers(scenario: Scenario) -> Listing:
    """Return the offers of a scenario, with what tells them apart."""
    rows = []
    for reference, offer in scenario.offers.items():
        large = offer.data_centre_mw_max
        rows.append(
            [
                offer_title(scenario, reference),
                " ".join(offer.title.split()),
                "all it admits" if offer.open_enrolment else "those invited",
                "no limit" if offer.slots is None else f"{offer.slots:,}",
                f"up to {large:,.0f} MW" if large > 0 else "none",
                f"{offer.fund_usd_m:,.0f}",
                f"{offer.local_control:g}",
            ]
        )
    heads = [
        "offer", "what it is", "open to", "places", "data centre", "fund (USD million)",
        "local control (0-1)",
    ]  # fmt: skip
    return Listing(f"The offers of {scenario.name}.", heads, rows, (3, 5, 6))


def _of_facts(scenario: Scenario) -> Iterator[Block]:
    facts = facts_as_of(load_facts(), scenario.months[0])
    yield Prose([f"{estimates_in_words([*facts.imputed_share()])} Only open data are used."])
    sources = facts.provenance.sources.values()
    yield Bullets(
        [
            f"{source.title}. {source.publisher}, {source.year}. Terms: {source.licence}."
            f"{f' {source.read_from}' if 'http' in source.read_from else ''}"
            for source in sources
        ]
    )


@cache
def skill_section() -> Section:
    """Return how well the model foretold earlier programmes, as the Evidence page says it.

    The same in every report of a process.
    """
    title = "Record of skill"
    try:
        evidence = load_evidence()
        verdict = generated_part("evidence", "verdict").replace("**", "")
    except OSError:
        says = "Forecasts of earlier programmes: their tables are not installed with this program."
        return Section("skill", title, [Prose([says])])
    blocks: list[Block] = [
        Prose(
            [
                HOW_FORECAST,
                verdict,
            ]
        ),
        *(
            chart_picture(evidence, "skill", f"The model and its rivals: {SCORES[score]}",
                          score=score)
            for score in CHARTED_SCORES
        ),
        _skill_listing(skill_table(evidence)),
        chart_picture(evidence, "calibration"),
        Prose([_of_programmes(evidence)], is_soft=True),
    ]  # fmt: skip
    return Section("skill", title, blocks)


def own_record() -> list[str]:
    """Return how far off the model's own numbers of joiners were; nothing without the record."""
    try:
        return [expected_joiners(load_evidence().uptake).in_words]
    except OSError:
        return []


def _of_programmes(evidence: Evidence) -> str:
    return (
        f"Forecasts of {counted(len(evidence.titles), 'programme')}, with answers known before "
        f"{month_in_words(evidence.origin['as_of'])}. {SCORES_EXPLAINED}"
    )


def _skill_listing(table: pd.DataFrame) -> Listing:
    heads, columns = ["forecaster"], [table["forecaster"].tolist()]
    for score, title in SCORES.items():
        digits = 1 if score == "count_crps" else 3
        heads.append(title)
        columns.append([f"{value:.{digits}f}" for value in table[title]])
        if score in CHARTED_SCORES:
            heads.append("90 %")
            ends = table[[f"{title}, 90 % low", f"{title}, 90 % high"]].to_numpy()
            columns.append([f"{low:.3f} to {high:.3f}" for low, high in ends])
    says = (
        "Scores of earlier programmes: means over programmes with 90 % intervals by resampling "
        f"them. {WHICH_IS_BETTER}"
    )
    return Listing(says, heads, [*zip(*columns, strict=True)], range(1, len(heads)))


def limits_section() -> Section:
    """Return what no figure of the model can say."""
    claims, grounds = zip(*LIMITS, strict=True)
    return Section("limits", LIMITS_TITLE, [Bullets(grounds, claims)])


def numbers_listing(scenario: Scenario) -> Listing:
    """Return every number of the model as a scenario uses it, with its basis."""
    table = parameter_table(scenario)
    rows = [
        [
            row["name"],
            f"{row['value']:,.6g}",
            row["unit"],
            "" if row["drawn from"] != row["drawn from"] or row["drawn from"] is None
            else f"{row['drawn from']:,.3g} to {row['drawn to']:,.3g}",
            row["basis"],
            f"`{row['name in files']}`",
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    heads = ["number", "value", "unit", "drawn from", "basis", "name in files"]
    names = named_providers(scenario)
    says = f"Every number of the model, as the scenario {scenario.name} ({names}) uses it."
    return Listing(says, heads, rows, (1,))


def named_providers(scenario: Scenario) -> str:
    """Return the providers of a scenario, in words."""
    return listed(with_article(provider_name(scenario, key)) for key in scenario.providers)
