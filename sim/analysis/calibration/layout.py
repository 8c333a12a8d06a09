"""Where each unknown stands in one vector, and the normal priors that tie them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.numbers import ESTIMATED, KINDS, EstimatedNumber

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

# Priors of the mean intercept and the mean log rate of reviews, and how much kinds differ in them:
# at a vote everybody answers within a day, a contract takes years to be asked for and signed.
CENTRE = ((0.0, 5.0), (-2.0, 2.0))
KIND_SPREAD = (2.0, 2.0)
GUESS = (1.5, 1.5)  # of the spread between programmes
# Pseudo-observations behind each guess. A rate that is high enough for everybody to review is as
# good as any higher one, so without a firm guess the spread of rates would be hardly bounded.
PRIOR_WEIGHT = 2.0
PROGRAMME_WEIGHT = 10.0


@dataclass(frozen=True)
class Spreads:
    """How much kinds differ in each number, and programmes of a kind in theirs.

    Parameters
    ----------
    kinds : ndarray, shape (numbers,)
        Standard deviations.
    programmes : ndarray, shape (2, 2)
        Covariance of the intercept and of the logarithm of the rate of reviews.
    """

    kinds: Vector
    programmes: Vector

    @staticmethod
    def guess(numbers: tuple[EstimatedNumber, ...] = ESTIMATED) -> Spreads:
        """Return the prior guess."""
        return Spreads(np.array([n.spread for n in numbers]), np.diag(GUESS) ** 2)

    def towards(self, other: Spreads, share: float) -> Spreads:
        """Return the spreads some share of the way to others, on a logarithmic scale."""
        kinds = self.kinds * (other.kinds / self.kinds) ** share
        mine, theirs = np.sqrt(np.diag(self.programmes)), np.sqrt(np.diag(other.programmes))
        scale = np.diag(mine * (theirs / mine) ** share / theirs)
        return Spreads(kinds, scale @ other.programmes @ scale)

    def distance(self, other: Spreads) -> float:
        """Return the largest relative difference."""
        mine = np.concatenate([self.kinds, np.sqrt(np.diag(self.programmes))])
        theirs = np.concatenate([other.kinds, np.sqrt(np.diag(other.programmes))])
        return float(np.abs(mine / theirs - 1).max())


@dataclass(frozen=True)
class Layout:
    """The unknowns in one vector x.

    In this order: shared numbers (P), deviations of each kind (K x P), the mean intercept and log
    rate of all (2), those of each kind (K x 2), those of each programme (J x 2).
    """

    programmes: tuple[str, ...]
    kinds: tuple[str, ...]
    numbers: tuple[EstimatedNumber, ...] = ESTIMATED

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Numbers that are shared or differ by kind."""
        return tuple(number.name for number in self.numbers)

    @cached_property
    def _at(self) -> dict[str, int]:
        """First coordinate of each group of unknowns."""
        p, k = len(self.numbers), len(KINDS)
        sizes = {"shared": p, "kind": k * p, "centre": 2, "kind_centre": 2 * k}
        starts = np.concatenate([[0], np.cumsum(list(sizes.values()))])
        return dict(zip([*sizes, "programme"], map(int, starts), strict=True))

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return self._at["programme"] + 2 * len(self.programmes)

    def shared(self) -> slice:
        """Return where the shared numbers are."""
        return slice(0, len(self.numbers))

    def of_kind(self, kind: str) -> slice:
        """Return where the deviations of a kind are."""
        at = self._at["kind"] + KINDS.index(kind) * len(self.numbers)
        return slice(at, at + len(self.numbers))

    def centre(self) -> slice:
        """Return where the mean intercept and log rate of all programmes are."""
        return slice(self._at["centre"], self._at["centre"] + 2)

    def centre_of(self, kind: str) -> slice:
        """Return where the mean intercept and log rate of a kind are."""
        at = self._at["kind_centre"] + 2 * KINDS.index(kind)
        return slice(at, at + 2)

    def programme(self, j: int) -> slice:
        """Return where the intercept and log rate of programme j are."""
        at = self._at["programme"] + 2 * j
        return slice(at, at + 2)

    def selection(self, j: int) -> Matrix:
        """Return the matrix that makes programme j's own numbers, intercept and log rate of x."""
        p = len(self.numbers)
        rows = np.zeros((p + 2, self.size))
        rows[:p, self.shared()] = np.eye(p)
        rows[:p, self.of_kind(self.kinds[j])] = np.eye(p)
        rows[p:, self.programme(j)] = np.eye(2)
        return rows

    def local(self, x: Vector, j: int) -> Vector:
        """Return programme j's own numbers, intercept and log rate."""
        shared = x[self.shared()] + x[self.of_kind(self.kinds[j])]
        return np.concatenate([shared, x[self.programme(j)]])

    def prior(self, spreads: Spreads) -> tuple[Matrix, Vector, Vector]:
        """Return the normal priors: rows C, centres m and deviations s of (C x - m) / s."""
        p = len(self.numbers)
        rows: list[Matrix] = []
        centres: list[Vector] = []
        deviations: list[Vector] = []

        def add(
            where: slice, centre: Vector, sd: Vector, less: slice | None = None,
            scale: Matrix | None = None,
        ) -> None:  # fmt: skip
            block = np.zeros((centre.size, self.size))
            block[:, where] = np.eye(centre.size) if scale is None else scale
            if less is not None:
                block[:, less] = -block[:, where]
            rows.append(block)
            centres.append(centre)
            deviations.append(sd)

        add(
            self.shared(),
            np.array([n.mean for n in self.numbers]),
            np.array([n.sd for n in self.numbers]),
        )
        add(self.centre(), np.array([m for m, _ in CENTRE]), np.array([s for _, s in CENTRE]))
        for kind in KINDS:
            add(self.of_kind(kind), np.zeros(p), spreads.kinds)
            add(self.centre_of(kind), np.zeros(2), np.array(KIND_SPREAD), self.centre())
        whiten = np.linalg.inv(np.linalg.cholesky(spreads.programmes))
        for j, kind in enumerate(self.kinds):
            add(self.programme(j), np.zeros(2), np.ones(2), self.centre_of(kind), whiten)
        return np.vstack(rows), np.concatenate(centres), np.concatenate(deviations)

    def log_prior(self, x: Vector, spreads: Spreads) -> float:
        """Return the log density of the prior at `x`, without its constant."""
        rows, centre, sd = self.prior(spreads)
        return -0.5 * float((((rows @ x - centre) / sd) ** 2).sum())

    def start(self) -> Vector:
        """Return where the search begins: the means of the priors."""
        x = np.zeros(self.size)
        x[self.shared()] = [n.mean for n in self.numbers]
        level = np.array([m for m, _ in CENTRE])
        x[self.centre()] = level
        for kind in KINDS:
            x[self.centre_of(kind)] = level
        for j in range(len(self.programmes)):
            x[self.programme(j)] = level
        return x

    def start_from(self, other: Layout, mode: Vector, spreads: Spreads) -> tuple[Vector, Spreads]:
        """Return where the search begins after that of nearly the same programmes and numbers."""
        x = self.start()
        own = [j for j, name in enumerate(self.names) if name in other.names]
        theirs = [other.names.index(self.names[j]) for j in own]
        pairs = [(self.shared(), other.shared())]
        pairs += [(self.of_kind(kind), other.of_kind(kind)) for kind in KINDS]
        for to, source in pairs:
            x[to][own] = mode[source][theirs]
        x[self._at["centre"] : self._at["programme"]] = mode[
            other._at["centre"] : other._at["programme"]
        ]
        for j, name in enumerate(self.programmes):
            if name in other.programmes:
                x[self.programme(j)] = mode[other.programme(other.programmes.index(name))]
            else:
                x[self.programme(j)] = x[self.centre_of(self.kinds[j])]
        kinds = Spreads.guess(self.numbers).kinds
        kinds[own] = spreads.kinds[theirs]
        return x, replace(spreads, kinds=kinds)

    def reestimated(self, x: Vector, covariance: Matrix, spreads: Spreads) -> Spreads:
        """Return the spreads that maximise the expected log posterior: a step of EM."""
        guess = Spreads.guess(self.numbers)
        variance = np.diag(covariance)
        present = [kind for kind in KINDS if kind in self.kinds]
        squares = sum(
            (x[self.of_kind(kind)] ** 2 + variance[self.of_kind(kind)] for kind in present),
            start=np.zeros(len(self.numbers)),
        )
        kinds = (squares + PRIOR_WEIGHT * guess.kinds**2) / (len(present) + PRIOR_WEIGHT)
        total = PROGRAMME_WEIGHT * guess.programmes
        for j, kind in enumerate(self.kinds):
            apart = np.zeros((2, self.size))
            apart[:, self.programme(j)] = np.eye(2)
            apart[:, self.centre_of(kind)] = -np.eye(2)
            gap = apart @ x
            total = total + np.outer(gap, gap) + apart @ covariance @ apart.T
        programmes = total / (len(self.programmes) + PROGRAMME_WEIGHT)
        return replace(spreads, kinds=np.sqrt(kinds), programmes=programmes)
