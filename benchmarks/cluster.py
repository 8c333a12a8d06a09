"""Measure sweeps on Dask workers beside threads: ``python -m benchmarks.cluster``.

Processor time says what the work costs even where others use the cores too; wall times are given as
ratios of runs that took turns. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.making import TableMaker, cells_of
from sim.experiment.sweeps.points import points_together
from sim.experiment.sweeps.running import plan_sweep, sweep
from sim.experiment.sweeps.scaling.connecting import connected
from sim.experiment.sweeps.scaling.shards import Shard, make_shard
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Client

    from sim.experiment.sweeps.inputs import SweepInputs

POINTS = 127  # and point 0: sixteen chunks
REPLICATES = 100
TURNS = 3
LARGEST = 99_999
RANGES = {
    "local_control": (0.0, 1.0),
    "cost_share": (0.0, 1.0),
    "providers.us.linkage": (0.0, 1.0),
    "providers.china.linkage": (0.0, 1.0),
    "parameters.w_peer": (0.5, 3.0),
    "parameters.w_affinity": (0.5, 3.0),
    "parameters.w_sovereignty": (0.5, 3.0),
    "parameters.w_waiting": (0.1, 1.0),
}


class Spent(NamedTuple):
    """Seconds on the clock, and of processor time here and in the workers."""

    wall: float
    here: float
    workers: float = 0.0

    @property
    def processor(self) -> float:
        """Processor time of all processes."""
        return self.here + self.workers


def inputs_of(points: int) -> SweepInputs:
    """Return a sweep of the baseline over eight numbers."""
    design = Design.latin_hypercube(RANGES, points)
    return plan_sweep(load_scenario("baseline"), design, REPLICATES)


def spent(work: Callable[[], Any], client: Client | None = None) -> Spent:
    """Return what some work takes."""
    before = sum(client.run(time.process_time).values()) if client else 0.0
    wall, here = time.perf_counter(), time.process_time()
    work()
    wall, here = time.perf_counter() - wall, time.process_time() - here
    after = sum(client.run(time.process_time).values()) if client else 0.0
    return Spent(wall, here, after - before)


def compute(inputs: SweepInputs) -> None:
    """Make the tables of all points in one thread, and keep none."""
    scenarios, fields = inputs.scenarios, inputs.fields_of_each
    maker = TableMaker(scenarios, fields, inputs.replicates, inputs.seed)
    for part in inputs.parts(range(inputs.n_points), points_together(inputs.replicates)):
        maker.tables(part, cells_of(inputs, part), maker.baseline(part.which))


def run(inputs: SweepInputs, workers: int | None = None, client: Client | None = None) -> None:
    """Run the sweep to its end, on threads or on a cluster."""
    with tempfile.TemporaryDirectory() as folder:
        sweep(
            inputs.scenarios[0], inputs.design, inputs.replicates, inputs.seed, folder, workers,
            cluster=client,
        )  # fmt: skip


def best(found: list[Spent]) -> Spent:
    """Return the turn that took the least processor time."""
    return min(found, key=lambda each: each.processor)


def report_overhead(inputs: SweepInputs) -> None:
    """Print what store and Dask add to the work itself, with one thread each."""
    bare, threads, dask = [], [], []
    with connected("local:1") as client:
        run(inputs, client=client)
        for _ in range(TURNS):
            bare.append(spent(partial(compute, inputs)))
            threads.append(spent(partial(run, inputs, workers=1)))
            dask.append(spent(partial(run, inputs, client=client), client))
    alone, here, there = best(bare), best(threads), best(dask)
    futures = inputs.n_points * inputs.replicates
    print(f"{inputs.n_points} points x {inputs.replicates} futures, one thread")
    print(f"  futures and tables alone   {alone.processor:6.1f} s of processor time, "
          f"{futures / alone.processor:,.0f} futures a second")  # fmt: skip
    for name, found in (("a sweep on a thread", here), ("a sweep on Dask", there)):
        more = found.processor / alone.processor - 1
        wall = min(each.wall for each in (threads if found is here else dask))
        ratio = wall / min(each.wall for each in bare)
        print(f"  {name:24}   {found.processor:6.1f} s ({more:+.1%}), "
              f"{ratio:.2f} times as long on the clock")  # fmt: skip
    each = there.here / (inputs.n_points / 8)
    print(f"  the process that asks      {there.here:6.1f} s: {each * 1000:.0f} ms a chunk, "
          f"enough for {there.workers / there.here:.0f} cores")  # fmt: skip


def report_threads_or_processes(inputs: SweepInputs) -> None:
    """Print two threads of this process, of one worker, and two workers of one thread."""
    from distributed import Client, LocalCluster

    found: dict[str, list[Spent]] = {}
    one = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": ":0"}
    with (
        LocalCluster(host="127.0.0.1", **one) as threaded,
        Client(threaded) as in_threads,
        connected("local:2") as in_processes,
    ):
        ways: dict[str, tuple[int | None, Client | None]] = {
            "two threads here": (2, None),
            "a worker of two threads": (None, in_threads),
            "two workers of a thread": (None, in_processes),
        }
        for turn in range(TURNS + 1):
            for name, (workers, client) in ways.items():
                taken = spent(partial(run, inputs, workers, client), client)
                if turn:
                    found.setdefault(name, []).append(taken)
    first = min(each.wall for each in found["two threads here"])
    for name, each in found.items():
        wall = min(taken.wall for taken in each)
        print(f"  {name:26} {wall:6.1f} s ({wall / first:.2f} times), "
              f"{best(each).processor:.1f} s of processor time")  # fmt: skip


def report_largest(of: int) -> None:
    """Print what a part of the largest sweep takes, in a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.cluster", "--part", str(of)], check=True)


def one_part(of: int) -> None:
    """Make one of some shards of 100,000 points on two workers; print time, disk and memory."""
    begin = time.perf_counter()
    inputs = inputs_of(LARGEST)
    shard = Shard(1, of)
    with tempfile.TemporaryDirectory() as folder, connected("local:2") as client:
        ready = time.perf_counter()
        taken: list[Any] = []

        def make() -> None:
            taken.append(make_shard(inputs, shard, Path(folder), cluster=client))

        used = spent(make, client)
        (chunks,) = taken
        n_points = chunks.count(shard.chunks(chunks.n_chunks))
        size = sum(path.stat().st_size for path in chunks.folder.glob("[0-9]*"))
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    futures = n_points * inputs.replicates
    print(f"one of {of} parts of {inputs.n_points:,} points x {inputs.replicates} futures")
    print(f"  ready after                {ready - begin:6.1f} s")
    print(f"  {n_points:5,} points               {used.wall:6.1f} s on two workers")
    print(f"  processor time             {used.here:6.1f} s here, {used.workers:.1f} s in workers")
    print(f"  futures a second a core    {futures / used.workers:6,.0f}")
    print(f"  chunks                     {size / n_points / 1000:6.1f} kB a point")
    print(f"  memory of this process     {peak / 1e6:6.0f} MB at most", flush=True)


def main() -> None:
    """Run all measurements, or make the part of the largest sweep that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=int, help="only one of so many parts of 100,000 points")
    of = parser.parse_args().part
    if of is not None:
        one_part(of)
        return
    inputs = inputs_of(POINTS)
    report_overhead(inputs)
    report_threads_or_processes(inputs)
    sys.stdout.flush()
    report_largest(of=100)


if __name__ == "__main__":
    main()
