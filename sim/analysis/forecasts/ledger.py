"""Ledgers of forecasts on the disk: written once, never overwritten, refused once altered.

A ledger is a CSV table and a JSON file of the same name beside it, which says how to make the table
again and has its SHA-256. The name holds the scenario, the date of freezing and the first digits
of that digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem, RunError
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.store.manifest import DIGEST, digest_of_manifest, sealed
from sim.experiment.store.results import sync_folder, write_file
from sim.experiment.store.strict_json import read_json
from sim.experiment.tables.files import csv_bytes, csv_resource, read_csv
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.tables import Table

KIND = "forecast"
# What reading and scoring need of the origin.
_ENTRIES = ("frozen_on", "replicates", "scenarios", "files", "fields")
DIGITS = 8
_RESTORE = "Restore both files of the ledger, for example from version control."


@dataclass(frozen=True)
class Ledger(ShowsItself):
    """A forecast on record.

    Parameters
    ----------
    path : Path
        Its CSV table; the JSON file of the same name beside it is its origin.
    origin : mapping
        How to make it again: command, seed, futures, scenario, digests, versions, SHA-256.
    table : DataFrame
        One row per country, offer and horizon; read-only.
    is_new : bool
        False if the same forecast was on record before.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ledger = sim.forecast(sim.load_scenario("today"), replicates=8, out=folder)
    >>> ledger.replicates, ledger.table.columns[:4].tolist()
    (8, ['iso3', 'country', 'provider', 'offer'])
    """

    path: Path
    origin: Mapping[str, Any]
    table: pd.DataFrame
    is_new: bool = False

    @property
    def name(self) -> str:
        """Name of the ledger: scenario, date of freezing, digest."""
        return self.path.stem

    @property
    def replicates(self) -> int:
        """Number of futures behind each probability."""
        return int(self.origin["replicates"])

    def __repr__(self) -> str:
        return f"<Ledger {self.name}: {len(self.table):,} rows from {self.replicates:,} futures>"


def today() -> str:
    """Return the date of freezing: that of today, in UTC."""
    return datetime.now(UTC).date().isoformat()


def write_ledger(folder: Path, scenario: str, table: Table, origin: Mapping[str, Any]) -> Ledger:
    """Put a forecast on record and return it, or the ledger that holds the same forecast already.

    Parameters
    ----------
    folder : Path
        Folder of ledgers, which exists.
    scenario : str
        Name of the scenario.
    table : Table
        The forecast.
    origin : mapping
        How to make it again.

    Raises
    ------
    InputError
        If the ledger with the same content was altered.
    RunError
        If it cannot be written.
    """
    content = csv_bytes(table)
    digest = sha256(content)
    for known in sorted(folder.glob(f"{scenario}_*_{digest[:DIGITS]}.csv")):
        found = read_ledger(known)
        if found.origin["files"][known.name]["sha256"] == digest:
            return found
    frozen_on = today()
    stem = f"{scenario}_{frozen_on}_{digest[:DIGITS]}"
    path = folder / f"{stem}.csv"
    resource = csv_resource(replace(table, name=stem), len(content), digest)
    stated = {
        "kind": KIND,
        "frozen_on": frozen_on,
        **origin,
        "files": {path.name: {"bytes": len(content), "sha256": digest}},
        "description": table.description,
        "fields": resource["schema"]["fields"],
    }
    _write_both(path, content, json_bytes(sealed(stated)))
    return replace(read_ledger(path), is_new=True)


def _write_both(path: Path, content: bytes, origin: bytes) -> None:
    """Write both files of a ledger, or neither; what is there is left as it is."""
    written: list[Path] = []
    try:
        for place, each in ((path.with_suffix(".json"), origin), (path, content)):
            write_file(place, each)
            written.append(place)
        sync_folder(path.parent)
    except BaseException as error:
        for place in written:
            place.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise RunError(
                f"cannot write the forecast to {path}: {error.strerror or error}.\n"
                "  Name another folder with --ledgers, or restore the files that are there."
            ) from error
        raise


def read_ledger(path: Path) -> Ledger:
    """Return a ledger, after checking that it is as it was written.

    Parameters
    ----------
    path : Path
        Its CSV table.

    Raises
    ------
    InputError
        If a file of it is missing, altered or unreadable.
    """
    place = path.with_suffix(".json")
    origin = _read_origin(place)
    stated = origin["files"].get(path.name)
    if stated is None:
        raise _refusal(place, f"is not the origin of {path.name}.")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refusal(path, "the table of the ledger is missing.") from None
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror}).") from None
    digest = sha256(content)
    if digest != stated["sha256"] or not path.stem.endswith(f"_{digest[:DIGITS]}"):
        rule = f"was altered: its SHA-256 is {digest[:DIGITS]}..., not the one in {place.name}."
        raise _refusal(path, rule)
    return Ledger(path, origin, read_csv(content, origin["fields"]))


def _read_origin(place: Path) -> dict[str, Any]:
    """Return the content of the JSON file of a ledger, checked against its own digest."""
    try:
        origin = read_json(place.read_bytes())
    except FileNotFoundError:
        raise _refusal(place, "the origin of the ledger is missing.") from None
    except OSError as error:
        raise _refusal(place, f"cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise _refusal(place, f"is damaged: {error}.") from None
    if not isinstance(origin, dict) or origin.get("kind") != KIND or DIGEST not in origin:
        raise _refusal(place, "is not the origin of a forecast.")
    if origin[DIGEST] != digest_of_manifest(origin):
        raise _refusal(place, "was altered since it was written.")
    missing = [name for name in _ENTRIES if name not in origin]
    if missing:
        raise _refusal(place, f"is incomplete, without the entry {missing[0]}.")
    return origin


def _refusal(place: Path, rule: str) -> InputError:
    return InputError([Problem(str(place), 0, rule, _RESTORE)])


def read_ledgers(folder: Path) -> list[Ledger]:
    """Return all ledgers of a folder, in the order of their dates of freezing.

    Raises
    ------
    InputError
        If there is none; with every ledger that is not as it was written.
    """
    places = {path.with_suffix(".csv") for path in folder.glob("*.csv")}
    places |= {path.with_suffix(".csv") for path in folder.glob("*.json")}
    if not places:
        rule = "there is no ledger in this folder."
        remedy = "Freeze a forecast with alignsim forecast, or name its folder with --ledgers."
        raise InputError([Problem(str(folder), 0, rule, remedy)])
    ledgers: list[Ledger] = []
    problems: list[Problem] = []
    for path in sorted(places):
        try:
            ledgers.append(read_ledger(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sorted(ledgers, key=lambda ledger: (ledger.origin["frozen_on"], ledger.name))
