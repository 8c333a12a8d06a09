"""Sweeps on a local Dask cluster of several processes: the bytes of threads, whatever dies."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import fsspec
import pytest
from distributed.comm import CommClosedError

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files, store
from experiment.worker_tasks import count_and_fail, die, ignores_interrupts, limit_files
from sim.errors import InputError, RunError
from sim.experiment.result import run_futures
from sim.experiment.store.identity import versions
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.sweeps import making
from sim.experiment.sweeps.chunks import ChunkStore
from sim.experiment.sweeps.making import Wanted
from sim.experiment.sweeps.running import chunk_store, plan_sweep
from sim.experiment.sweeps.scaling import sending, working
from sim.experiment.sweeps.scaling.connecting import connected
from sim.experiment.sweeps.scaling.sending import brief_of, work_of
from sim.experiment.sweeps.scaling.working import build_of_process
from sim.scenario import Scenario
from waiting import wait_for

DESIGN = sim.Design.latin_hypercube({"local_control": (0, 1), "providers.us.linkage": (0, 1)}, 40)
N_POINTS = 41
N_CHUNKS = 6
BUCKET = "sweeps"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return few_countries()


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the sweep as threads make them."""
    return files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path_factory.mktemp("whole")))


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A URL in a bucket of an S3 server of this machine, which workers know from the start."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        fsspec.filesystem("s3").mkdir(BUCKET)
        yield f"s3://{BUCKET}/shared"
    server.stop()


@pytest.fixture(scope="module")
def client(s3: str) -> Iterator[Any]:
    """A client of a cluster of two processes."""
    with connected("local:2") as found:
        yield found


def stop_at(point: int) -> Any:
    def report(done: int, _: int) -> None:
        if done >= point:
            raise KeyboardInterrupt

    return report


def noted(seen: list[int], done: int, _: int) -> None:
    seen.append(done)


def wait_for_living(client: Any) -> None:
    """Wait until both processes answer: a scheduler counts one that has ended for a while."""
    wait_for(lambda: len({*client.run(os.getpid, on_error="ignore").values()}) == 2)


def assert_nothing_else_stays(found: sim.StoredSweep) -> None:
    assert list(found.path.parent.iterdir()) == [found.path]


def test_the_bytes_are_those_of_threads(
    scenario: Scenario, whole: dict[str, bytes], client: Any, tmp_path: Path
) -> None:
    seen: list[int] = []
    found = sim.sweep(
        scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client,
        progress=lambda done, _: seen.append(done),
    )  # fmt: skip
    assert files(found) == whole
    # A report for each chunk, and none before it is written.
    assert len(seen) == N_CHUNKS + 1
    assert (seen[0], seen[-1]) == (0, N_POINTS)
    assert_nothing_else_stays(found)


@pytest.mark.parametrize("kind", ["file", "s3"])
def test_workers_write_to_a_shared_place(
    scenario: Scenario,
    whole: dict[str, bytes],
    client: Any,
    s3: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    url = s3 if kind == "s3" else f"file://{tmp_path}/shared"
    run = partial(sim.sweep, scenario, DESIGN, REPLICATES, out=tmp_path / "out", chunks_at=url)

    def refuse(*_: Any) -> None:
        raise AssertionError("a chunk has travelled here")

    with monkeypatch.context() as patch:
        patch.setattr(ChunkStore, "put", refuse)
        with pytest.raises(KeyboardInterrupt):
            run(cluster=client, progress=stop_at(17))
        # A chunk that another worker has not finished yet may come in meanwhile.
        kept = chunk_store(tmp_path / "out", plan_sweep(scenario, DESIGN, REPLICATES), url)
        assert kept.is_begun
        assert len(kept.recorded()) >= 2
        seen: list[int] = []
        found = run(cluster=client, progress=lambda done, _: seen.append(done))
    assert seen[0] >= 16
    assert files(found) == whole
    assert_nothing_else_stays(found)
    assert not kept.is_begun
    assert kept.recorded() == {}


def test_threads_keep_chunks_in_an_object_store_too(
    scenario: Scenario, whole: dict[str, bytes], s3: str, tmp_path: Path
) -> None:
    run = partial(sim.sweep, scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at=f"{s3}/threads")
    with pytest.raises(KeyboardInterrupt):
        run(progress=stop_at(20), workers=1)
    kept = chunk_store(tmp_path, plan_sweep(scenario, DESIGN, REPLICATES), f"{s3}/threads")
    assert [*kept.missing()] == [2, 3, 4, 5]
    # One that was cut short is made again.
    bucket = fsspec.filesystem("s3", use_listings_cache=False)
    victim = f"{str(kept.place).removeprefix('s3://')}/000001.outcomes.parquet"
    bucket.pipe_file(victim, bucket.cat_file(victim)[:-9])
    assert [*kept.missing()] == [1, 2, 3, 4, 5]
    assert files(run()) == whole


def test_a_bucket_that_does_not_exist_is_told_before_anything_runs(
    scenario: Scenario, s3: str, tmp_path: Path
) -> None:
    seen: list[int] = []
    with pytest.raises(UnavailableError, match=r"cannot write to s3://nowhere/x/sweeps/small/"):
        sim.sweep(
            scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at="s3://nowhere/x",
            progress=lambda done, _: seen.append(done),
        )  # fmt: skip
    assert seen == []
    assert "nowhere" not in fsspec.filesystem("s3", use_listings_cache=False).ls("")


def test_a_worker_that_is_killed_costs_nothing_but_time(
    scenario: Scenario, whole: dict[str, bytes], client: Any, tmp_path: Path
) -> None:
    before = client.run(os.getpid)
    killed: list[int] = []

    def kill_one(done: int, _: int) -> None:
        if done and not killed:
            killed.append(next(iter(before.values())))
            os.kill(killed[0], signal.SIGKILL)

    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client, progress=kill_one)
    assert killed
    assert files(found) == whole
    wait_for_living(client)
    assert killed[0] not in client.run(os.getpid).values()


