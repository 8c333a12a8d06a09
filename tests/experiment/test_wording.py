"""Words for numbers: nothing that happens in some futures and not in others looks certain."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.experiment.probability_interval import interval_words
from sim.words.wording import percent

INNER = st.floats(0, 1, exclude_min=True, exclude_max=True)
ERRORS = st.floats(0, 1)


@given(INNER)
@example(0.005)
@example(math.nextafter(0.005, 1))
@example(0.995)
@example(math.nextafter(0.995, 0))
def test_a_share_never_rounds_to_certainty(share: float) -> None:
    assert percent(share) not in ("0 %", "100 %")


def test_certainty_is_called_so() -> None:
    assert (percent(0.0), percent(1.0)) == ("0 %", "100 %")
    assert percent(math.nan) == "-"


@given(INNER, ERRORS, ERRORS, ERRORS)
@example(0.01, 0.01, 0.02, 0.01)
@example(0.99, 0.01, 0.02, 0.01)
def test_no_end_of_an_interval_is_certain_where_the_probabilities_are_not(
    p: float, below: float, above: float, error: float
) -> None:
    low, high = max(0.0, p - below), min(1.0, p + above)
    row = {"p": p, "p_low": low, "p_high": high, "p_se_chance": error}
    first, last = interval_words(row, "p").removesuffix(" %").split(" to ")
    assert first not in ("0", "100")
    assert last.removesuffix(" %") not in ("0", "100")


def test_an_interval_that_nobody_knows_is_none() -> None:
    row = {"p": 0.5, "p_low": math.nan, "p_high": math.nan, "p_se_chance": math.nan}
    assert interval_words(row, "p") == "-"


@pytest.mark.parametrize(("p", "words"), [(0.0, "0 to 0 %"), (1.0, "100 to 100 %")])
def test_what_no_future_contradicts_is_left_as_it_is(p: float, words: str) -> None:
    assert interval_words({"p": p, "p_low": p, "p_high": p, "p_se_chance": 0.0}, "p") == words
