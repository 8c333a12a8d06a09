"""The facts, checked against their provenance and completed where cells are empty."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from sim.data.imputation import impute_panel
from sim.data.provenance import FILE_NAME, Provenance, load_provenance
from sim.data.relations import DatedEvent, Party, dated_events, listed_shares, parties_by_agreement
from sim.data.table_checks import check_cells, check_header, read_rows, to_frame
from sim.errors import DataError, Problem

if TYPE_CHECKING:
    from sim.data.vintage import Vintage

TABLES_FOLDER = Path(__file__).parent / "tables"
PANEL = "country_panel"
YEARLY = "country_year"
OTHER_TABLES = (
    "dyads", "treaties", "programmes", "events", "ties", "disputes", "unsupported_countries",
    "offers", "shocks", "publications", "data_rules",
)  # fmt: skip
_PAIR_COLUMNS = ("iso3_a", "iso3_b", "land_border", "sea_gap_km")


@dataclass(frozen=True)
class Facts:
    """Everything known about countries, pairs of countries and past events.

    Treat the tables as read-only: they are shared by all callers.

    Parameters
    ----------
    countries : DataFrame
        Index ``iso3`` (sorted). All panel columns; columns that the model uses are complete, those
        for readers keep NaN (or '') for unknown values.
    imputed : DataFrame of bool
        Same index, the numeric columns: True if ``countries`` holds an estimate, or if nothing was
        public as of an earlier month and the features do without.
    dyads, treaties, programmes, events, ties, disputes, unsupported_countries : DataFrame
        Tables as provenance.yaml describes them; unknown numbers NaN, unknown text ''.
    offers, shocks, publications, data_rules : DataFrame
        Likewise.
    provenance : Provenance
        The record of every column.
    hash : str
        SHA-256 over the names and bytes of the table files and provenance.yaml. It excludes the
        parameter table, whose values are part of every resolved scenario.
    read_yearly : callable
        Returns the yearly table, which is read on request, since most runs never need it.
    vintage : Vintage or None
        The origin of these facts, if they are those of an earlier month; None for the present
        vintage, the unchanged panel.
    """

    countries: pd.DataFrame
    imputed: pd.DataFrame
    dyads: pd.DataFrame
    treaties: pd.DataFrame
    programmes: pd.DataFrame
    events: pd.DataFrame
    ties: pd.DataFrame
    disputes: pd.DataFrame
    unsupported_countries: pd.DataFrame
    offers: pd.DataFrame
    shocks: pd.DataFrame
    publications: pd.DataFrame
    data_rules: pd.DataFrame
    provenance: Provenance
    hash: str
    read_yearly: Callable[[], pd.DataFrame]
    vintage: Vintage | None = None

    @property
    def yearly(self) -> pd.DataFrame:
        """One row per country and year: the figures of 2010 to 2025."""
        return self.read_yearly()

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Row number of each country in ``countries``."""
        return {str(iso3): row for row, iso3 in enumerate(self.countries.index)}

    @cached_property
    def listed_shares(self) -> Mapping[str, pd.DataFrame]:
        """Shares of exports and of imports by country (rows) and partner; NaN if unlisted."""
        return listed_shares(self.dyads, self.countries.index, self.row)

    @cached_property
    def agreements(self) -> Mapping[str, tuple[Party, ...]]:
        """Parties of each agreement of the treaty table, in the order of its name."""
        return parties_by_agreement(self.treaties)

    @cached_property
    def dated_events(self) -> tuple[DatedEvent, ...]:
        """The events that have a date, by date."""
        return dated_events(self.events)

    @property
    def blocs(self) -> Mapping[str, tuple[str, ...]]:
        """Members of each bloc by the name of its membership column, for example ``eu``.

        As of an earlier month, only blocs whose members the yearly table dates.
        """
        columns = self.provenance.tables[PANEL].columns.values()
        return MappingProxyType(
            {
                column.name: tuple(self.countries.index[self.countries[column.name] == 1])
                for column in columns
                if column.is_bloc
            }
        )

    def imputed_share(self, features: bool = True) -> pd.Series:
        """Return the share of imputed cells of each country, 0 to 1.

        Parameters
        ----------
        features : bool, default True
            Count only the columns that the model uses; otherwise all numeric columns, with an
            empty cell of a column for readers counted as imputed.

        Returns
        -------
        Series
            Index iso3, name ``imputed_share``.

        Examples
        --------
        >>> share = load_facts().imputed_share()
        >>> bool(share["KOR"] == 0), bool(share["NRU"] > 0)
        (True, True)
        """
        records = self.provenance.tables[PANEL].columns
        if features:
            used = [name for name in self.imputed if records[str(name)].role == "feature"]
            share = self.imputed[used].mean(axis=1)
        else:
            numeric = list(self.imputed)
            share = (self.imputed | self.countries[numeric].isna()).mean(axis=1)
        return share.rename("imputed_share")

    def anachronistic_share(self) -> pd.Series:
        """Return the share of cells of each country, 0 to 1, that were not yet public.

        Counts the columns that the model uses; 0 throughout in the present vintage.

        Returns
        -------
        Series
            Index iso3, name ``anachronistic_share``.
        """
        records = self.provenance.tables[PANEL].columns
        used = [name for name in self.imputed if records[str(name)].role == "feature"]
        early = pd.DataFrame(False, index=self.countries.index, columns=used)
        if self.vintage is not None:
            early = self.vintage.anachronistic[used]
        return early.mean(axis=1).rename("anachronistic_share")


