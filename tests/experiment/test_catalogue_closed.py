"""A query writes nothing and reads only tables of results, whatever the path of these."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
from catalogues import copied
from sim.errors import InputError

Folders = dict[str, Path]


def root_of(folders: Folders) -> Path:
    return folders["run"].parents[1]


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


WRITES = [
    "copy (select 1) to '{out}'",
    "copy totals to '{own}' (use_tmp_file false)",
    "with x as (copy totals to '{out}') select * from x",
    "with x as (copy totals to '{own}' (use_tmp_file false)) select * from x",
    "from (copy totals to '{own}' (use_tmp_file false))",
    "from query('with x as (copy totals to ''{own}'' (use_tmp_file false)) from x')",
    "explain analyze copy totals to '{out}'",
    "attach '{out}' as other",
    "create table mine as from totals",
    "insert into results select * from results",
    "with x as (insert into results select * from results returning *) from x",
    "delete from results",
    "drop view totals",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set allowed_paths = ['{out}']",
    "export database '{out}'",
    "call enable_profiling(save_location = '{out}')",
    "select 1; copy totals to '{out}'",
    "select 1) ; copy totals to '{out}' ; (select 1",
    "') ; copy totals to '{out}' ; from query('select 1",
    "vacuum",
    "begin",
]


@pytest.mark.parametrize("sql", WRITES)
def test_a_query_cannot_write(results_of_each_kind: Folders, tmp_path: Path, sql: str) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    out, own = tmp_path / "out", folders["run"] / "totals.csv"
    before = contents(tmp_path)
    with pytest.raises(InputError):
        sim.results(tmp_path / "results").query(sql.format(out=out, own=own))
    assert contents(tmp_path) == before
    assert not out.exists()


READS = [
    "from read_csv('{secret}')",
    "from read_text('{secret}')",
    "from read_blob('{secret}')",
    "from read_json('{secret}')",
    "from read_parquet('{secret}')",
    "from '{secret}'",
    "from glob('{folder}/*')",
    "from sniff_csv('{secret}')",
    "from read_text('{folder}/results/*/*/manifest.json')",
    "from totals, read_text('{secret}')",
    "from query('from read_text(''{secret}'')')",
    "from read_text('https://example.org')",
    "select getenv('HOME')",
    "from duckdb_secrets()",
    "from parquet_metadata('{secret}')",
    "from secret_frame",
]


@pytest.mark.parametrize("sql", READS)
def test_a_query_reads_no_other_file(
    results_of_each_kind: Folders, tmp_path: Path, sql: str
) -> None:
    copied(results_of_each_kind, tmp_path / "results")
    secret = tmp_path / "secret.txt"
    secret.write_text("a,b\n1,2\n", "utf-8")
    secret_frame = pd.DataFrame({"a": [1]})
    found = sim.results(tmp_path / "results")
    with pytest.raises(InputError, match=r"cannot be answered|reads only the tables"):
        found.query(sql.format(secret=secret, folder=tmp_path))
    assert len(secret_frame) == 1


ODD_NAMES = [
    "a b",
    "it's",
    'a"b',
    "r*",
    "r?",
    "[ab]",
    "a[b",
    "a{b,c}",
    "%41",
    "é",
    "日本",
    "a;b",
    "#",
]
if os.name == "posix":
    ODD_NAMES += ["a\\b", "a\nb", os.fsdecode(b"caf\xe9")]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_the_root_may_have_any_name(
    results_of_each_kind: Folders, tmp_path: Path, name: str
) -> None:
    if sys.platform == "darwin" and not name.isprintable():
        pytest.skip("the system refuses such names")
    copied(results_of_each_kind, tmp_path / name)
    # What the name would match if it were a pattern.
    for other in ("rx", "r", "a", "b"):
        (tmp_path / other).mkdir(exist_ok=True)
    found = sim.results(tmp_path / name)
    assert found.query("select count(distinct run_id) n from countries")["n"].tolist() == [4]
    assert found.query("select count(distinct run_id) n from totals")["n"].tolist() == [3]


def test_the_root_may_be_relative_or_a_link(
    results_of_each_kind: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(root_of(results_of_each_kind), target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for given in ("link", link, "./link/"):
        assert sim.results(given).query("select count(*) n from points")["n"].tolist() == [3]
