"""CSV text of a table, made column by column: each distinct value is formatted once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LINE_END = "\n"


def csv_text(table: pa.Table, has_header: bool = True) -> bytes:
    """Return a table as UTF-8 text with commas, line feeds, and empty cells for undefined values.

    Parameters
    ----------
    table : pyarrow.Table
        Holds numbers, whole numbers, switches (written ``true`` and ``false``) and text, which is
        quoted where CSV requires it. All its text must be smaller than two gigabytes.
    has_header : bool
        Whether the first line holds the names of the columns.
    """
    head = _quoted(table.column_names) if has_header else []
    text = (",".join(head) + LINE_END).encode() if has_header else b""
    if table.num_rows == 0:
        return text
    columns = [_words(table.column(j)) for j in range(table.num_columns)]
    ends = pa.array([LINE_END]).take(pa.array(np.zeros(table.num_rows, np.int8)))
    cells = pc.binary_join_element_wise(*columns, ",")
    lines = pc.binary_join_element_wise(cells, ends, "")
    # The cells of a text column are contiguous in memory: together they are the file.
    return text + _joined(lines)


def _joined(lines: pa.StringArray) -> bytes:
    _, offsets, content = lines.buffers()
    bounds = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(content)[bounds[0] : bounds[-1]].tobytes()


def _words(column: pa.ChunkedArray) -> pa.StringArray:
    """Return the cells of a column as text."""
    encoded = column.combine_chunks().dictionary_encode()
    words = _writer(column.type)(encoded.dictionary.to_pylist())
    places = encoded.indices.fill_null(len(words))
    return pa.array([*words, ""], pa.string()).take(places)


def _writer(kind: pa.DataType) -> Callable[[Sequence[Any]], list[str]]:
    """Return the function that formats the distinct values of a column."""
    if pa.types.is_floating(kind):
        # Readers of tables do not take NaN for a number, so its cell is empty.
        return lambda values: ["" if value != value else repr(value) for value in values]
    if pa.types.is_boolean(kind):
        return lambda values: ["true" if value else "false" for value in values]
    if pa.types.is_string(kind):
        return _quoted
    return lambda values: [str(value) for value in values]


def _quoted(words: Sequence[str]) -> list[str]:
    """Return texts, with quotes around those that need them."""
    found = []
    for word in words:
        line = io.StringIO(newline="")
        # Add a second cell, since a line of one empty cell would be quoted.
        csv.writer(line, lineterminator=LINE_END).writerow([word, ""])
        found.append(line.getvalue()[: -len(LINE_END) - 1])
    return found
