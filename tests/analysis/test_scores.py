"""Scores of a forecast: known answers, intervals, degenerate cases, and pooling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from analysis.forecasts import Answers, answers, forecast
from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.measures import SCORING_RULES
from sim.analysis.backtests.scoring.resampling import resampled_weights
from sim.analysis.backtests.scoring.sample import WeightedForecast
from sim.analysis.backtests.scoring.scores import (
    Scores,
    compare_scores,
    pool_scores,
    score_forecast,
)
from sim.errors import InputError
from tolerances import ROUNDING

COLUMNS = ["score", "value", "low", "high", "reference", "better", "meaning"]
FEW = 50


def values(scores: Scores) -> dict[str, float]:
    return {name: one.value for name, one in scores.by_name.items()}


def programme(n: int = 200, seed: int = 0, **more: object) -> Forecast:
    """Return a calibrated forecast of a programme with months and counts."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1.0, 3.0, n)
    joined = rng.random(n) < p
    month = np.where(joined, rng.integers(0, 12, n), np.nan)
    by_month = p[:, None] * np.linspace(0.1, 1.0, 12)
    count = rng.binomial(1, p, (400, n)).sum(axis=1)
    return forecast(joined, p, month=month, by_month=by_month, count=count, **more)


def test_scores_by_hand() -> None:
    found = score_forecast(
        forecast([1, 1, 0, 0], [0.8, 0.4, 0.4, 0.2], base_rate=0.25, count=[1, 2, 2, 3]),
        n_resamples=FEW,
    )
    got, reference = values(found), {name: one.reference for name, one in found.by_name.items()}
    log_score = -np.log([0.8, 0.4, 0.6, 0.8]).mean()
    base = -np.log([0.25, 0.25, 0.75, 0.75]).mean()
    assert_allclose(got["log_score"], log_score)
    assert_allclose(reference["log_score"], base)
    assert_allclose(got["log_skill"], 1.0 - log_score / base)
    assert_allclose(reference["log_score_at_count"], np.log(2.0))
    assert_allclose(got["brier"], (0.04 + 0.36 + 0.16 + 0.04) / 4)
    assert_allclose(reference["brier"], (2 * 0.75**2 + 2 * 0.25**2) / 4)
    assert_allclose(got["brier_uncertainty"], 0.25)
    assert_allclose(got["auc"], 3.5 / 4)
    assert_allclose(got["hits"], 0.75)
    assert_allclose(reference["hits"], 0.5)
    # E|X - 2| is 1/2, and E|X - X'| is 3/4.
    assert_allclose(got["count_crps"], 0.5 - 0.375)
    assert_allclose(reference["count_crps"], 1.0)
    assert got["count_covered"] == 1.0
    assert (found.n_countries, found.n_joined, found.n_expected) == (4, 2, 2.0)
    assert (found.n_low, found.n_high) == (1.0, 3.0)


def test_a_probability_of_zero_counts_as_half_a_future() -> None:
    found = score_forecast(forecast([1], [0.0], count=[0, 0, 0, 0]), n_resamples=FEW)
    assert_allclose(values(found)["log_score"], -np.log(1 / 8))
    without = score_forecast(forecast([1], [0.0]), n_resamples=FEW)
    assert_allclose(values(without)["log_score"], -np.log(1 / 2000))


@given(answers(least=2), st.integers(0, 20))
def test_a_forecast_that_is_nearer_everywhere_has_better_scores(drawn: Answers, step: int) -> None:
    joined, p, _ = drawn
    nearer = p + (joined - p) * step / 20
    worse, better = (
        values(score_forecast(forecast(joined, one), n_resamples=1)) for one in (p, nearer)
    )
    assert better["log_score"] <= worse["log_score"] + ROUNDING
    assert better["brier"] <= worse["brier"] + ROUNDING


@given(answers(), st.floats(0.01, 0.99))
def test_the_own_share_is_the_best_constant(drawn: Answers, constant: float) -> None:
    joined = drawn.joined
    found = score_forecast(forecast(joined, np.full(joined.size, constant)), n_resamples=1)
    for name in ("log_score", "brier"):
        assert found.by_name[name].value >= found.by_name[name].reference - ROUNDING
    at_count = found.by_name["log_score_at_count"]
    assert_allclose(at_count.value, at_count.reference, atol=1e-9)


