"""Hashes of a scenario at many points, without building the scenario at each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.sweeps.designs.swept import SweptField, variant
from sim.scenario import canonical_json, split_address

if TYPE_CHECKING:
    from sim.scenario import Scenario

# A text that no scenario contains: control characters are refused there.
_MARK = "\x00{}\x00"


def variant_hashes(
    scenario: Scenario, fields: Sequence[SweptField], cells: NDArray[np.float64]
) -> list[str]:
    """Return the hash of the scenario at each point, equal to `Scenario.hash`.

    Points differ in a few numbers of a long text, so the rest of the text is made only once.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    fields : sequence of SweptField
        The numbers that the points set, axis J.
    cells : ndarray, shape (points, J)
        Values set at each point, already checked; NaN for null.
    """
    # A null tie is absent: points with the same nulls have the same text around them.
    patterns, which = np.unique(np.isnan(cells), axis=0, return_inverse=True)
    found = [""] * len(cells)
    for pattern in range(len(patterns)):
        rows = np.flatnonzero(which.reshape(-1) == pattern).tolist()
        parts, order = _text_around(scenario, fields, cells[rows[0]].tolist())
        head = hashlib.sha256(parts[0])
        for row in rows:
            digest = head.copy()
            for j, part in zip(order, parts[1:], strict=True):
                digest.update(_written(fields[j], float(cells[row, j])))
                digest.update(part)
            found[row] = digest.hexdigest()
    return found


def _text_around(
    scenario: Scenario, fields: Sequence[SweptField], cells: Sequence[float]
) -> tuple[list[bytes], list[int]]:
    """Return the text of a point, cut at each set value, and the field at each cut."""
    content = variant(scenario, fields, cells).to_dict()
    for j, (field, cell) in enumerate(zip(fields, cells, strict=True)):
        _replace(content, split_address(field.address), field.setting(cell), _MARK.format(j))
    text = canonical_json(content)
    pieces = text.split(json.dumps("\x00")[1:-1])
    parts, order = [pieces[0].removesuffix('"')], []
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        order.append(int(mark))
        parts.append(piece.removeprefix('"').removesuffix('"'))
    last = pieces[-1].removeprefix('"') if order else pieces[0]
    return [part.encode() for part in [*parts[:-1], last]], order


def _replace(content: Any, parts: Sequence[str], value: Any, mark: str) -> None:
    """Put a mark in place of a value; an absent tie stays absent."""
    for part in parts[:-1]:
        content = content.get(part, {})
    if value is not None or parts[-1] in content:
        content[parts[-1]] = mark


def _written(field: SweptField, cell: float) -> bytes:
    """Return a cell as the text of a scenario has it."""
    value = field.setting(cell)
    if field.spec.kind == "whole number" and value is not None:
        value = int(value)
    return canonical_json(value).encode()
