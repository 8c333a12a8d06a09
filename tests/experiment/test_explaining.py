"""Explanations agree with what they explain: filters first, then reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment import Result
from sim.experiment.summaries.explaining import (
    APART,
    IF_ADMITTED,
    ONCE_ASKED,
    Case,
    Filter,
    case_in,
    case_of_row,
    deciding_filter,
    explain,
)
from sim.experiment.tables.countries import BY_SELECTION, CLOSED
from sim.scenario import Scenario, load_scenario
from sim.words.wording import providers_on_record, strongest_drivers

SELDOM = 0.2
# Shown explanations go with probabilities at least so well.
LEAST_CORRELATION = 0.85
# Without an offer that all may join, whom China invites stops most.
SELECTIVE = {"providers.china.offers.adoption": None}
CHANGES: dict[str, dict[str, Any]] = {"baseline": {}, "today": {}, "selective": SELECTIVE}


@pytest.fixture(scope="module", params=CHANGES)
def run(request: pytest.FixtureRequest) -> Result:
    changes = CHANGES[request.param]
    base = load_scenario("baseline" if changes else request.param)
    return sim.simulate(base.with_changes(changes) if changes else base, 200, seed=1)


def cases(run: Result, provider: str) -> list[Case]:
    """Return the case of every country with a provider."""
    rows = run.countries.to_dict("records")
    return [case_of_row(row, run.scenario, provider) for row in rows]


def shown_balance(case: Case) -> float:
    """Return what the shown reasons add up to."""
    return sum(value for side in strongest_drivers(case.drivers) for value in side.values())


def test_no_explanation_is_in_favour_where_a_country_seldom_ends(run: Result) -> None:
    """What stops it is named: a filter, a rule, or the path that wins."""
    every = [case for provider in run.scenario.providers for case in cases(run, provider)]
    seldom = [case for case in every if case.committed < SELDOM and case.is_in_favour]
    for case in seldom:
        found = explain(case)
        is_named = found.label in (ONCE_ASKED, IF_ADMITTED) or "yet it" in found.verdict
        assert is_named, (case.country, case.provider, str(found))
    # Where China's only offer is by selection, there are such countries.
    is_selective = "china.adoption" not in run.scenario.offers
    assert bool(seldom) or not is_selective


def test_the_shown_explanation_goes_with_the_probability(
    run: Result, record_property: Callable[[str, object], None]
) -> None:
    for provider in run.scenario.providers:
        own = [c for c in cases(run, provider) if not c.record]
        # How often any offer reaches it, times how likely it takes one at a review.
        reach = np.array([max(each.invited for each in case.filters) for case in own])
        taken = 1.0 / (1.0 + np.exp(-np.array([shown_balance(case) for case in own])))
        correlation = np.corrcoef(reach * taken, [case.committed for case in own])[0, 1]
        record_property(f"correlation_{provider}", round(float(correlation), 3))
        assert correlation >= LEAST_CORRELATION, (provider, correlation)


def test_a_row_and_the_futures_give_the_same_explanation(run: Result) -> None:
    rows = run.countries.set_index("country", drop=False)
    for code in ("KOR", "PAK", "KAZ", "RUS", "CHL", "GBR"):
        for provider in run.scenario.providers:
            of_row = case_of_row(rows.loc[code].to_dict(), run.scenario, provider)
            assert str(explain(of_row)) == str(explain(case_in(run.ensemble, code, provider)))


@pytest.fixture(scope="module")
def case(baseline: Scenario) -> Case:
    """A country that China seldom invites, and that would sign."""
    asked = Filter("china.infrastructure", BY_SELECTION, 0.15, 0.6, 0.05, 0.09)
    drivers = {"gain": 0.6, "waiting": -0.4}
    return Case(baseline, "CHL", "china", 0.12, [asked], drivers, {"waits": 0.7, "leaves": 0.1})


def test_an_invitation_that_decides_comes_first(case: Case) -> None:
    assert str(explain(case)) == (
        "China invites it to the infrastructure offer in 15 % of futures, which decides; once "
        "invited, it signs in 60 % (9 % of all futures). Once it is asked, these count. For it: "
        "what the package brings +0.6. Against: the value of waiting -0.4."
    )


@pytest.mark.parametrize(
    ("invited", "then", "error", "signed", "committed"),
    [
        (0.9, 0.6, 0.05, 0.54, 0.55),  # nearly always invited
        (0.15, 0.08, 0.02, 0.012, 0.012),  # would hardly sign
        (0.15, 0.6, 0.05, 0.09, 0.58),  # another offer of the provider makes up for it
        (0.15, 0.6, 0.4, 0.09, 0.12),  # the answer is not known well enough
    ],
)
def test_an_invitation_does_not_always_decide(
    case: Case, invited: float, then: float, error: float, signed: float, committed: float
) -> None:
    asked = Filter("china.infrastructure", BY_SELECTION, invited, then, error, signed)
    assert deciding_filter(replace(case, filters=[asked], committed=committed)) is None


def test_an_unknown_answer_decides_only_where_reasons_favour(case: Case) -> None:
    never = Filter("china.infrastructure", BY_SELECTION, 0.0, np.nan, np.nan, 0.0)
    found = replace(case, filters=[never], committed=0.0)
    assert deciding_filter(found) is never
    assert explain(found).filters == (
        "China never invites it to the infrastructure offer, which decides."
    )
    unwilling = replace(found, drivers={"gain": 0.1, "waiting": -0.4})
    assert deciding_filter(unwilling) is None
    assert explain(unwilling).filters == "Infrastructure offer: never invited."


def test_a_rule_comes_before_reasons(case: Case) -> None:
    closed = Filter("china.infrastructure", CLOSED, 0.0, np.nan, np.nan, 0.0)
    found = explain(replace(case, country="TWN", filters=[closed], committed=0.0))
    assert "its rules exclude the country (it is on the list" in found.filters
    assert found.label == IF_ADMITTED


def test_what_wins_is_named_where_no_filter_stops_a_country(case: Case) -> None:
    found = explain(replace(case, filters=[]))
    assert found.label == IF_ADMITTED
    asked = Filter("china.infrastructure", BY_SELECTION, 0.9, 0.15, 0.02, 0.135)
    found = explain(replace(case, filters=[asked]))
    assert found.verdict == "On balance in its favour, yet it waits in 70 % of futures."


def test_the_record_is_named_and_not_repeated() -> None:
    run = sim.simulate(load_scenario("today"), 96, seed=3)
    for made in run.scenario.initial.commitments:
        if made.country not in run.ensemble.axes.country:
            continue
        provider = made.offer.split(".")[0]
        assert provider in providers_on_record(run.scenario, made.country)
        found = explain(case_in(run.ensemble, made.country, provider))
        assert found.filters.startswith("On record with the ")
        assert made.source in found.filters
        assert found.label == APART
        assert "inclinations" not in str(found)
        assert "leaving" not in found.reasons
        assert "It is with it at the end in" in found.verdict
