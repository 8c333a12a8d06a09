"""Facts: the country panel, dyads, events, parameters, and where every figure comes from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.data.description import describe_country
    from sim.data.facts import Facts, load_facts
    from sim.data.features.building import Features, build_features
    from sim.data.parameters import Parameter, load_parameters
    from sim.data.provenance import Provenance
    from sim.data.yearly.vintages import facts_as_of

__all__ = [
    "Facts",
    "Features",
    "Parameter",
    "Provenance",
    "build_features",
    "describe_country",
    "facts_as_of",
    "load_facts",
    "load_parameters",
]

_HOME = {
    "Facts": "facts",
    "Features": "features.building",
    "Parameter": "parameters",
    "Provenance": "provenance",
    "build_features": "features.building",
    "describe_country": "description",
    "facts_as_of": "yearly.vintages",
    "load_facts": "facts",
    "load_parameters": "parameters",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that reading codes or parameters stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim.data' has no attribute {name!r}")
    return getattr(import_module(f"sim.data.{_HOME[name]}"), name)
