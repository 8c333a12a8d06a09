"""What a sweep comes to: one outcome over what is varied, who moves, and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.compute as pc

from sim.analysis.precision.enough import enough
from sim.analysis.robustness.comparing import robust
from sim.analysis.sensitivity.analysing import sensitivity
from sim.analysis.summary.kinds import builds_data_centre
from sim.analysis.sweeps.shown import ShownSweep, shown_sweep
from sim.analysis.sweeps.surface import measures, place_column
from sim.analysis.sweeps.words import field_header, field_title, value_in_words
from sim.errors import SimError
from sim.interfaces.report.document import Block, Listing, Prose, Section, Subheading
from sim.interfaces.report.pictures import chart_picture
from sim.interfaces.report.sentences import LARGE, LIGHT
from sim.scenario.path_names import offer_id
from sim.words.definitions import OF_MEAN
from sim.words.digits import parts_that_add_up, supported, supported_change
from sim.words.text import with_article
from sim.words.titles import country_names, provider_name
from sim.words.wording import error_in_words, listed, month_in_words, percent, points, span

if TYPE_CHECKING:
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.report.subject import Subject

_COUNTED = "n_countries"
_PLACES = 20
_MOST_LINES = 4
_MOST_IN_A_PLACE = 3
_MOST_POINTS = 60


def sweep_sections(about: Subject) -> list[Section]:
    """Return the sections on what a sweep comes to."""
    assert about.sweep is not None
    found = about.sweep.within(about.sweep.scenario.name)
    shown = [_shown(found, key) for key in _providers(found, about.provider)]
    return [
        Section("outcome", "Partners over what is varied", [*_outcome(found, shown)]),
        Section("countries", "Who moves", [_movers(found, each) for each in shown]),
        Section("sensitivity", "What it hangs on", [*_sensitivity(found, shown)]),
    ]


def _providers(found: StoredSweep, of: str) -> list[str]:
    return sorted(found.scenario.providers, key=lambda key: key != of)


def _shown(found: StoredSweep, provider: str) -> ShownSweep:
    return shown_sweep(found, f"{provider}::{_COUNTED}", scenario=found.scenario.name)


def sweep_question(about: Subject) -> list[str]:
    """Return what a sweep asks."""
    assert about.sweep is not None
    found = about.sweep
    names = " and ".join(f"“{scenario.title}”" for scenario in found.scenarios)
    fields = ", ".join(f"“{field_title(field)}”" for field in found.fields)
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
    return [_stands(found, own, about), _extremes(own), _others(others)]


def _start(shown: ShownSweep) -> dict[Any, Any]:
    return shown.known[shown.known["point"] == 0].iloc[0].to_dict()


def _ends(shown: ShownSweep) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Return the points with the least and with the greatest mean."""
    ran = shown.known[shown.known["point"] > 0].sort_values("value")
    return ran.iloc[0].to_dict(), ran.iloc[-1].to_dict()


def _place(shown: ShownSweep, row: Mapping[Any, Any]) -> str:
    """Return where a point lies, in a sentence."""
    cells = zip(shown.fields, shown.cells[int(row["point"])], strict=True)
    parts = [f"“{field_title(field)}” is {value_in_words(field, cell)}" for field, cell in cells]
    if len(parts) > _MOST_IN_A_PLACE:
        return f"at point {int(row['point'])}"
    return f"where {listed(parts)}"


def _errors(found: StoredSweep, shown: ShownSweep) -> dict[int, str]:
    """Return the Monte Carlo error of a mean by point, in words."""
    where = (pc.field("provider") == shown.measure.provider) & (pc.field("outcome") == _COUNTED)
    rows = found.frame("outcomes", ["point", "mean_se"], where)
    return dict(zip(rows["point"], map(error_in_words, rows["mean_se"]), strict=True))


def _stands(found: StoredSweep, shown: ShownSweep, about: Subject) -> str:
    row, end = _start(shown), month_in_words(about.months[-1])
    who = with_article(provider_name(found.scenario, shown.measure.provider))
    mean = supported(row["value"], row["p05"], row["p95"])
    return (
        f"With the scenario as it stands, {mean} countries are partners of {who} by the end of "
        f"{end}, on average over {about.futures_in_words} (Monte Carlo error "
        f"±{_errors(found, shown)[0]}; 90 % of futures: "
        f"{span(round(row['p05']), round(row['p95']))})"
        f"{_kinds(found, shown.measure.provider, row)}."
    )


