"""Freeze the probabilities of a scenario as a forecast on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.forecasts.ledger import Ledger, write_ledger
from sim.analysis.forecasts.probabilities import forecast_span, forecast_table
from sim.errors import checked_path
from sim.experiment.given import check_saving
from sim.experiment.result import plan, run_futures
from sim.experiment.store.results import check_writable
from sim.model.requests import check_extras, check_request, check_scenario

if TYPE_CHECKING:
    from sim.scenario import Scenario

SCENARIO = "today"
# The Monte Carlo error of a probability of 5 % is then about a third of a percentage point.
FUTURES = 5000


def forecast(
    scenario: Scenario | None = None,
    replicates: int = FUTURES,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results/forecasts",
    *,
    progress: Callable[[int, int], None] | None = None,
    command_line: tuple[str, ...] | None = None,
) -> Ledger:
    """Freeze the probabilities of a scenario: a dated table to be scored against later events.

    Parameters
    ----------
    scenario : Scenario, optional
        From `load_scenario`; ``today`` unless given.
    replicates, seed, workers, progress
        As in `simulate`.
    out : path
        Folder of ledgers. Nothing in it is ever overwritten.
    command_line : tuple of str, optional
        The command that made it, for the record.

    Returns
    -------
    Ledger
        With one row per country, offer and horizon (6, 12 and 24 months). If the same forecast is
        on record already, that ledger; then ``is_new`` is false.

    Raises
    ------
    InputError
        If an argument has the wrong type or is out of range, the scenario covers no horizon, or
        the ledger with the same forecast was altered.
    RunError
        If the folder cannot be written, or the futures do not fit into memory.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ledger = sim.forecast(replicates=8, out=folder)
    >>> ledger.table["by_month"].unique().tolist()
    ['2027-05', '2027-11', '2028-11']
    """
    from sim.scenario import load_scenario

    folder = checked_path(out, "the folder of forecasts")
    check_saving(False, command_line)
    check_request(replicates, seed, workers)
    check_extras(progress=progress)
    wanted = load_scenario(SCENARIO) if scenario is None else scenario
    check_scenario(wanted)
    span = forecast_span(wanted)
    inputs = plan((wanted,), replicates, seed, span.last)
    check_writable(folder)
    ensemble = run_futures(wanted, replicates, seed, workers, progress=progress, as_of=span.last)
    origin = {key: each for key, each in inputs.manifest(command_line).items() if key != "kind"}
    return write_ledger(folder, wanted.name, forecast_table(ensemble, span), origin)