def test_work_goes_over_from_cluster_to_threads_and_back(
    scenario: Scenario, whole: dict[str, bytes], client: Any, tmp_path: Path
) -> None:
    run = partial(sim.sweep, scenario, DESIGN, REPLICATES, out=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(cluster=client, progress=stop_at(10))
    kept = N_CHUNKS - len([*store(scenario, DESIGN, tmp_path).missing()])
    assert kept >= 1
    with pytest.raises(KeyboardInterrupt):
        run(workers=1, progress=stop_at(32))
    assert N_CHUNKS - len([*store(scenario, DESIGN, tmp_path).missing()]) > kept
    assert files(run(cluster=client)) == whole


def test_workers_of_this_machine_leave_interrupts_to_the_process_that_asks(client: Any) -> None:
    assert set(client.run(ignores_interrupts).values()) == {True}


def test_few_chunks_are_with_the_scheduler_at_once(
    scenario: Scenario, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_FEWEST_CHUNKS", 1)
    monkeypatch.setattr(sending, "_CHUNKS_EACH", 1)
    most = [0]

    def count(*_: int) -> None:
        most[0] = max(most[0], sum("chunk" in str(key) for key in client.futures))

    sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client, progress=count)
    # One for each of two threads; the one that has just come back may still be known.
    assert 1 <= most[0] <= 3


def test_a_worker_of_another_version_is_refused_before_anything_is_written(
    scenario: Scenario, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = build_of_process()
    monkeypatch.setattr(working, "code_digest", lambda: "0123456789ab" + 52 * "0")
    monkeypatch.setattr(working, "versions", lambda: versions() | {"numpy": "1.0"})
    with pytest.raises(UnavailableError) as caught:
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)
    words = str(caught.value)
    wrong = f"code {own['code']} instead of 0123456789ab, numpy {own['numpy']} instead of 1.0"
    assert f"would compute something else: it has {wrong}" in words
    assert "the worker tcp://127.0.0.1:" in words
    assert not any(tmp_path.rglob("*.json"))


def test_a_worker_that_joins_late_checks_itself(
    scenario: Scenario, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "code_digest", lambda: "0123456789ab" + 52 * "0")
    # As if it had not been there when the others were asked.
    monkeypatch.setattr(sending.ClusterMaking, "_check_workers", lambda _: None)
    with pytest.raises(UnavailableError, match=r"code [0-9a-f]{12} instead of 0123456789ab"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)


def test_a_worker_without_this_package_is_refused(
    client: Any, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> dict[str, Exception]:
        return {"tcp://elsewhere:1": ModuleNotFoundError("No module named 'sim'")}

    monkeypatch.setattr(client, "run", missing)
    with pytest.raises(UnavailableError, match=r"tcp://elsewhere:1 does not run this version"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)


def test_a_worker_that_ends_before_it_answers_is_not_waited_for(
    client: Any,
    scenario: Scenario,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = client.run

    def with_one_that_ended(*given: Any, **options: Any) -> dict[str, Any]:
        return {
            "tcp://elsewhere:1": CommClosedError("the stream is closed"),
            **ask(*given, **options),
        }

    monkeypatch.setattr(client, "run", with_one_that_ended)
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)) == whole


def test_points_that_end_every_worker_are_an_error_in_words(
    scenario: Scenario,
    whole: dict[str, bytes],
    client: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(client.cluster.scheduler, "allowed_failures", 0)
        patch.setattr(sending, "make_chunk", die)
        with pytest.raises(RunError, match=r"points .* ended 1 workers(.|\n)*memory") as caught:
            sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)
    assert not isinstance(caught.value, InputError)
    wait_for_living(client)
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client)) == whole