def _read_tables(
    folder: Path, provenance: Provenance, names: Iterable[str], countries: set[str]
) -> dict[str, pd.DataFrame]:
    """Return the tables of the folder, or raise one error with the problems of all of them."""
    problems: list[Problem] = []
    frames: dict[str, pd.DataFrame] = {}
    read = {name: read_rows(folder / f"{name}.csv") for name in names}
    for name, (header, rows, unreadable) in read.items():
        path, table = folder / f"{name}.csv", provenance.tables[name]
        found = unreadable or check_header(path, header, table)
        found = found or check_cells(path, rows, table, countries)
        if not found:
            frames[name] = to_frame(rows, table.columns)
            found = _check_coverage(frames[name], folder, provenance, name)
        problems += found
    if not problems and "dyads" in frames:
        problems = _check_pairs(frames["dyads"], folder)
        problems += _check_disputes(frames["disputes"], folder)
        for name in ("disputes", "unsupported_countries"):
            problems += _check_ends(name, frames[name], folder)
    if problems:
        raise DataError(problems)
    return frames


def _check_coverage(
    frame: pd.DataFrame, folder: Path, provenance: Provenance, name: str
) -> list[Problem]:
    """Return the columns whose number of values differs from the coverage on record."""
    problems = []
    for column in provenance.tables[name].columns.values():
        values = frame[column.name]
        counted = int(values.notna().sum() if column.is_numeric else (values != "").sum())
        if counted != column.coverage:
            place = f"tables.{name}.columns.{column.name}.coverage"
            rule = f"{place} = {column.coverage}, but the table has {counted} values."
            remedy = f"Set it to {counted}; in the repository, make docs does so."
            problems.append(Problem(str(folder / FILE_NAME), 0, rule, remedy))
    return problems


def _check_pairs(dyads: pd.DataFrame, folder: Path) -> list[Problem]:
    """Return the pairs that are in the wrong order or have both a land border and a sea gap."""
    path, problems = str(folder / "dyads.csv"), []
    for line, (a, b, land, gap) in enumerate(
        zip(*(dyads[name] for name in _PAIR_COLUMNS), strict=True), start=2
    ):
        if a >= b:
            rule = f"iso3_a = {a!r} must come before iso3_b = {b!r}."
            problems.append(Problem(path, line, rule, "Swap the two and their columns."))
        if land == 1 and not math.isnan(gap):
            rule = f"sea_gap_km = {gap:g} must be empty if land_border is 1."
            problems.append(Problem(path, line, rule, "Empty the cell."))
    return problems


