"""Levers as numbers and words: their values, their steps, and the meaning of a position."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sim.data import build_features, load_facts
from sim.scenario import Lever, field_at, split_address

if TYPE_CHECKING:
    from sim.scenario import Distribution, Scenario


def start_value(scenario: Scenario, lever: Lever) -> float:
    """Return the value of a lever that nobody has moved.

    A corporate tie that no file sets is computed from the dated record.
    """
    value = scenario.value(lever.target)
    if value is not None:
        return float(value)
    parts = split_address(lever.target)
    if parts[0] != "corporate_ties":
        return lever.high
    features = build_features(load_facts(), scenario.homes, scenario.parameters, scenario.months[0])
    return float(features.tie[str(parts[2])].to_dict()[str(parts[1])])


def step_of(lever: Lever, value: float) -> float:
    """Return the step of a slider: fine enough to reach the present value, else coarse.

    Examples
    --------
    >>> import sim
    >>> levers = sim.load_scenario("baseline").levers
    >>> step_of(levers["local_control"], 0.35), step_of(levers["fund"], 300)
    (0.05, 50.0)
    """
    reach = lever.high - lever.low
    wanted = (50, 10, 5, 1) if reach > 1 else (0.05, 0.01)
    for step in wanted:
        off = (value - lever.low) / step
        if reach / step >= 20 and abs(off - round(off)) < 1e-9:
            return float(step)
    return 1.0 if is_whole(lever) else reach / 100


def position_in_words(lever: Lever, value: float) -> str:
    """Return the meaning of a position of a lever, from its labelled stops.

    Examples
    --------
    >>> import sim
    >>> lever = sim.load_scenario("baseline").levers["linkage"]
    >>> position_in_words(lever, 0.5), position_in_words(lever, 0.2)
    ('as launched', 'between “a plain contract” and “as launched”')
    """
    stops = sorted(lever.stops.items())
    for at, words in stops:
        if abs(at - value) < 1e-9:
            return words
    for (low, below), (high, above) in pairwise(stops):
        if low < value < high:
            return f"between “{below}” and “{above}”"
    if stops and value > stops[-1][0]:
        return f"beyond “{stops[-1][1]}”"
    return f"less than “{stops[0][1]}”" if stops else ""


def drawn_in_words(spread: Distribution) -> str:
    """Return the range from which an uncertain number is drawn, in words."""
    if spread.low is None or spread.high is None:
        return "drawn anew in the futures"
    if spread.kind == "posterior":
        span = f"from {spread.low:.3g} to {spread.high:.3g}"
        return f"drawn from the posterior, nine times in ten {span}"
    return f"drawn from {spread.low:g} to {spread.high:g}"


def is_whole(lever: Lever) -> bool:
    """Return whether a lever takes whole numbers only."""
    spec = field_at(split_address(lever.target))
    return spec is not None and spec.kind == "whole number"
