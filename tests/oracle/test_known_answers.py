"""The checks of ``alignsim verify``, one by one, and what their answers rest on."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from sim.analysis.verification import bass, mean_field
from sim.analysis.verification.check import Check, CheckResult, all_equal, likely, number_within
from sim.analysis.verification.registry import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=[check.name for check in CHECKS])
def test_the_model_gives_the_known_answer(check: Check) -> None:
    finding = check.find()
    assert finding.has_passed, finding


def test_every_check_has_a_name_of_its_own_and_says_what_it_asks_and_where_it_is_known_from() -> (
    None
):
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    for check in CHECKS:
        assert re.fullmatch(r"[a-z0-9.-]+", check.name)
        assert "" not in (check.group, check.question, check.source)
    # A group is shown under one heading.
    groups = [check.group for check in CHECKS]
    assert sum(a != b for a, b in pairwise(groups)) == len(set(groups)) - 1


@pytest.mark.parametrize(("beta_j", "beta_h", "_", "m"), mean_field.STEADY)
def test_the_steady_states_solve_the_equation_of_the_mean_field(
    beta_j: float, beta_h: float, _: str, m: float
) -> None:
    assert np.tanh(beta_j * m + beta_h) == pytest.approx(m, abs=5e-6)


def test_the_peak_is_that_of_the_closed_form() -> None:
    assert np.log(bass.Q / bass.P) / (bass.P + bass.Q) == pytest.approx(bass.PEAK, abs=5e-5)
    assert bass.curve(bass.PEAK) == pytest.approx(bass.F_AT_PEAK, abs=1e-5)


@pytest.mark.parametrize(
    "finding",
    [
        number_within(1.0, 1.1, 0.1 - 1e-9),
        number_within(1.0, float("nan"), 0.1),
        number_within(1.0, 1.0 + 1e-15, 0.0),
        all_equal([1, 2], [1, 3]),
        all_equal([1, 2], [1, 2, 3]),
        likely(0.00009),
        likely(0.0001),
        likely(float("nan")),
        CheckResult("one", "two", float("inf"), 1.0),
    ],
)
def test_what_is_too_far_from_the_answer_has_failed(finding: CheckResult) -> None:
    assert not finding.has_passed


@pytest.mark.parametrize(
    "finding",
    [number_within(1.0, 1.05, 0.1), number_within(0.0, 0.0, 0.0), all_equal([1], [1]), likely(0.5)],
)
def test_what_is_close_enough_has_passed(finding: CheckResult) -> None:
    assert finding.has_passed
