"""Runs and comparisons that a command needs: those there are, else made and saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import shown_scenario
from sim.interfaces.cli.output import EXISTS_ALREADY, notice
from sim.interfaces.cli.progress import shown_progress

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.experiment.store.identity import RunInputs
    from sim.experiment.stored import StoredComparison, StoredRun
    from sim.scenario import Scenario


class Request(NamedTuple):
    """What the options of a command say about a result.

    Parameters
    ----------
    replicates, seed : int
    workers : int or None
    results : Path
        Folder in which results are kept.
    changes, levers : sequence of str or None
        As given, for the command in the manifest.
    as_of : str or None
    fresh, is_silent : bool
    """

    replicates: int
    seed: int
    workers: int | None
    results: Path
    changes: Sequence[str] | None
    levers: Sequence[str] | None
    as_of: str | None
    fresh: bool
    is_silent: bool

    def command(self, *words: str) -> tuple[str, ...]:
        """Return the command for the manifest: the options that affect the result, in order."""
        command = ["alignsim", words[0], *(shown_scenario(word) for word in words[1:])]
        command += ["--replicates", str(self.replicates), "--seed", str(self.seed)]
        for option, values in (("--set", self.changes), ("--lever", self.levers)):
            for value in values or ():
                command += [option, value]
        return tuple(command if self.as_of is None else [*command, "--as-of", self.as_of])


def made_run(name: str, scenario: Scenario, asked: Request) -> tuple[Result | StoredRun, Path]:
    """Return a run and its folder; a run that was made here still has its futures.

    Parameters
    ----------
    name : str
        The scenario as it was given.
    scenario : Scenario
        With all changes.
    asked : Request
    """
    from sim.experiment.result import plan

    found = _find(plan((scenario,), asked.replicates, asked.seed, asked.as_of), asked)
    if found is not None:
        from sim.experiment.stored import read_stored_run

        return read_stored_run(found), found
    from sim.experiment import simulate

    size = (asked.replicates, asked.seed, asked.workers)
    command = asked.command("run", name)
    with unwinding():
        with shown_progress(asked.replicates, asked.is_silent) as progress:
            result = simulate(scenario, *size, progress=progress, as_of=asked.as_of)
        return result, result.save(asked.results, fresh=asked.fresh, command_line=command)


def made_comparison(
    names: tuple[str, str], scenarios: tuple[Scenario, Scenario], asked: Request
) -> tuple[Comparison | StoredComparison, Path]:
    """Return a comparison and its folder; parameters as for `made_run`."""
    from sim.experiment.result import plan

    found = _find(plan(scenarios, asked.replicates, asked.seed, asked.as_of), asked)
    if found is not None:
        from sim.experiment.stored import read_stored_comparison

        return read_stored_comparison(found), found
    from sim.experiment import compare

    size = (asked.replicates, asked.seed, asked.workers)
    command = asked.command("compare", *names)
    with unwinding():
        with shown_progress(2 * asked.replicates, asked.is_silent) as progress:
            first, second = scenarios
            result = compare(first, second, *size, progress=progress, as_of=asked.as_of)
        return result, result.save(asked.results, fresh=asked.fresh, command_line=command)


def _find(inputs: RunInputs, asked: Request) -> Path | None:
    """Return the folder of the finished result with these inputs, or None if it must be made."""
    from sim.experiment.store.results import check_writable, find_finished

    found = None if asked.fresh else find_finished(asked.results, inputs)
    if found is None:
        # This exact folder: that of the scenario may be closed although the root is open.
        check_writable((asked.results / inputs.folder).parent)
    elif not asked.is_silent:
        notice(EXISTS_ALREADY)
    return found
