"""The futures that visitors share: computed once, few at a time, in order, in bounded memory."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from app_pages import FEW, Open
from sim.errors import RunError
from sim.experiment.result import run_futures
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.shared_futures import (
    FuturesStore,
    compare_shared,
    ensemble_bytes,
    shared_run,
)
from sim.model.ensemble import Ensemble
from sim.scenario import load_scenario

N = 8
MOST_WAIT_SECONDS = 30


@pytest.fixture(scope="module")
def one_run_bytes() -> int:
    return ensemble_bytes(run_futures(load_scenario("baseline"), N, 1))


def work(seed: int) -> Callable[[], Ensemble]:
    return lambda: run_futures(load_scenario("baseline"), N, seed)


def ask_all(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Start every job in a thread of its own, in order, and return what they found."""
    found: list[Any] = [None] * len(jobs)

    def do(n: int) -> None:
        try:
            found[n] = jobs[n]()
        except RunError as error:
            found[n] = error

    threads = [threading.Thread(target=do, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join(MOST_WAIT_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return found


def test_what_many_ask_for_at_once_is_computed_once() -> None:
    store, may_end = FuturesStore(), threading.Event()

    def slow() -> Ensemble:
        may_end.wait(MOST_WAIT_SECONDS)
        return work(1)()

    threading.Timer(0.3, may_end.set).start()
    found = ask_all([lambda: store.get("same", slow)] * 20)
    assert all(one is found[0] for one in found)
    assert (store.tally().asked, store.tally().computed) == (20, 1)


@pytest.mark.parametrize("at_once", [1, 2])
def test_few_are_computed_at_once_and_nobody_is_passed_over(at_once: int) -> None:
    store = FuturesStore(at_once=at_once)
    may_go_on = threading.Event()
    lock, running, most, order = threading.Lock(), 0, 0, []

    def counted(n: int) -> Ensemble:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            order.append(n)
        # Nobody ends before all have asked.
        may_go_on.wait(MOST_WAIT_SECONDS)
        time.sleep(0.01)
        with lock:
            running -= 1
        return work(1)()

    threads = [threading.Thread(target=store.get, args=(n, partial(counted, n))) for n in range(12)]
    end = time.monotonic() + MOST_WAIT_SECONDS
    for n, thread in enumerate(threads):
        thread.start()
        # A thread that was started earlier need not ask earlier, so each is waited for.
        while store.tally().asked <= n and time.monotonic() < end:
            time.sleep(0.001)
    while running < at_once and time.monotonic() < end:
        time.sleep(0.001)
    may_go_on.set()
    for thread in threads:
        thread.join(MOST_WAIT_SECONDS)
    assert most == at_once
    # Of two that are taken up together either may be the first to say so.
    assert all(abs(place - n) < at_once for place, n in enumerate(order))
    assert sorted(order) == list(range(12))


def test_memory_is_bounded_and_what_went_comes_back_the_same(one_run_bytes: int) -> None:
    store = FuturesStore(most_bytes=3 * one_run_bytes)
    results = [shared_run(store, seed, work(seed)) for seed in range(6)]
    tally = store.tally()
    assert tally.kept == 3
    assert tally.n_bytes == 3 * one_run_bytes
    np.testing.assert_array_equal(results[0].ensemble.final_path, work(0)().final_path)
    np.testing.assert_array_equal(results[5].ensemble.final_path, work(5)().final_path)
    assert store.tally().computed == 7
    assert store.tally().kept == 3


def test_the_least_recently_used_goes_first(one_run_bytes: int) -> None:
    store = FuturesStore(most_bytes=2 * one_run_bytes)
    for key in (1, 2, 1, 3, 1):
        store.get(key, work(key))
    assert store.tally().computed == 3
    store.get(2, work(2))
    assert store.tally().computed == 4


def test_a_run_larger_than_the_store_is_still_shown(one_run_bytes: int) -> None:
    store = FuturesStore(most_bytes=one_run_bytes // 2)
    for key in (1, 2):
        assert store.get(key, work(key)).replicates == N
    assert store.tally().kept == 1


def test_a_failure_reaches_all_who_wait_and_is_not_kept() -> None:
    store, may_end = FuturesStore(), threading.Event()

    def fail() -> Ensemble:
        may_end.wait(MOST_WAIT_SECONDS)
        raise RunError("no")

    threading.Timer(0.2, may_end.set).start()
    found = ask_all([lambda: store.get(1, fail)] * 3)
    assert all(isinstance(one, RunError) for one in found)
    assert store.get(1, work(1)).replicates == N


def test_a_comparison_holds_no_futures(one_run_bytes: int) -> None:
    store = FuturesStore(most_bytes=one_run_bytes)
    a, b = (shared_run(store, seed, work(seed)) for seed in (1, 1))
    compared = compare_shared(a, b)
    assert compared.countries["difference"].abs().max() == 0
    alive = weakref.ref(a.ensemble)
    store.get(2, work(2))
    gc.collect()
    assert alive() is None
    assert compared.inputs.replicates == N


def test_pages_of_many_visitors_hold_no_futures(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The visits stay open with all that they left for a click; each alone would hold its runs.
    made: list[weakref.ref[Ensemble]] = []

    def watched(*arguments: Any, **options: Any) -> Ensemble:
        ensemble = run_futures(*arguments, **options)
        made.append(weakref.ref(ensemble))
        return ensemble

    # There is room for the two runs of one visit. With less, a page computes them again and again.
    room = 2 * ensemble_bytes(run_futures(load_scenario("baseline"), FEW, 1))
    store = FuturesStore(most_bytes=room)
    monkeypatch.setattr(runs, "STORE", store)
    monkeypatch.setattr(runs, "run_futures", watched)
    visits = [
        open_page(page, seed=str(900 + n), b="baseline", a__slots="25")
        for n, page in enumerate(("explore", "country", "explore"))
    ]
    gc.collect()
    assert len(made) == store.tally().computed >= 6
    assert sum(ensemble() is not None for ensemble in made) == store.tally().kept <= 2
    assert all(visit.title for visit in visits)


def test_what_has_begun_is_not_made_again() -> None:
    store = FuturesStore()
    made: list[int] = []

    def compute() -> Ensemble:
        made.append(1)
        return work(1)()

    store.begin("run", compute)
    assert store.get("run", compute) is store.get("run", compute)
    store.begin("run", compute)
    assert len(made) == store.tally().computed == 1


def test_a_run_that_breaks_after_it_has_begun_is_told_to_who_asks() -> None:
    store = FuturesStore()
    may_go_on = threading.Event()

    def fail() -> Ensemble:
        may_go_on.wait(MOST_WAIT_SECONDS)
        raise RunError("it broke")

    store.begin("run", fail)
    threading.Timer(0.1, may_go_on.set).start()
    with pytest.raises(RunError, match="it broke"):
        store.get("run", fail)
    assert store.get("run", work(1)).replicates == N
