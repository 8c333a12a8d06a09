"""Draws of the uncertain numbers and of the events that happen, each keyed by its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.machine.compiled import entry
from sim.model.machine.ieee import exp, log, normal_quantile
from sim.model.machine.philox import EVENT, NUMBER, draw_uniform, identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.scenario import Distribution

UNIFORM = 0
TRIANGULAR = 1
LOGUNIFORM = 2
NORMAL = 3
_KINDS = {
    "uniform": UNIFORM,
    "triangular": TRIANGULAR,
    "loguniform": LOGUNIFORM,
    "normal": NORMAL,
}
_MOST_TRIES = 1000
# All numbers that are drawn from the posterior share one random number under this name, and so a
# row: their correlations are kept, and scenarios under one seed take the same row.
_POSTERIOR = identity("posterior")


@entry
def _fill_numbers(
    seed: np.uint64, draws: np.ndarray, key: np.ndarray, kind: np.ndarray, shape: np.ndarray,
    is_whole: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Write draw `draws[d]` of each number to ``out[d, j]``; `shape` (j, 4) as in `_shape`."""
    for d in range(draws.size):
        for j in range(key.size):
            low, high, centre, spread = shape[j, 0], shape[j, 1], shape[j, 2], shape[j, 3]
            value = low - 1.0
            for attempt in range(_MOST_TRIES):
                u = draw_uniform(seed, draws[d], np.uint64(0), attempt, NUMBER, key[j])
                if kind[j] == UNIFORM:
                    value = low + u * (high - low)
                elif kind[j] == TRIANGULAR:
                    rise = (centre - low) / (high - low)
                    if u < rise:
                        value = low + np.sqrt(u * (high - low) * (centre - low))
                    else:
                        value = high - np.sqrt((1.0 - u) * (high - low) * (high - centre))
                elif kind[j] == LOGUNIFORM:
                    value = exp(log(low) + u * (log(high) - log(low)))
                else:
                    value = centre + spread * normal_quantile(u)
                if low <= value <= high:
                    break
            value = min(max(value, low), high)
            out[d, j] = np.floor(value + 0.5) if is_whole[j] else value


@entry
def _fill_rows(
    seed: np.uint64, draws: np.ndarray, key: np.uint64, n_rows: int, out: np.ndarray
) -> None:
    """Write the row of the posterior that draw `draws[d]` takes to ``out[d]``, each as likely."""
    for d in range(draws.size):
        u = draw_uniform(seed, draws[d], np.uint64(0), 0, NUMBER, key)
        out[d] = min(np.int64(np.floor(u * n_rows)), n_rows - 1)


def _shape(
    distribution: Distribution, low: float, high: float
) -> tuple[float, float, float, float]:
    """Return low, high, centre and spread; the field's own bounds where none are given."""
    centre = distribution.mode if distribution.mode is not None else distribution.mean
    return (
        low if distribution.low is None else distribution.low,
        high if distribution.high is None else distribution.high,
        0.0 if centre is None else centre,
        0.0 if distribution.sd is None else distribution.sd,
    )


def draw_numbers(
    seed: int,
    draws: NDArray[np.uint64],
    addresses: Sequence[str],
    distributions: Sequence[Distribution],
    bounds: Sequence[tuple[float, float]],
    is_whole: Sequence[bool],
    rows: Sequence[NDArray[np.float64] | None],
) -> NDArray[np.float64]:
    """Return the values of uncertain numbers, shape (draws, numbers).

    Parameters
    ----------
    seed : int
        Seed of the run, 0 to 2**32 - 1.
    draws : ndarray of uint64
        Which parameter draws; each is a function of its own index alone.
    addresses : sequence of str
        Dotted address of each number: its identity.
    distributions : sequence of Distribution
        Uniform, triangular, loguniform, normal, or posterior; a normal is drawn anew until it
        falls within its limits.
    bounds : sequence of (float, float)
        Bounds of each number where a distribution gives none.
    is_whole : sequence of bool
        Whether a number is rounded to a whole one.
    rows : sequence of ndarray of shape (N,), or None
        Values of a number in each row of the posterior, all of one length; None for a number with
        a distribution of its own. In each draw all such numbers take the same row.
    """
    alone = [j for j, values in enumerate(rows) if values is None]
    shape = [_shape(distributions[j], *bounds[j]) for j in alone]
    drawn = np.zeros((len(draws), len(alone)))
    _fill_numbers(
        np.uint64(seed),
        draws,
        np.array([identity(addresses[j]) for j in alone], np.uint64),
        np.array([_KINDS[distributions[j].distribution] for j in alone], np.int64),
        np.array(shape, np.float64).reshape(len(alone), 4),
        np.array([is_whole[j] for j in alone], np.bool_),
        drawn,
    )
    if len(alone) == len(addresses):
        return drawn
    out = np.zeros((len(draws), len(addresses)))
    out[:, alone] = drawn
    joint = {j: values for j, values in enumerate(rows) if values is not None}
    row = _draw_rows(seed, draws, next(iter(joint.values())).size)
    for j, values in joint.items():
        out[:, j] = values[row]
    return out


def _draw_rows(seed: int, draws: NDArray[np.uint64], n_rows: int) -> NDArray[np.int64]:
    """Return the row of the posterior that each parameter draw takes, shape (draws,)."""
    row = np.zeros(len(draws), np.int64)
    _fill_rows(np.uint64(seed), draws, np.uint64(_POSTERIOR), n_rows, row)
    return row


@entry
def _fill_events(
    seed: np.uint64, replicate: np.ndarray, probability: np.ndarray, key: np.ndarray,
    out: np.ndarray,
) -> None:  # fmt: skip
    """Write to ``out[r, e]`` whether the event of row e happens in future r."""
    for r in range(replicate.size):
        for e in range(key.size):
            u = draw_uniform(seed, replicate[r], np.uint64(0), 0, EVENT, key[e])
            out[r, e] = u < probability[e]


def draw_events(
    seed: int,
    replicate: NDArray[np.uint64],
    probability: NDArray[np.float64],
    key: NDArray[np.uint64],
) -> NDArray[np.bool_]:
    """Return whether each event happens in each future, shape (futures, rows of events).

    Parameters
    ----------
    seed : int
        Seed of the run.
    replicate : ndarray of uint64, shape (futures,)
        Which futures.
    probability : ndarray, shape (E,)
        Chance of the event of each row, 0-1.
    key : ndarray of uint64, shape (E,)
        Identity of the event of each row: rows of one event happen together.
    """
    out = np.zeros((replicate.size, key.size), np.bool_)
    _fill_events(np.uint64(seed), replicate, probability, key, out)
    return out
