"""Compilation of parts, which become machine code only within their callers, and of entries.

Numba optimises every function that it compiles, together with all that this one calls, and emits
machine code for it. A kernel function that is always in line is never called by itself, so for it
both are work for nothing, and that for the same code again at every level of calls. Here such a
function ends as code to be linked; the entry that it goes into is optimised once, as a whole.

Numba optimises twice, since counts of references can only be removed between the two. Kernels
count none, so once is enough. Loops become vectors but are not written out several times over:
that doubles the code of an entry, which takes long to compile and no less time to run.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from numba.core import bytecode, compiler, config
from numba.core.codegen import JITCodeLibrary

# A third level takes longer and gives no faster code here.
_SPEED = 2


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


def _tuned(codegen: Any, *, unrolls: bool) -> Any:
    """Return a builder of LLVM's passes, which may write out a loop round by round."""
    tuning = llvm.create_pipeline_tuning_options(speed_level=min(int(config.OPT), _SPEED))
    tuning.loop_vectorization = bool(config.LOOP_VECTORIZE)
    tuning.slp_vectorization = bool(config.SLP_VECTORIZE)
    tuning.loop_unrolling = unrolls
    tuning.loop_interleaving = False
    return llvm.create_pass_builder(codegen._tm, tuning)


class _KernelLibrary(JITCodeLibrary):
    """The code of one function of the mechanism."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Optimise each function by itself, before it is linked with others."""
        ll_module.data_layout = self._codegen._data_layout
        builder = _tuned(self._codegen, unrolls=True)
        passes = builder.getFunctionPassManager()
        for function in ll_module.functions:
            passes.run(function, builder)


class _PartLibrary(_KernelLibrary):
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


class _EntryLibrary(_KernelLibrary):
    """The code of an entry, with all that is linked into it."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        # Or its machine code could not be kept.
        self.enable_object_caching()

    def _optimize_final_module(self) -> None:
        """Optimise once, for code that is short."""
        builder = _tuned(self._codegen, unrolls=False)
        builder.getModulePassManager().run(self._final_module, builder)


class _KernelCompiler(compiler.Compiler):
    """A compiler whose functions have libraries of a class of ours."""

    library: type[JITCodeLibrary]

    def compile_extra(self, func: Any) -> Any:
        """Compile a function into a library of its own, as Numba asks for."""
        name = bytecode.FunctionIdentity.from_function(func).func_qualname
        self.state.library = self.library(self.state.targetctx.codegen(), name)
        return super().compile_extra(func)


class PartCompiler(_KernelCompiler):
    """The compiler of functions that are always in line."""

    library = _PartLibrary


class EntryCompiler(_KernelCompiler):
    """The compiler of functions that Python calls."""

    library = _EntryLibrary
