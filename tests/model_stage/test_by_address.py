"""Named tuples that compiled functions pass on by address."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from sim.model.machine.by_address import by_address
from sim.model.machine.compiled import entry, inlined

RECORD = np.dtype([("mw", np.float64), ("is_live", np.int64)])


class Inner(NamedTuple):
    """A tuple within a tuple."""

    weight: np.ndarray
    sign: int


class Outer(NamedTuple):
    """One field of each kind that the mechanism has."""

    is_on: bool
    small: np.ndarray
    inner: Inner
    scale: float
    site: np.ndarray
    one: Any


class Pair(NamedTuple):
    """Two numbers."""

    first: float
    second: float


def make_outer(dtype: type = np.float64) -> Outer:
    site = np.zeros((2, 3), RECORD)
    site["mw"] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    return Outer(
        is_on=True,
        small=np.array([7, 8], np.int8),
        inner=Inner(np.array([0.5, 0.25], dtype), -1),
        scale=10.0,
        site=site,
        one=site[1, 2],
    )


@inlined
def weighted(inner: Inner, j: int) -> Any:
    """Read a tuple that came within another."""
    return inner.sign * inner.weight[j]


@inlined
def read(outer: Outer, out: np.ndarray) -> None:
    """Read each field."""
    out[0] = outer.is_on
    out[1] = outer.small[1]
    out[2] = weighted(outer.inner, 1)
    out[3] = outer.scale
    out[4] = outer.site[1, 0].mw
    out[5] = outer.one.mw


@entry
def read_all(outer: Outer, out: np.ndarray) -> None:
    """Read each field in a function that is called with the tuple."""
    read(outer, out)


@entry
def mark(outer: Outer, i: int) -> None:
    """Write to an array of a tuple."""
    outer.site[i, 0].is_live = 1


@inlined
def difference(a: Pair, b: Pair) -> float:
    """Read two tuples of one type."""
    return a.first - b.first + 100.0 * (a.second - b.second)


@entry
def compare(value: np.ndarray, out: np.ndarray) -> None:
    """Make two tuples in each turn of a loop."""
    for j in range(value.size):
        here = by_address(Pair(value[j], 1.0))
        half = by_address(Pair(value[j] / 2.0, 3.0))
        out[j] = difference(here, half)


@inlined
def swapped(pair: Pair) -> Pair:
    """Return a tuple, which is no address."""
    return Pair(pair.second, pair.first)


@entry
def first_of_swapped(pair: Pair) -> float:
    """Hand on a tuple that a function returned."""
    other = by_address(swapped(pair))
    return difference(other, pair)


@numba.njit  # type: ignore[untyped-decorator]
def misspelt(pair: Any) -> Any:
    """Read a field that a tuple lacks."""
    return by_address(pair).frist


def test_every_kind_of_field_is_read() -> None:
    out = np.zeros(6)
    read_all(make_outer(), out)
    assert out.tolist() == [1.0, 8.0, -0.25, 10.0, 4.0, 6.0]


def test_tuples_of_one_name_and_other_types_are_told_apart() -> None:
    whole = make_outer(np.int64)
    whole.inner.weight[:] = [3, 4]
    for outer, weight in ((whole, -4.0), (make_outer(), -0.25)):
        out = np.zeros(6)
        read_all(outer, out)
        assert out[2] == weight


def test_arrays_of_a_tuple_are_the_callers() -> None:
    outer = make_outer()
    mark(outer, 1)
    assert outer.site["is_live"].tolist() == [[0, 0, 0], [1, 0, 0]]


def test_each_tuple_that_is_made_has_a_place_of_its_own() -> None:
    out = np.zeros(3)
    compare(np.array([2.0, 4.0, 8.0]), out)
    assert out.tolist() == [1.0 - 200.0, 2.0 - 200.0, 4.0 - 200.0]


def test_a_tuple_that_is_returned_can_be_passed_on() -> None:
    assert first_of_swapped(Pair(1.0, 5.0)) == 4.0 - 400.0


def test_a_field_that_is_not_there_is_named() -> None:
    with pytest.raises(TypingError, match="frist"):
        misspelt(Pair(1.0, 2.0))


def test_outside_of_compiled_code_it_is_the_tuple() -> None:
    pair = Pair(1.0, 2.0)
    assert by_address(pair) is pair


def test_in_an_entry_nothing_is_kept_in_memory() -> None:
    compare(np.ones(1), np.zeros(1))
    # Code from the cache cannot be inspected.
    compare.recompile()  # type: ignore[attr-defined]
    (code,) = compare.inspect_llvm().values()  # type: ignore[attr-defined]
    assert "double" in code
    assert "alloca [" not in code
