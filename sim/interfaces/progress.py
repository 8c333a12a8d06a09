"""Progress of a run on standard error: a bar on a terminal, two lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.interfaces.output import notice

Report = Callable[[int, int], None]


def announce_compilation() -> None:
    """Say that the first run takes longer, where the model has yet to be compiled."""
    from sim.model.compiled import kernel_cache_folder

    folder = kernel_cache_folder()
    if not (folder.is_dir() and any(folder.rglob("*.nbi"))):
        notice("Compiling the model (once, about half a minute) ...")


@contextmanager
def shown_progress(futures: int, is_quiet: bool) -> Iterator[Report | None]:
    """Give a function that reports progress, or None when nothing is to be shown."""
    if is_quiet:
        yield None
        return
    announce_compilation()
    begin = time.monotonic()
    if sys.stderr.isatty():
        with _bar(futures) as report:
            yield report
    else:
        notice(f"Simulating {futures:,} futures ...")
        yield None
    notice(f"{futures:,} futures in {time.monotonic() - begin:.1f} s.")


@contextmanager
def _bar(futures: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Simulating"), BarColumn(), MofNCompleteColumn(), TextColumn("futures"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=futures)
        yield lambda done, _: progress.update(task, completed=done)
