"""The error for what a run needs from outside: a place to write to, room on it, a cluster."""

from __future__ import annotations

from sim.errors import InputError, Problem, RunError


class UnavailableError(RunError, InputError):
    """Something outside the program that the caller named or implied cannot be used.

    It ends a run, so it is a `RunError`; the caller can put it right, so it is an `InputError`.

    Parameters
    ----------
    message : str
        What was tried, on what, and why it failed.
    remedy : str
        What to do about it.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self._given = (message, remedy)
        super().__init__([Problem("", 0, message, remedy)])

    def __reduce__(self) -> tuple[type[UnavailableError], tuple[str, str]]:
        """Return how to make it again, since workers send it to the process that asked."""
        return type(self), self._given
