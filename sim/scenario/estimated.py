"""The posterior of a scenario: which one it is, and what it gives to the numbers drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.data.parameters import load_parameters
from sim.data.posterior import (
    INTERCEPT,
    INTERCEPTS,
    Posterior,
    interval_of,
    load_posteriors,
    mean_of,
)
from sim.scenario.addresses import field_at, split_address
from sim.scenario.schema.file import Distribution, Estimated
from sim.scenario.wording import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.scenario.reading.nodes import Path
    from sim.scenario.schema.file import ScenarioFile

POSTERIOR = "posterior"


@dataclass(frozen=True)
class NoPosterior:
    """Why a scenario has no posterior: the key at fault, the rule it breaks, and what to do."""

    path: Path
    rule: str
    remedy: str


def is_from_posterior(value: object) -> bool:
    """Return whether a block of a scenario is a distribution that reads the posterior."""
    return isinstance(value, Distribution) and value.kind == POSTERIOR


def find_posterior(file: ScenarioFile) -> Posterior | NoPosterior:
    """Return the posterior that the key ``estimated`` of a scenario asks for, or why there is none.

    Parameters
    ----------
    file : ScenarioFile
        With the key ``estimated``.
    """
    asked = file.estimated
    assert asked is not None
    table = load_posteriors()
    kind: str | None = asked.kind
    if kind is None:
        kinds = {offer.kind for p in file.providers.values() for offer in p.offers.values()}
        if len(kinds) != 1:
            rule = f"must state a kind, because the offers are of the kinds {_listed(kinds)}"
            return NoPosterior(("estimated",), rule, "For example: {kind: contract}.")
        kind = kinds.pop()
    month = asked.as_of or file.horizon.start
    as_of = table.latest(month)
    if as_of is None:
        first = table.months[0]
        if asked.as_of is None:
            rule = f"finds no posterior as early as {month}, where the horizon starts"
            remedy = f"The earliest is that of {first}: start then, or leave out 'estimated'."
            return NoPosterior(("estimated",), rule, remedy)
        rule = f"is before the earliest posterior, which is that of {first}"
        return NoPosterior(("estimated", "as_of"), rule, f"Use {first} or a later month.")
    if kind not in table.kinds(as_of):
        remedy = f"Set estimated.kind to {_listed(table.kinds(as_of), 'or')}."
        if asked.kind is None:
            rule = f"finds no posterior of the kind of the offers, {kind}, as of {as_of}"
            return NoPosterior(("estimated",), rule, remedy)
        return NoPosterior(("estimated", "kind"), f"has no posterior as of {as_of}", remedy)
    programme = asked.programme or ""
    found = table.find(as_of, kind, programme)
    if found is not None:
        return found
    known = table.programmes(as_of, kind)
    if not programme:
        remedy = f"Set estimated.programme to {_listed(known, 'or')}."
        rule = f"finds no posterior of a new {kind} as of {as_of}"
        return NoPosterior(("estimated",), rule, remedy)
    rule = f"has no posterior of its own among those of {kind}s as of {as_of}"
    remedy = suggest(programme, known) or "Leave it out, for a new programme of that kind."
    return NoPosterior(("estimated", "programme"), rule, remedy)


def _listed(names: Any, link: str = "and") -> str:
    *rest, last = sorted(names) or ["nothing"]
    return f"{', '.join(rest)} {link} {last}" if rest else last


def posterior_of(file: ScenarioFile) -> Posterior | None:
    """Return the posterior of a checked scenario; None if nothing is drawn from one."""
    if file.estimated is None:
        return None
    found = find_posterior(file)
    assert isinstance(found, Posterior)
    return found


def column_of(address: str, distribution: Distribution) -> str:
    """Return the column of the posterior from which a number is drawn."""
    return distribution.column or split_address(address)[-1]


def unit_of(column: str) -> str:
    """Return the unit of a column of the posterior."""
    if column in INTERCEPTS:
        # An offer of any provider: names are accepted as they are.
        spec = field_at(("providers", "_", "offers", "_", INTERCEPT))
        assert spec is not None
        return spec.unit
    return load_parameters()[column].unit


def values_from(
    posterior: Posterior, address: str, distribution: Distribution
) -> NDArray[np.float64]:
    """Return the values of a number in each draw of a posterior, shape (N,).

    They are shifted as the distribution says, and limited to the bounds of the number.
    """
    spec = field_at(split_address(address))
    assert spec is not None
    values = posterior.column(column_of(address, distribution)) + (distribution.shift or 0.0)
    low = -np.inf if spec.low is None else spec.low
    high = np.inf if spec.high is None else spec.high
    return np.clip(values, low, high)


# Kept, because every change to a scenario asks for the same.
@lru_cache(maxsize=256)
def with_range(posterior: Posterior, address: str, distribution: Distribution) -> Distribution:
    """Return a distribution with its 5 % quantile, mean and 95 % quantile as low, mode and high."""
    values = values_from(posterior, address, distribution)
    low, high = interval_of(values)
    return distribution.model_copy(
        update={
            "column": column_of(address, distribution),
            "shift": distribution.shift or 0.0,
            "low": low,
            "mode": mean_of(values),
            "high": high,
        }
    )


def parameters_from(posterior: Posterior) -> dict[str, Distribution]:
    """Return the distribution of each parameter that a posterior estimates, by address."""
    drawn = Distribution.model_construct(distribution=POSTERIOR)
    return {f"parameters.{name}": drawn for name in posterior.numbers if name not in INTERCEPTS}


def as_found(posterior: Posterior) -> Estimated:
    """Return the key ``estimated`` of a complete scenario: the posterior that was found."""
    return Estimated.model_construct(
        as_of=posterior.as_of,
        kind=posterior.kind,
        programme=posterior.programme or None,
    )


def means_of(drawn: Mapping[str, Distribution]) -> dict[str, float]:
    """Return the mean of every number that is drawn from the posterior, by address."""
    return {
        address: distribution.mode
        for address, distribution in drawn.items()
        if is_from_posterior(distribution) and distribution.mode is not None
    }
