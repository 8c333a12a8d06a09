"""A requested sweep: its name, what it varies, at which points, and how many futures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
class SweepPlan:
    """A sweep file, read and checked.

    Parameters
    ----------
    heading : Heading
        Name, title, description and sources.
    The scenario to vary.
        The scenario that is varied.
    The points, all valid for the scenario.
        The points, each of which the scenario takes.
    replicates, seed : int
        Futures at each point, and their seed, as requested in the file.
    """

    heading: Heading
    scenario: Scenario = field(repr=False)
    design: Design
    replicates: int = 100
    seed: int = 1
