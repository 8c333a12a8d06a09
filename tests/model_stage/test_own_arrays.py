"""Compiled functions are promised that every array they are passed is memory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from sim.model import ensemble
from sim.model.builder import build_world
from sim.model.ensemble import future, run_built
from sim.model.mesa_model import AlignmentModel
from sim.scenario import load_scenario


def arrays_in(arguments: Any) -> Iterator[np.ndarray]:
    """Yield the arrays among arguments, and those that tuples of them hold."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from arrays_in(argument)
        elif isinstance(argument, np.ndarray):
            yield argument


def shared(arguments: Any) -> list[tuple[Any, Any]]:
    """Return the pairs of arrays that share memory."""
    found = list(arrays_in(arguments))
    assert len(found) > 40
    return [(a.shape, b.shape) for a, b in combinations(found, 2) if np.shares_memory(a, b)]


def test_a_block_of_futures_gets_arrays_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(ensemble, "run_block", lambda *arguments: seen.append(arguments))
    run_built(build_world(load_scenario("kill-switch")), 50, 1, 1)
    assert len(seen) == 2
    assert all(shared(arguments) == [] for arguments in seen)


def test_an_agent_gets_arrays_of_its_own() -> None:
    model = AlignmentModel(load_scenario("kill-switch"), seed=1, replicate=0)
    assert shared((*model.arrays, np.zeros(1))) == []
    assert shared((model.world, future(model.built, 1, 0), model.state)) == []