def test_values_of_libraries_are_those_of_weights_of_one() -> None:
    case = programme()
    once = WeightedForecast(case, np.ones((1, case.n_countries)))
    both = [one for one in SCORING_RULES.values() if one.library and one.resampled]
    assert {one.name for one in both} == {"log_score", "brier", "auc"}
    for one in both:
        assert one.library is not None
        assert one.resampled is not None
        assert_allclose(one.library(case), one.resampled(once)[0], rtol=ROUNDING)


def test_intervals_hold_the_value_and_are_those_of_the_bootstrap() -> None:
    case = programme()
    found = score_forecast(case)
    frame = found.to_frame()
    assert frame.columns.tolist() == COLUMNS
    assert frame["score"].tolist() == [*SCORING_RULES]
    over_countries = frame[~frame["score"].str.startswith("count_")]
    assert (over_countries["low"] < over_countries["high"]).all()
    assert over_countries["value"].notna().all()
    for name in ("log_score", "auc", "hits", "concordance", "integrated_brier"):
        one = found.by_name[name]
        assert one.low < one.value < one.high
    # A mean over countries: the interval is that of its standard error.
    error = stats.sem((case.joined - case.probability) ** 2)
    brier = found.by_name["brier"]
    assert_allclose(brier.high - brier.low, 2 * 1.645 * error, rtol=0.1)


def test_resamples_follow_from_seed_and_name() -> None:
    case = programme()
    first, again = (score_forecast(case, n_resamples=FEW) for _ in range(2))
    pd.testing.assert_frame_equal(first.to_frame(), again.to_frame())
    other = score_forecast(case, n_resamples=FEW, seed=1)
    assert values(other) == values(first)
    assert other.by_name["auc"].low != first.by_name["auc"].low
    assert not np.array_equal(resampled_weights(20, "a", FEW), resampled_weights(20, "b", FEW))


@pytest.mark.parametrize("everybody", [False, True])
def test_scores_where_nobody_or_everybody_joined(everybody: bool) -> None:
    month = np.zeros(3) if everybody else np.full(3, np.nan)
    found = score_forecast(
        forecast(
            np.full(3, everybody), [0.2, 0.4, 0.7],
            month=month, by_month=np.full((3, 2), 0.5), count=[1, 2],
        ),
        n_resamples=FEW,
    )  # fmt: skip
    got = values(found)
    undefined = {"log_skill", "log_skill_at_count", "auc", "concordance"}
    undefined |= set() if everybody else {"hits"}
    assert {name for name, value in got.items() if np.isnan(value)} == undefined
    assert got["log_score_at_count"] == 0.0
    assert got["brier_uncertainty"] == 0.0
    for name in undefined:
        assert np.isnan(found.by_name[name].low)


def test_one_country_has_scores_and_no_intervals() -> None:
    found = score_forecast(forecast([1], [0.5]), n_resamples=FEW)
    assert_allclose(values(found)["log_score"], np.log(2.0))
    assert np.isnan([[one.low, one.high] for one in found.by_name.values()]).all()


def test_scores_of_what_was_not_predicted_are_not_known() -> None:
    got = values(score_forecast(forecast([0, 1, 1], [0.1, 0.6, 0.5]), n_resamples=FEW))
    missing = {name for name, value in got.items() if np.isnan(value)}
    assert missing == {"concordance", "integrated_brier", "count_crps", "count_covered"}
    dated = forecast([0, 1, 1], [0.1, 0.6, 0.5], month=[np.nan, 1, 3])
    assert values(score_forecast(dated, n_resamples=FEW))["concordance"] == 1.0


