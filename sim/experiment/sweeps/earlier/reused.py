"""Points that earlier sweeps have done: found by content, so that a sweep that grows reuses them.

The hash of a scenario at a point, with the hash of the scenario as it stands, the seed, the number
of futures, the facts and the code, determines every number of the point. Its rows in a finished
sweep of the same folder of results are therefore the rows that would be computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.errors import ResultError, RunError
from sim.experiment.catalogue.places import find_places
from sim.experiment.rounding import round_numbers
from sim.experiment.store.identity import code_digest
from sim.experiment.store.manifest import read_manifest
from sim.experiment.sweeps.bounds import ARROW_ERRORS
from sim.experiment.sweeps.chunks import ChunkDamagedError
from sim.experiment.sweeps.designs.invalid import invalid_points
from sim.experiment.sweeps.point_tables import POINT, PointTables, table_heads
from sim.experiment.sweeps.stored import StoredSweep
from sim.experiment.sweeps.variants import variant_hashes
from sim.experiment.tables.files import arrow_schema
from sim.experiment.tables.shared_columns import SCENARIO

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

# Bytes of a hash by which points are found; two points do not share so many.
_KEY_BYTES = 16
# What two sweeps must share, besides code and facts, for the same point to have the same rows.
_SHARED = ("seed", "replicates", "futures_per_draw", "facts_hash")


class _Source(NamedTuple):
    """Points of one scenario in a finished sweep, in the order of their keys."""

    sweep: StoredSweep
    scenario: str
    keys: NDArray[np.bytes_]
    points: NDArray[np.int64]


class _Known(NamedTuple):
    """Where a point is found."""

    source: _Source
    point: int


class EarlierPoints:
    """The points of a sweep that finished sweeps in a folder of results have.

    Parameters
    ----------
    root : Path or None
        Root of all results; None if nothing is to be reused.
    inputs : SweepInputs
        The sweep that is to be made.
    """

    def __init__(self, root: Path | None, inputs: SweepInputs) -> None:
        self._root = root
        self._inputs = inputs

    @cached_property
    def _sources(self) -> dict[int, list[_Source]]:
        """The sources for each scenario of the sweep, by its place."""
        found: dict[int, list[_Source]] = {}
        if self._root is None:
            return found
        by_hash = {scenario.hash: n for n, scenario in enumerate(self._inputs.scenarios)}
        for sweep in self._comparable({*by_hash}):
            try:
                sweep.check_tables()
                rows = sweep.arrow("points", [SCENARIO.name, POINT.name, "scenario_hash", "error"])
            except RunError:
                continue
            for scenario in sweep.scenarios:
                if scenario.hash in by_hash:
                    source = _source(sweep, scenario.name, rows)
                    found.setdefault(by_hash[scenario.hash], []).append(source)
        return found

    def _comparable(self, hashes: set[str]) -> Iterator[StoredSweep]:
        """Yield the finished sweeps of one of the scenarios, with the same futures and code."""
        assert self._root is not None
        own = {key: getattr(self._inputs, key) for key in _SHARED}
        for place in find_places(self._root, only="sweep"):
            if place.state != "finished":
                continue
            try:
                manifest = read_manifest(place.folder)
                if _is_comparable(manifest, own, hashes):
                    yield StoredSweep(place.folder, manifest)
            except ResultError:
                # Damaged, or of a version that cannot be read: its points are made again.
                continue

    def missing(self, numbers: Sequence[int]) -> list[int]:
        """Return which of some points, by their places in the sweep, no finished sweep has."""
        known = self._find(numbers)
        return [number for number in numbers if number not in known]

    def tables(self, numbers: Sequence[int]) -> list[dict[str, pa.Table]]:
        """Return the rows of those of some points that finished sweeps have, by table.

        Raises
        ------
        ChunkDamagedError
            If a sweep was removed or changed since its points were found.
        """
        # A design may have a point twice; both are then one point of the earlier sweep.
        by_source: dict[int, dict[int, list[int]]] = {}
        sources: dict[int, _Source] = {}
        for number, known in self._find(numbers).items():
            sources[id(known.source)] = known.source
            by_source.setdefault(id(known.source), {}).setdefault(known.point, []).append(number)
        found = []
        for key, places in by_source.items():
            try:
                found.append(self._rows(sources[key], places))
            except (RunError, *ARROW_ERRORS) as error:
                self.__dict__.pop("_sources", None)
                path = sources[key].sweep.path
                raise ChunkDamagedError(
                    f"{path}, whose points are reused, was changed while the sweep was under way.\n"
                    "  Run the same command again: it makes these points anew."
                ) from error
        return found

    def _find(self, numbers: Sequence[int]) -> dict[int, _Known]:
        """Return where some points are found, by their places in the sweep."""
        inputs = self._inputs
        found: dict[int, _Known] = {}
        if not self._sources:
            return found
        for part in inputs.parts(numbers, len(numbers) or 1):
            sources = self._sources.get(part.which)
            if not sources:
                continue
            for point, digest in self._hashes(part.which, part.points).items():
                known = next((k for s in sources if (k := _in_source(s, digest))), None)
                if known is not None:
                    found[part.which * inputs.n_each + point] = known
        return found

    def _hashes(self, which: int, points: Sequence[int]) -> dict[int, str]:
        """Return the hash of a scenario at some points, without those that break a rule."""
        inputs = self._inputs
        scenario, fields = inputs.scenarios[which], inputs.fields_of_each[which]
        found = {0: scenario.hash} if 0 in points else {}
        moved = np.array([point for point in points if point > 0], np.int64)
        cells = inputs.design.points[moved - 1]
        broken = invalid_points(scenario, fields, cells) if len(moved) else {}
        sound = np.array([row for row in range(len(moved)) if row not in broken], np.int64)
        if len(sound):
            hashes = variant_hashes(scenario, fields, cells[sound])
            found |= dict(zip(moved[sound].tolist(), hashes, strict=True))
        return found

    def _rows(self, source: _Source, places: Mapping[int, list[int]]) -> dict[str, pa.Table]:
        """Return the rows of points of a source, as they are in the sweep that is to be made."""
        inputs = self._inputs
        wanted = pa.array(sorted(places))
        point, scenario = pc.field(POINT.name), pc.field(SCENARIO.name)
        # The range lets Parquet skip what lies outside it.
        within = (point >= min(places)) & (point <= max(places)) & point.isin(wanted)
        found = {}
        for name, head in zip(PointTables._fields, table_heads(inputs.fields), strict=True):
            schema = arrow_schema(head.columns)
            names = {field.name for field in inputs.fields} & {*schema.names}
            columns = [column for column in schema.names if column not in names]
            rows = source.sweep.arrow(name, columns, within & (scenario == source.scenario))
            theirs = rows[POINT.name].to_numpy()
            if name == PointTables._fields[0] and {*theirs.tolist()} != {*places}:
                raise ValueError("points are missing")
            own = [places[at] for at in theirs.tolist()]
            taken = np.repeat(np.arange(len(own)), [len(numbers) for numbers in own])
            number = np.array([*chain.from_iterable(own)], np.int64)
            found[name] = self._as_own(rows.take(taken), number, schema)
        return found

    def _as_own(self, rows: pa.Table, number: NDArray[np.int64], schema: pa.Schema) -> pa.Table:
        """Return rows of another sweep with the numbers and values of this one."""
        inputs = self._inputs
        which, point = np.divmod(number, inputs.n_each)
        cells = inputs.design.points[np.maximum(point, 1) - 1]
        own: dict[str, Any] = {POINT.name: point}
        for j, field in enumerate(inputs.fields):
            present = np.array([each[j].cell(each[j].present) for each in inputs.fields_of_each])
            own[field.name] = np.where(point == 0, round_numbers(present)[which], cells[:, j])
        arrays = [
            pa.array(own[column.name], column.type, from_pandas=True)
            if column.name in own
            else rows[column.name].combine_chunks().cast(column.type)
            for column in schema
        ]
        return pa.Table.from_arrays(arrays, schema=schema)


def _is_comparable(manifest: Mapping[str, Any], own: Mapping[str, Any], hashes: set[str]) -> bool:
    if manifest["kind"] != "sweep" or manifest.get("code_digest") != code_digest():
        return False
    if any(manifest[key] != own[key] for key in _SHARED):
        return False
    return any(item["hash"] in hashes for item in manifest["scenarios"])


def _source(sweep: StoredSweep, scenario: str, rows: pa.Table) -> _Source:
    """Return the points of a scenario that did not fail."""
    is_own = pc.and_(pc.equal(rows[SCENARIO.name], scenario), pc.is_null(rows["error"]))
    own = rows.filter(is_own)
    keys = np.array([_key(digest) for digest in own["scenario_hash"].to_pylist()], f"S{_KEY_BYTES}")
    order = np.argsort(keys, kind="stable")
    return _Source(sweep, scenario, keys[order], own[POINT.name].to_numpy()[order])


def _key(digest: str) -> bytes:
    return bytes.fromhex(digest)[:_KEY_BYTES]


def _in_source(source: _Source, digest: str) -> _Known | None:
    key = np.array(_key(digest), f"S{_KEY_BYTES}")
    place = int(np.searchsorted(source.keys, key))
    if place == len(source.keys) or source.keys[place] != key:
        return None
    return _Known(source, int(source.points[place]))


class Numbered(Protocol):
    """A sweep that tells the place of each row of its tables."""

    def numbers_in(self, table: pa.Table) -> NDArray[np.int64]:
        """Return the place in the whole sweep of the point in each row of a table."""


def joined(
    sweep: Numbered, parts: Sequence[Mapping[str, pa.Table]], n_points: int
) -> dict[str, pa.Table]:
    """Return some parts of a chunk as its tables, with the points in order.

    Raises
    ------
    RuntimeError
        If they are not as many points as are wanted: no sweep may lack one.
    """
    n_found = sum(part[PointTables._fields[0]].num_rows for part in parts)
    if n_found != n_points:
        raise RuntimeError(f"a chunk of {n_points} points has {n_found}")
    found = {}
    for name in PointTables._fields:
        table = pa.concat_tables([part[name] for part in parts]).combine_chunks()
        numbers = sweep.numbers_in(table)
        if (np.diff(numbers) < 0).any():
            table = table.take(np.argsort(numbers, kind="stable")).combine_chunks()
        found[name] = table
    return found
