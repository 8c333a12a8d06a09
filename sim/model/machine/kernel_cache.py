"""Compiled kernels, kept for the next process: which to trust, where to keep them, what to say.

Numba's own cache fails for good once a file of it is damaged, and at once where no folder can be
written. This one has a file for each kernel and signature, with a digest before its bytes, so that
several processes need no index in common. Its folder is named by all that machine code depends on:
the sources of the kernels, the libraries and the processor.
"""

from __future__ import annotations

import hashlib
import json
import logging
import pickle
import shutil
import sys
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba.core import caching, config
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from sim.cache.files import (
    KeptFileError,
    cache_root,
    clear_left_over,
    make_kept_folder,
    read_kept,
    spare_root,
    write_kept,
)
from sim.cache.sources import digest_of, importers, reached, remembered

if TYPE_CHECKING:
    from sim.cache.sources import Sources

LOG = logging.getLogger(__name__)
DECORATORS = "sim.model.machine.compiled"
# As Numba calls compiled code.
SUFFIX = ".nbc"
_LIBRARIES = ("numba", "llvmlite", "numpy")
# Settings of Numba that change the code that it makes.
_SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT")
_REMEDY = "ALIGNSIM_CACHE can name a folder of yours that can be written."
_compiling: set[int] = set()


class KernelStore:
    """The files of compiled kernels: one folder, or a spare one where that cannot be written.

    Says once in a process, in one line, that it could not do as it should.

    Parameters
    ----------
    root : Path or None
        Where folders of kernels lie; None where there is no such place.
    name : str
        Name of the folder for the present sources, libraries and processor.
    find_spare : callable
        Returns the root that takes the place of the first, or raises OSError.
    """

    def __init__(
        self, root: Path | None, name: str, find_spare: Callable[[], Path] = spare_root
    ) -> None:
        self.folder = None if root is None else root / name
        self._name = name
        self._find_spare = find_spare
        # Where new kernels go, once that is known; None where they stay with this process.
        self._place: Path | None = self.folder
        self._is_settled = False
        self._has_spoken = False

    def load(self, name: str) -> bytes | None:
        """Return what was kept under a name, as it was written; None if it is to be made."""
        found = None if self.folder is None else self._read(self.folder / name)
        if found is None:
            self._settle()
            if self._place is not None and self._place != self.folder:
                found = self._read(self._place / name)
        return found

    def save(self, name: str, content: bytes) -> None:
        """Keep a content under a name, if there is a place for it."""
        self._settle()
        while self._place is not None:
            try:
                write_kept(self._place / name, content)
            except OSError as error:
                self._fall_back(error)
            else:
                return

    def discard(self, path: Path) -> None:
        """Throw away what is damaged, and say so."""
        self._say(
            f"Compiled kernels in {path.parent} are damaged; they are thrown away and compiled "
            "again, which takes up to half a minute. ALIGNSIM_CACHE can name another folder."
        )
        try:
            path.unlink()
        except FileNotFoundError:
            pass
        except OSError:
            # A folder in its place; or a place that cannot be written, which saving will find.
            shutil.rmtree(path, ignore_errors=True)

    def discard_kernel(self, name: str) -> None:
        """Throw away a kernel that cannot be used, wherever it is kept."""
        for place in self._places:
            self.discard(place / name)

    def holds(self, function: str) -> bool:
        """Return whether a function, as module.name, is kept for some signature."""
        if self.folder is not None and _is_kept(self.folder, function):
            # Perhaps in a folder that is only to be read: nothing need be kept there.
            return True
        self._settle()
        return any(_is_kept(place, function) for place in self._places)

    @property
    def _places(self) -> set[Path]:
        """Folders that this process reads kernels from."""
        return {place for place in (self.folder, self._place) if place is not None}

    def _read(self, path: Path) -> bytes | None:
        try:
            return read_kept(path)
        except KeptFileError:
            self.discard(path)
            return None

    def _settle(self) -> None:
        """Find out, the first time that a kernel is missing, where new ones can be kept."""
        if self._is_settled:
            return
        self._is_settled = True
        if self._place is None:
            self._fall_back(OSError("there is no home folder"))
            return
        try:
            make_kept_folder(self._place)
        except OSError as error:
            self._fall_back(error)
        else:
            clear_left_over(self._place)

    def _fall_back(self, error: OSError) -> None:
        """Keep new kernels in the next place, or nowhere, and say so."""
        wanted = self.folder or "a cache of the user"
        reason = f"Compiled kernels cannot be kept in {wanted} ({error.strerror or error})"
        self._place = None if self._place != self.folder else self._spare()
        if self._place is None:
            self._say(f"{reason}, so every start compiles for about half a minute. {_REMEDY}")
        else:
            self._say(f"{reason} and go to {self._place} for now. {_REMEDY}")

    def _spare(self) -> Path | None:
        try:
            folder = self._find_spare() / self._name
            make_kept_folder(folder)
        except OSError:
            return None
        return folder

    def _say(self, text: str) -> None:
        if not self._has_spoken:
            self._has_spoken = True
            # Without any configuration of logging a warning is a plain line on standard error.
            LOG.warning(text)


