"""Steps of a record: the months, or intervals of months, in which an answer falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.analysis.history.answers import Answers


@dataclass(frozen=True)
class Step:
    """Months `first` to `last`, forecast at the end of the month before the first of them.

    Parameters
    ----------
    first, last : int
        Month indices.
    is_shared : bool
        Whether it is a step for every country at risk. Otherwise a country joined in an interval
        that overlaps with the dates of others, such as a whole year: the step is scored for those
        with this interval alone, and others at risk are what they are compared with.
    """

    first: int
    last: int
    is_shared: bool

    def at_risk(self, answers: Answers) -> NDArray[np.bool_]:
        """Return which countries may join in these months, or are on record as joining in them."""
        stays = (answers.last < 0) | (answers.first > self.last)
        return np.asarray(answers.is_scored & (stays | self.joined(answers)))

    def joined(self, answers: Answers) -> NDArray[np.bool_]:
        """Return which countries joined in just this interval, shape (n,)."""
        is_own = (answers.first == self.first) & (answers.last == self.last)
        return np.asarray(answers.is_scored & is_own)

    def scored(self, answers: Answers) -> NDArray[np.bool_]:
        """Return the countries whose answer counts in this step, shape (n,)."""
        return self.at_risk(answers) if self.is_shared else self.joined(answers)


def steps_of(answers: Answers) -> tuple[Step, ...]:
    """Return the steps of a record, in the order of their last months.

    An interval in which nobody joined by another date is one step for all: who joins within it
    is compared with who does not. All other months are steps of their own.

    Each country is scored once for every month until it joins, or for its interval as one.
    """
    has_joined = answers.has_joined
    spans = sorted(set(zip(answers.first[has_joined].tolist(), answers.last[has_joined].tolist(),
                           strict=True)))  # fmt: skip
    wide = [span for span in spans if span[0] < span[1]]
    alone = [
        span
        for span in wide
        if all(span == other or other[1] < span[0] or span[1] < other[0] for other in spans)
    ]
    steps = [Step(*span, span in alone) for span in wide]
    steps += [Step(month, month, True) for month in _months_outside(alone, answers.n_months)]
    return tuple(sorted(steps, key=lambda step: (step.last, step.first)))


def _months_outside(spans: list[tuple[int, int]], n_months: int) -> Iterator[int]:
    for month in range(n_months):
        if not any(first <= month <= last for first, last in spans):
            yield month
