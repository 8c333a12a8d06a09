"""What a worker of a cluster does: it checks what it runs, then makes a chunk."""

from __future__ import annotations

import os
import pickle
import platform
import socket
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.experiment.store.identity import LIBRARIES, code_digest, versions
from sim.experiment.store.sweep_folders import MARK_FILE
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.sweeps.chunks import Files, encoded, put_chunk
from sim.experiment.sweeps.earlier.reused import joined
from sim.experiment.sweeps.inputs import ScenarioPoints, numbers_in
from sim.experiment.sweeps.making import TableMaker

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from sim.experiment.sweeps.chunks import Place
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.scenario import Scenario

_PREPARING = threading.Lock()
# Digits of a digest that messages show.
_SHOWN = 12

# Digests of code and facts, and versions of Python and libraries, by name: plain, so that any
# version of this package can read it.
Build = dict[str, str]


class Brief(NamedTuple):
    """What a worker must know of a sweep besides the points of a chunk.

    Parameters
    ----------
    scenarios : tuple of Scenario
        The scenarios to vary.
    fields_of_each : tuple of tuples of SweptField
        The numbers that the points set, as each scenario has them.
    n_each : int
        Number of points of each scenario, including the scenario as it stands.
    replicates, seed : int
        Futures of each point, and their seed.
    run_id : str
        Identifier of the sweep.
    place : Place or None
        Where workers write chunks; None if chunks travel to the process that asked.
    """

    scenarios: tuple[Scenario, ...]
    fields_of_each: tuple[tuple[SweptField, ...], ...]
    n_each: int
    replicates: int
    seed: int
    run_id: str
    place: Place | None

    def numbers_in(self, table: pa.Table) -> NDArray[np.int64]:
        """Return the place in the whole sweep of the point in each row of a table."""
        return numbers_in(table, [scenario.name for scenario in self.scenarios], self.n_each)


class Work(NamedTuple):
    """Points of a chunk that are to be simulated.

    Parameters
    ----------
    chunk : int
        Number of the chunk.
    is_whole : bool
        Whether these are all points of the chunk.
    parts : list of (int, tuple of int, ndarray)
        What `ScenarioPoints` has, and the values that the design sets at its points except point 0.
    """

    chunk: int
    is_whole: bool
    parts: list[tuple[int, tuple[int, ...], NDArray[np.float64]]]


class Made(NamedTuple):
    """What a worker made of a chunk: the content of its files, or what it wrote to the place."""

    contents: dict[str, bytes] | None
    files: Files | None


def build_of_process() -> Build:
    """Return what the results of this process follow from besides their inputs."""
    from sim.data import load_facts

    found = versions()
    major, minor, _ = platform.python_version_tuple()
    return {
        "code": code_digest()[:_SHOWN],
        "facts": load_facts().hash[:_SHOWN],
        "Python": f"{major}.{minor}",
        **{name: found[name] for name in LIBRARIES},
    }


def differing(own: Build, other: Build) -> list[str]:
    """Return in words where another build differs from the one that is needed.

    Examples
    --------
    >>> differing({"code": "ab", "numpy": "2.1"}, {"code": "cd", "numpy": "2.1"})
    ['code cd instead of ab']
    """
    return [
        f"{name} {other.get(name, 'unknown')} instead of {own[name]}"
        for name in own
        if other.get(name) != own[name]
    ]


def check_build(asked: Build, given: Build, worker: str) -> None:
    """Refuse a worker whose results could differ.

    Raises
    ------
    UnavailableError
        If its code, facts, Python or libraries are not those asked for.
    """
    wrong = differing(asked, given)
    if wrong:
        raise UnavailableError(
            f"the worker {worker} would compute something else: it has {', '.join(wrong)}.",
            "Install the same alignsim and the same libraries on every worker, then start them "
            "again; the same command continues the sweep.",
        )


def make_chunk(asked: Build, brief: bytes, work: bytes) -> Made:
    """Make a chunk of a sweep on a worker, or some of its points.

    Parameters
    ----------
    asked : Build
        What the process that asked runs.
    brief, work : bytes
        A `Brief` and a `Work`. They are unpickled after the check, since another version may not be
        able to.

    Raises
    ------
    UnavailableError
        If this worker runs something else, or cannot reach or write to the place of the chunks.
    """
    check_build(asked, build_of_process(), f"{socket.gethostname()} (process {os.getpid()})")
    about = _read(brief)
    chunk, is_whole, parts = _unpickled(work)
    # Where points of earlier sweeps are missing, only the process that asked has them.
    place = about.place if is_whole else None
    if place is not None:
        _check_shared(place)
    maker = _maker(brief)
    made = [
        tables
        for which, points, cells in parts
        for tables in maker.tables(ScenarioPoints(which, points), cells, maker.baseline(which))
    ]
    n_points = sum(len(points) for _, points, _ in parts)
    contents = encoded(joined(about, made, n_points))
    if place is None:
        return Made(contents, None)
    return Made(None, put_chunk(place, about.run_id, chunk, contents))


def _unpickled(content: bytes) -> Any:
    """Return what the process that started the sweep sent; it sent the call itself too."""
    return pickle.loads(content)  # noqa: S301


@lru_cache(maxsize=2)
def _read(brief: bytes) -> Brief:
    return Brief(*_unpickled(brief))


@lru_cache(maxsize=2)
def _prepared(brief: bytes) -> TableMaker:
    about = _read(brief)
    return TableMaker(about.scenarios, about.fields_of_each, about.replicates, about.seed)


def _maker(brief: bytes) -> TableMaker:
    """Return the maker of a sweep, which the threads of a worker share."""
    with _PREPARING:
        return _prepared(brief)


def _check_shared(place: Place) -> None:
    """Refuse to work if this worker does not see the place that the sweep was begun in."""
    if not place.is_there(MARK_FILE):
        raise UnavailableError(
            f"the worker {socket.gethostname()} does not find the sweep in {place}.",
            "Name a place that every worker and this machine share; the sweep may also have been "
            "finished or removed meanwhile.",
        )


def dask_setup(worker: Any) -> None:
    """Let a worker of a local cluster leave interrupts to the process that started it.

    Dask calls it when a worker that loads this module starts. Ctrl-C in a terminal reaches every
    process; the one that started the cluster stops the others.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
