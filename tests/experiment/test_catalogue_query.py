"""Tables of many results are asked as one, and a query changes nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import documents
import sim
from catalogues import copied
from experiment.stored_copies import manifest_of
from sim.errors import InputError, RunError, SimWarning
from sim.experiment.catalogue.results import Results
from sim.experiment.catalogue.written import check_target, write_answer
from sim.experiment.file_bytes import PACKAGE_FILE, json_bytes, sha256
from sim.experiment.store.manifest import MANIFEST_FILE, sealed
from sim.experiment.tables.files import read_csv

Folders = dict[str, Path]
ROOT = Path(__file__).parents[2]


def root_of(folders: Folders) -> Path:
    return folders["run"].parents[1]


@pytest.fixture(scope="module")
def found(results_of_each_kind: Folders) -> Results:
    return sim.results(root_of(results_of_each_kind))


def rewritten(folder: Path, changes: dict[str, bytes | None]) -> None:
    """Change files of a result, None for without, so that all checksums agree."""
    manifest = manifest_of(folder)
    package = json.loads((folder / PACKAGE_FILE).read_text("utf-8"))
    by_path = {resource["path"]: resource for resource in package["resources"]}
    for name, content in changes.items():
        if content is None:
            (folder / name).unlink()
            del manifest["files"][name], by_path[name]
        else:
            (folder / name).write_bytes(content)
            stated = {"bytes": len(content), "sha256": sha256(content)}
            manifest["files"][name] = stated
            size = {"bytes": stated["bytes"], "hash": f"sha256:{stated['sha256']}"}
            by_path.setdefault(name, {"path": name}).update(size)
    content = json_bytes(package | {"resources": [*by_path.values()]})
    (folder / PACKAGE_FILE).write_bytes(content)
    manifest["files"][PACKAGE_FILE] = {"bytes": len(content), "sha256": sha256(content)}
    (folder / MANIFEST_FILE).write_bytes(json_bytes(sealed(manifest)))


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("run", "countries"), ("run", "totals"), ("run", "parameters"), ("run", "events"),
        ("comparison", "countries"), ("comparison", "changes"), ("comparison", "notes"),
        ("sweep", "countries"), ("sweep", "outcomes"), ("sweep", "points"),
    ],
)  # fmt: skip
def test_a_view_has_the_cells_of_the_tables(found: Results, kind: str, table: str) -> None:
    schema = f"{kind}s"
    for entry in found.filter(kind=kind):
        stored = found.open(entry.run_id)
        expected = stored.frame(table).reset_index(drop=True)
        for view in (f"{schema}.{table}", table):
            rows = found.query(f"from {view} where run_id = '{entry.run_id}'")
            assert set(rows["result_kind"]) <= {kind}
            assert rows.columns[:3].tolist() == ["run_id", "result_kind", "result_name"]
            shared = rows[expected.columns.tolist()].astype(expected.dtypes.to_dict())
            order = expected.columns.tolist()
            pd.testing.assert_frame_equal(
                shared.sort_values(order, ignore_index=True),
                expected.sort_values(order, ignore_index=True),
                check_exact=True,
            )


def test_rows_of_all_kinds_are_one_table(found: Results) -> None:
    rows = found.query(
        "select result_kind, count(*) n, count(distinct run_id) runs, count(point) points "
        "from countries group by 1 order by 1"
    )
    assert rows["result_kind"].tolist() == ["comparison", "run", "sweep"]
    assert rows["runs"].tolist() == [1, 2, 1]
    assert (rows["points"] > 0).tolist() == [False, False, True]


def test_the_catalogue_is_a_view(found: Results) -> None:
    rows = found.query("select * from results order by run_id")
    expected = found.table.sort_values("run_id", ignore_index=True)
    assert rows.columns.tolist() == expected.columns.tolist()
    for name in ("run_id", "seed", "n_bytes", "is_whole", "differs"):
        known = expected[name].notna()
        assert rows[name].notna().tolist() == known.tolist()
        assert rows[name][known].tolist() == expected[name][known].tolist()
    joined = found.query(
        "select seed, count(*) n from runs.totals join results using (run_id) group by 1 order by 1"
    )
    assert joined["seed"].tolist() == [1, 2]


def test_the_parquet_twin_and_the_csv_give_the_same(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    sql = "from countries order by all"
    before = sim.results(tmp_path / "results").query(sql)
    rewritten(folders["run"], {"countries.parquet": None})
    rewritten(folders["changed"], {"countries.csv": None})
    rewritten(folders["sweep"], {"countries.parquet": None})
    after = sim.results(tmp_path / "results").query(sql)
    pd.testing.assert_frame_equal(after[before.columns.tolist()], before, check_exact=True)


def test_columns_that_only_some_versions_have_are_joined_by_name(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    path = folders["changed"] / "countries.parquet"
    table = pq.read_table(path)
    other = table.drop_columns(["region"]).append_column("added", pa.array([7] * len(table)))
    other = other.set_column(1, "country", other["country"].dictionary_encode())
    sink = pa.BufferOutputStream()
    pq.write_table(other.select(other.column_names[::-1]), sink)
    rewritten(folders["changed"], {path.name: sink.getvalue().to_pybytes()})
    found = sim.results(tmp_path / "results")
    rows = found.query(
        "select run_id, count(region) regions, max(added) added, count(country) countries "
        "from runs.countries group by 1"
    )
    by_id = {row["run_id"]: row for row in rows.to_dict("records")}
    changed, run = by_id[folders["changed"].name], by_id[folders["run"].name]
    assert (changed["regions"], changed["added"], changed["countries"]) == (0, 7, len(table))
    assert run["regions"] == len(table)
    assert rows["added"].isna().sum() == 1


def test_a_column_called_like_those_of_every_view_is_left_out(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    path = folders["run"] / "countries.parquet"
    table = pq.read_table(path)
    for name in ("Run_ID", "result_kind", "odd \"' name"):
        table = table.append_column(name, pa.array(["other"] * len(table)))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    rewritten(folders["run"], {path.name: sink.getvalue().to_pybytes()})
    rows = sim.results(tmp_path / "results").query("from countries")
    assert rows["run_id"].nunique() == 4
    assert set(rows["result_kind"]) == {"run", "comparison", "sweep"}
    assert rows["odd \"' name"].count() == len(table)


def test_what_is_not_whole_is_not_read(results_of_each_kind: Folders, tmp_path: Path) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    (folders["run"] / "totals.csv").unlink()
    found = sim.results(tmp_path / "results")
    rows = found.query("select distinct run_id from runs.countries")
    assert rows["run_id"].tolist() == [folders["changed"].name]
    assert len(found.query("from results")) == 4


@pytest.mark.parametrize("name", ["countries.parquet", "totals.csv", PACKAGE_FILE])
def test_a_damaged_file_leaves_its_result_out_with_a_warning(
    results_of_each_kind: Folders, tmp_path: Path, name: str
) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    path = folders["run"] / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = sim.results(tmp_path / "results")
    assert len(found.filter(is_whole=True)) == 4
    with pytest.warns(SimWarning, match=rf"{re.escape(str(path))} is not as it was written"):
        rows = found.query("select run_id from runs.totals union select run_id from runs.countries")
    assert rows["run_id"].tolist() == [folders["changed"].name]
    # Damage in a table that a query does not name is not its concern.
    assert found.query("select count(*) n from sweeps.points")["n"].tolist() == [3]


def test_damage_after_opening_is_noticed_too(results_of_each_kind: Folders, tmp_path: Path) -> None:
    folders = copied(results_of_each_kind, tmp_path / "results")
    found = sim.results(tmp_path / "results")
    sql = "select count(distinct run_id) n from runs.countries"
    assert found.query(sql)["n"].tolist() == [2]
    path = folders["run"] / "countries.parquet"
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.warns(SimWarning, match="is left out of the answer"):
        assert found.query(sql)["n"].tolist() == [1]
    shutil.rmtree(folders["changed"])
    with (
        pytest.warns(SimWarning, match="is left out of the answer"),
        pytest.raises(InputError, match=r"countries does not exist.\n  Tables: results, "),
    ):
        found.query(sql)


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("", "a query must be one SELECT"),
        ("-- nothing", "a query must be one SELECT"),
        ("selec 1", 'syntax error at or near "selec"'),
        ("from outcome", r"outcome does not exist.\n  Tables: results, "),
        ("select nope from points", r'"nope" not found .*\n  Columns of points: run_id, '),
        ("select nope from results", r'"nope" not found .*\n  Columns of results: run_id, '),
        ("select count() from runs.outcomes", r"does not exist.\n  Tables: "),
        ("from query_table('tot' || 'als')", "does not exist"),
        ("select cast('a' as int)", "Could not convert string 'a' to INT32"),
        ("select error('mine')", "mine"),
        ("select $1", "parameters"),
        ("pivot totals on outcome using avg(mean)", "a query must be one SELECT"),
        (7, "a query must be a text, not a int"),
        (None, "a query must be a text"),
    ],
)
def test_a_query_that_has_no_answer_says_what_there_is(
    found: Results, sql: object, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        found.query(sql)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 -- a comment",
        "select 1;",
        "/* totals */ select ';' as x",
        "with totals as (from totals) select count(*) from totals",
        'select count(*) from "TOTALS"',
        "describe totals",
        "summarize points",
        "from totals pivot (avg(mean) for outcome in ('gdp_share'))",
        "select * from query_table('totals') limit 1",
        "select table_name from information_schema.tables where table_name = 'countries'",
    ],
)
def test_anything_that_reads_is_answered(found: Results, sql: str) -> None:
    assert len(found.query(sql)) > 0


def test_show_tables_lists_every_view(found: Results) -> None:
    names = set(found.query("show tables")["name"])
    assert names == set(found.schema["table"])
    assert {"results", "countries", "outcomes", "points", "fields", "changes"} <= names


def test_an_order_is_kept(found: Results) -> None:
    rows = found.query("select mean from outcomes order by mean desc, run_id")
    assert rows["mean"].is_monotonic_decreasing


def test_the_schema_is_that_of_the_data_dictionaries(
    found: Results, results_of_each_kind: Folders
) -> None:
    schema = found.schema
    sweep = sim.load_run(results_of_each_kind["sweep"])
    package = json.loads((sweep.path / PACKAGE_FILE).read_text("utf-8"))
    for resource in package["resources"]:
        if resource["format"] == "csv":
            own = schema[(schema["table"] == resource["name"]) & (schema["result_kind"] == "sweep")]
            fields = [(f["name"], f["type"], f["unit"], f["description"])
                      for f in resource["schema"]["fields"]]  # fmt: skip
            told = own[["column", "type", "unit", "description"]].itertuples(index=False, name=None)
            assert [*told][3:] == fields
    for name, rows in schema.groupby("table"):
        assert set(found.query(f"from {name} limit 0").columns) == set(rows["column"])


def test_an_answer_is_written_as_csv_and_parquet(found: Results, tmp_path: Path) -> None:
    sql = (
        "select run_id, mean, p05, is_baseline, point, sum(point) over () as sum_of_points, "
        "date '2026-11-29' as day, [1, 2] as list, 'a;=b,\"c\"' as text, null as nothing "
        "from outcomes join points using (run_id, point) order by point, outcome, provider, offer"
    )
    frame = found.query(sql)
    paths = [tmp_path / "answer.csv", tmp_path / "answer.PARQUET"]
    for path in paths:
        path.write_bytes(b"an earlier answer")
        with found.answer(sql) as answer:
            write_answer(answer, path)
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    written = pq.read_table(paths[1]).to_pandas()
    assert written.columns.tolist() == frame.columns.tolist()
    for name in ("run_id", "mean", "p05", "is_baseline", "point", "sum_of_points"):
        pd.testing.assert_series_equal(written[name], frame[name], check_dtype=False)
    assert (written["day"][0], written["list"][0]) == ("2026-11-29", "[1, 2]")
    kinds = {"mean": "number", "p05": "number", "is_baseline": "boolean", "point": "integer"}
    fields = [{"name": name, "type": kinds.get(name, "string")} for name in frame.columns]
    content = paths[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbfrun_id,")
    again = read_csv(content, fields)
    assert again["mean"].tolist() == frame["mean"].tolist()
    assert again["text"].unique().tolist() == ['a;=b,"c"']
    assert again["nothing"].isna().all()


def test_an_answer_without_rows_is_a_file_with_columns(found: Results, tmp_path: Path) -> None:
    for suffix in (".csv", ".parquet"):
        with found.answer("select run_id, point from points where false") as answer:
            write_answer(answer, tmp_path / f"empty{suffix}")
    assert (tmp_path / "empty.csv").read_bytes() == b"\xef\xbb\xbfrun_id,point\n"
    assert pq.read_table(tmp_path / "empty.parquet").column_names == ["run_id", "point"]


def test_a_query_that_fails_leaves_the_earlier_file(found: Results, tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    path.write_bytes(b"an earlier answer")
    # The error comes with a row, when the file is open.
    sql = "select case when point = 2 then error('late') else 'x' end from points"
    with pytest.raises(InputError, match="late"), found.answer(sql) as answer:
        write_answer(answer, path)
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == b"an earlier answer"


def test_an_answer_goes_only_where_a_file_may_be(
    found: Results, results_of_each_kind: Folders, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    own = results_of_each_kind["run"] / "totals.csv"
    for path, complaint in (
        (tmp_path / "answer.txt", "must end with .csv or .parquet"),
        (tmp_path / "nowhere" / "answer.csv", "no file can be written there"),
        (tmp_path / "folder.csv", "no file can be written there"),
        (own, "is that of a result"),
    ):
        with pytest.raises(InputError, match=complaint):
            check_target(path, found)
    check_target(tmp_path / "answer.csv", found)


def test_a_file_that_cannot_be_written_is_told(found: Results, tmp_path: Path) -> None:
    path = tmp_path / "removed meanwhile" / "answer.csv"
    with pytest.raises(RunError, match="cannot write to"), found.answer("select 1") as answer:
        write_answer(answer, path)


@pytest.mark.parametrize(
    "sql",
    [b.text for b in documents.code_blocks(ROOT / "docs" / "results.md") if b.language == "sql"],
)
def test_the_queries_of_the_page_are_answered(found: Results, sql: str) -> None:
    assert len(found.query(sql).columns) > 3