def test_points_that_fail_are_tried_again_and_then_told(
    scenario: Scenario, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    design = sim.Design.grid({"local_control": [0.5]})
    monkeypatch.setattr(sending, "make_chunk", partial(count_and_fail, str(calls)))
    with pytest.raises(RunError, match=r"points 0 to 1 failed on a worker: ValueError: no such"):
        sim.sweep(scenario, design, REPLICATES, out=tmp_path, cluster=client)
    assert len([*calls.iterdir()]) == 1 + sending._RETRIES


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_a_store_that_fills_up_loses_nothing(
    scenario: Scenario, whole: dict[str, bytes], client: Any, tmp_path: Path
) -> None:
    url = f"file://{tmp_path}/shared"
    run = partial(sim.sweep, scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at=url)
    with pytest.raises(KeyboardInterrupt):
        run(workers=1, progress=stop_at(20))
    client.run(limit_files, 3000)
    try:
        with pytest.raises(
            UnavailableError, match=rf"cannot write to {tmp_path}/shared.*too large"
        ):
            run(cluster=client)
    finally:
        client.run(limit_files, -1)
    kept = chunk_store(tmp_path, plan_sweep(scenario, DESIGN, REPLICATES), url)
    # A worker that was still at work may have found room again.
    assert {0, 1}.isdisjoint(kept.missing())
    assert files(run(cluster=client)) == whole


def test_a_place_that_workers_do_not_share_is_told(
    scenario: Scenario, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Begun in one place, while the workers look in another.
    inputs = plan_sweep(scenario, DESIGN, REPLICATES)
    other = chunk_store(tmp_path / "other", inputs, f"file://{tmp_path}/other").place
    monkeypatch.setattr(sending, "brief_of", lambda inputs, _: brief_of(inputs, other))
    url = f"file://{tmp_path}/shared"
    with pytest.raises(UnavailableError, match=r"does not find the sweep in(.|\n)*share"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=client, chunks_at=url)


def test_point_0_is_simulated_once_in_a_worker(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = plan_sweep(scenario, DESIGN, REPLICATES)
    brief = brief_of(inputs, None)
    n_made = [0]

    def count(*arguments: Any, **options: Any) -> Any:
        n_made[0] += 1
        return run_futures(*arguments, **options)

    monkeypatch.setattr(making, "run_futures", count)
    for chunk, first in ((1, 8), (3, 24)):
        work = work_of(inputs, Wanted(chunk, [*range(first, first + 8)]), is_whole=True)
        found = working.make_chunk(build_of_process(), brief, pickle.dumps(work))
        assert found.contents is not None
        assert found.contents.keys() == {"points", "outcomes", "countries"}
    assert n_made == [1]


def test_a_sweep_that_grows_sends_only_what_is_new(
    scenario: Scenario, client: Any, s3: str, tmp_path: Path
) -> None:
    def grown(points: int) -> sim.Design:
        return sim.Design.table(dict(zip(DESIGN.names, DESIGN.points[:points].T, strict=True)))

    sim.sweep(scenario, grown(20), REPLICATES, out=tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    alone = files(sim.sweep(scenario, grown(40), REPLICATES, out=tmp_path / "alone"))
    for chunks_at in (None, f"{s3}/grown"):
        root = tmp_path / ("here" if chunks_at is None else "there")
        seen: list[int] = []
        found = sim.sweep(
            scenario, grown(40), REPLICATES, out=root, cluster=client, chunks_at=chunks_at,
            progress=partial(noted, seen),
        )  # fmt: skip
        assert seen[0] == 21
        assert files(found) == alone


def test_several_scenarios_and_failed_points_have_the_bytes_of_threads(
    scenario: Scenario, client: Any, tmp_path: Path
) -> None:
    other = scenario.with_changes({"name": "other", "providers.us.linkage": 0.9})
    design = sim.Design.table({"local_control": [0.1, 7.0, 0.6]})
    run = partial(sim.sweep, [scenario, other], design, REPLICATES, invalid_points="fail")
    found = run(out=tmp_path / "cluster", cluster=client)
    assert found.n_failed == 2
    assert files(found) == files(run(out=tmp_path / "threads"))
