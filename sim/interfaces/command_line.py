"""The command ``alignsim``: its verbs, and what becomes of errors.

Exit status: 0 done, 1 a run failed (or a replay differs), 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from sim.errors import InputError, SimError
from sim.interfaces import country_commands, run_commands, scenario_commands, sweep_commands
from sim.interfaces.compiling import INTERRUPTED, interruptible
from sim.interfaces.output import show_error

_NOTHING_LEFT = "interrupted; nothing is left half done."

app = typer.Typer(
    name="alignsim",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Simulate how countries align in the contest over AI infrastructure.",
    epilog="Start with: alignsim run baseline. Each verb explains itself with -h.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from sim.experiment.identity import package_version

        print(package_version())
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Simulate how countries align in the contest over AI infrastructure."""


for _verb in (
    run_commands.run,
    run_commands.compare,
    sweep_commands.sweep,
    run_commands.replay,
    scenario_commands.scenarios,
    scenario_commands.validate,
    scenario_commands.schema,
    country_commands.countries,
):
    app.command()(_verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows ``alignsim``; those of the process unless given.
    """
    _prepare_streams()
    try:
        with interruptible():
            app(args=None if arguments is None else list(arguments), prog_name="alignsim")
    except SystemExit as stop:
        status = _status(stop)
        if status == INTERRUPTED:
            show_error(_NOTHING_LEFT)
    except KeyboardInterrupt:
        show_error(_NOTHING_LEFT)
        status = INTERRUPTED
    except sweep_commands.SweepStoppedError as stop:
        show_error(str(stop))
        status = INTERRUPTED
    except InputError as error:
        show_error(str(error))
        status = 2
    except SimError as error:
        show_error(str(error))
        status = 1
    return status


def _status(stop: SystemExit) -> int:
    """Return the exit status that an exit asks for."""
    if stop.code is None:
        return 0
    return stop.code if isinstance(stop.code, int) else 1


def _prepare_streams() -> None:
    """Let a terminal that cannot show a letter show another, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


if __name__ == "__main__":
    raise SystemExit(main())
