"""A requested sweep: its name, what it varies, at which points, and how many futures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Heading:
    """Name and purpose of a sweep.

    Parameters
    ----------
    name : str
        Short name; also the name of its folder.
    title, description : str
        Its subject, and the question it answers.
    sources : tuple of str
        What its values and ranges rest on.
    """

    name: str
    title: str = ""
    description: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class SweepPlan(ShowsItself):
    """A sweep file, read and checked.

    Parameters
    ----------
    heading : Heading
        Name, title, description and sources.
    scenarios : tuple of Scenario
        The scenarios in which the points run: one, unless the scenario is a factor.
    design : Design
        The points.
    replicates, seed : int
        Futures at each point, and their seed, as requested in the file.
    invalid_points : str
        ``refuse`` if every point has been checked; ``fail`` if a point that breaks a rule fails.

    Examples
    --------
    >>> import sim
    >>> plan = sim.load_sweep("control-and-linkage")
    >>> plan.scenario.name, plan.design.n_points, plan.replicates
    ('baseline', 35, 400)
    """

    heading: Heading
    scenarios: tuple[Scenario, ...] = field(repr=False)
    design: Design
    replicates: int = 100
    seed: int = 1
    invalid_points: str = "refuse"

    @property
    def scenario(self) -> Scenario:
        """The first scenario."""
        return self.scenarios[0]
