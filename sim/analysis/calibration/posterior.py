"""Draws from a fitted posterior: as a table, and a check by importance sampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.calibration.fitting import Fit, LogPosterior
from sim.analysis.calibration.numbers import KINDS
from sim.analysis.calibration.record import INTERCEPT, RATE, review_chance
from sim.analysis.shared.one_thread import one_thread
from sim.data.posterior import RIVAL_INTERCEPT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.calibration.record import ProgrammeRecord

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

N_DRAWS = 200


@one_thread
def sample(fit: Fit, n_draws: int, seed: int = 0) -> Matrix:
    """Return joint draws of all unknowns, shape (n_draws, d), by the normal approximation."""
    rng = np.random.default_rng(seed)
    factor = np.linalg.cholesky(fit.covariance)
    return np.asarray(fit.mode + rng.standard_normal((n_draws, fit.mode.size)) @ factor.T)


@dataclass(frozen=True)
class ImportanceDiagnostics:
    """How far the normal approximation can be trusted.

    Parameters
    ----------
    log_weight : ndarray, shape (n_draws,)
        Pareto-smoothed importance weights, normalised, in logarithms.
    khat : float
        Shape of the tail of the weights: below 0.7 the draws can stand for the posterior (Vehtari
        et al. 2024).
    effective : float
        Draws that the weighted ones are worth.
    """

    log_weight: Vector
    khat: float
    effective: float


@one_thread
def check_by_importance(
    records: Sequence[ProgrammeRecord], fit: Fit, draws: Matrix, workers: int = 1
) -> ImportanceDiagnostics:
    """Return the importance weights of draws from the normal approximation, smoothed."""
    from arviz_stats.base import array_stats

    posterior = LogPosterior(records, fit.layout, workers)
    target = np.array([posterior.value(x, fit.spreads) for x in draws])
    white = np.linalg.solve(np.linalg.cholesky(fit.covariance), (draws - fit.mode).T)
    log_weight, khat = array_stats.psislw(target + 0.5 * (white**2).sum(axis=0))
    return ImportanceDiagnostics(
        np.asarray(log_weight), float(khat), float(1.0 / np.exp(2.0 * log_weight).sum())
    )


def numbers_of(
    fit: Fit, draws: Matrix, kind: str, programme: str | None = None, seed: int = 0
) -> Matrix:
    """Return what the model needs in each draw: the numbers of a kind, an intercept and a rate.

    Parameters
    ----------
    fit : Fit
        The posterior.
    draws : ndarray, shape (n_draws, d)
        From `sample`.
    kind : str
        Kind of the programme.
    programme : str, optional
        One that the posterior has seen, for its own intercept and rate; a new one unless given,
        whose intercept and rate are drawn from those of its kind.
    seed : int
        For new programmes.

    Returns
    -------
    ndarray, shape (n_draws, numbers + 2)
        Columns as `column_names`; the rate is the chance of a review in a month.
    """
    layout = fit.layout
    shared = draws[:, layout.shared()] + draws[:, layout.of_kind(kind)]
    if programme is None:
        own = _of_new_programme(fit, draws, kind, [seed, 1])
    else:
        own = draws[:, layout.programme(layout.programmes.index(programme))].copy()
    own[:, 1] = review_chance(own[:, 1])
    return np.column_stack([shared, own])


def _of_new_programme(fit: Fit, draws: Matrix, kind: str, seed: Sequence[int]) -> Matrix:
    """Return intercept and log rate of a new programme in each draw, shape (n_draws, 2)."""
    noise = np.random.default_rng(seed).standard_normal((len(draws), 2))
    around = noise @ np.linalg.cholesky(fit.spreads.programmes).T
    return np.asarray(draws[:, fit.layout.centre_of(kind)] + around)


def column_names(fit: Fit) -> tuple[str, ...]:
    """Return the names of the columns of `numbers_of`."""
    return (*fit.layout.names, INTERCEPT, RATE)


def posterior_table(
    fit: Fit, as_of: str, programmes: Sequence[str] = (), n_draws: int = N_DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Return joint draws for each kind of programme, and for some programmes of their own.

    Columns as_of, kind, programme (empty: a new one), draw, then those of `column_names`, then
    ``rival_intercept``: that of another new programme of the kind.
    """
    draws = sample(fit, n_draws, seed)
    wanted = [(kind, "") for kind in KINDS]
    wanted += [
        (fit.layout.kinds[fit.layout.programmes.index(name)], name)
        for name in programmes
        if name in fit.layout.programmes
    ]
    tables = []
    for kind, programme in wanted:
        values = numbers_of(fit, draws, kind, programme or None, seed)
        table = pd.DataFrame(values, columns=column_names(fit))
        table[RIVAL_INTERCEPT] = _of_new_programme(fit, draws, kind, [seed, 2])[:, 0]
        head = {"as_of": as_of, "kind": kind, "programme": programme, "draw": range(n_draws)}
        for place, (name, value) in enumerate(head.items()):
            table.insert(place, name, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
