"""The most that a country can ask: known by hand where worths and answers are certain."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import sim
from analysis.requirement_worlds import (
    CONCERN,
    REFERENCE,
    apart_of,
    distrustful,
    one_place,
    question_about,
)
from sim.analysis.requirement.host.bargaining import bargain
from sim.analysis.requirement.settings import Setting


def asked_of(
    concern: list[float], price: float, level: float = 0.5, rank: tuple[float, float] = (1.0, 0.5)
) -> sim.MostAsked:
    scenario = one_place()
    facts: dict[str, Any] = {"concern": concern, "gdp_rank": [*rank]}
    built = distrustful(scenario, **facts)
    question = dataclasses.replace(
        question_about(scenario, built, prices={"local_control": price}, level=level), is_alone=True
    )
    plain = Setting(built, REFERENCE, REFERENCE)
    return bargain(question, plain, apart_of(scenario, built, **facts), 16, 1)


def test_the_most_is_what_it_is_worth_over_the_next() -> None:
    # Worth 2 against 1, both sign: it can ask what costs 1, half of the way from 0.2 to 1 at 2.
    found = asked_of([0.0, 0.0], price=2.0)
    assert found.standing.worth.tolist() == [[2.0, 1.0]] * 16
    assert found.rivals.next.tolist() == [1] * 16
    assert found.rivals.yields.tolist() == [1.0] * 16
    at_half = found.asks.index((40,))
    assert found.accepted[: at_half + 1].tolist() == [1.0] * (at_half + 1)
    assert found.accepted[at_half + 1 :].tolist() == [0.0] * (len(found.asks) - at_half - 1)
    assert found.most == pytest.approx(at_half + 0.5)
    # At 1 for all the way the provider would bear exactly that price, or half of 2.
    assert found.bearable[-1] == pytest.approx(0.5)
    assert "can ask of" in found.sentences()[0]


def test_nobody_next_who_would_sign_means_all_can_be_asked() -> None:
    found = asked_of([0.0, 1.0], price=2.0)
    assert found.others_sign[1] == 0.0
    assert found.accepted.tolist() == [1.0] * len(found.asks)
    assert "all the way to the limit" in found.sentences()[0]


def test_who_is_worth_less_can_ask_nothing() -> None:
    found = asked_of([0.0, 0.0], price=2.0, rank=(0.25, 0.5))
    assert found.most == -1.0
    assert found.rivals.rank.tolist() == [2] * 16
    assert "can ask nothing" in found.sentences()[0]


def test_who_signs_only_on_better_terms_is_given_them() -> None:
    # It signs from 0.51 on, which costs 0.31 / 0.8 of a price of 2: 2 - 0.775 is above 1.
    found = asked_of([CONCERN, 0.0], price=2.0)
    values = [found.value(0, m) for m in range(len(found.asks))]
    expected = [0.5 < value <= 0.6 + 1e-9 for value in values]
    assert (found.accepted == 1.0).tolist() == expected
