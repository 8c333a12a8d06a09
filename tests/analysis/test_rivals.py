"""Rivals learn what decides, cope with new base rates, and never see the answers they predict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sklearn.metrics import log_loss, roc_auc_score

from analysis.fitted_rivals import fitted_once
from sim.analysis.backtests.rivals import estimators
from sim.analysis.backtests.rivals.answers import FACTS
from sim.analysis.backtests.rivals.rivals import RIVALS, joiner_counts
from sim.errors import InputError
from tolerances import LAST_BITS, ROUNDING

ROOT = Path(__file__).parents[2]
NEW = "programme 0"
LEARNERS = [name for name, rival in RIVALS.items() if rival.method != "share"]


def history(
    decides: dict[str, float], n_programmes: int = 8, n: int = 120, seed: int = 0
) -> pd.DataFrame:
    """Return programmes with base rates far apart, in which some facts decide and others do not."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n_programmes):
        facts = pd.DataFrame(rng.normal(size=(n, len(FACTS) + 1)), columns=[*FACTS, "neighbours"])
        utility = sum(weight * facts[fact] for fact, weight in decides.items())
        chance = special.expit(utility - 1.0 + 1.5 * np.cos(k))
        rows.append(
            facts.assign(
                programme=f"programme {k}",
                iso3=[f"C{i:02}" for i in range(n)],
                joined=(rng.random(n) < chance).astype(int),
            )
        )
    return pd.concat(rows, ignore_index=True)


def split(table: pd.DataFrame, new: str = NEW) -> tuple[pd.DataFrame, pd.DataFrame]:
    return table[table["programme"] != new], table[table["programme"] == new]


@pytest.fixture(scope="module")
def by_size() -> pd.DataFrame:
    """Return programmes in which the size of the economy alone decides."""
    return history({"log_gdp": 1.5})


