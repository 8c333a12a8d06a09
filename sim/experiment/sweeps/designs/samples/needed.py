"""The design that an analysis needs, and what to do where a sweep has another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.sweeps.designs.point_problems import refuse
from sim.experiment.sweeps.designs.samples.sampling import LATIN, MORRIS, SALTELLI, SOBOL

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.designs.samples.sampling import Sampling

_MAKE = {
    LATIN: "sim.Design.latin_hypercube(ranges, 200)",
    SOBOL: "sim.Design.sobol(ranges, 256)",
    SALTELLI: "sim.Design.saltelli(ranges, 256)",
    MORRIS: "sim.Design.morris(ranges, 20)",
}


def sampling_for(design: Design, method: str) -> Sampling:
    """Return the sampling of a design for an analysis that needs one method.

    Parameters
    ----------
    design : Design
        Of a finished sweep.
    method : str
        ``saltelli`` for Sobol' indices, ``morris`` for elementary effects.

    Raises
    ------
    InputError
        If the design was made in another way, with the design that would fit.
    """
    if design.sampling is None or design.sampling.method != method:
        message = f"this analysis needs a {method} design, and the sweep has {design.method}."
        remedy = f"Make one: '{method}' in the sweep file, or {_MAKE[method]}."
        raise refuse(message, remedy)
    return design.sampling
