"""The subject of a question: the run of A, and that of B if there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.model.ensemble import Ensemble


@dataclass(frozen=True)
class Shown:
    """One run, or two that are compared.

    The comparison starts from B, so differences are A minus B: the result of
    ``alignsim compare B A``.
    """

    a: Result
    b: Result | None = None
    comparison: Comparison | None = None

    @property
    def ensemble(self) -> Ensemble:
        """The futures of A."""
        return self.a.ensemble

    @property
    def other(self) -> Ensemble | None:
        """The futures of B."""
        return None if self.b is None else self.b.ensemble
