"""Estimators behind the rivals, for programmes with base rates that differ widely.

Both know which programme an answer belongs to. For a new programme they predict once as if it were
each of the training programmes; the forecast is the mean of these probabilities. So the forecast
is as unsure of the new base rate as the programmes of the past differ. A single middle base rate
would pretend to know it, and has the worse log score.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, make_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler

from sim.analysis.backtests.rivals.answers import JOINED, PROGRAMME
from sim.analysis.shared.one_thread import one_thread

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

# Prior standard deviation of programmes' intercepts around their mean. The log odds of past
# programmes spread by about 1; a wider prior leaves the intercepts to the answers.
PROGRAMME_SD = 1.5
FOLDS = 3
# Prior variances of the weight of a standardised fact to choose from.
VARIANCES = (0.001, 0.01, 0.1, 1.0)
KNOTS = 4
LEAVES = (4, 8)
TREES = 100
LEARNING_RATE = 0.1
LEAST_IN_LEAF = 40


class _OfProgrammes(ClassifierMixin, BaseEstimator, ABC):
    """What both estimators share: the mean over training programmes."""

    def predict_proba(self, table: pd.DataFrame) -> Array:
        """Return the probabilities of not joining and of joining, (n, 2)."""
        probability = self.by_programme(table).mean(axis=0)
        return np.column_stack([1.0 - probability, probability])

    @abstractmethod
    def by_programme(self, table: pd.DataFrame) -> Array:
        """Return the probability of joining as if in each training programme, (programmes, n)."""


class ProgrammeLogit(_OfProgrammes):
    """Logistic regression on facts, with an intercept for each programme.

    Parameters
    ----------
    facts : sequence of str
        Columns to use.
    variance : float
        Prior variance of the weight of a standardised fact; C of scikit-learn.
    n_knots : int
        Knots of a cubic spline of each fact; 0 for the fact itself.

    Notes
    -----
    The intercepts of programmes have a normal prior of their own around the common intercept, with
    standard deviation PROGRAMME_SD whatever the variance of weights. scikit-learn has one penalty
    for all columns, so those of programmes are scaled by ``PROGRAMME_SD / sqrt(variance)``.
    """

    def __init__(self, facts: Sequence[str], variance: float = 1.0, n_knots: int = 0) -> None:
        self.facts = facts
        self.variance = variance
        self.n_knots = n_knots

    def fit(self, table: pd.DataFrame, joined: pd.Series) -> ProgrammeLogit:
        """Estimate the weights of facts and the intercepts of programmes."""
        self.classes_ = np.array([0, 1])
        steps: list[Any] = [StandardScaler()]
        if self.n_knots:
            steps.insert(
                0, SplineTransformer(self.n_knots, extrapolation="constant", include_bias=False)
            )
        self.facts_ = make_pipeline(*steps)
        facts = self.facts_.fit_transform(table[[*self.facts]].to_numpy(np.float64))
        scale = PROGRAMME_SD / np.sqrt(self.variance)
        own = OneHotEncoder(sparse_output=False).fit_transform(table[[PROGRAMME]]) * scale
        # Newton steps end at the same point on every machine, to rounding.
        logit = LogisticRegression(C=self.variance, solver="newton-cholesky")
        logit.fit(np.hstack([facts, own]), joined)
        self.weight_ = logit.coef_[0, : facts.shape[1]]
        self.intercept_ = logit.intercept_[0] + scale * logit.coef_[0, facts.shape[1] :]
        return self

    def by_programme(self, table: pd.DataFrame) -> Array:
        """Return the probability of joining as if in each training programme, (programmes, n)."""
        facts = self.facts_.transform(table[[*self.facts]].to_numpy(np.float64))
        return np.asarray(special.expit(self.intercept_[:, None] + facts @ self.weight_))


class ProgrammeBoosting(_OfProgrammes):
    """Boosted trees on facts and on the log odds of the programme's base rate.

    Parameters
    ----------
    facts : sequence of str
        Columns to use. Trees see their order alone, so nothing is standardised.
    max_leaf_nodes : int
        Leaves of a tree.

    Notes
    -----
    The base rate of a training programme includes the answer that is being explained, one in some
    two hundred. Half an answer is added on either side, so that log odds are finite.
    """

    def __init__(self, facts: Sequence[str], max_leaf_nodes: int = 8) -> None:
        self.facts = facts
        self.max_leaf_nodes = max_leaf_nodes

    def fit(self, table: pd.DataFrame, joined: pd.Series) -> ProgrammeBoosting:
        """Grow the trees."""
        self.classes_ = np.array([0, 1])
        answers = joined.groupby(table[PROGRAMME]).agg(["sum", "size"])
        odds = ((answers["sum"] + 0.5) / (answers["size"] - answers["sum"] + 0.5)).map(math.log)
        self.level_ = odds.to_numpy(np.float64)
        self.trees_ = HistGradientBoostingClassifier(
            learning_rate=LEARNING_RATE,
            max_iter=TREES,
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=LEAST_IN_LEAF,
            early_stopping=False,
            random_state=0,
        )
        self.trees_.fit(self._inputs(table, table[PROGRAMME].map(odds).to_numpy()), joined)
        return self

    def by_programme(self, table: pd.DataFrame) -> Array:
        """Return the probability of joining as if in each training programme, (programmes, n)."""
        level, which = np.unique(self.level_, return_inverse=True)
        facts = self._inputs(table, np.zeros(len(table)))
        asked = np.tile(facts, (len(level), 1))
        asked[:, -1] = np.repeat(level, len(table))
        found = self.trees_.predict_proba(asked)[:, 1].reshape(len(level), len(table))
        return np.asarray(found[which])

    def _inputs(self, table: pd.DataFrame, level: Array) -> Array:
        """Return the facts and, in the last column, the log odds of the base rate."""
        return np.column_stack([table[[*self.facts]].to_numpy(np.float64), level])


def logit(facts: Sequence[str], train: pd.DataFrame) -> _OfProgrammes:
    """Return a logistic regression whose penalty is tuned inside the training part."""
    return _tuned(ProgrammeLogit(facts), {"variance": VARIANCES}, train)


def splines(facts: Sequence[str], train: pd.DataFrame) -> _OfProgrammes:
    """Return a logistic regression on splines whose penalty is tuned inside the training part."""
    return _tuned(ProgrammeLogit(facts, n_knots=KNOTS), {"variance": VARIANCES}, train)


def boosting(facts: Sequence[str], train: pd.DataFrame) -> _OfProgrammes:
    """Return boosted trees whose size is tuned inside the training part."""
    return _tuned(ProgrammeBoosting(facts), {"max_leaf_nodes": LEAVES}, train)


@one_thread
def _tuned(
    estimator: _OfProgrammes, grid: dict[str, Sequence[float]], train: pd.DataFrame
) -> _OfProgrammes:
    """Return an estimator fitted with the choice of the best log score on programmes left out.

    Folds hold whole programmes. A fold is skipped if nobody, or everybody, joined the others. If
    none is left, the middle of the grid is taken.
    """
    joined = train[JOINED].astype(np.int64)
    n_folds = min(FOLDS, train[PROGRAMME].nunique())
    folds = [
        (kept, left)
        for kept, left in GroupKFold(n_folds).split(train, groups=train[PROGRAMME])
        if joined.iloc[kept].nunique() == 2
    ]
    if not folds:
        middle = {name: choices[len(choices) // 2] for name, choices in grid.items()}
        return estimator.set_params(**middle).fit(train, joined)
    score = make_scorer(
        log_loss, response_method="predict_proba", greater_is_better=False, labels=[0, 1]
    )
    search = GridSearchCV(estimator, grid, scoring=score, cv=folds)
    return search.fit(train, joined).best_estimator_
