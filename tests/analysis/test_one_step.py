"""Forecasts one step ahead: their steps, weights and chances, their scores, and the surprise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats

import sim
from analysis.histories import log_likelihoods_by_hand, made_world, record_of
from cards import card_of
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.onestep.filtering import Filtered, filtered, more_draws
from sim.analysis.backtests.onestep.scores import (
    AUC,
    LOG_SCORE,
    SKILL,
    pool_step_scores,
    score_steps,
)
from sim.analysis.backtests.onestep.share import (
    SHARE,
    BetaPrior,
    exposure,
    prior_from,
    share_chances,
)
from sim.analysis.backtests.onestep.stepping import StepBacktest
from sim.analysis.backtests.onestep.steps import Step, steps_of
from sim.analysis.backtests.onestep.surprise import COLUMNS, step_surprise, surprise_table
from sim.analysis.backtests.onestep.words import step_lines
from sim.analysis.calibration.record import INTERCEPT, RATE
from sim.analysis.history.answers import NEVER, Answers
from sim.errors import InputError
from tolerances import ROUNDING

NAMES = ("w_affinity", INTERCEPT, RATE)
DRAWS = np.array([[0.8, 0.0, 0.4], [-1.0, 1.5, 0.1], [0.5, -1.0, 0.9]])
MONTHS = 5
SINGLE = 2e-7  # chances are kept in single precision


def answers_of(
    first: list[int], last: list[int] | None = None, months: int = MONTHS, name: str = "made"
) -> Answers:
    joined = np.array(first, np.int64)
    until = joined if last is None else np.array(last, np.int64)
    country = tuple(f"C{i:04d}" for i in range(joined.size))
    return Answers(name, country, joined, until, np.ones(joined.size), months)


def certain(chance: NDArray[np.float64], weight: NDArray[np.float64] | None = None) -> Filtered:
    """Return forecasts with the given chances by draw (D, G, n)."""
    n_draws, n_steps, _ = chance.shape
    own = np.full((n_steps, n_draws), 1.0 / n_draws) if weight is None else weight
    return Filtered(chance.astype(np.float32), own)


# Steps ---------------------------------------------------------------------------------------


def test_without_intervals_each_month_is_a_step_for_all() -> None:
    answers = answers_of([1, 3, NEVER])
    steps = steps_of(answers)
    assert steps == tuple(Step(t, t, True) for t in range(MONTHS))
    scored = [step.scored(answers).tolist() for step in steps]
    assert scored[1] == [True, True, True]
    assert scored[2] == scored[3] == [False, True, True]
    assert scored[4] == [False, False, True]
    assert steps[3].joined(answers).tolist() == [False, True, False]


def test_an_interval_in_which_nobody_else_joined_is_one_step_for_all() -> None:
    answers = answers_of([0, 0, 3, NEVER], [2, 2, 3, NEVER])
    assert steps_of(answers) == (Step(0, 2, True), Step(3, 3, True), Step(4, 4, True))
    assert Step(0, 2, True).scored(answers).all()


def test_an_interval_that_overlaps_with_others_is_a_step_for_who_joined_in_it() -> None:
    answers = answers_of([0, 2, NEVER], [3, 2, NEVER])
    steps = steps_of(answers)
    assert steps == (
        *(Step(t, t, True) for t in range(3)),
        Step(0, 3, False),
        *(Step(t, t, True) for t in (3, 4)),
    )
    own = steps[3]
    assert own.scored(answers).tolist() == [True, False, False]
    # Who joined in the middle of it is not one of those that it is compared with.
    assert own.at_risk(answers).tolist() == [True, False, True]
    assert not any(step.scored(answers)[0] for step in steps if step.is_shared)


def test_each_country_is_scored_in_every_month_until_it_joins_and_once_in_its_interval() -> None:
    answers = answers_of([1, 0, 4, NEVER], [1, 2, 4, NEVER])
    steps = steps_of(answers)
    covered = np.sum(
        [np.where(step.scored(answers), step.last - step.first + 1, 0) for step in steps], axis=0
    )
    assert covered.tolist() == [2, 3, 5, 5]
    assert np.sum([step.joined(answers) for step in steps], axis=0).tolist() == [1, 1, 1, 0]


def test_who_is_not_scored_is_in_no_step() -> None:
    answers = replace(answers_of([1, NEVER]), weight=np.array([0.0, 1.0]))
    assert not any(step.at_risk(answers)[0] for step in steps_of(answers))


# Chances and weights -------------------------------------------------------------------------


def test_survival_is_what_the_formulas_say_month_by_month() -> None:
    built = made_world(4, MONTHS)
    months = np.array([1, 3, NEVER, NEVER])
    survival = record_of(built, months).log_survival(NAMES, DRAWS[0])
    affinity, intercept, rate = DRAWS[0]
    for t in range(MONTHS):
        # Watched until then, the last two have not joined, and neither has who joins later.
        known = record_of(built, np.where(months <= t, months, NEVER))
        known.answers = replace(known.answers, n_months=t + 1)
        by_hand = log_likelihoods_by_hand(known, intercept, rate, affinity)
        np.testing.assert_allclose(survival[t, 2:], by_hand[2:], rtol=ROUNDING)
    # After joining nothing is added.
    assert survival[1, 0] == survival[4, 0]


def test_asking_for_the_survival_changes_no_likelihood() -> None:
    record = record_of(
        made_world(4, MONTHS), np.array([1, 1, 0, NEVER]), np.array([1, 3, 2, NEVER])
    )
    before = record.log_likelihoods(NAMES, DRAWS[0])
    survival = np.vstack([np.zeros(4), record.log_survival(NAMES, DRAWS[0])])
    np.testing.assert_array_equal(record.log_likelihoods(NAMES, DRAWS[0]), before)
    # The chain of conditional probabilities is the likelihood of the whole record.
    answers = record.answers
    for i in range(3):
        at, end = answers.first[i], answers.last[i] + 1
        joins = np.log(-np.expm1(survival[end, i] - survival[at, i]))
        assert survival[at, i] + joins == pytest.approx(before[i], rel=ROUNDING)
    assert survival[-1, 3] == pytest.approx(before[3], rel=ROUNDING)


def test_a_draw_weighs_as_likely_as_it_made_the_record_before_the_step() -> None:
    built = made_world(4, MONTHS)
    record = record_of(built, np.array([1, 3, 2, NEVER]))
    steps = steps_of(record.answers)
    found = filtered(built, record.answers, steps, NAMES, DRAWS, workers=2)
    np.testing.assert_allclose(found.weight[0], 1.0 / 3.0)
    for g, step in enumerate(steps[1:], start=1):
        is_known = record.answers.last < step.first
        months = np.where(is_known, record.answers.last, NEVER)
        known = record_of(built, months)
        # Who joins later has not joined yet, and n_months ends the record there.
        known.answers = replace(known.answers, n_months=step.first)
        likely = [np.exp(known.log_likelihoods(NAMES, draw).sum()) for draw in DRAWS]
        np.testing.assert_allclose(found.weight[g], likely / np.sum(likely), rtol=1e-9)
    assert (found.effective <= 3.0 + ROUNDING).all()
    assert found.effective[0] == pytest.approx(3.0)


def test_what_happens_later_changes_no_forecast() -> None:
    built = made_world(4, MONTHS)
    early, late = (
        record_of(built, np.array(months)).answers
        for months in ([1, 3, 4, NEVER], [1, 3, NEVER, 3])
    )
    found = [filtered(built, one, steps_of(one), NAMES, DRAWS) for one in (early, late)]
    for g in range(4):  # steps until month 3, which is forecast before anybody has joined in it
        np.testing.assert_array_equal(found[0].weight[g], found[1].weight[g])
        np.testing.assert_array_equal(found[0].forecast(g), found[1].forecast(g))
    assert not np.array_equal(found[0].weight[4], found[1].weight[4])


def test_the_result_does_not_depend_on_the_number_of_threads() -> None:
    built = made_world(4, MONTHS)
    answers = record_of(built, np.array([1, 3, 2, NEVER])).answers
    one, three = (
        filtered(built, answers, steps_of(answers), NAMES, DRAWS, workers) for workers in (1, 3)
    )
    np.testing.assert_array_equal(one.chance, three.chance)
    np.testing.assert_array_equal(one.weight, three.weight)


def test_a_chance_is_that_of_joining_within_the_step() -> None:
    built = made_world(2, 3)
    answers = record_of(built, np.array([0, NEVER]), np.array([2, NEVER])).answers
    (step,) = steps_of(answers)
    found = filtered(built, answers, (step,), NAMES, DRAWS[:1])
    # Nobody had joined before the end of it, so that it is the complement of never joining.
    alone = record_of(built, np.array([NEVER, NEVER])).log_likelihoods(NAMES, DRAWS[0])
    np.testing.assert_allclose(found.forecast(0), -np.expm1(alone), rtol=SINGLE)


def test_more_draws_keep_the_numbers_and_draw_intercept_and_rate_as_they_depend_on_them() -> None:
    rng = np.random.default_rng(5)
    other = rng.normal(1.0, 0.5, 4000)
    intercept = 2.0 * other + rng.normal(0.0, 1.0, other.size)
    log_rate = -1.0 - 0.5 * intercept + rng.normal(0.0, 0.3, other.size)
    draws = np.column_stack([other, intercept, -np.expm1(-np.exp(log_rate))])
    found = more_draws(NAMES, draws, 12_000, seed=1)
    assert found.shape == (12_000, 3)
    np.testing.assert_array_equal(found[:4000], draws)
    np.testing.assert_array_equal(found[4000:8000, 0], other)
    new = found[4000:].copy()
    assert ((new[:, 2] > 0) & (new[:, 2] < 1)).all()
    new[:, 2] = np.log(-np.log1p(-new[:, 2]))
    old = np.column_stack([other, intercept, log_rate])
    np.testing.assert_allclose(np.cov(new.T), np.cov(old.T), atol=0.1)
    np.testing.assert_allclose(new.mean(axis=0), old.mean(axis=0), atol=0.05)
    np.testing.assert_array_equal(more_draws(NAMES, draws, 12_000, seed=1), found)


@pytest.mark.parametrize(
    ("names", "n_draws"), [(NAMES, 3), (("w_affinity", INTERCEPT, "w_ally"), 9)]
)
def test_draws_that_suffice_or_have_no_rate_stay_as_they_are(
    names: tuple[str, ...], n_draws: int
) -> None:
    assert more_draws(names, DRAWS, n_draws, seed=0) is DRAWS


# The rival -----------------------------------------------------------------------------------


def test_exposure_counts_months_until_a_country_joins() -> None:
    answers = answers_of([1, 3, 2, NEVER], [1, 3, 4, NEVER])
    assert exposure(answers, 0) == (0, 0)
    assert exposure(answers, 2) == (1, 2 + 2 + 2 + 2)
    assert exposure(answers, 4) == (2, 2 + 4 + 2 + 4)  # of the third nothing is known yet
    assert exposure(answers, 5) == (3, 2 + 4 + 5 + 5)


def test_the_share_so_far_is_the_mean_of_the_beta_distribution() -> None:
    answers = answers_of([1, 1, NEVER], None, 4)
    found = share_chances(answers, steps_of(answers), BetaPrior(1.0, 9.0))
    assert found[0] == pytest.approx(1 / 10)
    assert found[1] == pytest.approx(1 / 13)
    assert found[2] == pytest.approx(3 / 16)
    assert found[3] == pytest.approx(3 / 17)


def test_a_step_of_some_months_is_the_mean_over_shares() -> None:
    answers = answers_of([0, NEVER], [2, NEVER], 3)
    found = share_chances(answers, steps_of(answers), BetaPrior(0.5, 4.0))[0, 0]
    density = stats.beta(0.5, 4.0).pdf
    mean, _ = integrate.quad(lambda h: (1 - (1 - h) ** 3) * density(h), 0, 1)
    assert found == pytest.approx(mean, rel=1e-6)


def test_the_prior_is_found_again() -> None:
    rng = np.random.default_rng(2)
    programmes = []
    for share in rng.beta(2.0, 18.0, 80):
        drawn = rng.geometric(share, 60) - 1
        programmes.append(answers_of(np.where(drawn < 12, drawn, NEVER).tolist(), None, 12))
    prior = prior_from(programmes)
    assert prior.joined / sum(prior) == pytest.approx(0.1, abs=0.02)
    assert 10.0 < sum(prior) < 40.0


# Scores --------------------------------------------------------------------------------------


def test_scores_are_what_the_definitions_say() -> None:
    answers = answers_of([0, 1, NEVER], None, 2)
    steps = steps_of(answers)
    rule = np.array([[0.5, 0.2, 0.3], [0.9, 0.4, 0.4]])
    share = np.array([[0.25, 0.25, 0.25], [0.5, 0.5, 0.5]])
    found = score_steps(answers, steps, {RULE: rule, SHARE: share}, SHARE, n_resamples=50)
    expected = -np.log([0.5, 0.8, 0.7, 0.4, 0.6]).mean()
    base = -np.log([0.25, 0.75, 0.75, 0.5, 0.5]).mean()
    own = found[RULE]
    assert own.by_name[LOG_SCORE].value == pytest.approx(expected)
    assert own.by_name[LOG_SCORE].reference == pytest.approx(base)
    assert own.by_name[SKILL].value == pytest.approx(1 - expected / base)
    # Pairs: the first before the second and the third, then the second and the third tie.
    assert own.by_name[AUC].value == pytest.approx(2.5 / 3)
    assert found[SHARE].by_name[AUC].value == 0.5
    assert (own.n_answers, own.n_joined) == (5, 2)
    assert own.n_expected == pytest.approx(0.5 + 0.2 + 0.3 + 0.4 + 0.4)


def test_pooled_scores_are_means_over_programmes_that_have_them() -> None:
    each = []
    for name, months in (("a", [0, 1, NEVER]), ("b", [0, 0, 0])):
        answers = answers_of(months, None, 2, name)
        steps = steps_of(answers)
        chance = np.full((len(steps), 3), 0.3)
        each.append(score_steps(answers, steps, {RULE: chance, SHARE: chance}, SHARE, 50))
    table = pool_step_scores(each).set_index(["forecaster", "score"])
    loss = [one[RULE].by_name[LOG_SCORE].value for one in each]
    assert table.loc[(RULE, LOG_SCORE), "value"] == pytest.approx(np.mean(loss))
    # In the second everybody joined at once: nobody to compare with.
    assert table.loc[(RULE, AUC), "programmes"] == 1
    assert table.loc[(RULE, AUC), "value"] == 0.5


# Surprise ------------------------------------------------------------------------------------


def test_expected_surprise_and_its_spread_are_those_of_answers_drawn_from_the_forecast() -> None:
    rng = np.random.default_rng(7)
    chance, weight = rng.uniform(0.05, 0.6, (3, 1, 6)), np.array([[0.5, 0.3, 0.2]])
    found = certain(chance, weight)
    answers = answers_of([NEVER] * 6, None, 1)
    row = step_surprise(answers, steps_of(answers), ["2024-01"], found).iloc[0]
    p = weight[0] @ chance[:, 0]
    draw = rng.choice(3, size=200_000, p=weight[0])
    joined = rng.random((draw.size, 6)) < chance[draw, 0]
    surprise = -np.log(np.where(joined, p, 1 - p)).sum(axis=1)
    assert row["expected"] == pytest.approx(surprise.mean(), abs=0.02)
    assert row["variance"] == pytest.approx(surprise.var(), rel=0.03)
    assert row["surprise"] == pytest.approx(-np.log(1 - p).sum(), rel=1e-6)


def test_a_break_shows_as_a_high_z_and_wide_knowledge_as_a_lower_one() -> None:
    usual, broken = answers_of([NEVER] * 20, None, 1), answers_of([0] * 8 + [NEVER] * 12, None, 1)
    sure = certain(np.full((2, 1, 20), 0.05))
    unsure = certain(np.array([0.01, 0.09])[:, None, None] * np.ones((2, 1, 20)))

    def z(answers: Answers, found: Filtered) -> float:
        table = surprise_table([step_surprise(answers, steps_of(answers), ["2025-02"], found)])
        return float(table["z"].iloc[-1])

    assert z(usual, sure) < 0.0
    assert z(broken, sure) > 4.0
    assert z(broken, unsure) < z(broken, sure)


def test_months_are_pooled_over_programmes_with_an_empty_name() -> None:
    parts = []
    for name, n in (("a", 4), ("b", 9)):
        answers = answers_of([0] + [NEVER] * (n - 1), None, 2, name)
        chance = np.full((1, 2, n), 0.2)
        parts.append(
            step_surprise(answers, steps_of(answers), ["2024-01", "2024-02"], certain(chance))
        )
    table = surprise_table(parts)
    assert tuple(table.columns) == COLUMNS
    assert table["programme"].tolist() == ["", "a", "b"] * 2
    january = table[table["month"] == "2024-01"].set_index("programme")
    assert january.loc["", "n_answers"] == 13
    assert january.loc["", "surprise"] == pytest.approx(january["surprise"].iloc[1:].sum())
    # With the same chances everywhere variances are as the numbers of countries.
    own = january["z"] * np.sqrt(january["n_answers"])
    assert own[""] == pytest.approx(own["a"] + own["b"])


# The whole task ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def convention() -> StepBacktest:
    return sim.backtest("coe-ai-convention", task="one-step-ahead", replicates=1, workers=1)


def test_a_programme_is_forecast_step_by_step(convention: StepBacktest) -> None:
    rule = convention.scores[RULE]
    assert convention.case.knowledge.posterior.as_of <= convention.case.scenario.months[0]
    assert rule.by_name[AUC].value > 0.8
    assert rule.by_name[SKILL].value > 0.0
    assert rule.n_joined == convention.case.answers.has_joined.sum()
    assert 1.0 <= convention.effective.min() <= convention.effective[0]
    assert convention.effective[0] == pytest.approx(convention.n_draws)


def test_a_notebook_shows_how_it_went(convention: StepBacktest) -> None:
    text = card_of(convention)
    assert f"{convention.scores[RULE].n_joined} countries joined" in text
    assert not hasattr(convention, "plot")


def test_its_tables_agree_with_each_other(convention: StepBacktest, tmp_path: Path) -> None:
    months, countries = convention.months(), convention.countries()
    rule = convention.scores[RULE]
    assert len(countries) == rule.n_answers == months["at_risk"].sum()
    assert countries["has_joined"].sum() == months["joined"].sum() == rule.n_joined
    assert months["expected_rule"].sum() == pytest.approx(rule.n_expected)
    p = countries["p_rule"].where(countries["has_joined"], 1 - countries["p_rule"])
    assert -np.log(p).mean() == pytest.approx(rule.by_name[LOG_SCORE].value)
    convention.write(tmp_path / "out")
    written = pd.read_csv(tmp_path / "out" / "surprise.csv")
    assert tuple(written.columns) == COLUMNS
    text = "\n".join(step_lines(convention))
    assert "one step ahead" in text
    assert "Share that joined so far" in text
    assert "Most surprising months" in text


def test_a_task_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="task = 'next' is neither from-launch nor one-step-ahead"):
        sim.backtest("bletchley", task="next")
