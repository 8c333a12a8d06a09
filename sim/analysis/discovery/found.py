"""What a search found: boxes with their limits, before they become tables and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.discovery.boxes import Box, BoxQuality

if TYPE_CHECKING:
    from sim.analysis.discovery.cases import Cases
    from sim.analysis.discovery.searching import PeelingTrajectory

# A limit or a box counts if chance alone would do as well less often than this.
LEVEL = 0.05


@dataclass(frozen=True)
class Limit:
    """A limit of a box, as it was found.

    Parameters
    ----------
    input : int
        Index of the input.
    low, high : float
        Ends; infinite if there is none.
    has_null : bool
        Whether null is inside.
    density_without : float
        Density of the box without the limit, 0-1.
    quasi_p : float
        As `sim.analysis.discovery.searching.quasi_p` gives it, 0-1.
    p : float
        The larger of two probabilities, 0-1: that chance alone makes the input pass the screen, and
        that it raises the density so; see `screen_inputs` and `p_of_limits`. NaN if the box as a
        whole is no better than chance, so that its limits were not tested.
    is_kept : bool
        Whether the limit is part of the box.
    """

    input: int
    low: float
    high: float
    has_null: bool
    density_without: float
    quasi_p: float
    p: float
    is_kept: bool


@dataclass(frozen=True)
class FoundBox:
    """A box, and how it was found.

    Parameters
    ----------
    search : PeelingTrajectory
        Its trajectory; of the second search, if the first found limits that chance explains.
    box : Box
        With the limits that are kept.
    fit : BoxQuality
        Of that box, among the cases that earlier boxes leave.
    coverage : float
        Share of all cases with the condition that are inside and in no earlier box, 0-1.
    p : float
        Probability that chance alone finds a box as good, 0-1.
    limits : tuple of Limit
    """

    search: PeelingTrajectory
    box: Box
    fit: BoxQuality
    coverage: float
    p: float
    limits: tuple[Limit, ...]

    @property
    def is_found(self) -> bool:
        """Whether the box is better than chance, so that it has limits."""
        return self.p <= LEVEL and any(each.is_kept for each in self.limits)


@dataclass(frozen=True)
class FoundBoxes:
    """Where a condition holds.

    Parameters
    ----------
    cases : Cases
    source : str
        The result that was asked, for tables: name and run id.
    method : str
        One of `METHODS`.
    boxes : tuple of FoundBox
        In the order in which they were found. The last may be no better than chance.
    resamples, seed : int
        Of the probabilities.
    density : float or None
        Least density that was asked for.
    """

    cases: Cases
    source: str
    method: str
    boxes: tuple[FoundBox, ...]
    resamples: int
    seed: int
    density: float | None

    @property
    def found(self) -> tuple[FoundBox, ...]:
        """The boxes that are better than chance."""
        return tuple(each for each in self.boxes if each.is_found)
