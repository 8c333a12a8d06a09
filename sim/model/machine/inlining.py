"""Compilation of functions that become machine code only within their callers.

Numba optimises every function that it compiles, together with all that this one calls, and emits
machine code for it. A kernel function that is always in line is never called by itself, so for it
both are work for nothing, and that for the same code again at every level of calls. Here such a
function ends as code to be linked; the entry that it goes into is optimised once, as a whole.
"""

from __future__ import annotations

from typing import Any

from numba.core import bytecode, compiler
from numba.core.codegen import JITCodeLibrary


class _NoEnvironment:
    """A code generator that gives a function no environment: there is no machine code to have it.

    Functions without Python objects do not use it either.
    """

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, *_: Any) -> None:
        """Do nothing."""


class _PartLibrary(JITCodeLibrary):
    """The code of one function, to be linked into its callers."""

    @property
    def codegen(self) -> Any:
        """The code generator, as callers of the library see it."""
        return _NoEnvironment(self._codegen)

    def _optimize_final_module(self) -> None:
        """Leave it to the entry."""

    def _finalize_final_module(self) -> None:
        """Make the code ready to be linked, and no more."""
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


class PartCompiler(compiler.Compiler):
    """The compiler of functions that are always in line."""

    def compile_extra(self, func: Any) -> Any:
        """Compile a function into a library of its own, as Numba asks for."""
        name = bytecode.FunctionIdentity.from_function(func).func_qualname
        self.state.library = _PartLibrary(self.state.targetctx.codegen(), name)
        return super().compile_extra(func)
