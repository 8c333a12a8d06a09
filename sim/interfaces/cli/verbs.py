"""The commands of ``alignsim``."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli import (
    app_command,
    country_commands,
    run_commands,
    scenario_commands,
    sweep_commands,
)
from sim.interfaces.cli.answers import explain_command, portfolio_command, requirement_command
from sim.interfaces.cli.catalogue import query_command, results_command
from sim.interfaces.cli.evidence import evidence_commands, forecast_command, verify_command
from sim.interfaces.cli.making import report_command
from sim.interfaces.cli.reading import (
    discover_command,
    enough_command,
    groups_command,
    robust_command,
    sensitivity_command,
    split_command,
    what_matters_command,
)

app = typer.Typer(
    name="alignsim",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Simulate how countries align in the contest over AI infrastructure.",
    epilog="Start with: alignsim run baseline. Each command explains itself with -h.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from sim.experiment.store.identity import package_version

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
    split_command.split,
    explain_command.explain,
    requirement_command.what_would_it_take,
    portfolio_command.portfolio,
    groups_command.groups,
    sweep_commands.sweep,
    report_command.report,
    run_commands.replay,
    results_command.results,
    query_command.query,
    what_matters_command.what_matters,
    sensitivity_command.sensitivity,
    discover_command.discover,
    robust_command.robust,
    enough_command.enough,
    verify_command.verify,
    forecast_command.forecast,
    scenario_commands.scenarios,
    scenario_commands.validate,
    scenario_commands.schema,
    country_commands.countries,
    evidence_commands.calibrate,
    evidence_commands.backtest,
    app_command.app,
):
    app.command()(_verb)
