"""A sweep as it is asked for: what it is called, what it varies, where, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Heading:
    """What a sweep is called and what it is for.

    Parameters
    ----------
    name : str
        Short name; also that of its folder.
    title, description : str
        What it is about, and which question it answers.
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
    scenario : Scenario
        The scenario that is varied.
    design : Design
        The points, each of which the scenario takes.
    replicates, seed : int
        Futures at each point, and their seed, as the file asks for them.
    """

    heading: Heading
    scenario: Scenario = field(repr=False)
    design: Design
    replicates: int = 100
    seed: int = 1
