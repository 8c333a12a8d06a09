"""What the command line asks of a sweep, and which of its options go together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.words.wording import listed

if TYPE_CHECKING:
    from distributed import Client

    from sim.experiment.sweeps.designs.plan import SweepPlan
    from sim.experiment.sweeps.inputs import SweepInputs


@dataclass(frozen=True)
class SweepRequest:
    """What the command line asks of a sweep.

    Parameters
    ----------
    plan : SweepPlan
        The sweep file.
    replicates, seed : int
        Futures at each point, and their seed.
    results : Path
        Root of all results.
    workers : int or None
        Threads of this process.
    fresh, as_json, quiet : bool
        As the options of these names.
    command : tuple of str
        The command for the manifest; it says nothing about where the sweep runs.
    chunks_at : str or None
        URL of the place of unfinished points.
    cluster : distributed.Client or None
        A cluster that is connected.
    """

    plan: SweepPlan
    replicates: int
    seed: int
    results: Path
    workers: int | None
    fresh: bool
    as_json: bool
    quiet: bool
    command: tuple[str, ...]
    chunks_at: str | None
    cluster: Client | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing is shown but the result."""
        return self.as_json or self.quiet

    @cached_property
    def inputs(self) -> SweepInputs:
        """What determines the sweep."""
        from sim.experiment.sweeps.running import plan_sweep

        plan = self.plan
        return plan_sweep(plan.scenarios, plan.design, self.replicates, self.seed, plan.heading)


def check_together(given: dict[str, bool]) -> None:
    """Refuse options that exclude each other.

    Parameters
    ----------
    given : dict
        Whether each of ``--status``, ``--estimate``, ``--shard``, ``--merge``, ``--fresh``,
        ``--cluster`` and ``--workers`` is given.

    Raises
    ------
    InputError
        If two of them exclude each other.
    """
    modes = [name for name in ("--status", "--estimate", "--shard", "--merge") if given[name]]
    problems = []
    if len(modes) > 1:
        rule = f"{listed(modes)} cannot be given together."
        problems.append(Problem("", 0, rule, "Give one of them."))
    if modes and given["--fresh"]:
        rule = f"--fresh cannot be given with {modes[0]}."
        remedy = "It would delete the points that other commands made; leave it out."
        problems.append(Problem("", 0, rule, remedy))
    if given["--cluster"] and given["--workers"]:
        rule = "--workers counts threads of this process, but --cluster is given."
        remedy = "Leave it out; for processes of this machine give --cluster local:N."
        problems.append(Problem("", 0, rule, remedy))
    for mode in ("--status", "--merge"):
        if given[mode] and given["--cluster"]:
            problems.append(Problem("", 0, f"{mode} needs no --cluster.", "Leave it out."))
    if problems:
        raise InputError(problems)
