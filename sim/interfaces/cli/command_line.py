"""The command ``alignsim``: how it handles errors, interrupts and output.

Exit status: 0 done, 1 a run failed (or a replay differs, or the standard output cannot be written),
2 bad input (or a folder, a disk or a cluster that was named cannot be used), 130 interrupted.
"""

from __future__ import annotations

import sys

from sim.interfaces.cli import interrupts

# Defined as in `typing`: until `main` handles interrupts, as little as possible is imported.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments after ``alignsim``; those of the process unless given. The streams and
        interrupts of the process are replaced only in the latter case.
    """
    if arguments is not None:
        return _status_of(list(arguments))
    # Before any slow import.
    interrupts.answer_at_once()
    from sim.interfaces.cli.output import show_error
    from sim.interfaces.cli.streams import guarded_streams

    output = guarded_streams()
    status = _status_of(None)
    sys.stdout.flush()
    if output.reason is not None:
        show_error(f"cannot write to the standard output: {output.reason}.")
        status = status or 1
    if status == interrupts.INTERRUPTED:
        # Threads that are still running would keep the process from ending.
        interrupts.leave()
    return status


def _status_of(arguments: list[str] | None) -> int:
    """Run a command line, report in words what stopped it, and return the exit status."""
    from sim.errors import InputError, SimError
    from sim.interfaces.cli.output import show_error, warnings_as_notes
    from sim.interfaces.cli.streams import let_letters_pass
    from sim.interfaces.cli.sweep_commands import SweepStoppedError
    from sim.interfaces.cli.verbs import app

    for stream in (sys.stdout, sys.stderr):
        let_letters_pass(stream)
    try:
        with warnings_as_notes():
            app(args=arguments, prog_name="alignsim")
    except SystemExit as stop:
        status = _asked_for(stop)
        if status == interrupts.INTERRUPTED:
            show_error(interrupts.NOTHING_LEFT)
    except KeyboardInterrupt:
        show_error(interrupts.NOTHING_LEFT)
        status = interrupts.INTERRUPTED
    except SweepStoppedError as stop:
        show_error(str(stop))
        status = interrupts.INTERRUPTED
    except InputError as error:
        show_error(str(error))
        status = 2
    except SimError as error:
        show_error(str(error))
        status = 1
    return status


def _asked_for(stop: SystemExit) -> int:
    """Return the exit status that an exit requests."""
    if stop.code is None:
        return 0
    return stop.code if isinstance(stop.code, int) else 1


if __name__ == "__main__":
    raise SystemExit(main())
