"""Named tuples of arrays that compiled functions pass on by address.

Numba passes a tuple as the words of all its arrays. World, draw and state are some four hundred
words, and packing and unpacking them in every function was most of the time that compilation took.
An address is one word, and a function reads only the fields that it names. Once everything is in
line, LLVM sees where the address leads and keeps the fields in registers as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from llvmlite import ir
from numba.core import cgutils
from numba.core.registry import cpu_target
from numba.core.types.abstract import Type
from numba.core.types.containers import BaseTuple, NamedTuple
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
)

T = TypeVar("T")
_ALIGNMENT = 16  # bytes; enough for any field


def by_address(value: T) -> T:
    """Return a named tuple as an address with the same fields; anything else as it is.

    The address is valid until the function that calls this returns: never return it.
    """
    return value


def all_by_address(values: T) -> T:
    """Return a tuple with each of its items `by_address`."""
    return values


class ByAddress(Type):
    """The address of a named tuple.

    Parameters
    ----------
    pointee : numba.types.NamedTuple
        Type of the tuple.
    """

    def __init__(self, pointee: NamedTuple) -> None:
        self.pointee = pointee
        # Symbols contain the names of the argument types; that of a tuple lists all its arrays.
        digest = hashlib.sha256(pointee.name.encode()).hexdigest()[:16]
        super().__init__(f"{pointee.instance_class.__name__}@{digest}")

    @property
    def key(self) -> NamedTuple:
        """What two equal types have in common."""
        return self.pointee


register_model(ByAddress)(models.OpaqueModel)


def _type_of(value: Type) -> Type:
    """Return the type of a value once it is `by_address`."""
    return ByAddress(value) if isinstance(value, NamedTuple) else value


@cache
def _offsets(pointee: NamedTuple) -> list[int]:
    """Return where each field starts, in bytes, and last the size of all."""
    context = cpu_target.target_context
    offsets = [0]
    for field in pointee.types:
        if isinstance(field, NamedTuple):
            size = _offsets(field)[-1]
        else:
            size = context.get_abi_sizeof(context.get_value_type(field))
        offsets.append(offsets[-1] + -(-size // _ALIGNMENT) * _ALIGNMENT)
    return offsets


def _address_of(context: Any, builder: Any, pointee: NamedTuple, address: Any, index: int) -> Any:
    """Return the address of a field."""
    field = pointee.types[index]
    is_tuple = isinstance(field, NamedTuple)
    pointer = cgutils.voidptr_t if is_tuple else context.get_value_type(field).as_pointer()
    start = cgutils.gep_inbounds(builder, address, _offsets(pointee)[index])
    return builder.bitcast(start, pointer)


def _store(context: Any, builder: Any, pointee: NamedTuple, value: Any, address: Any) -> None:
    """Write a tuple to an address, field by field."""
    for index, field in enumerate(pointee.types):
        part = builder.extract_value(value, index)
        target = _address_of(context, builder, pointee, address, index)
        if isinstance(field, NamedTuple):
            _store(context, builder, field, part, target)
        else:
            builder.store(part, target)


def _lower(context: Any, builder: Any, given: Type, value: Any) -> Any:
    """Return a value `by_address`; a tuple is copied to the stack frame of the function."""
    if not isinstance(given, NamedTuple):
        return value
    # Once, also for a tuple that is made in a loop.
    with builder.goto_entry_block():
        slot = builder.alloca(ir.ArrayType(cgutils.int8_t, _offsets(given)[-1]))
        slot.align = _ALIGNMENT
    address = builder.bitcast(slot, cgutils.voidptr_t)
    _store(context, builder, given, value, address)
    return address


@type_callable(by_address)
def _type_by_address(_: Any) -> Callable[[Type], Type]:
    return lambda value: _type_of(value)


@lower_builtin(by_address, Type)
def _lower_by_address(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return _lower(context, builder, signature.args[0], arguments[0])


@type_callable(all_by_address)
def _type_all_by_address(_: Any) -> Callable[[BaseTuple], Type]:
    return lambda values: BaseTuple.from_types([_type_of(value) for value in values.types])


@lower_builtin(all_by_address, BaseTuple)
def _lower_all_by_address(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    values = zip(signature.args[0].types, cgutils.unpack_tuple(builder, arguments[0]), strict=True)
    items = [_lower(context, builder, given, value) for given, value in values]
    return context.make_tuple(builder, signature.return_type, items)


@infer_getattr
class _Fields(AttributeTemplate):
    """Types of the fields behind an address."""

    key = ByAddress

    def generic_resolve(self, value: ByAddress, name: str) -> Type | None:
        """Return the type of a field; None if there is none of this name."""
        names = value.pointee.fields
        return _type_of(value.pointee.types[names.index(name)]) if name in names else None


@lower_getattr_generic(ByAddress)
def _read_field(context: Any, builder: Any, given: ByAddress, address: Any, name: str) -> Any:
    """Read a field; a tuple within the tuple is an address again."""
    index = given.pointee.fields.index(name)
    field = _address_of(context, builder, given.pointee, address, index)
    return field if isinstance(given.pointee.types[index], NamedTuple) else builder.load(field)
