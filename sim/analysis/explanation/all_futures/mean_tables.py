"""The tables of why a country chooses as it does, over all futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.shared.estimates import UNKNOWN, estimate_columns
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.words.wording import term_phrase

if TYPE_CHECKING:
    from sim.analysis.explanation.all_futures.seen import Seen
    from sim.experiment.tables.table import Kind


def mean_tables(found: Seen) -> tuple[Table, ...]:
    """Return the tables of why a country chooses as it does."""
    return _reasons(found), _ends(found), _months(found), _terms(found), _distinctions(found)


def _about(found: Seen) -> str:
    n = len(found.decisions)
    return f"{found.name} and {found.partner}, {n:,} futures of {found.built.scenario.name}"


def _when(found: Seen) -> str:
    if found.t is not None:
        return f"in {found.built.axes.month[found.t]}"
    return "in the first month in which its review takes or leaves the offer, else in the last"


def _reasons(found: Seen) -> Table:
    terms = found.built.axes.term
    every, joined, others = found.reasons(), found.reasons(True), found.reasons(False)
    which = {
        "mean": ("all futures", every),
        "with": ("futures that end with it", joined),
        "without": ("futures that end without it", others),
    }
    columns: list[Described] = []
    for name, (futures, values) in which.items():
        rows = [values.get(term, UNKNOWN) for term in terms]
        text = f"Mean of what the term adds over {futures}; empty if there are none"
        columns += estimate_columns(name, "utility", text, rows, has_error=False)
    return build_table(
        "reasons",
        f"One row per term: what it adds to having the offer, against not, {_when(found)}. "
        f"{_about(found)}.",
        ("term",),
        [
            (Column("term", "string", "", "Term of utility."), terms),
            (
                Column("reason", "string", "", "The term in words."),
                [term_phrase(term) for term in terms],
            ),
            *columns,
        ],
    )


def _ends(found: Seen) -> Table:
    return build_table(
        "ends",
        f"One row per way in which a future can end. {_about(found)}.",
        ("end",),
        [
            (Column("end", "string", "", "How the country stands at the end."), [*found.ends]),
            (
                Column("share", "number", "share 0-1", "Share of futures."),
                [*found.ends.values()],
            ),
        ],
    )


def _months(found: Seen) -> Table:
    facts = {
        "is_asked": ("It is invited, or has it.", found.share(lambda each: each.is_asked)),
        "has_reviewed": ("It takes the question up.", found.share(lambda each: each.has_reviewed)),
        "changes": (
            "Its review takes or leaves the offer.",
            found.share(lambda each: each.changes),
        ),
        "takes": ("It has it after the month's reviews.", found.share(lambda each: each.takes)),
    }
    return build_table(
        "month",
        f"One row per thing that can happen {_when(found)}. {_about(found)}.",
        ("what",),
        [
            (Column("what", "string", "", "Short name."), [*facts]),
            (Column("title", "string", "", "What happens."), [text for text, _ in facts.values()]),
            (
                Column("share", "number", "share 0-1", "Share of futures in which it does."),
                [share for _, share in facts.values()],
            ),
        ],
    )


def _terms(found: Seen) -> Table:
    axes = found.built.axes
    pairs = [(k, j) for k in range(len(axes.path)) for j in range(len(axes.term))]
    mean = found.mean_terms
    is_open = found.share_open
    return build_table(
        "terms",
        f"One row per path and term: what the term adds to the path, against waiting, "
        f"{_when(found)}; mean over futures. {_about(found)}.",
        ("path", "term"),
        [
            (
                Column("path", "string", "", "Short name of the path."),
                [axes.path[k] for k, _ in pairs],
            ),
            (Column("title", "string", "", "Its title."), [found.path_title(k) for k, _ in pairs]),
            (
                Column(
                    "p_open", "number", "share 0-1", "Share of futures in which it can take it."
                ),
                [is_open[k] for k, _ in pairs],
            ),
            (Column("term", "string", "", "Term of utility."), [axes.term[j] for _, j in pairs]),
            (
                Column("mean", "number", "utility", "Mean of what it adds."),
                [mean[k, j] for k, j in pairs],
            ),
        ],
    )


def _distinctions(found: Seen) -> Table:
    rows = found.distinctions
    texts: dict[str, tuple[Kind, str]] = {
        "kind": ("string", "What it is."),
        "name": ("string", "An address in a scenario file, or a short name."),
        "title": ("string", "What it is, for readers."),
        "unit": ("string", "Its unit; for an address that of the scenario file."),
        "mean_with": ("number", "Mean over futures that end with the offer."),
        "mean_without": ("number", "Mean over the other futures."),
        "difference": ("number", "Difference of the means, in pooled standard deviations."),
        "auc": ("number", "How likely a future with the offer has the larger number of the two, a "
                "tie counting half; 0.5 tells nothing. Empty with too few futures of either kind."),
        "low": ("number", "Lower end of its 90 % interval; futures of one draw are one unit."),
        "high": ("number", "Upper end of its 90 % interval."),
        "is_clear": ("boolean", "Whether it tells something, all numbers being compared at once: "
                     "chance makes any of them look so in one of ten such tables."),
    }  # fmt: skip
    return build_table(
        "distinguishing",
        "One row per number that differs between futures: how well it tells those that end with "
        f"the offer from the others, best first. What goes with it need not cause it. "
        f"{_about(found)}.",
        ("name",),
        [
            (Column(name, kind, "", text), [getattr(row, name) for row in rows])
            for name, (kind, text) in texts.items()
        ],
    )
