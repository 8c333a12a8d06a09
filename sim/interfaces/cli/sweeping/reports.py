"""How far a sweep is, and what it will take, in words and as data."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.interfaces.cli.output import bytes_in_words, notice, show_json
from sim.interfaces.cli.progress import announce_compilation, shown_duration
from sim.words.wording import listed

if TYPE_CHECKING:
    from sim.experiment.sweeps.scaling.estimate import RemainingWork
    from sim.interfaces.cli.sweeping.asked import SweepRequest


def show_status(asked: SweepRequest) -> None:
    """Print how far a sweep is."""
    from sim.experiment.sweeps.scaling.status import sweep_status

    found = sweep_status(asked.results, asked.inputs, asked.chunks_at)
    if asked.as_json:
        show_json(asdict(found))
        return
    print(f"{found.name} ({found.run_id}): {found.state}")
    failed = f"; {found.n_failed:,} of them failed" if found.n_failed else ""
    print(f"  {found.n_done:,} of {found.n_points:,} points are done{failed}")
    if found.newest is not None:
        ago = shown_duration(time.time() - found.newest)
        print(f"  the newest points were written {ago} ago")
    if found.state != "not begun":
        print(f"  {'Tables' if found.state == 'finished' else 'Points'}: {found.place}")
    if found.others and not asked.quiet:
        print(f"  Other sweeps of this name, from other inputs: {', '.join(found.others)}")


def show_estimate(asked: SweepRequest) -> None:
    """Print what a sweep will take."""
    found = _estimated(asked)
    if asked.as_json:
        values = {"seconds": found.seconds, "most_bytes": found.most_bytes}
        show_json(asdict(found) | values | {"free_bytes": free_bytes(asked.results)})
        return
    print("\n".join(_in_words(found)))
    print(f"  free disk      {bytes_in_words(free_bytes(asked.results))}")


def _estimated(asked: SweepRequest) -> RemainingWork:
    """Try a few points and return what the sweep will take."""
    from sim.experiment.sweeps.scaling.estimate import estimate_sweep, threads_here

    threads = threads_here(asked.workers)
    if asked.cluster is not None:
        threads = max(1, sum(asked.cluster.nthreads().values()))
    if not asked.is_silent:
        announce_compilation()
    return estimate_sweep(asked.inputs, _points_left(asked), threads)


def _points_left(asked: SweepRequest) -> int:
    """Return how many points would be simulated."""
    from sim.experiment.sweeps.earlier.reused import EarlierPoints
    from sim.experiment.sweeps.running import chunk_store
    from sim.experiment.sweeps.scaling.estimate import points_left

    if asked.fresh:
        return asked.inputs.n_points
    chunks = chunk_store(asked.results, asked.inputs, asked.chunks_at)
    # The finished sweep itself, if there is one, has the points that did not fail.
    return points_left(chunks, EarlierPoints(asked.results, asked.inputs))


def check_budget(asked: SweepRequest, hours: float, n_shards: int = 1) -> None:
    """Ask before a sweep that takes longer than the budget, or more disk than is free.

    Nothing is tried if no machine could need so long for the points that are left.

    Parameters
    ----------
    asked : SweepRequest
    hours : float
        The budget.
    n_shards : int
        Of how many parts one will be made.

    Raises
    ------
    InputError
        If the answer is no, or nobody can be asked.
    """
    from sim.experiment.sweeps.scaling.estimate import FEWEST_FUTURES_A_SECOND

    most = asked.inputs.n_points / n_shards
    if most * asked.replicates / FEWEST_FUTURES_A_SECOND <= hours * 3600:
        return
    n_left = _points_left(asked) / n_shards
    if n_left * asked.replicates / FEWEST_FUTURES_A_SECOND <= hours * 3600:
        return
    whole = _estimated(asked)
    found = replace(whole, n_left=-(-whole.n_left // n_shards))
    free = free_bytes(asked.results)
    reasons = []
    if found.seconds > hours * 3600:
        budget = shown_duration(hours * 3600)
        reasons.append(f"about {shown_duration(found.seconds)}, more than the budget of {budget}")
    needed = found.chunk_bytes // n_shards if asked.chunks_at is None else 0
    if n_shards == 1:
        needed += found.result_bytes
    if needed > free:
        reasons.append(
            f"{bytes_in_words(needed)} of disk, but only {bytes_in_words(free)} are free"
        )
    if not reasons:
        return
    rule = f"this sweep will take {listed(reasons)}."
    if not asked.is_silent and sys.stdin.isatty() and sys.stderr.isatty():
        import typer

        notice("\n".join(_in_words(found)))
        if typer.confirm(f"This sweep will take {listed(reasons)}. Run it?", err=True):
            return
    remedy = "Give --yes to run it all the same, a larger --budget, fewer points or futures."
    raise InputError([Problem("", 0, rule, remedy)])


def free_bytes(root: Path) -> int:
    """Return the free room on the disk of a folder that may not exist yet."""
    folder = root.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _in_words(found: RemainingWork) -> list[str]:
    """Return an estimate as lines of text."""
    done = found.n_points - found.n_left
    kept = f", {done:,} of them done" if done else ""
    futures = found.n_points * found.replicates
    each = f"{found.seconds_a_point:.2g} s of one thread each"
    return [
        f"  points         {found.n_points:,}{kept}; {each}",
        f"  futures        {futures:,}, {found.replicates:,} at each point",
        f"  time           about {shown_duration(found.seconds)} on {found.threads:,} threads",
        f"  disk           {bytes_in_words(found.result_bytes)} for the tables, "
        f"{bytes_in_words(found.most_bytes)} until the sweep is finished",
    ]
