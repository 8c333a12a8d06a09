"""Filling empty cells of the panel: one ridge regression for all columns, with every cell flagged.

An unknown figure is predicted from those of similar countries: income per head, size, liberal
democracy, and the UN region and sub-region, all shrunk towards the world mean by a ridge penalty.
GDP itself, if no usable market rate exists, is predicted from GDP at purchasing-power parity in the
same way. docs/data.md says how well this does when known cells are hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import DataError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.data.provenance import ColumnRecord

    Array = NDArray[np.float64]

# Weight of the penalty in rows of data: a region of four countries moves half-way to its own mean.
RIDGE_PENALTY = 4.0
SIGNIFICANT_DIGITS = 3  # imputed figures are rounded, so that no reader takes them for measured


class Scale(NamedTuple):
    """A pair of functions to and from the scale that makes a column close to linear."""

    forward: Callable[[Array], Array]
    back: Callable[[Array], Array]


LINEAR = Scale(lambda x: x, lambda x: x)
LOG = Scale(np.log, np.exp)
LOG1P = Scale(np.log1p, np.expm1)
ASINH = Scale(np.arcsinh, np.sinh)
LOGIT = Scale(
    lambda x: np.log(np.clip(x, 0.005, 0.995) / (1 - np.clip(x, 0.005, 0.995))),
    lambda x: 1 / (1 + np.exp(-x)),
)


class Plan(NamedTuple):
    """How one column is imputed: its scale, divisor, predictors, and countries not used to fit."""

    column: str
    scale: Scale
    per: str = ""  # a column, "population_million", or a number as text
    predictors: tuple[str, ...] = ("log_income", "log_population", "liberal_democracy")
    # Countries whose figure holds by definition and is no evidence about others.
    not_evidence: tuple[str, ...] = ()


# Hong Kong carries China's votes; learning from them would count China twice.
_NO_VOTES = ("HKG",)


# In this order: later columns are predicted from earlier ones.
PLANS = (
    Plan("gdp_usd", LOG, "population", ("log_income_ppp", "log_population")),
    Plan("liberal_democracy", LOGIT, "", ("log_income", "log_population")),
    Plan("electricity_generation_twh", LOG1P, "population_million"),
    Plan("electricity_capacity_gw", LOG1P, "population_million", ("log_income", "log_generation")),
    Plan("electricity_net_imports_twh", ASINH, "electricity_generation_twh"),
    Plan("electricity_price_usc_kwh", LOG),
    Plan("internet_users_share", LOGIT),
    Plan("ai_user_share_h1_2025", LOGIT),
    Plan("government_ai_readiness", LOGIT, "100"),
    Plan("un_ideal_point_mean5", LINEAR, not_evidence=_NO_VOTES),
    # A state agrees with itself by definition.
    Plan("un_agree_us", LOGIT, not_evidence=("USA", *_NO_VOTES)),
    Plan("un_agree_china", LOGIT, not_evidence=("CHN", *_NO_VOTES)),
    Plan("un_agree_russia", LOGIT, not_evidence=("RUS", *_NO_VOTES)),
    Plan("us_troops_hosted", LOG1P),
)


def ridge_predict(y: Array, x: Array, penalty: float = RIDGE_PENALTY) -> Array:
    """Return predictions for every row from a ridge regression on the rows where ``y`` is known.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Targets; NaN where unknown.
    x : ndarray of shape (n, k)
        Predictors, complete; centred here, so the intercept is not shrunk.
    penalty : float, default RIDGE_PENALTY
        Ridge penalty.

    Returns
    -------
    ndarray of shape (n,)

    Notes
    -----
    ``y_hat = y_mean + (x - x_mean) (X'X + penalty I)^-1 X'(y - y_mean)``, X centred, all means over
    the known rows.

    Examples
    --------
    >>> y = np.array([1.0, 3.0, np.nan])
    >>> ridge_predict(y, np.array([[0.0], [2.0], [4.0]]), penalty=0.0).round(6).tolist()
    [1.0, 3.0, 5.0]
    """
    known = ~np.isnan(y)
    centre, level = x[known].mean(axis=0), y[known].mean()
    inner = x[known] - centre
    gram = inner.T @ inner + penalty * np.eye(x.shape[1])
    weight = np.linalg.solve(gram, inner.T @ (y[known] - level))
    return np.asarray(level + (x - centre) @ weight)


def _standardise(values: Array) -> Array:
    return np.asarray((values - np.nanmean(values)) / np.nanstd(values))


def design_matrix(panel: pd.DataFrame, predictors: Sequence[str]) -> Array:
    """Return the predictors of a plan as an array (country, predictor), complete.

    Numbers are standardised; a predictor that is itself unknown counts as average. Regions and
    sub-regions follow as 0/1 columns.
    """
    population = panel["population"].to_numpy()
    source = {
        "log_income": np.log(panel["gdp_usd"].to_numpy() / population),
        "log_income_ppp": np.log(panel["gdp_ppp_2021usd"].to_numpy() / population),
        "log_population": np.log(population),
        "log_generation": np.log1p(
            panel["electricity_generation_twh"].to_numpy() * 1e6 / population
        ),
        "internet_users": LOGIT.forward(panel["internet_users_share"].to_numpy()),
        "liberal_democracy": panel["liberal_democracy"].to_numpy(),
    }
    numbers = [np.nan_to_num(_standardise(source[name])) for name in predictors]
    regions = [
        (names == name).astype(float)
        for names in (panel[column].to_numpy(str) for column in ("un_region", "un_subregion"))
        for name in np.unique(names)
    ]
    return np.column_stack([*numbers, *regions])


def divisor(panel: pd.DataFrame, per: str) -> Array:
    """Return the divisor of a plan's column before prediction."""
    if per == "population_million":
        return panel["population"].to_numpy() / 1e6
    if per in panel:
        return panel[per].to_numpy()
    return np.full(len(panel), float(per) if per else 1.0)


def round_significant(values: Array, digits: int = SIGNIFICANT_DIGITS) -> Array:
    """Return values rounded to a number of significant digits.

    Examples
    --------
    >>> round_significant(np.array([123456.0, 0.0123456, 0.0])).tolist()
    [123000.0, 0.0123, 0.0]
    """
    return np.array([float(f"{value:.{digits - 1}e}") for value in values])


def evidence(panel: pd.DataFrame, plan: Plan) -> Array:
    """Return the data from which a plan learns, on its scale; NaN if unknown or no evidence."""
    y = plan.scale.forward(panel[plan.column].to_numpy() / divisor(panel, plan.per))
    return np.where(panel.index.isin(plan.not_evidence), np.nan, y)


def predict_column(panel: pd.DataFrame, plan: Plan) -> Array:
    """Return the prediction of one column for every country, in the column's own unit."""
    scale = divisor(panel, plan.per)
    y = evidence(panel, plan)
    predicted = ridge_predict(y, design_matrix(panel, plan.predictors))
    return np.asarray(plan.scale.back(predicted) * scale)


def impute_panel(
    panel: pd.DataFrame,
    numeric: Sequence[str],
    columns: Mapping[str, ColumnRecord],
    plans: Sequence[Plan] = PLANS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the panel with its planned columns completed, and the flags of imputed cells.

    Parameters
    ----------
    panel : DataFrame
        Index iso3; numbers as float64.
    numeric : sequence of str
        Names of the numeric columns: the columns of the flags.
    columns : mapping
        Records with the bounds that an imputed figure must respect.
    plans : sequence of Plan, default PLANS
        How columns are imputed, in order.

    Returns
    -------
    (DataFrame, DataFrame of bool)
    """
    complete = panel.copy()
    imputed = pd.DataFrame(False, index=panel.index, columns=list(numeric))
    for plan in plans:
        gap = complete[plan.column].isna().to_numpy()
        if not gap.any():
            continue
        record = columns[plan.column]
        values = round_significant(predict_column(complete, plan)[gap])
        if record.minimum is None or record.maximum is None:
            rule = f"the plan for {plan.column} fills gaps, but its record has no min or no max."
            remedy = "Give both in sim/data/tables/provenance.yaml: no estimate may leave them."
            raise DataError([Problem("", 0, rule, remedy)])
        complete.loc[gap, plan.column] = np.clip(values, record.minimum, record.maximum)
        imputed.loc[gap, plan.column] = True
    return complete, imputed
