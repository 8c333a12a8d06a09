"""Why one country ends with a partner in one run and not in the other, in the same future.

The two runs share their luck. There is a last month up to which the country stands alike in both;
what is different in the next is what decided, since the country never again stands alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import NEVER
from sim.model.mechanism.terms import TERM_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.followed import Trace

    Array = NDArray[np.float64]

# Beside the terms of utility: what else can decide.
LUCK, ASKED, TAKEN_UP, SUPPLIER, RECORD, PART = (
    "luck", "asked", "taken_up", "supplier", "record", "part",
)  # fmt: skip
CAUSES = (*TERM_NAMES, LUCK, ASKED, TAKEN_UP, SUPPLIER, RECORD, PART)
# In words about many countries; terms without an entry have their own.
CAUSE_WORDS = {
    "peers": "what peers do",
    "taste": "inclinations of their own",
    LUCK: "the luck of the choice",
    ASKED: "whether a country is asked",
    TAKEN_UP: "whether it takes the question up",
    SUPPLIER: "what the supplier does",
    RECORD: "the record and the facts at the start",
    PART: "who takes part",
}


@dataclass(frozen=True)
class Run:
    """One run of a future, seen from one country.

    Parameters
    ----------
    trace : Trace
    c, i : int
        Place of the country among those followed, and its index.
    first : int
        Index of the first month that both runs cover.
    holds : ndarray of bool, shape (K,)
        Which paths count as being with the partner.
    names : tuple of str
        Names of the paths: the other run may have others.
    """

    trace: Trace
    c: int
    i: int
    first: int
    holds: NDArray[np.bool_]
    names: tuple[str, ...]

    def standing(self, n_months: int) -> NDArray[np.bool_]:
        """Return whether it is with the partner before the first month and after each, (M + 1,)."""
        path = self.trace.path[self.first : self.first + n_months + 1, self.i]
        return np.asarray(self.holds[path])

    def chosen(self, t: int) -> int:
        """Return the path that its review ends on in a month; NEVER without one."""
        return int(self.trace.intention[self.first + t, self.c])

    def is_open(self, t: int) -> bool:
        """Return whether a path with the partner is open to it in a month."""
        return bool((self.trace.is_open[self.first + t, self.c] & self.holds).any())

    def finds(self, t: int, name: str, what: str) -> bool:
        """Return whether a path ``is_open``, or ``is_option``, in a month."""
        if name not in self.names:
            return False
        found: NDArray[np.bool_] = getattr(self.trace, what)[self.first + t, self.c]
        return bool(found[self.names.index(name)])

    def margin(self, t: int, one: str, other: str) -> Array:
        """Return what a path is worth above another in a month: each term, and luck last."""
        t, c, trace = self.first + t, self.c, self.trace
        k, j = self.names.index(one), self.names.index(other)
        luck = trace.scale[t] * (trace.noise[t, c, k] - trace.noise[t, c, j])
        return np.append(trace.term[t, c, k] - trace.term[t, c, j], luck)


def causes_of(with_: Run, without: Run, n_months: int) -> Array:
    """Return by what a country ends with the partner in one run and not in the other.

    Parameters
    ----------
    with_, without : Run
        The run in which it ends with the partner, and that in which it does not.
    n_months : int
        Months that both cover.

    Returns
    -------
    ndarray, shape (CAUSES,)
        Shares, which sum to 1; those of terms can be below 0.

    Notes
    -----
    Where both review, one run chooses a path with the partner and the other one without. If both
    paths are options in both runs, the choice turns on the sign of one margin: what the first is
    worth above the second. On the straight line from the terms of one run to those of the other it
    turns once, and the share of each term is its part of the change of the margin: the values of
    Aumann and Shapley (1974) for that line. Luck is the same in both runs, unless its scale is not.
    """
    shares = np.zeros(len(CAUSES))
    alike = np.flatnonzero(with_.standing(n_months) == without.standing(n_months))
    if alike.size == 0:
        shares[CAUSES.index(RECORD)] = 1.0
        return shares
    t = int(alike[-1])
    joins = not with_.standing(n_months)[t]
    if not joins and not _leaves(without, t):
        shares[CAUSES.index(SUPPLIER)] = 1.0
    elif joins and not without.is_open(t):
        shares[CAUSES.index(ASKED)] = 1.0
    elif int(NEVER) in (with_.chosen(t), without.chosen(t)):
        shares[CAUSES.index(TAKEN_UP)] = 1.0
    else:
        one, other = with_.names[with_.chosen(t)], without.names[without.chosen(t)]
        sides = ((with_, other), (without, one))
        if not all(run.finds(t, name, "is_open") for run, name in sides):
            shares[CAUSES.index(ASKED)] = 1.0
        elif not all(run.finds(t, name, "is_option") for run, name in sides):
            shares[CAUSES.index(TAKEN_UP)] = 1.0
        else:
            parts = with_.margin(t, one, other) - without.margin(t, one, other)
            shares[: parts.size] = parts / parts.sum()
    return shares


def _leaves(run: Run, t: int) -> bool:
    """Return whether a country leaves the partner by its own review in a month."""
    chosen = run.chosen(t)
    return chosen != int(NEVER) and not run.holds[chosen]
