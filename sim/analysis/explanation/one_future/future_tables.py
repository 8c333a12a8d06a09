"""The tables of one choice in one future."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.experiment.tables.table import Column, Table, build_table
from sim.words.wording import term_phrase

if TYPE_CHECKING:
    from sim.analysis.explanation.one_future.chosen import Chosen

PATH = Column("path", "string", "", "Short name of the path.")
TERM = Column("term", "string", "", "Term of utility.")
OFFER = Column("offer", "string", "", "The offer, as provider.offer.")


def future_tables(found: Chosen) -> tuple[Table, ...]:
    """Return the tables of one choice."""
    return (
        _paths(found), _terms(found), _asked(found), _numbers(found), _facts(found), _peers(found),
        _flips(found),
    )  # fmt: skip


def _when(found: Chosen) -> str:
    weighed = found.weighed
    return f"{found.name}, {weighed.month}, future {weighed.replicate}"


def _column(name: str, kind: Any, unit: str, description: str, values: Iterable[Any]) -> Any:
    return Column(name, kind, unit, description), [*values]


def _paths(found: Chosen) -> Table:
    weighed = found.weighed
    paths = range(len(found.built.axes.path))
    options = set(weighed.options.tolist())
    open_now = weighed.trace.is_open[weighed.t, weighed.c]
    topic = "in the review of this month; without one, in a review of everything"
    return build_table(
        "paths",
        f"One row per path: what it is worth to the country when reviews are due. {_when(found)}.",
        ("path",),
        [
            (PATH, [found.built.axes.path[k] for k in paths]),
            _column("title", "string", "", "Its title.", map(found.path_title, paths)),
            _column("is_open", "boolean", "", "Whether the country can take it.", open_now),
            _column("is_option", "boolean", "", f"Whether it is one of the options {topic}.",
                    [k in options for k in paths]),
            _column("is_present", "boolean", "", "Whether the country is on it.",
                    [k == weighed.present for k in paths]),
            _column("is_best", "boolean", "", f"Whether it is the best option {topic}.",
                    [k == weighed.preferred for k in paths]),
            _column("is_runner_up", "boolean", "", "Whether it is the next best option.",
                    [k == weighed.runner_up for k in paths]),
            _column("is_choice", "boolean", "", "Whether the country is on it after the month's "
                    "reviews.", [k == weighed.choice for k in paths]),
            _column("value", "number", "utility", "The sum of its terms.", weighed.value),
            _column("luck", "number", "utility", "What the luck of the month adds.", weighed.luck),
            _column("total", "number", "utility", "Value and luck.", weighed.total),
        ],
    )  # fmt: skip


def _terms(found: Chosen) -> Table:
    weighed, axes = found.weighed, found.built.axes
    pairs = [(k, j) for k in range(len(axes.path)) for j in range(len(axes.term))]
    present = weighed.term[weighed.present]
    return build_table(
        "terms",
        f"One row per path and term of utility; those of a path add up to its value. "
        f"{_when(found)}.",
        ("path", "term"),
        [
            (PATH, [axes.path[k] for k, _ in pairs]),
            (TERM, [axes.term[j] for _, j in pairs]),
            _column("reason", "string", "", "The term in words.",
                    [term_phrase(axes.term[j]) for _, j in pairs]),
            _column("value", "number", "utility", "What it adds to the path.",
                    [weighed.term[k, j] for k, j in pairs]),
            _column("against_staying", "number", "utility",
                    "What it adds to the path less what it adds to staying as it is.",
                    [weighed.term[k, j] - present[j] for k, j in pairs]),
        ],
    )  # fmt: skip


def _asked(found: Chosen) -> Table:
    weighed = found.weighed
    return build_table(
        "asked",
        f"One row per offer: whether the country is asked, and what stands in the way. "
        f"{_when(found)}.",
        ("offer",),
        [
            (OFFER, [each.reference for each in found.asked]),
            _column("status", "string", "", "How it stands with the offer.",
                    [each.status for each in found.asked]),
            _column("why", "string", "", "Since when, which rule, until when, or who comes first.",
                    [each.why for each in found.asked]),
            _column("n_before", "number", "countries", "Candidates that the provider ranks before "
                    "it; empty if it is no candidate or all may join.",
                    [float("nan") if each.n_before is None else each.n_before
                     for each in found.asked]),
            _column("chance_of_review", "number", "per month", "Chance that it reviews this offer "
                    "alone because it is asked to.", weighed.trace.offer_chance[weighed.t, 0]),
        ],
    )  # fmt: skip


def _numbers(found: Chosen) -> Table:
    rows = found.numbers
    return build_table(
        "numbers",
        "One row per term and number of the scenario behind it, for the present path, the best "
        f"option and the next. {_when(found)}.",
        ("term", "address"),
        [
            (TERM, [row.term for row in rows]),
            _column("address", "string", "", "Dotted address in a scenario file.",
                    [row.address for row in rows]),
            _column("title", "string", "", "What it is.", [row.title for row in rows]),
            _column("value", "number", "", "Its value in this future and month, in its unit; "
                    "infinite for no limit.", [row.value for row in rows]),
            _column("unit", "string", "", "Its unit.", [row.unit for row in rows]),
            _column("lever", "string", "", "The lever that moves it; empty if there is none.",
                    [row.lever for row in rows]),
            _column("source", "string", "", "What it rests on.", [row.source for row in rows]),
        ],
    )  # fmt: skip


def _facts(found: Chosen) -> Table:
    rows = found.facts
    return build_table(
        "facts",
        "One row per term and fact behind it: features that the model computes, and the facts on "
        f"record that they follow from. {_when(found)}.",
        ("term", "kind", "name", "towards"),
        [
            (TERM, [row.term for row in rows]),
            _column("kind", "string", "", "feature, fact or peer.", [row.kind for row in rows]),
            _column("name", "string", "", "Its name in the tables of facts.",
                    [row.name for row in rows]),
            _column("towards", "string", "", "The provider that it is about; empty for none.",
                    [row.towards for row in rows]),
            _column("title", "string", "", "What it is.", [row.title for row in rows]),
            _column("value", "string", "", "Its value, in its unit; empty if unknown.",
                    ["" if row.value is None else str(row.value) for row in rows]),
            _column("unit", "string", "", "Its unit.", [row.unit for row in rows]),
            _column("year", "string", "", "Year or month of the figure; empty for a computed one.",
                    [row.year for row in rows]),
            _column("source", "string", "", "Where it is from.", [row.source for row in rows]),
            _column("is_estimated", "boolean", "", "Whether it, or a fact behind it, is estimated.",
                    [row.is_estimated for row in rows]),
        ],
    )  # fmt: skip


def _peers(found: Chosen) -> Table:
    rows, axes = found.peers, found.built.axes
    alone = {flip.peer.j for flip in found.flips.peers}
    what = "the best option; if that is staying, of the next" if found.against else "no other path"
    return build_table(
        "peers",
        f"One row per peer that is committed, and what it adds to {what}, against staying. "
        f"{_when(found)}.",
        ("country",),
        [
            _column("country", "string", "", "ISO3 code of the peer.",
                    [axes.country[row.j] for row in rows]),
            _column("path", "string", "", "The path on which it is.",
                    [axes.path[row.path] for row in rows]),
            _column("since", "string", "", "Month since whose end it has been there; empty if from "
                    "the start.",
                    [axes.month[row.since] if row.since >= 0 else "" for row in rows]),
            _column("weight", "number", "share 0-1", "Its weight among all peers of the country.",
                    [row.weight for row in rows]),
            _column("adds", "number", "utility", "What its commitment adds.",
                    [row.adds for row in rows]),
            _column("flips", "boolean", "", "Whether the choice is another without it.",
                    [row.j in alone for row in rows]),
        ],
    )  # fmt: skip


def _flips(found: Chosen) -> Table:
    flips, axes = found.flips, found.built.axes
    nothing = float("nan")
    rows: list[tuple[Any, ...]] = [
        ("lever", flip.name, flip.value, flip.flips_at if flip.flips_at is not None else nothing,
         flip.share, flip.low, flip.high,
         "" if flip.choice is None else axes.path[flip.choice])
        for flip in flips.levers
    ]  # fmt: skip
    rows += [("lever", name, *(nothing,) * 5, "") for name in flips.fixed]
    rows += [
        ("term", flip.term, flip.value, flip.flips_at, flip.share, nothing, nothing,
         axes.path[found.weighed.runner_up or 0])
        for flip in flips.terms
    ]  # fmt: skip
    rows += [
        ("peer", axes.country[flip.peer.j], *(nothing,) * 5, axes.path[flip.choice])
        for flip in flips.peers
    ]
    columns = [
        Column("kind", "string", "", "lever, term or peer."),
        Column("name", "string", "", "Of the lever or term; ISO3 code of the peer."),
        Column("value", "number", "", "What it is; empty for a peer, and for a lever that no dated "
               "event can set."),
        Column("flips_at", "number", "", "The nearest value at which the choice is another; empty "
               "where none within the limits flips it, and for a peer, which is taken out."),
        Column("share", "number", "", "The change as a share of the lever's range or of the term."),
        Column("low", "number", "", "Least value of a lever."),
        Column("high", "number", "", "Greatest value of a lever."),
        Column("choice", "string", "", "The path that is chosen then; empty where nothing flips."),
    ]  # fmt: skip
    return build_table(
        "flips",
        "One row per single change that was tried: the smallest after which the country would have "
        f"chosen otherwise that month. {_when(found)}.",
        ("kind", "name"),
        [(column, [row[j] for row in rows]) for j, column in enumerate(columns)],
    )
