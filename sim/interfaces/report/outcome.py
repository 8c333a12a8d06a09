"""What a run or a comparison comes to: map, uptake, places, countries, and what weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.countries import country_probabilities, drivers
from sim.analysis.findings import change_over_futures
from sim.analysis.on_record import record_shown
from sim.analysis.pairing import absence_in_words, provider_names, where_it_takes_part
from sim.analysis.reasons import changes_in_words, what_changed
from sim.analysis.standing import path_groups
from sim.analysis.summary.changes import flips, largest_movers, likeliest
from sim.analysis.summary.country import endings_in_words
from sim.analysis.summary.dated import unwritten_in_words
from sim.analysis.summary.kinds import builds_data_centre, partners_by_kind
from sim.analysis.summary.places import places_in_words, selective_offers, who_gets_the_places
from sim.experiment.probability_interval import interval_ends
from sim.experiment.summaries.explaining import case_in, explain
from sim.interfaces.map.outlines import has_same_shape
from sim.interfaces.report.document import Block, Listing, Prose, Section, Subheading
from sim.interfaces.report.pictures import chart_picture, map_picture, side_names
from sim.interfaces.report.sentences import LARGE, LIGHT, has_both_kinds
from sim.words.definitions import INTERVALS, OF_MEAN, OVER_NUMBERS
from sim.words.digits import supported, supported_change
from sim.words.text import with_article
from sim.words.titles import country_names
from sim.words.wording import (
    REASONS_COME_BACK,
    error_in_words,
    moment_of_drivers,
    month_in_words,
    percent,
    points,
    span,
    term_phrase,
    with_capital,
    with_sign,
)

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.analysis.standing import Count
    from sim.experiment.result import Result

FIRST_ROWS = 20
ALL_COUNTRIES = "all-countries"
_PLACES = 15
# Terms that add less for the average country are left out.
_LEAST_TERM = 0.05


def outcome_sections(shown: Shown, of: str, country: str) -> list[Section]:
    """Return the sections on what a run or a comparison comes to.

    Parameters
    ----------
    shown : Shown
    of : str
        Key of the provider that the report looks at.
    country : str
        Code of the country that it looks at closely.
    """
    return [
        Section("map", "Where countries end", [*_maps(shown, of, country)]),
        Section("uptake", "Partners over time", [*_uptake(shown)]),
        Section("countries", "Who gets the places, and who signs", [*_countries(shown, of)]),
        Section("drivers", "What drives it", [*_drivers(shown, country)]),
    ]


def _maps(shown: Shown, of: str, country: str) -> Iterator[Block]:
    sides = side_names(shown)
    yield map_picture(shown, of, "a", sides, country)
    if shown.other is not None and has_same_shape(shown):
        yield map_picture(shown, of, "difference", sides, country)
        table = flips(shown)
        if len(table):
            yield Listing(
                "Countries whose likeliest path differs, with its probability.",
                (
                    "country",
                    f"in {sides[1]}",
                    "probability",
                    f"in {sides[0]}",
                    "probability",
                ),
                [
                    (r["country"], r["before"], percent(r["p_before"]), r["now"], percent(r["p"]))
                    for r in table.to_dict("records")
                ],
                (2, 4),
            )


def _uptake(shown: Shown) -> Iterator[Block]:
    names = provider_names(shown)
    for key, name in names.items():
        record = record_shown(shown, key)
        more = ""
        if record is not None:
            ends = f"{month_in_words(record.months[0])} to {month_in_words(record.months[-1])}"
            more = f"The stepped line is on record, {ends}."
        if shown.other is not None:
            own, other = side_names(shown)
            more = f"{own} is the solid line, {other} the dashed one. {more}".strip()
        yield chart_picture(shown, "uptake", f"{name}: partners over time", more, provider=key)
    yield _kinds(shown)
    if shown.other is not None:
        for key, name in names.items():
            title = f"{name}: partners over time, {' minus '.join(side_names(shown))}"
            yield chart_picture(shown, "uptake_difference", title, provider=key)
    if _has_capacity(shown):
        more = ""
        if shown.other is not None:
            own, other = side_names(shown)
            more = f"Lines of {other} are dashed, those of {own} solid."
        yield chart_picture(shown, "capacity", "Megawatts contracted over time", more)


def _has_capacity(shown: Shown) -> bool:
    sides = [side for side in (shown.ensemble, shown.other) if side is not None]
    return any(
        builds_data_centre(offer) for side in sides for offer in side.scenario.offers.values()
    )


def _kinds(shown: Shown) -> Listing:
    """Return the partners of each provider at the end, in all and by kind."""
    end = month_in_words(shown.ensemble.axes.month[-1])
    rows = []
    for key, name in provider_names(shown).items():
        found = partners_by_kind(shown, key)
        rows.append([f"{name}: partners", *_figures(found.all)])
        if key in shown.ensemble.axes.provider and has_both_kinds(shown.ensemble, key):
            rows.append([f"{name}: {LARGE}", *_figures(found.with_data_centre)])
            rows.append([f"{name}: {LIGHT}", *_figures(found.light)])
    heads = ["partners", "mean (countries)", "90 % of futures", "Monte Carlo error"]
    says = f"Partners at the end of {end}: mean over futures."
    if shown.other is not None:
        own, other = side_names(shown)
        heads = [*heads[:3], f"minus {other}", OF_MEAN, "change in 90 % of futures"]
        says = (
            f"Partners in {own} at the end of {end}: mean over futures, and the change from "
            f"{other}."
        )
    return Listing(says, heads, rows, range(1, len(heads)))


def _figures(found: Count) -> list[str]:
    mean = supported(found.mean, found.p05, found.p95)
    ends = span(round(found.p05), round(found.p95))
    if found.change is None:
        return [mean, ends, f"±{error_in_words(found.error)}"]
    change = supported_change(found.change, found.low, found.high)
    return [mean, ends, *change, change_over_futures(found)]


def _countries(shown: Shown, of: str) -> Iterator[Block]:
    for key in provider_names(shown):
        if key in shown.ensemble.axes.provider and selective_offers(shown.ensemble, key):
            yield _places(shown, key)
    if shown.comparison is not None:
        yield _movers(shown, of)
    rows = country_rows(shown, of)
    yield country_listing(shown, of, rows[:FIRST_ROWS], len(rows))
    yield Prose(
        [
            f"Probabilities are shares of futures. {INTERVALS} A partner counts whether or not it "
            "has a second one. All countries stand in the last section."
        ],
        is_soft=True,
    )


def _places(shown: Shown, key: str) -> Listing:
    table = who_gets_the_places(shown, key)
    table = table[table["p"] > 0].head(_PLACES)
    heads = ["country", "probability", OVER_NUMBERS]
    has_change = "difference" in table
    if has_change:
        other = side_names(shown)[1]
        heads += [f"in {other}", f"minus {other}, points", OF_MEAN]
    rows = []
    for row in table.to_dict("records"):
        cells = [row["country"], percent(row["p"]), span(row["low"], row["high"], percent)]
        if has_change:
            ends = span(row["difference_low"], row["difference_high"], points)
            cells += [percent(row["p_before"]), points(row["difference"]), ends]
        rows.append(cells)
    says = (
        f"Who gets the places. {places_in_words(shown.ensemble.scenario, key)}: probability of "
        f"holding one at the end, the {len(rows)} likeliest."
    )
    return Listing(says, heads, rows, range(1, len(heads)))


def _movers(shown: Shown, of: str) -> Listing:
    name = with_article(provider_names(shown)[of])
    table = largest_movers(shown, of).head(_PLACES)
    rows = [
        [
            row["country"],
            percent(row["p"]),
            percent(row["p_before"]),
            points(row["difference"]),
            span(row["difference_low"], row["difference_high"], points),
        ]
        for row in table.to_dict("records")
    ]
    own, other = side_names(shown)
    heads = ["country", f"in {own}", f"in {other}", "the first minus the second, points", OF_MEAN]
    says = f"Who moves most: probability of being with {name} at the end."
    return Listing(says, heads, rows, (1, 2, 3, 4))


def country_rows(shown: Shown, of: str) -> list[list[str]]:
    """Return a row for each country that decides in A, likeliest partners of a provider first."""
    ensemble = shown.ensemble
    frame = country_probabilities(shown.a)
    groups = path_groups(ensemble)
    best, _ = likeliest(ensemble, groups)
    order = frame.assign(at=np.arange(len(frame)))
    by = f"p_committed_{of}"
    if by in frame:
        order = order.sort_values([by, "name"], ascending=[False, True])
    cells = [frame["name"].tolist(), [groups[g].title for g in best]]
    for key in _own_providers(shown, of):
        p = f"p_committed_{key}"
        cells.append([percent(each) for each in frame[p]])
        ends = zip(*interval_ends(frame, p), strict=True)
        cells.append([span(low, high, percent) for low, high in ends])
    cells.append([percent(each) for each in frame["p_uncommitted"]])
    rows = [list(row) for row in zip(*cells, strict=True)]
    return [rows[at] for at in order["at"]]


def _own_providers(shown: Shown, of: str) -> list[str]:
    own = [*shown.ensemble.axes.provider]
    return sorted(own, key=lambda key: key != of)


def country_listing(shown: Shown, of: str, rows: Sequence[Sequence[str]], n_rows: int) -> Listing:
    """Return some of the rows of `country_rows` as a table."""
    names = provider_names(shown)
    heads = ["country", "likeliest path"]
    for key in _own_providers(shown, of):
        heads += [names[key], "90 %"]
    heads.append("no partner")
    side = f" in {side_names(shown)[0]}" if shown.other is not None else ""
    end = month_in_words(shown.ensemble.axes.month[-1])
    which = f"The {len(rows)} likeliest of {n_rows}" if len(rows) < n_rows else f"All {n_rows}"
    says = (
        f"{which} countries{side} by probability of being with {with_article(names[of])}: "
        f"likeliest path, and probability of being with each provider at the end of {end}, alone "
        f"or with a second partner, with its {OVER_NUMBERS}."
    )
    return Listing(says, heads, rows, range(2, len(heads)))


def _drivers(shown: Shown, country: str) -> Iterator[Block]:
    yield _mean_drivers(shown.a)
    name = country_names()[country]
    yield Subheading(f"A closer look: {name}")
    if country not in shown.ensemble.axes.country:
        scenarios = {"": shown.a.scenario}
        yield Prose(absence_in_words(country, scenarios))
        return
    own = where_it_takes_part(shown, country)
    side = f"In {side_names(shown)[0]}: " if shown.other is not None else ""
    # The section on what differs says what was changed.
    changed = what_changed(own, country)[len(changes_in_words(own)) if own.comparison else 0 :]
    record = unwritten_in_words(own.a.scenario, country)
    yield Prose([f"{side}{endings_in_words(own, country)}", *[record] * bool(record), *changed])
    for key, title in provider_names(own).items():
        if key not in own.ensemble.axes.provider:
            continue
        heading = f"{name} and {with_article(title)}: what weighs"
        more = f"Rings: {side_names(own)[1]}." if own.other is not None else ""
        yield chart_picture(own, "drivers", heading, more, country=country, provider=key)
        yield Prose([str(explain(case_in(own.ensemble, country, key)))])
    moment = moment_of_drivers(own.a.scenario, country)
    yield Prose(
        [
            "Utility is the score by which a country in the model weighs one path against another: "
            "the path with the higher sum is the likelier choice. It has no unit outside the "
            "model. Figures are what each reason adds to it, relative to staying as it was, "
            f"{moment}; means of futures. {REASONS_COME_BACK}"
        ],
        is_soft=True,
    )


def _mean_drivers(run: Result) -> Listing:
    """Return what each term adds towards each provider, for the average country."""
    ensemble = run.ensemble
    names = {key: with_article(title) for key, title in _titles(run).items()}
    codes = ensemble.axes.country
    means = {
        key: np.mean([list(drivers(run, code, key).values()) for code in codes], axis=0)
        for key in names
    }
    size = np.max([np.abs(values) for values in means.values()], axis=0)
    order = [t for t in np.argsort(-size, kind="stable") if size[t] >= _LEAST_TERM]
    rows = [
        [
            with_capital(term_phrase(ensemble.axes.term[t])),
            *(with_sign(float(values[t])) for values in means.values()),
        ]
        for t in order
    ]
    side = f" ({run.scenario.name})"
    return Listing(
        f"What each reason adds to utility towards a provider: mean over all countries{side}, in "
        "units of utility. A country weighs its own reasons; the closer look has those of one.",
        ["reason", *(f"towards {name}" for name in names.values())],
        rows,
        range(1, len(names) + 1),
    )


def _titles(run: Result) -> dict[str, str]:
    from sim.words.titles import provider_name

    return {key: provider_name(run.scenario, key) for key in run.ensemble.axes.provider}