def _check_disputes(disputes: pd.DataFrame, folder: Path) -> list[Problem]:
    """Return the disputes of a country with itself."""
    pairs = zip(disputes["home"], disputes["iso3"], strict=True)
    return [
        Problem(
            str(folder / "disputes.csv"), line,
            f"iso3 = {iso3!r} must be another country than home.", "Correct one of the two.",
        )
        for line, (home, iso3) in enumerate(pairs, start=2)
        if home == iso3
    ]  # fmt: skip


def _check_ends(name: str, frame: pd.DataFrame, folder: Path) -> list[Problem]:
    """Return the rows that end before they begin."""
    dates = zip(frame["date"], frame["ended"], strict=True)
    return [
        Problem(
            str(folder / f"{name}.csv"), line,
            f"ended = {ended!r} must be later than date = {date!r}.",
            "Correct one of the two, or empty ended.",
        )
        for line, (date, ended) in enumerate(dates, start=2)
        if ended and ended <= date
    ]  # fmt: skip


def _hash_tables(folder: Path, provenance: Provenance) -> str:
    digest = hashlib.sha256()
    for name in sorted([FILE_NAME, *(f"{table}.csv" for table in provenance.tables)]):
        content = (folder / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _check_tables(folder: Path, provenance: Provenance) -> None:
    """Refuse records that lack a table, or have one that nothing reads."""
    wanted = (PANEL, YEARLY, *OTHER_TABLES)
    missing = [name for name in wanted if name not in provenance.tables]
    rules = [f"tables.{name} is missing." for name in missing]
    unknown = [name for name in provenance.tables if name not in wanted]
    rules += [f"tables.{name} is not a table that is read." for name in unknown]
    remedy = f"The tables are {', '.join(wanted)}."
    if rules:
        raise DataError([Problem(str(folder / FILE_NAME), 0, rule, remedy) for rule in rules])


def _panel_countries(folder: Path) -> set[str]:
    """Return the codes of the panel's rows; none if the panel cannot be read."""
    header, rows, _ = read_rows(folder / f"{PANEL}.csv")
    place = header.index("iso3") if "iso3" in header else 0
    return {row[place] for _, row in rows if len(row) > place}


def _load(folder: Path, is_yearly_read_later: bool = False) -> Facts:
    provenance = load_provenance(folder)
    _check_tables(folder, provenance)
    countries = _panel_countries(folder)
    later = {YEARLY} if is_yearly_read_later else set()
    frames = _read_tables(
        folder, provenance, [name for name in provenance.tables if name not in later], countries
    )

    @cache
    def read_yearly() -> pd.DataFrame:
        return _read_tables(folder, provenance, [YEARLY], countries)[YEARLY]

    yearly = frames.pop(YEARLY, None)
    panel = frames.pop(PANEL).set_index("iso3").sort_index()
    numeric = [c.name for c in provenance.tables[PANEL].columns.values() if c.is_numeric]
    complete, imputed = impute_panel(panel, numeric, provenance.tables[PANEL].columns)
    return Facts(
        countries=complete,
        imputed=imputed,
        provenance=provenance,
        hash=_hash_tables(folder, provenance),
        read_yearly=read_yearly if yearly is None else lambda: yearly,
        vintage=None,
        **frames,
    )


@cache
def _load_shipped() -> Facts:
    return _load(TABLES_FOLDER, is_yearly_read_later=True)


def load_facts(folder: str | Path | None = None) -> Facts:
    """Load the facts, check them and complete them.

    Parameters
    ----------
    folder : path, optional
        Folder with the tables and their provenance.yaml; by default those shipped with the package,
        which are read once and kept.

    Returns
    -------
    Facts

    Raises
    ------
    DataError
        If a table is missing, breaks its record (columns, types, bounds, choices, unknown
        countries, repeated keys), or differs from the recorded coverage. Lists all problems.

    Examples
    --------
    >>> facts = load_facts()
    >>> len(facts.countries), facts.countries.loc["KOR", "name"]
    (197, 'South Korea')
    """
    return _load_shipped() if folder is None else _load(Path(folder))