def _large_offer(found: StoredSweep, provider: str) -> str:
    """Return the only offer of a provider that builds a data centre; "" if there is not one."""
    own = [
        offer_id(reference)
        for reference, offer in found.scenario.offers.items()
        if reference.split(".")[0] == provider and builds_data_centre(offer)
    ]
    return own[0] if len(own) == 1 else ""


def _kinds(found: StoredSweep, provider: str, all_of_them: Mapping[Any, Any]) -> str:
    """Return how many partners have a data centre, where one offer builds it."""
    offer = _large_offer(found, provider)
    if not offer:
        return ""
    where = (pc.field("point") == 0) & (pc.field("outcome") == "n_partners_at_end")
    rows = found.frame("outcomes", ["offer", "mean", "p05", "p95"], where)
    large = rows[rows["offer"] == offer].iloc[0].to_dict()
    ends = (all_of_them["p05"], all_of_them["p95"])
    _, own, light = parts_that_add_up(all_of_them["value"], large["mean"], *ends)
    futures = span(round(large["p05"]), round(large["p95"]))
    return f": {own} {LARGE} ({futures}) and {light} {LIGHT}"


def _change(row: Mapping[Any, Any], is_first: bool = False) -> str:
    ends = (row["change_low"], row["change_high"])
    amount, interval = supported_change(row["change"], *ends)
    return f"{amount} ({f'{OF_MEAN}: ' if is_first else ''}{interval})"


def _extremes(shown: ShownSweep) -> str:
    low, high = _ends(shown)
    return (
        f"Over the points this changes by {_change(low, True)} {_place(shown, low)}, and by "
        f"{_change(high)} {_place(shown, high)}."
    )


def _others(others: list[ShownSweep]) -> str:
    if not others:
        return "There is no other provider in the scenario."
    parts = []
    for shown in others:
        row, (low, high) = _start(shown), _ends(shown)
        mean = supported(row["value"], row["p05"], row["p95"])
        futures = span(round(row["p05"]), round(row["p95"]))
        parts.append(
            f"{shown.measure.title} are {mean} ({futures}) as it stands, and change by "
            f"{_change(low)} {_place(shown, low)}, and by {_change(high)} {_place(shown, high)}"
        )
    return f"{'; '.join(parts)}."


def _outcome(found: StoredSweep, shown: list[ShownSweep]) -> Iterator[Block]:
    for each in shown:
        yield from _charts(each)
    provider = shown[0].measure.provider
    offer = _large_offer(found, provider)
    key = f"{provider}:{offer}:n_partners_at_end"
    if key in measures(found.scenario, "", ""):
        large = shown_sweep(found, key, scenario=found.scenario.name)
        who = with_article(provider_name(found.scenario, provider))
        yield from _charts(large, f"Partners of {who} {LARGE}")
    for each in shown:
        yield _points(found, each)


def _charts(shown: ShownSweep, called: str = "") -> Iterator[Block]:
    title = called or shown.measure.title
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


def _points(found: StoredSweep, shown: ShownSweep) -> Listing:
    """Return the measure at the points, or at those where it is least and greatest."""
    known = shown.known[shown.known["point"] > 0]
    ordered = known if len(known) <= _MOST_POINTS else known.sort_values("value")
    which = "every point"
    if len(known) > _MOST_POINTS:
        half = _MOST_POINTS // 2
        ordered = pd.concat([ordered.head(half), ordered.tail(half)])
        which = f"the {half} points with least and the {half} with most; all are in outcomes.csv"
    start = shown.known[shown.known["point"] == 0]
    measure, rows, errors = shown.measure, [], _errors(found, shown)
    for row in pd.concat([start, ordered]).to_dict("records"):
        cells = [row[place_column(field.name)] for field in shown.fields]
        is_start = row["point"] == 0
        changes = [
            measure.shown_change(row["change"]),
            span(row["change_low"], row["change_high"], measure.shown_change),
        ]
        rows.append(
            [
                "as it stands" if is_start else f"{row['point']}",
                *(value_in_words(f, c) for f, c in zip(shown.fields, cells, strict=True)),
                supported(row["value"], row["p05"], row["p95"]),
                f"±{errors[row['point']]}",
                span(row["p05"], row["p95"], measure.shown),
                *(["", ""] if is_start else changes),
            ]
        )
    heads = ["point", *(field_header(field) for field in shown.fields)]
    heads += [f"mean ({measure.unit})", "Monte Carlo error", "90 % of futures", "change", OF_MEAN]
    return Listing(f"{measure.title} at {which}.", heads, rows, range(1, len(heads)))


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
        yield Subheading(each.measure.title)
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
