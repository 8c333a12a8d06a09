"""Sending chunks to the workers of a cluster, a few at a time, and keeping what comes back.

Dask restarts workers, gives the work of a lost one to another, and tries a chunk again that failed.
Only a few chunks are with the scheduler at any time, so memory does not grow with the sweep.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import pickle
import secrets
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.errors import RunError, SimError
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.sweeps.chunks import decoded
from sim.experiment.sweeps.making import cells_of, completed
from sim.experiment.sweeps.points import points_together
from sim.experiment.sweeps.scaling.working import (
    Brief,
    Made,
    Work,
    build_of_process,
    check_build,
    make_chunk,
)

if TYPE_CHECKING:
    from distributed import Client, Future

    from sim.experiment.sweeps.chunks import ChunkStore, Place
    from sim.experiment.sweeps.earlier.reused import EarlierPoints
    from sim.experiment.sweeps.inputs import SweepInputs
    from sim.experiment.sweeps.making import Wanted

# Chunks with the scheduler for each thread of the workers: one under way and one waiting.
_CHUNKS_EACH = 2
_FEWEST_CHUNKS = 4
# How often the scheduler tries a chunk again that raised an error, such as one of the network.
_RETRIES = 2
# How often the threads of the workers are counted.
_SECONDS_BETWEEN_COUNTS = 2.0


class ClusterMaking:
    """Makes chunks on the workers of a cluster.

    Parameters
    ----------
    client : distributed.Client
    inputs : SweepInputs
        The sweep; its facts are the shipped ones.
    place : Place, optional
        Where workers write; what they make travels to this process unless given.

    Raises
    ------
    UnavailableError
        If a worker runs other code, facts or libraries than this process.
    """

    def __init__(self, client: Client, inputs: SweepInputs, place: Place | None = None) -> None:
        self._client = client
        self._inputs = inputs
        self._build = build_of_process()
        self._brief = brief_of(inputs, place)
        self._address = str(client.scheduler.address)
        self._check_workers()

    @property
    def workers(self) -> int:
        """Threads of all workers at this moment."""
        return sum(self._client.nthreads().values())

    def _check_workers(self) -> None:
        """Refuse a cluster in which a worker would compute something else."""
        from distributed.comm import CommClosedError

        found = self._client.run(build_of_process, on_error="return")
        for worker, build in found.items():
            if isinstance(build, CommClosedError):
                continue  # It has just ended. Whoever takes its place checks its own build.
            if isinstance(build, Exception):
                raise UnavailableError(
                    f"the worker {worker} does not run this version of alignsim ({build}).",
                    "Install the same alignsim on every worker, then start them again.",
                )
            check_build(self._build, build, worker)

    def made(
        self, chunks: ChunkStore, earlier: EarlierPoints, todo: Sequence[Wanted]
    ) -> Generator[int, None, None]:
        """Make some chunks; yield the number of points of each as it is written."""
        from distributed import as_completed

        # A name for the dashboard, and a mark, since another process may send the same chunks.
        mark = secrets.token_hex(4)
        with self._told():
            # A task of its own, so that the scheduler can make it again on another worker.
            brief = self._client.submit(
                _passed, self._brief, key=(f"alignsim-sweep-{mark}", 0), pure=False
            )
        queue = as_completed(loop=self._client.loop)
        sent: dict[Future, Wanted] = {}
        waiting = iter(todo)
        counted = -_SECONDS_BETWEEN_COUNTS
        try:
            while True:
                if time.monotonic() - counted > _SECONDS_BETWEEN_COUNTS:
                    with self._told(OSError):
                        most = max(_FEWEST_CHUNKS, _CHUNKS_EACH * self.workers)
                    counted = time.monotonic()
                while len(sent) < most and (wanted := next(waiting, None)) is not None:
                    if not wanted.left:
                        # Earlier sweeps have all of its points.
                        tables = completed(self._inputs, chunks, earlier, wanted, [])
                        chunks.write(wanted.chunk, tables)
                        continue
                    future = self._send(chunks, wanted, brief, mark)
                    sent[future] = wanted
                    queue.add(future)
                if not sent:
                    return
                future = next(queue)
                wanted = sent.pop(future)
                self._keep(chunks, earlier, wanted, self._result(future, wanted.left))
                yield len(wanted.left)
        finally:
            # Tasks that nobody waits for are given up; the scheduler may be gone by now.
            with suppress(Exception):
                self._client.cancel([*sent, brief])

    def _send(self, chunks: ChunkStore, wanted: Wanted, brief: Any, mark: str) -> Future:
        """Give a chunk to the scheduler."""
        is_whole = len(wanted.left) == len(chunks.points(wanted.chunk))
        work = pickle.dumps(work_of(self._inputs, wanted, is_whole))
        with self._told():
            return self._client.submit(
                make_chunk,
                self._build,
                brief,
                work,
                key=(f"alignsim-chunk-{mark}", wanted.chunk),
                retries=_RETRIES,
                pure=False,
            )

    def _keep(self, chunks: ChunkStore, earlier: EarlierPoints, wanted: Wanted, made: Made) -> None:
        """Write a chunk, or remember what the worker wrote."""
        if made.files is not None:
            chunks.confirm(wanted.chunk, made.files)
        elif made.contents is not None and len(wanted.left) == len(chunks.points(wanted.chunk)):
            chunks.put(wanted.chunk, made.contents)
        elif made.contents is not None:
            tables = completed(self._inputs, chunks, earlier, wanted, [decoded(made.contents)])
            chunks.write(wanted.chunk, tables)

    def _result(self, future: Future, points: Sequence[int]) -> Made:
        """Return what a worker made, or say in words why it made nothing."""
        from distributed import KilledWorker

        here = f"points {points[0]:,} to {points[-1]:,}"
        try:
            with self._told():
                found: Made = future.result()
                return found
        except SimError:
            raise
        except KilledWorker as error:
            raise RunError(
                f"{here} ended {error.allowed_failures + 1} workers one after another.\n"
                "  Their memory may be too small: give each more, or fewer threads. Their logs say "
                "more.\n  The same command continues the sweep."
            ) from error
        # A worker may fail in any way.
        except Exception as error:
            raise RunError(
                f"{here} failed on a worker: {type(error).__name__}: {error}\n"
                "  The same command continues the sweep."
            ) from error

    def _told(self, *signs: type[Exception]) -> _LostAsWords:
        return _LostAsWords(self._address, signs)


class _LostAsWords:
    """Turns the errors of a lost scheduler into one in words.

    Parameters
    ----------
    address : str
        Address of the scheduler.
    signs : tuple of types
        Errors that say so here, besides those that always do.
    """

    def __init__(self, address: str, signs: tuple[type[Exception], ...]) -> None:
        self._address = address
        self._signs = signs

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError

        lost = (
            asyncio.CancelledError,
            concurrent.futures.CancelledError,
            CommClosedError,
            ClosedClientError,
            *self._signs,
        )
        if isinstance(error, lost):
            raise UnavailableError(
                f"the scheduler at {self._address} was lost.",
                "Start a cluster again, or leave the cluster out; the same command continues the "
                "sweep.",
            ) from error


def brief_of(inputs: SweepInputs, place: Place | None) -> bytes:
    """Return what workers must know of a sweep, as bytes."""
    brief = Brief(
        inputs.scenarios,
        inputs.fields_of_each,
        inputs.n_each,
        inputs.replicates,
        inputs.seed,
        inputs.run_id,
        place,
    )
    return pickle.dumps(tuple(brief))


def work_of(inputs: SweepInputs, wanted: Wanted, is_whole: bool) -> tuple[Any, ...]:
    """Return the points of a chunk that are to be simulated, with their values."""
    parts = inputs.parts(wanted.left, points_together(inputs.replicates))
    own = [(part.which, part.points, cells_of(inputs, part)) for part in parts]
    return tuple(Work(wanted.chunk, is_whole, own))


def _passed(brief: bytes) -> bytes:
    """Return what every chunk of a sweep needs, for a task that holds it."""
    return brief
