"""Random forecasts of small programmes, for properties that any forecast has."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.analysis.backtests.scoring.forecast import Forecast

Array = NDArray[np.float64]


class Answers(NamedTuple):
    """What countries did, what was predicted, and how often each counts."""

    joined: NDArray[np.bool_]
    probability: Array
    weight: Array


@st.composite
def answers(draw: st.DrawFn, least: int = 1, both: bool = False) -> Answers:
    """Return answers of up to thirty countries; of both kinds if asked, each with some weight."""
    n = draw(st.integers(least, 30))
    joined = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    if both:
        joined[:2] = [False, True]
    # Few steps, so that equal probabilities are common.
    p = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n))
    weight = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    weight[:2] = [1, 2][:n]
    return Answers(np.array(joined), np.array(p) / 20, np.array(weight, np.float64))


def forecast(joined: object, probability: object, **more: object) -> Forecast:
    """Return a forecast of a programme called accords, from anything like arrays."""
    given: dict[str, Any] = {name: np.asarray(value) for name, value in more.items()}
    return Forecast("accords", np.asarray(joined), np.asarray(probability), **given)
