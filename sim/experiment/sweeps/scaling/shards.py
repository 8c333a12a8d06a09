"""Shards of a sweep, made apart, and their merging into one result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, Problem, at_home
from sim.experiment.store.results import find_finished
from sim.experiment.store.sweep_folders import UNFINISHED
from sim.experiment.sweeps.chunks import ChunkStore
from sim.experiment.sweeps.earlier.reused import EarlierPoints
from sim.experiment.sweeps.running import REFUSE, chunk_store, fill, opened, sweep

if TYPE_CHECKING:
    from distributed import Client

    from sim.experiment.sweeps.inputs import SweepInputs
    from sim.experiment.sweeps.running import Progress
    from sim.experiment.sweeps.stored import StoredSweep

MOST_SHARDS = 100_000
_MOST_NAMED = 8


class Shard(NamedTuple):
    """One of several parts of a sweep.

    Parameters
    ----------
    number : int
        1 to `of`.
    of : int
        How many shards there are.
    """

    number: int
    of: int

    def chunks(self, n_chunks: int) -> range:
        """Return the chunks of the shard: every `of`-th, so that each shard has similar points.

        Examples
        --------
        >>> [*Shard(3, 8).chunks(20)]
        [2, 10, 18]
        """
        return range(self.number - 1, n_chunks, self.of)


def read_shard(text: str) -> Shard:
    """Return a shard written as ``3/8``.

    Raises
    ------
    InputError
        If the text is not two whole numbers, the first at most the second.
    """
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip(), re.ASCII)
    if found:
        shard = Shard(int(found[1]), int(found[2]))
        if 1 <= shard.number <= shard.of <= MOST_SHARDS:
            return shard
    rule = f"shard = {text[:40]!r} must be K/N, with K from 1 to N and N at most {MOST_SHARDS:,}."
    raise InputError([Problem("", 0, rule, "For example 3/8, the third of eight shards.")])


def make_shard(
    inputs: SweepInputs,
    shard: Shard,
    root: Path,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    invalid_points: str = REFUSE,
    cluster: str | Client | None = None,
    chunks_at: str | None = None,
) -> ChunkStore:
    """Make the chunks of one shard and leave them for `merge_shards`.

    Parameters
    ----------
    inputs : SweepInputs
        The whole sweep, from `plan_sweep`.
    shard : Shard
        Which part to make.
    root : Path
        Root of all results.
    workers, progress, invalid_points, cluster, chunks_at
        As `sweep` has them; progress is that of the shard.

    Returns
    -------
    ChunkStore
        The chunks, those of other shards included if they are at the same place.
    """
    chunks = chunk_store(root, inputs, chunks_at)
    if find_finished(root, inputs) is None:
        with opened(inputs, workers, None, cluster, chunks if chunks_at else None) as making:
            some = shard.chunks(chunks.n_chunks)
            earlier = EarlierPoints(root, inputs)
            fill(inputs, chunks, earlier, root, making, progress, False, invalid_points, some)
    return chunks


def merge_shards(
    inputs: SweepInputs,
    sources: Sequence[str],
    root: Path,
    *,
    invalid_points: str = REFUSE,
    command_line: tuple[str, ...] | None = None,
    chunks_at: str | None = None,
) -> StoredSweep:
    """Join shards that were made apart.

    Parameters
    ----------
    inputs : SweepInputs
        The whole sweep.
    sources : sequence of str
        Roots of results, or URLs, that hold shards of it.
    root : Path
        Root of all results; shards in it count too.
    invalid_points, command_line, chunks_at
        As `sweep` has them.

    Raises
    ------
    InputError
        If a source has no shard of this sweep, or chunks are missing. What was found is kept.
    """
    chunks = chunk_store(root, inputs, chunks_at)
    if find_finished(root, inputs) is None:
        stores = [_source(source, inputs) for source in sources]
        if not chunks.is_begun:
            chunks.begin()
        left = [chunk for chunk in chunks.missing() if not _copied(chunk, stores, chunks)]
        if left:
            raise InputError([_unmerged(chunks, left)])
    return sweep(
        inputs.scenarios,
        inputs.design,
        inputs.replicates,
        inputs.seed,
        root,
        heading=inputs.heading,
        invalid_points=invalid_points,
        command_line=command_line,
        chunks_at=chunks_at,
    )


def _source(source: str, inputs: SweepInputs) -> ChunkStore:
    """Return the chunks below a root of results or a URL."""
    is_url = "://" in source
    folder = Path() if is_url else at_home(Path(source))
    found = chunk_store(folder, inputs, source if is_url else None)
    if found.is_begun:
        return found
    named = folder / inputs.folder.parent
    others = [] if is_url else sorted(path.name for path in named.glob(f"*{UNFINISHED}"))
    rule = f"{source[:200]} has no shard of the sweep {inputs.heading.name} ({inputs.run_id})."
    remedy = "Name the folder that was given as --results, or the URL of --chunks-at."
    if others:
        shown = ", ".join(name.removesuffix(UNFINISHED) for name in others[:_MOST_NAMED])
        remedy = (
            f"It has {shown}: another design, scenario, seed, number of futures, or version of "
            "alignsim. Merge with what the shard was made with."
        )
    raise InputError([Problem("", 0, rule, remedy)])


def _copied(chunk: int, stores: Sequence[ChunkStore], chunks: ChunkStore) -> bool:
    """Copy a chunk from the first place that has it whole; return whether there is one."""
    for store in stores:
        if store.is_done(chunk):
            chunks.put(chunk, store.contents(chunk))
            return True
    return False


def _unmerged(chunks: ChunkStore, left: Sequence[int]) -> Problem:
    """Return the problem of chunks that no shard has."""
    spans = [chunks.points(chunk) for chunk in left[:_MOST_NAMED]]
    shown = ", ".join(f"{span[0]:,} to {span[-1]:,}" for span in spans)
    more = f" and {len(left) - _MOST_NAMED:,} more parts" if len(left) > _MOST_NAMED else ""
    rule = f"{chunks.count(left):,} of {chunks.n_points:,} points are in no shard: {shown}{more}."
    remedy = (
        "Make the missing shards, or name where they are; or run the sweep without --merge, which "
        f"makes these points here. The points that were found are kept in {chunks.place}."
    )
    return Problem("", 0, rule, remedy)
