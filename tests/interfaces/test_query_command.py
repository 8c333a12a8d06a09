"""``alignsim query`` answers one SELECT over all results."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from catalogues import copied
from shell import Shell

Folders = dict[str, Path]


def root_of(folders: Folders) -> Path:
    return folders["run"].parents[1]


def test_without_sql_tables_and_columns_are_listed(
    results_of_each_kind: Folders, shell: Shell
) -> None:
    root = root_of(results_of_each_kind)
    said = shell("query", "--results", root)
    lines = said.out.splitlines()
    assert lines[0] == "results (the catalogue)"
    assert "outcomes (sweeps)" in lines
    assert max(map(len, lines)) <= 80
    (row,) = (
        row
        for row in shell("query", "--results", root, "--json").data
        if (row["table"], row["column"]) == ("points", "local_control")
    )
    assert (row["result_kind"], row["type"]) == ("sweep", "number")
    assert "providers.us.offers.infrastructure.local_control" in row["description"]


def test_an_answer_is_a_table_of_text(results_of_each_kind: Folders, shell: Shell) -> None:
    sql = (
        "select result_kind as kind, count(*) as n, 1/3 as third, true as yes, null as none "
        "from results group by 1 order by 1"
    )
    said = shell("query", sql, "--results", root_of(results_of_each_kind))
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        "kind        n     third  yes   none",
        "comparison  1  0.333333  true",
        "run         2  0.333333  true",
        "sweep       1  0.333333  true",
    ]


def test_wide_and_long_answers_fit_a_terminal(results_of_each_kind: Folders, shell: Shell) -> None:
    said = shell("query", "from runs.countries", "--results", root_of(results_of_each_kind))
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "These are the first 40 rows; --out FILE writes all of them."
    assert sum("run_id" in line for line in lines) == 1
    long = shell(
        "query", f"select '{'word ' * 50}' as x", "--results", root_of(results_of_each_kind)
    )
    assert max(map(len, long.out.splitlines())) <= 80


def test_an_answer_without_rows_names_its_columns(
    results_of_each_kind: Folders, shell: Shell
) -> None:
    root = root_of(results_of_each_kind)
    said = shell("query", "select run_id, mean from totals where false", "--results", root)
    assert said.out == "No rows. Columns: run_id, mean.\n"


def test_data_for_machines(results_of_each_kind: Folders, shell: Shell) -> None:
    sql = "select 1 as a, 'nan'::double as b, date '2026-11-29' as c, [1] as d, 2::hugeint as e"
    root = root_of(results_of_each_kind)
    said = shell("query", sql, "--json", "--results", root)
    assert said.data == [{"a": 1, "b": None, "c": "2026-11-29", "d": "[1]", "e": 2.0}]


def test_an_answer_goes_to_a_file(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell
) -> None:
    root, out = root_of(results_of_each_kind), tmp_path / "answer.parquet"
    said = shell("query", "from points", "--results", root, "--out", out)
    assert said.out == f"Answer: {out}\n"
    assert pq.read_table(out).num_rows == 3
    said = shell("query", "from points", "--results", root, "--out", out, "--json")
    assert said.data["file"] == str(out)
    assert said.data["columns"][0] == "run_id"
    for path, complaint in (
        (tmp_path / "answer.xls", "must end with .csv or .parquet"),
        (results_of_each_kind["run"] / "answer.csv", "is that of a result"),
    ):
        said = shell("query", "from points", "--results", root, "--out", path)
        assert said.status == 2
        assert complaint in said.err
        assert not path.exists()
    assert shell("query", "--results", root, "--out", out).status == 2


@pytest.mark.filterwarnings("default::sim.errors.SimWarning")
def test_results_left_out_are_told(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    (folders["run"] / "totals.csv").unlink()
    path = folders["changed"] / "totals.csv"
    path.write_bytes(path.read_bytes()[::-1])
    said = shell("query", "select count(*) as n from runs.totals", "--results", root)
    assert said.status == 2
    assert "note: 1 of 4 results are not whole and are left out; alignsim results" in said.err
    assert f"note: {path} is not as it was written. The result is left out" in said.err
    said = shell("query", "select count(distinct run_id) as n from totals", "--results", root)
    assert (said.status, said.out.split()) == (0, ["n", "1"])


def test_what_cannot_be_answered_is_bad_input(
    results_of_each_kind: Folders, tmp_path: Path, shell: Shell
) -> None:
    root = root_of(results_of_each_kind)
    for sql, complaint in (
        ("from nowhere", "Tables: results, "),
        ("select nope from points", "Columns of points: run_id, result_kind, result_name,"),
        (f"copy points to '{tmp_path / 'x.csv'}'", "a query must be one SELECT"),
        ("from read_csv('/etc/passwd')", "a query reads only the tables of the results"),
    ):
        said = shell("query", sql, "--results", root)
        assert (said.status, said.out) == (2, "")
        assert complaint in said.err
    assert [*tmp_path.iterdir()] == []
