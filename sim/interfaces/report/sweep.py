"""What a sweep comes to: one outcome over what is varied, who moves, and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.compute as pc

from sim.analysis.precision.enough import enough
from sim.analysis.robustness.comparing import robust
from sim.analysis.sensitivity.analysing import sensitivity
from sim.analysis.sweeps.shown import ShownSweep, shown_sweep
from sim.analysis.sweeps.surface import place_column
from sim.analysis.sweeps.words import (
    change_in_words,
    field_header,
    field_title,
    level_in_words,
    place_in_words,
    value_in_words,
)
from sim.errors import SimError
from sim.interfaces.report.document import Block, Heading, Listing, Prose, Section
from sim.interfaces.report.pictures import chart_picture
from sim.words.text import with_article
from sim.words.titles import country_names, provider_name
from sim.words.wording import month_in_words, percent, points, span

if TYPE_CHECKING:
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.report.subject import Subject

_PLACES = 20
_MOST_LINES = 4
_MOST_POINTS = 60


def sweep_sections(about: Subject) -> list[Section]:
    """Return the sections on what a sweep comes to."""
    assert about.sweep is not None
    found = about.sweep.within(about.sweep.scenario.name)
    shown = [_shown(found, key) for key in _providers(found, about.provider)]
    return [
        Section("outcome", "Partners over what is varied", [*_outcome(shown)]),
        Section("countries", "Who moves", [_movers(found, each) for each in shown]),
        Section("sensitivity", "What it hangs on", [*_sensitivity(found, shown)]),
    ]


def _providers(found: StoredSweep, of: str) -> list[str]:
    return sorted(found.scenario.providers, key=lambda key: key != of)


def _shown(found: StoredSweep, provider: str) -> ShownSweep:
    return shown_sweep(found, f"{provider}::n_countries", scenario=found.scenario.name)


def sweep_question(about: Subject) -> list[str]:
    """Return what a sweep asks."""
    assert about.sweep is not None
    found = about.sweep
    names = " and ".join(f"“{scenario.title}”" for scenario in found.scenarios)
    fields = ", ".join(field_title(field) for field in found.fields)
    size = (
        f"{found.design.n_points:,} points over {fields} in {names}, with the same random numbers "
        "at every point. Point 0 is the scenario as it stands."
    )
    return [*filter(None, [" ".join(found.heading.description.split())]), size]


def sweep_sentences(about: Subject) -> list[str]:
    """Return what a sweep comes to, in three sentences."""
    assert about.sweep is not None
    found = about.sweep.within(about.sweep.scenario.name)
    own, *others = (_shown(found, key) for key in _providers(found, about.provider))
    return [_stands(own, about), _extremes(own), _others(others)]


def _row(shown: ShownSweep, which: str) -> dict[str, float]:
    ran = shown.known[shown.known["point"] > 0].sort_values("value")
    row = ran.iloc[0 if which == "least" else -1]
    return {str(name): value for name, value in row.to_dict().items()}


def _place(shown: ShownSweep, row: dict[str, float]) -> str:
    return place_in_words(shown.fields, shown.cells[int(row["point"])])


def _stands(shown: ShownSweep, about: Subject) -> str:
    start = shown.known[shown.known["point"] == 0].iloc[0].to_dict()
    end = month_in_words(about.months[-1])
    return (
        f"{shown.measure.title} by the end of {end}: {level_in_words(shown.measure, start)} with "
        f"the scenario as it stands, on average over {about.futures_in_words}."
    )


def _extremes(shown: ShownSweep) -> str:
    parts = []
    for which in ("least", "most"):
        row = _row(shown, which)
        level, change = level_in_words(shown.measure, row), change_in_words(shown.measure, row)
        parts.append(f"{which} is {level} at {_place(shown, row)}, a change of {change}")
    return f"Over the points, the {'; the '.join(parts)}."


def _others(others: list[ShownSweep]) -> str:
    if not others:
        return "There is no other provider in the scenario."
    parts = []
    for shown in others:
        low, high = _row(shown, "least"), _row(shown, "most")
        ends = span(float(low["value"]), float(high["value"]), shown.measure.shown)
        parts.append(
            f"{shown.measure.title} go from {ends}: least at {_place(shown, low)} "
            f"({level_in_words(shown.measure, low)}), most at {_place(shown, high)} "
            f"({level_in_words(shown.measure, high)})"
        )
    return f"{'; '.join(parts)}."


def _outcome(shown: list[ShownSweep]) -> Iterator[Block]:
    for each in shown:
        yield from _charts(each)
    for each in shown:
        yield _points(each)


def _charts(shown: ShownSweep) -> Iterator[Block]:
    title = shown.measure.title
    if shown.is_grid and len(shown.fields) > 1:
        held = ""
        if len(shown.fields) > 2:
            held = "The other numbers are held at their least values."
        yield chart_picture(shown, "sweep_grid", title, held)
        yield chart_picture(
            shown, "sweep_grid", f"{title}: change from the scenario as it stands", held,
            is_change=True,
        )  # fmt: skip
        return
    for field in shown.fields[:_MOST_LINES]:
        yield chart_picture(
            shown, "sweep_line", f"{title}, by {field_title(field)}", across=field.name
        )


def _points(shown: ShownSweep) -> Listing:
    """Return the measure at the points, or at those where it is least and greatest."""
    known = shown.known[shown.known["point"] > 0]
    ordered = known if len(known) <= _MOST_POINTS else known.sort_values("value")
    which = "every point"
    if len(known) > _MOST_POINTS:
        half = _MOST_POINTS // 2
        ordered = pd.concat([ordered.head(half), ordered.tail(half)])
        which = f"the {half} points with least and the {half} with most; all are in outcomes.csv"
    start = shown.known[shown.known["point"] == 0]
    rows = []
    for row in pd.concat([start, ordered]).to_dict("records"):
        cells = [row[place_column(field.name)] for field in shown.fields]
        level, change = (
            level_in_words(shown.measure, row), change_in_words(shown.measure, row)
        )  # fmt: skip
        is_start = row["point"] == 0
        rows.append(
            [
                "as it stands" if is_start else f"point {row['point']}",
                *(value_in_words(f, c) for f, c in zip(shown.fields, cells, strict=True)),
                level,
                "" if is_start else change,
            ]
        )
    heads = ["point", *(field_header(field) for field in shown.fields)]
    heads += [f"mean ({shown.measure.unit})", "change"]
    return Listing(
        f"{shown.measure.title} at {which}.", heads, rows, range(1, len(shown.fields) + 1)
    )


def _movers(found: StoredSweep, shown: ShownSweep) -> Listing:
    """Return the countries whose probability differs most between the points."""
    provider = shown.measure.provider
    names = ["point", "country", "provider", "p_committed"]
    rows = found.frame("countries", names, pc.field("provider") == provider)
    ran = rows[rows["point"] > 0].groupby("country")["p_committed"]
    start = rows[rows["point"] == 0].set_index("country")["p_committed"]
    table = pd.DataFrame({"start": start, "least": ran.min(), "most": ran.max()})
    table["reach"] = table["most"] - table["least"]
    table = table.sort_values("reach", ascending=False, kind="stable").head(_PLACES)
    titles = country_names()
    cells = [
        [
            titles[str(code)],
            percent(row["start"]),
            percent(row["least"]),
            percent(row["most"]),
            points(row["reach"]),
        ]
        for code, row in table.iterrows()
    ]
    who = with_article(provider_name(found.scenario, provider))
    heads = ["country", "as it stands", "least", "most", "most minus least, points"]
    return Listing(
        f"Probability of being with {who} at the end, over all points: countries that move most. "
        "With few futures at a point, some of the reach is chance.",
        heads,
        cells,
        (1, 2, 3, 4),
    )


def _sensitivity(found: StoredSweep, shown: list[ShownSweep]) -> Iterator[Block]:
    for each in shown:
        outcome = f"n_countries({each.measure.provider})"
        yield Heading(each.measure.title)
        try:
            answer = sensitivity(found, outcome)
        except SimError as error:
            yield Prose([str(error)])
            continue
        yield Prose(answer.sentences())
        ranking = answer.ranking()
        yield chart_picture(ranking, "sensitivity", "How far each number moves it")
        if ranking.has_ends:
            yield chart_picture(ranking, "tornado", "At both ends of each number")
        yield from _robust(found, outcome)
        yield Prose(enough(found, outcome).sentences())


def _robust(found: StoredSweep, outcome: str) -> Iterator[Block]:
    """Yield the least regretted setting of the levers, where the design has worlds to cross."""
    if not (found.levers and found.uncertainties):
        return
    try:
        answer = robust(found, outcome)
    except SimError:
        # The design does not cross settings with worlds.
        return
    yield Prose(answer.sentences())
    yield chart_picture(answer, "trade_off")