@pytest.fixture(scope="module")
def predicted(by_size: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what each rival says of the programme left out."""
    with fitted_once():
        return {name: rival.predict(*split(by_size)) for name, rival in RIVALS.items()}


def test_the_order_of_rivals_is_fixed() -> None:
    assert [*RIVALS] == [
        "base_rate", "gdp", "gdp_and_readiness", "ideal_point", "alliances", "neighbours",
        "record", "logistic", "splines", "boosting",
    ]  # fmt: skip
    for name, rival in RIVALS.items():
        assert name == rival.name
        assert rival.description.endswith(".")
        assert rival.description.count(".") == 1
        assert len(rival.meaning.split()) > 25


def test_every_rival_returns_probabilities(predicted: dict[str, np.ndarray]) -> None:
    for name, found in predicted.items():
        assert found.shape == (120,), name
        assert ((found > 0.0) & (found < 1.0)).all(), name


def test_where_size_alone_decides_the_rule_that_sees_it_wins(by_size: pd.DataFrame) -> None:
    scores = []
    for new in by_size["programme"].unique():
        train, test = split(by_size, new)
        scores.append(
            [
                log_loss(test["joined"], RIVALS[name].predict(train, test))
                for name in ("gdp", "base_rate", "ideal_point")
            ]
        )
    gdp, base, blind = np.mean(scores, axis=0)
    assert gdp < base - 0.05
    assert blind > gdp + 0.05
    # What knows nothing about a programme cannot lose much against the base rate either.
    assert blind < base + 0.02


@pytest.mark.parametrize("name", ["gdp", "gdp_and_readiness", "logistic", "splines", "boosting"])
def test_rivals_that_see_the_fact_that_decides_order_countries_by_it(
    name: str, by_size: pd.DataFrame, predicted: dict[str, np.ndarray]
) -> None:
    test = split(by_size)[1]
    # The rule behind the answers orders them by log GDP itself.
    best = roc_auc_score(test["joined"], test["log_gdp"])
    assert roc_auc_score(test["joined"], predicted[name]) > best - 0.05


def test_only_curves_see_that_the_middle_joins() -> None:
    table = history({})
    rng = np.random.default_rng(1)
    chance = np.where(table["readiness"].abs() < 0.7, 0.8, 0.2)
    train, test = split(table.assign(joined=(rng.random(len(table)) < chance).astype(int)))
    area = {
        name: roc_auc_score(test["joined"], RIVALS[name].predict(train, test))
        for name in ("logistic", "splines", "boosting")
    }
    assert area["splines"] > 0.65
    assert area["boosting"] > 0.65
    assert area["logistic"] < 0.55


@pytest.mark.parametrize("name", [*RIVALS])
def test_answers_to_the_new_programme_are_not_read(
    name: str, by_size: pd.DataFrame, predicted: dict[str, np.ndarray]
) -> None:
    train, test = split(by_size)
    before = train.copy()
    # Fitted anew, and the same.
    blind = RIVALS[name].predict(train, test.drop(columns="joined"))
    assert np.array_equal(blind, predicted[name])
    pd.testing.assert_frame_equal(train, before)
    with fitted_once():
        turned = RIVALS[name].predict(train, test.assign(joined=1 - test["joined"]))
    assert np.array_equal(turned, predicted[name])


@pytest.mark.parametrize("name", ["gdp", "boosting"])
def test_answers_of_the_training_part_are_read(
    name: str, by_size: pd.DataFrame, predicted: dict[str, np.ndarray]
) -> None:
    train, test = split(by_size)
    turned = RIVALS[name].predict(train.assign(joined=1 - train["joined"]), test)
    assert np.corrcoef(turned, predicted[name])[0, 1] < -0.5


@pytest.mark.parametrize("name", [*RIVALS])
def test_order_of_countries_and_inputs_stay(
    name: str, by_size: pd.DataFrame, predicted: dict[str, np.ndarray]
) -> None:
    train, test = split(by_size)
    before = train.copy(), test.copy()
    with fitted_once():
        backwards = RIVALS[name].predict(train, test[::-1])
    assert_allclose(backwards[::-1], predicted[name], rtol=ROUNDING)
    pd.testing.assert_frame_equal(train, before[0])
    pd.testing.assert_frame_equal(test, before[1])


def test_the_base_rate_is_the_mean_share_of_programmes() -> None:
    train = pd.DataFrame(
        {"programme": ["a", "a", "b", "b", "b", "b"], "joined": [1, 1, 1, 0, 0, 0]}
    )
    test = pd.DataFrame({"programme": ["c", "c"]})
    found = RIVALS["base_rate"].predict(train, test)
    assert_allclose(found, [0.625, 0.625], rtol=LAST_BITS)


def test_a_new_programme_may_be_like_any_of_the_past(
    by_size: pd.DataFrame, predicted: dict[str, np.ndarray]
) -> None:
    train, test = split(by_size)
    shares = train.groupby("programme")["joined"].mean().to_numpy()
    for name in ("ideal_point", "logistic", "boosting"):
        with fitted_once():
            each = RIVALS[name].by_programme(train, test)
        assert each.shape == (7, 120)
        # Rows keep the order of base rates, and are about as far apart.
        assert np.corrcoef(each.mean(axis=1), shares)[0, 1] > 0.95, name
        assert_allclose(predicted[name], each.mean(axis=0), rtol=ROUNDING)


def test_counts_of_a_rival_vary_with_the_base_rate(by_size: pd.DataFrame) -> None:
    train, test = split(by_size)
    each = RIVALS["gdp"].by_programme(train, test)
    counts = joiner_counts(each, NEW, n_futures=700)
    assert np.array_equal(counts, joiner_counts(each, NEW, n_futures=700))
    assert not np.array_equal(counts, joiner_counts(each, "another", n_futures=700))
    assert counts.mean() == pytest.approx(each.mean(axis=0).sum(), rel=0.05)
    independent = np.sqrt((each.mean(axis=0) * (1.0 - each.mean(axis=0))).sum())
    assert counts.std() > 2.0 * independent


def test_the_penalty_on_facts_does_not_reach_the_intercepts(by_size: pd.DataFrame) -> None:
    shares = by_size.groupby("programme")["joined"].mean()
    odds = special.logit(shares.to_numpy())
    fitted = estimators.ProgrammeLogit(("log_gdp",), 1e-6).fit(by_size, by_size["joined"])
    assert abs(fitted.weight_[0]) < 0.01
    # Intercepts fit the shares alone, drawn a little towards their middle.
    assert_allclose(fitted.intercept_, odds, atol=0.1)
    assert np.std(fitted.intercept_) < np.std(odds)


def test_the_penalty_is_the_one_that_predicts_programmes_left_out() -> None:
    strong = history({"affinity": 2.0}, seed=3)
    weak = history({}, seed=3)
    found = [estimators.logit(FACTS, table).get_params()["variance"] for table in (strong, weak)]
    assert found[0] > found[1]
    assert found[1] == min(estimators.VARIANCES)


@pytest.mark.parametrize("name", LEARNERS)
def test_two_programmes_are_enough_even_if_one_has_no_joiner(name: str) -> None:
    table = history({"log_gdp": 1.0}, n_programmes=3)
    table.loc[table["programme"] == "programme 1", "joined"] = 0
    found = RIVALS[name].predict(*split(table))
    assert ((found > 0.0) & (found < 1.0)).all()


def test_answers_that_teach_nothing_are_refused() -> None:
    train, test = split(history({}, n_programmes=3))
    one = train[train["programme"] == "programme 1"]
    with pytest.raises(InputError, match="one programme; at least two are needed"):
        RIVALS["gdp"].predict(one, test)
    with pytest.raises(InputError, match="no country joined; countries of both kinds"):
        RIVALS["gdp"].predict(train.assign(joined=0), test)
    with pytest.raises(InputError, match="every country joined; countries of both kinds"):
        RIVALS["boosting"].predict(train.assign(joined=1), test)
    assert_allclose(RIVALS["base_rate"].predict(train.assign(joined=0), test), 0.0)


def test_tables_that_cannot_be_used_are_refused() -> None:
    train, test = split(history({}, n_programmes=3))
    rule = RIVALS["neighbours"]
    with pytest.raises(InputError, match="The test part has no column neighbours") as refusal:
        rule.predict(train.drop(columns="neighbours"), test.drop(columns="neighbours"))
    assert len(refusal.value.problems) == 2
    assert "share of the country's peers that joined earlier programmes" in str(refusal.value)
    with pytest.raises(InputError, match="The training part has no column joined"):
        rule.predict(train.drop(columns="joined"), test)
    with pytest.raises(InputError, match="The test part has no rows"):
        rule.predict(train, test[:0])
    with pytest.raises(InputError, match="joined = 2; allowed are 0 and 1"):
        rule.predict(train.assign(joined=2), test)
    with pytest.raises(InputError, match="programme 1: in the training part and in the test"):
        rule.predict(train, train[train["programme"] == "programme 1"])
    unknown = test.assign(neighbours=[np.nan, np.inf, *test["neighbours"][2:]])
    with pytest.raises(InputError, match="test part has 2 rows in which neighbours is not a fi"):
        rule.predict(train, unknown)
    with pytest.raises(InputError, match="test part has 120 rows in which neighbours is not a f"):
        rule.predict(train, test.assign(neighbours="many"))


def test_the_list_of_rivals_does_not_load_scikit_learn() -> None:
    script = (
        "import sys; from sim.analysis.backtests.rivals.rivals import RIVALS;"
        "from sim.analysis.backtests.scoring.measures import SCORING_RULES;"
        "print('sklearn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "False", "")
