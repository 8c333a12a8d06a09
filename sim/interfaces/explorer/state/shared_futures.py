"""The futures that all visitors share: computed once, kept while there is room.

A page needs the arrays of a run again and again, and so does everything that it prepares for a
click: a fragment, a download. If each held the arrays, every visitor would cost as much memory as
the runs last viewed. So the results that pages hold borrow the arrays from here; arrays that were
dropped are computed again, to the same bytes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.tables.differences import Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sim.model.ensemble import Ensemble

T = TypeVar("T")
LOG = logging.getLogger(__name__)
# About forty runs of 500 futures, or ten of 2,000, of a scenario like the baseline.
MOST_BYTES = 800_000_000
# Each run uses all cores, so more at once would only slow each down and take more memory.
RUNS_AT_ONCE = max(1, (os.cpu_count() or 1) // 2)


def ensemble_bytes(ensemble: Ensemble) -> int:
    """Return the memory of an ensemble's arrays."""
    return sum(part.nbytes for part in vars(ensemble).values() if isinstance(part, np.ndarray))


@dataclass(frozen=True)
class StoreStatistics:
    """What a store has done so far, and what it holds now.

    Parameters
    ----------
    asked : int
        Requests.
    computed : int
        Runs made for these requests.
    kept : int
        Runs held now.
    n_bytes : int
        Memory of the runs held.
    """

    asked: int
    computed: int
    kept: int
    n_bytes: int


class FuturesStore:
    """Ensembles by key; the least recently used are dropped first.

    Requests for an ensemble that is being computed wait for it. Others are computed in the order of
    the requests, a few at once, so nobody waits for a later visitor.

    Parameters
    ----------
    most_bytes : int
        Memory of all ensembles kept. The newest is kept even if it takes more.
    at_once : int
        Runs at one time; each is held in memory in addition to those kept.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, at_once: int = RUNS_AT_ONCE) -> None:
        self._most_bytes = most_bytes
        self._workers = ThreadPoolExecutor(at_once, thread_name_prefix="futures")
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Ensemble] = OrderedDict()
        self._underway: dict[Hashable, Future[Any]] = {}
        self._asked = self._computed = self._n_bytes = 0

    def get(self, key: Hashable, compute: Callable[[], Ensemble]) -> Ensemble:
        """Return the ensemble of a key; `compute` makes it if it is not kept.

        Raises
        ------
        Exception
            Whatever `compute` raises, for all that wait for it. The next request tries again.
        """
        with self._lock:
            self._asked += 1
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            job = self._started(key, compute, self._keep)
        found: Ensemble = job.result()
        return found

    def begin(self, key: Hashable, compute: Callable[[], Ensemble]) -> None:
        """Start to make the ensemble of a key if it is not kept, without waiting for it."""
        with self._lock:
            if key not in self._kept:
                self._started(key, compute, self._keep)

    def in_passing(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` makes, in its turn; none of it is kept here.

        Raises
        ------
        Exception
            As `get` does.
        """
        with self._lock:
            self._asked += 1
            job = self._started(key, compute, None)
        found: T = job.result()
        return found

    def _started(
        self,
        key: Hashable,
        compute: Callable[[], T],
        keep: Callable[[Hashable, T], None] | None,
    ) -> Future[Any]:
        """Return the job of a key, started if nobody has asked for it yet; call with the lock."""
        job = self._underway.get(key)
        if job is None:
            job = self._workers.submit(self._make, key, compute, keep)
            self._underway[key] = job
        return job

    def _make(
        self,
        key: Hashable,
        compute: Callable[[], T],
        keep: Callable[[Hashable, T], None] | None,
    ) -> T:
        begin = time.monotonic()
        try:
            made = compute()
        except BaseException:
            with self._lock:
                del self._underway[key]
            raise
        seconds = time.monotonic() - begin
        LOG.info("computed %s in %.3f s", key, seconds)
        with self._lock:
            self._computed += 1
            if keep is not None:
                keep(key, made)
            # Only now: a request in between finds it kept.
            del self._underway[key]
        return made

    def _keep(self, key: Hashable, ensemble: Ensemble) -> None:
        self._kept[key] = ensemble
        self._n_bytes += ensemble_bytes(ensemble)
        while self._n_bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._n_bytes -= ensemble_bytes(dropped)

    def tally(self) -> StoreStatistics:
        """Return what was requested and computed, and what is kept."""
        with self._lock:
            return StoreStatistics(self._asked, self._computed, len(self._kept), self._n_bytes)


STORE = FuturesStore()


def shared_run(store: FuturesStore, key: Hashable, compute: Callable[[], Ensemble]) -> Result:
    """Return a run whose futures are in a store; if it drops them, they are computed again.

    Parameters
    ----------
    store : FuturesStore
    key : hashable
        Name of the futures in the store.
    compute : callable
        Makes them, with the same bytes each time.
    """

    def lend() -> Ensemble:
        return store.get(key, compute)

    return Result(lend(), lend=lend)


def compare_shared(a: Result, b: Result) -> Comparison:
    """Return the comparison of two shared runs, b minus a; it holds the futures of neither."""

    def lend() -> Pair:
        return Pair(a.ensemble, b.ensemble)

    return Comparison(lend(), lend=lend)
