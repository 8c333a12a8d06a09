"""Sensitivity indices of a table of outcomes: Sobol', Morris, and scores of a forest.

The first two are those of SALib, the third is permutation importance of scikit-learn. All intervals
are 90 % intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

CONFIDENCE = 0.9
USUAL_RESAMPLES = 200
# Settings of the forest that the scores come from.
_FOLDS, _REPEATS, _TREES, _LEAST_LEAF = 5, 5, 100, 2


class Index(NamedTuple):
    """One index of each number or group, axis J, with its 90 % interval; NaN where unknown."""

    value: Values
    low: Values
    high: Values

    @classmethod
    def around(cls, value: Any, half_width: Any) -> Index:
        """Return an index whose interval reaches as far up as down."""
        middle, half = np.array(value, np.float64), np.array(half_width, np.float64)
        return cls(middle, middle - half, middle + half)


class SobolIndices(NamedTuple):
    """Shares of the variance of an outcome; see `sobol_indices`.

    Parameters
    ----------
    first : Index
        What a number explains by itself.
    total : Index
        What it explains by itself and together with others.
    second : Index or None
        What two numbers explain together beyond their first orders, (J, J) above the diagonal; None
        if the design has no rows for it.
    """

    first: Index
    total: Index
    second: Index | None


class MorrisEffects(NamedTuple):
    """Elementary effects over whole ranges, in the unit of the outcome; see `morris_effects`.

    Parameters
    ----------
    mu_star : Index
        Mean of their absolute values.
    mu, sigma : ndarray, shape (J,)
        Their mean and standard deviation; NaN for a group of several numbers, whose members may
        move in opposite directions.
    """

    mu_star: Index
    mu: Values
    sigma: Values


class ForestScores(NamedTuple):
    """Scores of a forest; see `forest_scores`.

    Parameters
    ----------
    score : Index
        Half the rise of the squared error if a number is shuffled, as a share of the variance.
    explained : float
        Share of the variance that the forest predicts at points it has not seen (R squared).
    """

    score: Index
    explained: float


def sobol_indices(
    groups: Sequence[str], outcome: Values, second_order: bool, seed: int
) -> SobolIndices:
    """Return the Sobol' indices of an outcome over the rows of a Saltelli design.

    Parameters
    ----------
    groups : sequence of str
        Names of the numbers, or of the groups that move together, in the order of the design.
    outcome : ndarray, shape (rows,)
        The outcome at every row, in the order of SALib; it must vary.
    second_order : bool
        Whether the design has the rows for indices of pairs.
    seed : int
        Of the resamples that the intervals come from.

    Notes
    -----
    The estimators of Saltelli et al. (2010); the intervals are those of a normal distribution with
    the standard deviation of 200 resamples of the base points.

    References
    ----------
    Sobol' 2001; Saltelli 2002; Saltelli et al. 2010; Herman and Usher 2017.
    """
    from SALib.analyze import sobol

    found = sobol.analyze(
        _unit_problem(groups), outcome, calc_second_order=second_order,
        num_resamples=USUAL_RESAMPLES, conf_level=CONFIDENCE,
        # SALib takes a seed of 0 for none.
        seed=seed + 1,
    )  # fmt: skip
    second = Index.around(found["S2"], found["S2_conf"]) if second_order else None
    return SobolIndices(
        Index.around(found["S1"], found["S1_conf"]),
        Index.around(found["ST"], found["ST_conf"]),
        second,
    )


def morris_effects(
    names: Sequence[str],
    groups: Sequence[str],
    shares: Values,
    outcome: Values,
    levels: int,
    seed: int,
) -> MorrisEffects:
    """Return the elementary effects of an outcome over the rows of a Morris design.

    Parameters
    ----------
    names, groups : sequence of str
        Names of the numbers; the group of each, or nothing.
    shares : ndarray, shape (rows, names)
        The rows in the unit cube, so that effects are those of a whole range.
    outcome : ndarray, shape (rows,)
        The outcome at every row.
    levels : int
        Levels of the design.
    seed : int
        Of the resamples that the intervals come from.

    References
    ----------
    Morris 1991; Campolongo, Cariboni and Saltelli 2007; Herman and Usher 2017.
    """
    from SALib.analyze import morris

    problem = _unit_problem(names)
    if groups:
        problem["groups"] = list(groups)
    found = morris.analyze(
        problem, shares, outcome, num_resamples=USUAL_RESAMPLES, conf_level=CONFIDENCE,
        num_levels=levels, seed=seed,
    )  # fmt: skip
    mu_star = Index.around(_plain(found["mu_star"]), _plain(found["mu_star_conf"]))
    mu, sigma = _plain(found["mu"]), _plain(found["sigma"])
    if groups:
        own = np.array([list(groups).count(group) for group in dict.fromkeys(groups)])
        mu, sigma = np.where(own == 1, mu, np.nan), np.where(own == 1, sigma, np.nan)
    return MorrisEffects(mu_star, mu, sigma)


def _plain(values: Any) -> Values:
    return np.asarray(np.ma.filled(np.ma.asarray(values, np.float64), np.nan), np.float64)


def _unit_problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": [*names], "bounds": [[0.0, 1.0]] * len(names)}


def forest_scores(values: Values, outcome: Values, seed: int) -> ForestScores:
    """Return how much a forest's predictions of an outcome rest on each number.

    Parameters
    ----------
    values : ndarray, shape (points, J)
        The numbers at each point of any design; NaN for null.
    outcome : ndarray, shape (points,)
        It must vary.
    seed : int
        Of the forests and of the shuffles.

    Notes
    -----
    Extremely randomised trees (Geurts, Ernst and Wehenkel 2006) are grown on four fifths of the
    points and judged on the fifth that they have not seen, five times over. The score of a number
    is half the rise of the squared error there if its values are shuffled (Breiman 2001), as a
    share of the variance. For independent numbers and a forest that predicts well, it is the total
    order of Sobol' (Gregorutti, Michel and Saint-Pierre 2017). It is measured where the forest has
    learnt nothing by heart, so a number without effect scores about 0.
    The interval is that of the mean over folds, by Student's t.
    """
    parts = [*_fold_scores(_without_null(values), outcome, seed)]
    losses = np.array([loss for loss, _ in parts])
    from scipy import stats

    error = losses.std(axis=0, ddof=1) / np.sqrt(len(losses))
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(losses) - 1)) * error
    return ForestScores(
        Index.around(losses.mean(axis=0), half), float(np.mean([fit for _, fit in parts]))
    )


def _fold_scores(values: Values, outcome: Values, seed: int) -> Iterator[tuple[Values, float]]:
    """Yield, for each fold, the loss of R squared by number and R squared itself."""
    from sklearn.ensemble import ExtraTreesRegressor
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import KFold

    unit = (outcome - outcome.mean()) / outcome.std()
    for fitted, held in KFold(_FOLDS, shuffle=True, random_state=seed).split(values):
        forest = ExtraTreesRegressor(_TREES, min_samples_leaf=_LEAST_LEAF, random_state=seed)
        forest.fit(values[fitted], unit[fitted])
        # Mean squared error in units of the whole variance, which no fold makes too small.
        loss = permutation_importance(
            forest, values[held], unit[held], scoring="neg_mean_squared_error",
            n_repeats=_REPEATS, random_state=seed,
        )  # fmt: skip
        error = float(np.mean((forest.predict(values[held]) - unit[held]) ** 2))
        yield loss.importances_mean / 2.0, 1.0 - error


def _without_null(values: Values) -> Values:
    """Return the values with null beyond the greatest: no limit is more than any limit."""
    greatest = np.fmax.reduce(np.vstack([values, np.zeros(values.shape[1])]), axis=0)
    return np.where(np.isnan(values), greatest + 1.0, values)
