"""Futures done so far, for whoever follows the progress of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]


@dataclass
class Tally:
    """Futures done so far, of how many.

    Parameters
    ----------
    expected : int
        How many there will be, or about; told as more once more are done.
    progress : callable, optional
        Called with (futures done, futures expected).
    """

    expected: int = 0
    progress: Progress | None = None
    done: int = 0

    def add(self, futures: int) -> None:
        """Count futures that have been simulated.

        Examples
        --------
        >>> tally = Tally(10, lambda done, expected: print(done, "of", expected))
        >>> tally.add(8)
        8 of 10
        >>> tally.add(8)
        16 of 16
        """
        self.done += futures
        if self.progress is not None:
            self.progress(self.done, max(self.done, self.expected))

    def of_run(self, each: int = 1) -> Progress:
        """Return what counts the futures of one run, which says how many of its own are done.

        Parameters
        ----------
        each : int
            What each of them counts for.
        """
        before = 0

        def report(done: int, _: int) -> None:
            nonlocal before
            self.add(each * (done - before))
            before = done

        return report
