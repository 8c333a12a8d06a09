"""What a result hangs on: numbers and luck, or what differs between two scenarios."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.analysis.groups.grouping import groups_shown
from sim.analysis.groups.members import REGION, country_groups
from sim.analysis.groups.totals import ALL, COUNTRIES, LIGHT, WITH_CENTRE
from sim.analysis.moved import in_command
from sim.analysis.pairing import provider_names
from sim.analysis.reasons import changes_for_readers
from sim.analysis.splitting.parts import split_command
from sim.interfaces.report.document import Block, Listing, Prose, Section, Subheading
from sim.interfaces.report.pictures import chart_picture, side_names
from sim.words.definitions import OF_MEAN
from sim.words.digits import supported_change
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import with_article
from sim.words.wording import number, percent, points, span, with_sign

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.analysis.standing import Count
    from sim.analysis.what_matters.matters import WhatMatters
    from sim.experiment.result import Result
    from sim.interfaces.report.subject import Subject

_OUTCOMES = ("n_countries", "gdp_share", "readiness_share", "contracted_mw", "fund_usd_m")
_TITLE = "What it hangs on"


def sensitivity_section(about: Subject, mattered: WhatMatters | None) -> Section:
    """Return what a run or a comparison hangs on.

    Parameters
    ----------
    about : Subject
        Of a run or a comparison.
    mattered : WhatMatters or None
        The ranking of levers and uncertain numbers, where it was made.
    """
    assert about.shown is not None
    if about.shown.comparison is not None:
        return Section("sensitivity", "What differs", [*_of_pair(about.shown, about.provider)])
    return Section("sensitivity", _TITLE, [*_of_run(about, mattered)])


def _of_run(about: Subject, mattered: WhatMatters | None) -> Iterator[Block]:
    assert about.shown is not None
    yield Prose(
        [
            "Futures differ by the uncertain numbers, which are drawn from ranges, and by luck. "
            "The share of the numbers is what better knowledge of them could remove."
        ]
    )
    yield _shares(about.shown.a, provider_names(about.shown))
    if mattered is None:
        yield Prose([_on_ranking(about)])
        return
    yield Prose(mattered.sentences())
    yield chart_picture(mattered.ranking, "sensitivity")
    if mattered.ranking.has_ends:
        yield chart_picture(mattered.ranking, "tornado")


def _on_ranking(about: Subject) -> str:
    """Return how to rank the numbers, with the commands where they can name the scenario."""
    text = (
        "The command what-matters says which numbers these are: it moves every lever and every "
        "uncertain number and ranks them, which takes a minute."
    )
    named = in_command(about.scenarios[0])
    if named is None or about.as_of is not None:
        return text
    outcome = f"n_countries({about.provider})"
    ranks = ["alignsim", "what-matters", *named, "--outcome", outcome, "--seed", f"{about.seed}"]
    size = ["--replicates", f"{about.replicates}", "--seed", f"{about.seed}"]
    whom = ["--provider", about.provider]
    again = ["alignsim", "report", *named, *size, *whom, "--what-matters"]
    return (
        f"{text} For this result: `{shlex.join(ranks)}`. The ranking stands here with "
        f"`{shlex.join(again)}`."
    )


def _shares(run: Result, names: dict[str, str]) -> Listing:
    """Return the shares of variance of outcomes at the end that numbers and luck have."""
    table = run.totals
    rows = []
    for key, name in names.items():
        own = table[table["provider"] == key].set_index("outcome").to_dict("index")
        for outcome in _OUTCOMES:
            row = own[outcome]
            share = float(row["variance_from_parameters_share"])
            if row["p05"] == row["p95"] or math.isnan(share):
                continue
            words, is_share = OUTCOME_WORDS[outcome], outcome.endswith("_share")
            show = percent if is_share else number
            unit = "" if is_share else f" ({words.unit})"
            rows.append(
                [
                    f"{name}: {words.label}{unit if words.unit not in words.label else ''}",
                    show(row["mean"]),
                    span(row["p05"], row["p95"], show),
                    percent(share),
                    percent(1.0 - share),
                ]
            )
    heads = ["outcome at the end", "mean", "90 % of futures", "from numbers", "from luck"]
    return Listing("Shares of the variance over futures.", heads, rows, (1, 2, 3, 4))


def _of_pair(shown: Shown, provider: str) -> Iterator[Block]:
    table = changes_for_readers(shown)
    if table.empty:
        yield Prose(["Nothing: the two scenarios are the same."])
        return
    rows = [
        [row["what"], _value(row["A"]), _value(row["B"]), f"`{row['address in a scenario file']}`"]
        for row in table.to_dict("records")
    ]
    heads = ["what", *side_names(shown), "address in a scenario file"]
    yield Listing("What differs.", heads, rows, ())
    yield _totals(shown)
    yield _where(shown, provider)
    assert shown.b is not None
    yield from _on_split(shown, provider)
    notes = shown.comparison.notes if shown.comparison is not None else ()
    if notes:
        yield Subheading("Not the same in both")
        yield Prose(notes)


def _on_split(shown: Shown, provider: str) -> Iterator[Block]:
    """Yield the command that says which of the changes moved the result, if there is one."""
    assert shown.b is not None
    words = split_command(
        shown.b.scenario, shown.a.scenario, f"n_countries({provider})", shown.a.months[-1]
    )
    if words:
        yield Prose([f"`{words}` says which of the changes moved the result, and how far."])


def _where(shown: Shown, provider: str) -> Listing:
    """Return where the partners of a provider are more or fewer: by region, which add up."""
    groups = country_groups(shown.ensemble.facts)
    regions = [key for key, group in groups.items() if group.kind == REGION]
    rows = []
    for each in groups_shown(shown, regions).totals:
        parts = [each.partners[provider, part][COUNTRIES] for part in (ALL, WITH_CENTRE, LIGHT)]
        rows.append([each.group.title, *(text for part in parts for text in _change(part))])
    name = provider_names(shown)[provider]
    interval = OF_MEAN
    heads = ["UN region", "partners", interval, "with a data centre", interval, "light", interval]
    caption = (
        f"Where the partners of {with_article(name)} are more or fewer: "
        f"{' minus '.join(side_names(shown))}; the regions add up."
    )
    return Listing(caption, heads, rows, (1, 2, 3, 4, 5, 6))


def _change(found: Count) -> tuple[str, str]:
    assert found.change is not None
    return supported_change(found.change, found.low, found.high)


def _value(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _totals(shown: Shown) -> Listing:
    """Return outcomes of every provider in both scenarios, and what differs."""
    assert shown.comparison is not None
    table = shown.comparison.totals
    rows = []
    for key, name in provider_names(shown).items():
        own = table[table["provider"] == key].set_index("outcome").to_dict("index")
        for outcome in _OUTCOMES:
            row, words = own[outcome], OUTCOME_WORDS[outcome]
            is_share = outcome.endswith("_share")
            level, change = (percent, points) if is_share else (number, with_sign)
            unit = " (change in points)" if is_share else f" ({words.unit})"
            rows.append(
                [
                    f"{name}: {words.label}{'' if words.unit in words.label else unit}",
                    level(row["mean_b"]),
                    level(row["mean_a"]),
                    change(row["difference"]),
                    span(row["difference_low"], row["difference_high"], change),
                ]
            )
    heads = ["outcome at the end", *side_names(shown), "the first minus the second", OF_MEAN]
    return Listing("What it does: means over the same futures.", heads, rows, (1, 2, 3, 4))
