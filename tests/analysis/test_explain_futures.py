"""Why a country chooses as it does over all futures, and what tells them apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped, unused-ignore]

import sim
from sim.analysis.explanation.all_futures.decisions import ENDS, HAS, NOT_ASKED
from sim.analysis.explanation.all_futures.distinguishing import Distinction
from sim.analysis.explanation.all_futures.mean_words import distinction
from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
from sim.analysis.explanation.all_futures.separation import FEWEST, separate
from sim.experiment.outcomes import is_committed

FUTURES = 48


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=FUTURES, seed=1)


@pytest.fixture(scope="module")
def found(run: sim.Result) -> WhyOverFutures:
    why = sim.explain(run, "KAZ")
    assert isinstance(why, WhyOverFutures)
    return why


def test_its_futures_end_as_those_of_the_run(run: sim.Result, found: WhyOverFutures) -> None:
    p = run.ensemble.axes.provider.index(found.provider)
    i = run.ensemble.axes.country.index("KAZ")
    np.testing.assert_array_equal(found.happens, is_committed(run.ensemble, p)[:, i])
    row = run.frame("countries").set_index("country").loc["KAZ"]
    assert float(found.chance.mean) == pytest.approx(row[f"p_committed_{found.provider}"], abs=1e-4)
    assert sum(found.ends.values()) == pytest.approx(1.0)
    assert found.ends[HAS] == pytest.approx(float(found.chance.mean))
    assert tuple(found.ends) == ENDS


def test_its_first_invitations_are_those_of_the_run(run: sim.Result, found: WhyOverFutures) -> None:
    i = run.ensemble.axes.country.index("KAZ")
    invited = run.ensemble.month_invited[:, i, list(found.offers)].astype(float)
    invited[invited < 0] = len(run.months)
    first = [each.first_asked for each in found.decisions]
    np.testing.assert_array_equal(first, invited.min(axis=1))


def test_who_is_refused_is_never_asked(run: sim.Result) -> None:
    why = sim.explain(run, "RUS", provider="us", offer="infrastructure")
    assert isinstance(why, WhyOverFutures)
    assert why.ends == {end: float(end == NOT_ASKED) for end in ENDS}
    first, *rest = why.sentences()
    assert any("excluded by a rule: it is on the list of those excluded" in line for line in rest)
    assert "is a partner of the United States (infrastructure)" in first
    assert "0 %" in first


def test_one_future_says_what_its_part_of_the_mean_is(run: sim.Result) -> None:
    month = run.months[30]
    mean = sim.explain(run, "KAZ", month)
    assert isinstance(mean, WhyOverFutures)
    for r in (0, 7):
        one = sim.explain(run, "KAZ", month, r)
        assert isinstance(one, sim.WhyInFuture)
        each = mean.decisions[r]
        np.testing.assert_array_equal(each.term, one.weighed.term)
        assert each.has_reviewed == one.weighed.has_reviewed
    told = [each.term - each.term[:1] for each in mean.decisions]
    np.testing.assert_allclose(mean.mean_terms, np.mean(told, axis=0))


def test_reasons_are_means_with_intervals(found: WhyOverFutures) -> None:
    every = found.reasons()
    assert tuple(every) == found.built.axes.term
    for each in every.values():
        assert each.low <= each.mean <= each.high
    share = float(found.chance.mean)
    for term, whole in every.items():
        joined, others = (found.reasons(happens)[term].mean for happens in (True, False))
        assert share * joined + (1.0 - share) * others == pytest.approx(whole.mean)


def test_the_quoted_sentences_have_the_interval(found: WhyOverFutures) -> None:
    first, second, *rest = found.sentences()
    assert first.startswith("In the model, Kazakhstan is a partner of ")
    assert "of futures (90 % interval: " in first
    assert not {"utility", "replicate"} & set(f"{first} {second}".lower().split())
    assert any(line.startswith("How it stands at the end: ") for line in rest)
    n = min(found.happens.sum(), FUTURES - found.happens.sum())
    told = "the rest is chance" if n >= FEWEST else "too few to say what tells them apart"
    assert any(told in line for line in rest)


def test_what_tells_futures_apart_is_said_plainly_in_two_digits() -> None:
    numbers = (0.8047, 0.5401, 0.9, 0.83, 0.7, 0.9)
    each = Distinction("number", "w_x", "Weight of x", "", *numbers, is_clear=True)
    assert (
        distinction(each) == "“Weight of x”, on average 0.8 there and 0.54 elsewhere (more in 83 %)"
    )
    fewer = replace(each, mean_with=7.4921, mean_without=15.34, auc=0.2)
    assert distinction(fewer).endswith("on average 7.5 there and 15 elsewhere (less in 80 %)")


def test_a_chance_is_told_without_the_draw(run: sim.Result) -> None:
    told = [
        line
        for replicate in range(6)
        for line in sim.explain(run, "KAZ", run.months[30], replicate).sentences()
        if "take the question up" in line or "takes the question up" in line
    ]
    said = [line for line in told if "The chance" in line]
    assert said
    assert not [line for line in told if "the draw" in line or "was not below" in line]
    assert all(
        "The chance that it would was " in line or "takes the question up, and" in line
        for line in said
    )


def test_tables_are_written(found: WhyOverFutures, tmp_path: Path) -> None:
    names = {path.stem for path in found.write(tmp_path / "why").glob("*.csv")}
    assert names == {"reasons", "ends", "month", "terms", "distinguishing"}


# What distinguishes --------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_the_area_is_that_of_the_curve(seed: int) -> None:
    rng = np.random.default_rng(seed)
    happens = rng.permutation(np.arange(40) < rng.integers(FEWEST, 41 - FEWEST))
    # Whole numbers tie.
    values = rng.integers(0, 6, (40, 3)).astype(float)
    found = separate(values, happens, 1)
    for f in range(3):
        assert found.auc[f] == pytest.approx(roc_auc_score(happens, values[:, f]))
        assert found.low[f] <= found.auc[f] <= found.high[f]


def test_its_interval_covers_what_it_should_with_futures_in_groups() -> None:
    rng = np.random.default_rng(3)
    covered, trials = 0, 400
    for _ in range(trials):
        # Four futures share a number that tells nothing: half is the truth.
        number = np.repeat(rng.normal(size=50), 4)
        happens = np.repeat(rng.random(50) < 0.5, 4) ^ (rng.random(200) < 0.1)
        found = separate(number[:, None], happens, 4)
        covered += bool(found.low[0] <= 0.5 <= found.high[0])
    # Nine in ten; four standard errors of 400 trials are 6 points.
    assert covered / trials == pytest.approx(0.9, abs=0.06)


def test_a_number_that_decides_is_first(found: WhyOverFutures) -> None:
    happens = found.happens
    assert 0 < happens.sum() < FUTURES
    clear = separate(np.stack([happens * 1.0, np.arange(FUTURES) % 2.0], axis=1), happens, 4)
    assert clear.auc[0] == 1.0
    assert clear.difference[0] == 0.0  # nothing varies within either kind
    order = [abs(each.auc - 0.5) for each in found.distinctions if each.is_clear]
    assert order == sorted(order, reverse=True)
    kinds = {each.kind for each in found.distinctions}
    assert kinds >= {"uncertain number", "its own taste", "chance"}


def test_too_few_futures_tell_nothing() -> None:
    values = np.arange(40.0)[:, None]
    found = separate(values, np.arange(40) == 3, 4)
    assert np.isnan(found.auc).all()
    assert not found.is_clear.any()
    assert found.mean_with[0] == 3.0


def test_of_many_numbers_that_tell_nothing_hardly_any_looks_clear() -> None:
    rng = np.random.default_rng(5)
    tables = [separate(rng.normal(size=(200, 80)), rng.random(200) < 0.4, 4) for _ in range(40)]
    assert sum(each.is_clear.any() for each in tables) <= 10
    # Nine in ten single intervals hold the truth, so of 80 some do not.
    assert all(((each.low > 0.5) | (each.high < 0.5)).any() for each in tables)
