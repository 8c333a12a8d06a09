"""The tables of a sensitivity analysis: indices by number, outcomes, and pairs of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.sensitivity.indices import Index, MorrisEffects, SobolIndices
from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.sensitivity.numbers import Number
    from sim.analysis.sensitivity.studied import Analysed, Studied

_SHARE = "share of the variance"
OUTCOME = Column("outcome", "string", "", "What is counted, as in n_countries(us).")
_LOW = "Lower end of the 90 % interval of {}, from resamples."
_HIGH = "Upper end of the 90 % interval of {}, from resamples."


def number_columns(numbers: Sequence[Number]) -> list[Described]:
    """Return the columns that describe numbers: what they are, their ranges, and their sources."""

    def text(name: str, about: str, get: Callable[[Number], str]) -> Described:
        return Column(name, "string", "", about), [get(one) for one in numbers]

    unit = "column unit"
    return [
        text("number", "Name of the number: a lever, an address, or a group.", lambda n: n.name),
        text("role", "lever or uncertainty.", lambda n: n.role),
        text("title", "Its name for readers.", lambda n: n.title),
        text("address", "Its dotted address; all of a group.", lambda n: ", ".join(n.addresses)),
        text("unit", "Unit of its range; switch means true or false.", lambda n: n.unit),
        (
            Column("low", "number", unit, "Low end of its range. Empty for a group."),
            [one.low for one in numbers],
        ),
        (
            Column("high", "number", unit, "High end of its range. Empty for a group."),
            [one.high for one in numbers],
        ),
        text("drawn", "How the scenario draws it. Empty if it does not.", lambda n: n.drawn),
        text("source", "What its range rests on.", lambda n: n.source),
    ]  # fmt: skip


def index_columns(name: str, unit: str, about: str, index: Index) -> Iterator[Described]:
    """Yield an index and both ends of its interval."""
    for end, words, values in zip(
        ("", "_low", "_high"),
        (about, _LOW.format(name), _HIGH.format(name)),
        index,
        strict=True,
    ):
        yield Column(f"{name}{end}", "number", unit, words), values


def sensitivity_tables(found: Analysed) -> tuple[Table, ...]:
    """Return the tables of an analysis."""
    tables = [_indices(found), _outcomes(found)]
    if any(isinstance(e.found, SobolIndices) and e.found.second for e in found.studied):
        tables.append(_pairs(found))
    return tuple(tables)


def _stacked(parts: Iterable[Any]) -> Any:
    return np.concatenate([np.asarray(part) for part in parts])


def _indices(found: Analysed) -> Table:
    n, studied = len(found.numbers), found.studied
    scenario = found.sweep.scenario.name
    numbers = number_columns([*found.numbers] * len(studied))
    ranks = [np.argsort(each.order, kind="stable") + 1 for each in studied]
    unit = "as the outcome"
    ends = (
        "Mean of the outcome over the quarter of the points where the number is {}. Empty for a "
        "group."
    )
    content: list[Described] = [
        (SCENARIO, [scenario] * (n * len(studied))),
        (OUTCOME, np.repeat([each.quantity.text for each in studied], n)),
        (
            Column("rank", "integer", "", "1 for the number with the greatest effect."),
            _stacked(ranks),
        ),
        *numbers,
        *_method_columns(studied),
        (
            Column("mean_at_low", "number", unit, ends.format("least")),
            _stacked(each.at_low for each in studied),
        ),
        (
            Column("mean_at_high", "number", unit, ends.format("greatest")),
            _stacked(each.at_high for each in studied),
        ),
        (
            Column(
                "is_above_noise", "boolean", "",
                "Whether the interval of the index that ranks lies above what Monte Carlo noise "
                "alone may give.",
            ),
            _stacked(each.is_above_noise for each in studied),
        ),
    ]  # fmt: skip
    return build_table(
        "sensitivity",
        "One row per outcome and number: how far the number moves the outcome.",
        ("scenario", "outcome", "number"),
        content,
    )


def _together(indices: Sequence[Index]) -> Index:
    return Index(*(_stacked(parts) for parts in zip(*indices, strict=True)))


def _method_columns(studied: Sequence[Studied]) -> Iterator[Described]:
    """Yield the indices of the method of an analysis."""
    unit = "as the outcome"
    if isinstance(studied[0].found, SobolIndices):
        first = [e.found.first for e in studied if isinstance(e.found, SobolIndices)]
        total = [e.found.total for e in studied if isinstance(e.found, SobolIndices)]
        about = "Share of the variance that the number explains by itself (Sobol' first order)."
        yield from index_columns("first", _SHARE, about, _together(first))
        about = (
            "Share of the variance that it explains by itself and together with others (Sobol' "
            "total order)."
        )
        yield from index_columns("total", _SHARE, about, _together(total))
    elif isinstance(studied[0].found, MorrisEffects):
        effects = [e.found for e in studied if isinstance(e.found, MorrisEffects)]
        about = "Mean absolute effect of moving the number over its range (Morris mu*)."
        yield from index_columns("mu_star", unit, about, _together([e.mu_star for e in effects]))
        about = "Mean effect, with its sign (Morris mu). Empty for a group."
        yield Column("mu", "number", unit, about), _stacked(e.mu for e in effects)
        about = (
            "Standard deviation of the effects (Morris sigma): large where the number bends or "
            "depends on others. Empty for a group."
        )
        yield Column("sigma", "number", unit, about), _stacked(e.sigma for e in effects)
    else:
        about = (
            "Half the rise of the squared error of a forest if the number is shuffled, at points "
            "that it has not seen: about the total order."
        )
        scores = _together([each.index for each in studied])
        yield from index_columns("score", _SHARE, about, scores)


def _outcomes(found: Analysed) -> Table:
    studied = found.studied
    unit = "column unit"

    def column(name: str, unit: str, about: str, values: Iterable[Any]) -> Described:
        return Column(name, "number", unit, about), [*values]

    noise = (
        "Share of the variance among the points that is Monte Carlo noise, at most. Empty if the "
        "sweep has fewer than two draws."
    )
    explained = (
        "Sum of the first orders: what numbers explain by themselves. For scores, what the forest "
        "predicts at points that it has not seen. Empty for Morris."
    )
    content: list[Described] = [
        (SCENARIO, [found.sweep.scenario.name] * len(studied)),
        (OUTCOME, [each.quantity.text for each in studied]),
        (
            Column("title", "string", "", "The outcome for readers."),
            [each.quantity.title for each in studied],
        ),
        (
            Column("unit", "string", "", "Unit of the outcome."),
            [each.quantity.unit for each in studied],
        ),
        (
            Column("method", "string", "", "sobol, morris or scores."),
            [found.method] * len(studied),
        ),
        (
            Column("n_points", "integer", "points", "Points that were used."),
            [each.n_points for each in studied],
        ),
        (
            Column(
                "n_left_out", "integer", "points",
                "Points left out: those that failed, and those that the method needs beside them.",
            ),
            [each.n_left_out for each in studied],
        ),
        column("mean", unit, "Mean of the outcome over the points.", (e.mean for e in studied)),
        column(
            "sd", unit, "Its standard deviation over the points.", (e.sd for e in studied)
        ),
        column("noise_share", _SHARE, noise, (e.noise for e in studied)),
        column("explained_share", _SHARE, explained, map(_explained, studied)),
    ]  # fmt: skip
    return build_table(
        "sensitivity_outcomes",
        "One row per outcome: its spread over the points, and how much is chance.",
        ("scenario", "outcome"),
        content,
    )


def _explained(each: Studied) -> float:
    if isinstance(each.found, SobolIndices):
        return float(each.found.first.value.sum())
    return np.nan if isinstance(each.found, MorrisEffects) else each.found.explained


def _pairs(found: Analysed) -> Table:
    pairs = np.triu_indices(len(found.numbers), 1)
    names = np.array([one.name for one in found.numbers], object)
    with_pairs = [
        (each, each.found.second)
        for each in found.studied
        if isinstance(each.found, SobolIndices) and each.found.second
    ]
    n = len(pairs[0])
    second = _together([Index(*(part[pairs] for part in index)) for _, index in with_pairs])
    about = "Share of the variance that two numbers explain together (Sobol' second order)."
    content: list[Described] = [
        (SCENARIO, [found.sweep.scenario.name] * (n * len(with_pairs))),
        (OUTCOME, np.repeat([each.quantity.text for each, _ in with_pairs], n)),
        (
            Column("number", "string", "", "Name of the one number."),
            np.tile(names[pairs[0]], len(with_pairs)),
        ),
        (
            Column("other", "string", "", "Name of the other."),
            np.tile(names[pairs[1]], len(with_pairs)),
        ),
        *index_columns("second", _SHARE, about, second),
    ]
    return build_table(
        "sensitivity_pairs",
        "One row per outcome and pair of numbers.",
        ("scenario", "outcome", "number", "other"),
        content,
    )