def _is_kept(folder: Path, function: str) -> bool:
    try:
        return any(path.name.startswith(f"{function}-") for path in folder.iterdir())
    except OSError:
        return False


class KernelCache(caching._Cache):
    """Cache of one compiled function, as a dispatcher of Numba asks for it.

    Parameters
    ----------
    function : callable
        The function as it was written.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
        self._origin = b"" if function.__module__.startswith("sim.") else _origin(function)
        self._is_on = True

    @property
    def cache_path(self) -> str:
        """Folder of the kernels."""
        return str(kernel_store().folder)

    def _file(self, signature: Any) -> str:
        key = hashlib.sha256(str(signature).encode() + self._origin).hexdigest()
        return f"{self._name}-{key[:32]}{SUFFIX}"

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the function compiled for a signature; None if it is to be compiled."""
        # Numba calls this, and what it compiles next, under its lock. Its own cache has Numba load
        # everything that typing and lowering need; machine code that is there needs none of it.
        found = self._rebuilt(self._file(sig), target_context) if self._is_on else None
        if found is None:
            _compiling.add(id(self))
        return found

    def _rebuilt(self, name: str, target_context: Any) -> Any:
        content = kernel_store().load(name)
        if content is None:
            return None
        try:
            return CompileResult._rebuild(target_context, *pickle.loads(content))  # noqa: S301
        except Exception:
            # As it was written, but by libraries that the name of the folder does not tell apart.
            kernel_store().discard_kernel(name)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the function compiled for a signature."""
        # Addresses in this process mean nothing in the next.
        if self._is_on and not data.library.has_dynamic_globals:
            kernel_store().save(self._file(sig), dumps(data._reduce()))
        _compiling.discard(id(self))

    def enable(self) -> None:
        """Read and keep kernels."""
        self._is_on = True

    def disable(self) -> None:
        """Compile in this process alone."""
        self._is_on = False

    def flush(self) -> None:
        """Compile anew from now on, as Numba asks for when a function is to be recompiled."""
        self.disable()


def _origin(function: Callable[..., Any]) -> bytes:
    """Return what tells a function apart whose source the name of the folder does not cover."""
    source = Path(function.__code__.co_filename)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return b"\0" + (source.read_bytes() if source.is_file() else b"") + bytes(dumps(cells))


def is_compiling() -> bool:
    """Return whether a kernel is being compiled at this moment."""
    return bool(_compiling)


def kernel_modules(sources: Sources) -> list[str]:
    """Return the modules that machine code follows from: those that compile, and their imports."""
    return reached(sources, importers(sources, DECORATORS))


def kernel_digest(sources: Sources) -> str:
    """Return a digest of the sources that machine code follows from."""
    return digest_of(sources, kernel_modules(sources))


@cache
def kernel_store() -> KernelStore:
    """Return the store for the present sources, libraries, settings and processor."""
    parts = [
        remembered("kernels", kernel_digest),
        sys.implementation.cache_tag,
        [metadata.version(name) for name in _LIBRARIES],
        [str(getattr(config, name)) for name in _SETTINGS],
        # System, processor and its instructions, as Numba compiles for them.
        cpu_target.target_context.codegen().magic_tuple(),
    ]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return KernelStore(cache_root(), f"kernels-{digest[:16]}")
