"""Tables as bytes: CSV, Parquet, and the data package that describes them."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.file_bytes import PACKAGE_FILE, json_bytes, sha256
from sim.experiment.tables import Column, Table
from sim.experiment.tables.csv_text import csv_text
from sim.experiment.tables.table import Kind

COMPRESSION = "zstd"
_ARROW_TYPES = {
    "string": pa.string(),
    "yearmonth": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}


def csv_bytes(table: Table) -> bytes:
    """Return a table as CSV: UTF-8, a header, line feeds, empty cells for undefined values.

    A byte-order mark precedes the header; without it Excel assumes another encoding.
    """
    return codecs.BOM_UTF8 + csv_text(arrow_table(table))


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """Return the columns of a table as a Parquet schema, with units and descriptions."""
    return pa.schema(
        [
            pa.field(
                column.name,
                _ARROW_TYPES[column.kind],
                metadata={"unit": column.unit, "description": column.description},
            )
            for column in columns
        ]
    )


def arrow_table(table: Table) -> pa.Table:
    """Return a table in Parquet's form, in memory."""
    arrays = [
        pa.array(table.frame[column.name], type=_ARROW_TYPES[column.kind], from_pandas=True)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=arrow_schema(table.columns))


def parquet_bytes(table: Table) -> bytes:
    """Return a table as Parquet, with unit and description in the metadata of each field."""
    sink = io.BytesIO()
    pq.write_table(arrow_table(table), sink, compression=COMPRESSION)
    return sink.getvalue()


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Return the frame from which `arrow_table` made a table."""
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)
    return frame


def read_csv(content: bytes, fields: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the frame written by `csv_bytes`, given its fields in the data package."""
    kinds = {field["name"]: field["type"] for field in fields}
    dtypes = {"number": "float64", "integer": "int64", "boolean": "bool"}
    frame: pd.DataFrame = pd.read_csv(
        io.BytesIO(content),
        # With or without the byte-order mark: results of earlier versions have none.
        encoding="utf-8-sig",
        dtype={
            name: dtypes.get(kind, "string") for name, kind in kinds.items() if kind != "number"
        },
        # Python reads numbers exactly; pandas has not always done so.
        converters={name: _exact for name, kind in kinds.items() if kind == "number"},
        keep_default_na=False,
        na_values=[""],
    )
    return frame.astype({name: "float64" for name, kind in kinds.items() if kind == "number"})


def _exact(cell: str) -> float:
    return float(cell) if cell else float("nan")


def result_files(
    tables: Iterable[Table], package: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of a result, the data package last.

    Parameters
    ----------
    tables : iterable of Table
        Built one after another, so that they are not all in memory at once.
    package : mapping
        Name, title and description of the whole result.
    """
    resources = []
    for table in tables:
        content = csv_bytes(table)
        yield f"{table.name}.csv", content
        resources.append(csv_resource(table, len(content), sha256(content)))
        if table.has_twin:
            content = parquet_bytes(table)
            yield f"{table.name}.parquet", content
            resources.append(parquet_resource(table, len(content), sha256(content)))
    yield PACKAGE_FILE, package_bytes(package, resources)


def package_bytes(package: Mapping[str, Any], resources: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the data package of a result: its title and the contents of its files."""
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    return json_bytes({"$schema": profile, **package, "resources": [*resources]})


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind}
    if column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field | {"unit": column.unit, "description": column.description}


def column_of(field: Mapping[str, Any]) -> Column:
    """Return the description of a column from its field in a data package.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the field is not as `csv_resource` and `parquet_resource` write it.
    """
    texts = (field["name"], field["type"], field["unit"], field["description"])
    if not all(isinstance(text, str) for text in texts) or field["type"] not in get_args(Kind):
        raise ValueError(f"a field {field['name']!r}")
    return Column(*texts)


def csv_resource(table: Table, size: int, digest: str) -> dict[str, Any]:
    """Return the entry of a CSV file of `size` bytes in the data package."""
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": _schema(table),
    }


def parquet_resource(table: Table, size: int, digest: str, has_csv: bool = True) -> dict[str, Any]:
    """Return the entry of a Parquet file of `size` bytes in the data package."""
    twin = f"The same table as {table.name}.csv, with the same schema, as Parquet."
    # Validators see it as a file, not a table: few of them read Parquet.
    return {
        "name": f"{table.name}-parquet",
        "type": "file",
        "path": f"{table.name}.parquet",
        "description": twin if has_csv else table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": _schema(table),
    }
