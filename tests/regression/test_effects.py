"""What a lever and a scenario move, against what is known without running the model."""

from __future__ import annotations

import pytest

from sim.analysis.effects.moving import effect, lever_effects, provider_of, scenario_effects
from sim.model.ensemble import run_ensemble
from sim.scenario import load_scenario

FUTURES = 40


def test_levers_move_what_they_are_about() -> None:
    base = load_scenario("baseline")
    found = {each.cause: each for each in lever_effects(base, FUTURES)}
    assert list(found) == list(base.levers)
    # From one place to forty.
    slots = found["slots"]
    assert slots.provider == "us"
    assert slots.large.change is not None
    assert 25 < slots.large.change <= 39
    assert slots.contracted_mw.is_clear
    assert slots.most_is_large
    # From no ties to full ones.
    ties = found["korean_ties"]
    assert (ties.provider, ties.most) == ("us", "KOR")
    assert ties.most_change > 0.2


def test_a_run_against_itself_moves_nothing() -> None:
    run = run_ensemble(load_scenario("baseline"), replicates=FUTURES)
    found = effect("nothing", "us", run, run)
    assert found.partners.change == found.large.change == found.rivals.change == 0.0
    assert found.order == pytest.approx(1.0)
    assert found.months == found.most_change == 0.0
    counts = (found.partners, found.large, found.contracted_mw, found.rivals)
    assert not any(each.is_clear for each in counts)


def test_a_third_provider_is_held_against_a_base_without_it() -> None:
    """The countries and providers of both count; the third is a rival of the two."""
    base, third = load_scenario("baseline"), load_scenario("third-way")
    found = scenario_effects(base, [third], FUTURES)
    assert [each.provider for each in found] == ["us", "china"]
    assert all(each.rivals.change for each in found)


def test_only_countries_of_both_runs_are_held_against_each_other() -> None:
    base = load_scenario("baseline")
    halves = [base.with_changes({"countries.exclude": [bloc, "HKG"]}) for bloc in ("EU", "AU")]
    one, other = (run_ensemble(each, replicates=4) for each in halves)
    members = set(one.axes.country) & set(other.axes.country)
    assert effect("halves", "us", one, other).most in members


@pytest.mark.parametrize(
    ("target", "provider"),
    [("providers.us.backing", "us"), ("corporate_ties.KOR.china", "china")],
)
def test_a_lever_belongs_to_the_provider_whose_number_it_moves(target: str, provider: str) -> None:
    assert provider_of(target) == provider
