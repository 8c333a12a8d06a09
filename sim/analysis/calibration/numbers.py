"""Which numbers are estimated, and what is assumed of them before any record is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EstimatedNumber:
    """A number of the model that the record informs.

    Parameters
    ----------
    name : str
        Row of the parameter table.
    mean, sd : float
        Normal prior of what all kinds of programmes share.
    spread : float
        Prior guess of how much kinds differ, a standard deviation.
    """

    name: str
    mean: float
    sd: float
    spread: float = 0.3


# Means are the defaults that were assumed before; the priors are wide beside what the record says.
ESTIMATED = (
    EstimatedNumber("w_affinity", 1.2, 1.5),
    EstimatedNumber("w_ally", 1.2, 1.5),
    EstimatedNumber("w_record", 0.8, 1.5),
    EstimatedNumber("w_likeness", 0.0, 1.5),
    EstimatedNumber("w_rival", 0.0, 1.5),
    EstimatedNumber("w_dispute", 1.0, 1.5),
    EstimatedNumber("review_size", 0.4, 1.0),
    EstimatedNumber("review_readiness", 0.4, 1.0),
)
NAMES = tuple(number.name for number in ESTIMATED)
KINDS = ("declaration", "membership", "contract", "vote")