def test_concordance_goes_by_the_predicted_months() -> None:
    by_month = [[0.0, 0.9], [0.8, 0.8]]
    dated = forecast([1, 1], [0.9, 0.8], month=[0, 1], by_month=by_month)
    assert values(score_forecast(dated, n_resamples=FEW))["concordance"] == 0.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"joined": []}, "joined is empty"),
        ({"joined": [0, 2, 1]}, "joined has other values than 0 and 1"),
        ({"probability": [0.1, 0.2]}, r"probability has shape \(2,\)"),
        ({"probability": [0.1, 0.2, 1.2]}, "probability is not within 0 to 1"),
        ({"probability": [0.1, 0.2, np.nan]}, "probability is not within 0 to 1"),
        ({"count": []}, r"count has shape \(0,\)"),
        ({"count": [4]}, "count is not within 0 to 3"),
        ({"month": [np.nan, 1, 7]}, "month is not within 0 to 1"),
        ({"month": [1, 1, 1]}, "month has a value where joined is 0"),
        ({"month": None}, "by_month is given without month"),
        ({"by_month": [0.1, 0.2, 0.3]}, r"by_month has shape \(3,\)"),
        ({"base_rate": -0.1}, "base_rate is not within 0 to 1"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    sound: dict[str, object] = {
        "joined": [0, 1, 1], "probability": [0.1, 0.2, 0.3],
        "month": [np.nan, 0, 1], "by_month": np.full((3, 2), 0.5),
    }  # fmt: skip
    Forecast("accords", **sound)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=f"accords: {words}"):
        Forecast("accords", **{**sound, **change})  # type: ignore[arg-type]


def test_pooled_scores_are_means_over_programmes_that_have_them() -> None:
    scores = [
        score_forecast(programme(60, seed, base_rate=0.25), n_resamples=FEW) for seed in range(8)
    ]
    without = forecast([0, 0], [0.1, 0.2], base_rate=0.25)
    scores.append(score_forecast(without, n_resamples=FEW))
    pooled = pool_scores(scores).set_index("score")
    assert pooled.columns.tolist() == [
        "value", "low", "high", "reference", "programmes", "better", "meaning",
    ]  # fmt: skip
    found = np.array([[*values(one).values()] for one in scores])
    assert_allclose(pooled["value"], np.nanmean(found, axis=0), rtol=ROUNDING)
    assert pooled.loc["auc", "programmes"] == 8
    assert pooled.loc["brier", "programmes"] == 9
    # The interval of a mean of eight is that of its standard error, without Student's correction.
    low, value, high = pooled.loc["auc", ["low", "value", "high"]].to_numpy(np.float64)
    error = found[:8, [*SCORING_RULES].index("auc")].std() / np.sqrt(8)
    assert_allclose(high - low, 2 * 1.645 * error, rtol=0.15)
    assert low < value < high
    assert pooled.loc["count_covered", "reference"] == pytest.approx(0.9)
    # The last programme has no score of the count, so its reference does not count either.
    references = [one.by_name["count_crps"].reference for one in scores[:8]]
    assert_allclose(pooled["reference"]["count_crps"], np.mean(references))


def test_one_programme_has_no_interval_and_none_is_refused() -> None:
    pooled = pool_scores([score_forecast(programme(), n_resamples=FEW)])
    assert pooled[["low", "high"]].isna().all(axis=None)
    with pytest.raises(InputError, match="There are no scores to pool"):
        pool_scores([])


def test_a_comparison_is_paired_by_programme() -> None:
    cases = [programme(60, seed) for seed in range(6)]
    ours = [score_forecast(one, n_resamples=FEW) for one in cases]
    blurred = [
        score_forecast(forecast(one.joined, 0.5 * one.probability + 0.1), n_resamples=FEW)
        for one in cases
    ]
    found = compare_scores(ours, blurred).set_index("score")
    assert not {"brier_uncertainty", "count_covered"} & set(found.index)
    pairs = zip(ours, blurred, strict=True)
    expected = np.mean([values(a)["brier"] - values(b)["brier"] for a, b in pairs])
    assert_allclose(found["value"]["brier"], expected, rtol=ROUNDING)
    # The same order of countries: the difference is 0 in every resample.
    assert_allclose(
        found.loc["auc", ["value", "low", "high"]].to_numpy(np.float64), 0.0, atol=ROUNDING
    )
    assert (found["reference"] == 0.0).all()


def test_other_programmes_are_not_compared() -> None:
    a = score_forecast(programme(), n_resamples=FEW)
    b = score_forecast(Forecast("pact", np.array([True]), np.array([0.5])), n_resamples=FEW)
    with pytest.raises(InputError, match="A has scores of accords; B of pact"):
        compare_scores([a], [b])


def test_every_score_says_what_it_means() -> None:
    for name, one in SCORING_RULES.items():
        assert name == one.name
        assert one.meaning.endswith(".")
        assert len(one.meaning.split()) > 25
        assert one.better in {"higher", "lower", "closer", "neither"}
    assert len({one.title for one in SCORING_RULES.values()}) == len(SCORING_RULES)
