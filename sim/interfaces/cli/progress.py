"""Progress on standard error: a bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.interfaces.cli.compiling import tidied_at_end
from sim.interfaces.cli.output import is_plain, notice

if TYPE_CHECKING:
    from rich.progress import Progress

Report = Callable[[int, int], None]
# Without a terminal, print a line each time this many seconds have passed.
SECONDS_BETWEEN_LINES = 20.0
MANY = 20


# Compiled last, and needed by every run.
RUN = "block.run_block"


def announce_compilation(*kernels: str) -> None:
    """Say that the first run takes longer if the model is not yet compiled.

    Parameters
    ----------
    *kernels : str
        What is needed, as module.name; what every run needs, unless given.
    """
    from sim.model.machine.kernel_cache import kernel_store

    if not all(map(kernel_store().holds, kernels or (RUN,))):
        notice("Compiling the model (once, about half a minute) ...")


@contextmanager
def shown_progress(
    futures: int | None,
    is_quiet: bool,
    kernels: tuple[str, ...] = (RUN,),
    *,
    doing: str = "Simulating",
    is_most: bool = False,
) -> Iterator[Report | None]:
    """Yield a function that reports progress, or None if nothing should be shown.

    Parameters
    ----------
    futures : int or None
        How many there will be; None if that is known only on the way.
    is_quiet : bool
        Whether nothing should be shown.
    kernels : tuple of str
        As for `announce_compilation`.
    doing : str
        What is done, for the bar or the line at the start.
    is_most : bool
        Whether there may be fewer futures than that.
    """
    if is_quiet:
        yield None
        return
    from sim.words.wording import counted

    announce_compilation(*kernels)
    begin, done = time.monotonic(), 0

    def count(so_far: int, _: int) -> None:
        nonlocal done
        done = so_far

    if is_plain(sys.stderr):
        many = "" if futures is None else counted(futures, "future")
        notice(" ".join([doing, *(["in up to"] if is_most else []), *([many] * bool(many)), "..."]))
        yield count
    else:
        with moving_bar(doing, futures, "futures") as move:

            def both(so_far: int, expected: int) -> None:
                count(so_far, expected)
                move(so_far, expected)

            yield both
    notice(f"{counted(done or futures or 0, 'future')} in {time.monotonic() - begin:.1f} s.")


@contextmanager
def shown_outcomes(is_quiet: bool) -> Iterator[Report | None]:
    """Yield a function that reports how many outcomes are analysed, or None if nothing is shown.

    Without a terminal a line says how many there are, if they are many.
    """
    if is_quiet:
        yield None
    elif not is_plain(sys.stderr):
        with moving_bar("Analysing", None, "outcomes") as report:
            yield report
    else:
        yield (
            lambda done, total: (
                notice(f"Analysing {total:,} outcomes ...") if done == 0 and total > MANY else None
            )
        )


@contextmanager
def moving_bar(verb: str, total: int | None, noun: str) -> Iterator[Report]:
    """Yield a function that moves a bar on a terminal, from 0 to `total` things.

    Where the total is not known beforehand, None, each report says what it is taken to be.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), TextColumn(noun))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with bar as progress, tidied_at_end(bar.stop):
        task = progress.add_task("", total=total)
        yield lambda done, expected: progress.update(
            task, completed=done, total=expected if total is None else total
        )


class SweepProgress:
    """Points done, and the estimated time left; shows nothing itself.

    Parameters
    ----------
    clock : callable
        Seconds since some moment.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = self.total = 0
        self._clock = clock
        self._begin = 0.0
        self._found = 0

    def report(self, done: int, total: int) -> None:
        """Record the points done, including those of an earlier attempt, and show them."""
        if not self.total:
            self._begin, self._found = self._clock(), done
        self.done, self.total = done, total
        self.show()

    @property
    def elapsed(self) -> float:
        """Seconds since the first report."""
        return self._clock() - self._begin

    @property
    def seconds_left(self) -> float | None:
        """Seconds left at the pace of this attempt; None before its first point."""
        here = self.done - self._found
        return self.elapsed / here * (self.total - self.done) if here else None

    @property
    def words(self) -> str:
        """Points done and time left, in words."""
        left = self.seconds_left
        text = f"{self.done:,} of {self.total:,} points"
        return text if left is None else f"{text}, {shown_duration(left)} left"

    def show(self) -> None:
        """Show the state, or nothing."""

    def close(self) -> None:
        """Remove what is shown."""


class _Lines(SweepProgress):
    """A line at the start, and one every so many seconds."""

    _last = 0.0

    def show(self) -> None:
        """Print a line, if it is time for one."""
        if self.done == self._found and not self._last:
            kept = f", {self.done:,} of them done before" if self.done else ""
            notice(f"Simulating {self.total:,} points{kept} ...")
            self._last = self._clock()
        elif self.done < self.total and self._clock() - self._last >= SECONDS_BETWEEN_LINES:
            notice(f"{self.words} ...")
            self._last = self._clock()


class _Bar(SweepProgress):
    """A bar on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Progress | None = None

    def show(self) -> None:
        """Move the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        if self._bar is None:
            columns = (TextColumn("Simulating"), BarColumn(), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("", total=self.total)
            self._bar.start()
        task = self._bar.task_ids[0]
        self._bar.update(task, completed=self.done, description=self.words)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()


def shown_duration(seconds: float) -> str:
    """Return a duration in words.

    Examples
    --------
    >>> [shown_duration(seconds) for seconds in (0.4, 59.6, 200, 7300)]
    ['1 s', '1 min', '3 min', '2 h 2 min']
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def shown_sweep_progress(is_quiet: bool) -> Iterator[SweepProgress]:
    """Yield an object that follows a sweep and shows its progress, if anything is to be shown."""
    if is_quiet:
        yield SweepProgress()
        return
    announce_compilation()
    progress = _Lines() if is_plain(sys.stderr) else _Bar()
    try:
        with tidied_at_end(progress.close):
            yield progress
    finally:
        progress.close()
    notice(f"{progress.total:,} points in {progress.elapsed:.1f} s.")
