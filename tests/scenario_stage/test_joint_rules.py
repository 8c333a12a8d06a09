"""Rules between numbers, for many points at once: none that a file's checks find is missed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios
from sim.errors import ScenarioError
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.point_problems import PointsError
from sim.experiment.sweeps.designs.swept import SweptField, check_points, fields_of, variant
from sim.scenario import (
    Offer,
    Provider,
    Scenario,
    load_scenario,
    numeric_fields,
    points_in_doubt,
)

# Fields that some rule holds against something else, and as many that none does.
JOINT = (
    "data_centre_mw_min", "data_centre_mw_max", "concession_step", "concession_limit",
    "open_enrolment", "slots", "exclusivity", "home_takes_part",
)  # fmt: skip


def addresses(scenario: Scenario) -> list[str]:
    """Return the numbers and switches of providers and offers."""
    found = [
        f"providers.{name}.{field}"
        for name in scenario.providers
        for field in (*numeric_fields(Provider), "home_takes_part")
    ]
    found += [
        f"providers.{reference.replace('.', '.offers.')}.{field}"
        for reference in scenario.offers
        for field in numeric_fields(Offer)
    ]
    return sorted({*found, "parameters.w_peer", "parameters.overlap"})


def corner_values(field: SweptField) -> list[float]:
    """Return values of a number at which rules turn."""
    if field.spec.kind == "switch":
        return [0.0, 1.0]
    assert field.spec.low is not None
    assert field.spec.high is not None
    ends = [float(field.spec.low), float(field.spec.high), field.cell(field.present)]
    if field.spec.kind == "whole number":
        ends += [1.0, 2.0]
    values = [value for value in ends if not math.isnan(value) or field.spec.is_nullable]
    return values + ([math.nan] if field.spec.is_nullable else [])


@st.composite
def designs(draw: st.DrawFn, scenario: Scenario) -> Design:
    """Return a design over a few numbers, those with joint rules more often than others."""
    known = addresses(scenario)
    joint = [address for address in known if address.rpartition(".")[2] in JOINT]
    # A smallest and a largest size of one offer meet seldom by chance.
    stem = draw(st.sampled_from(joint)).rpartition(".")[0]
    near = [address for address in joint if address.rpartition(".")[0] == stem]
    names = draw(st.lists(st.sampled_from(near), min_size=1, max_size=3, unique=True))
    names += draw(st.lists(st.sampled_from(known), max_size=2, unique=True))
    names = list(dict.fromkeys(names))
    fields = fields_of(scenario, Design(tuple(names), np.zeros((1, len(names)))))
    rows = [
        [draw(st.sampled_from(corner_values(field))) for field in fields]
        for _ in range(draw(st.integers(1, 6)))
    ]
    return Design(tuple(names), np.array(rows))


def hold_against_files(scenario: Scenario, design: Design) -> None:
    fields = fields_of(scenario, design)
    columns = {field.address: design.points[:, j] for j, field in enumerate(fields)}
    doubt = points_in_doubt(scenario, columns, design.n_points)
    for row in range(design.n_points):
        cells = design.points[row].tolist()
        if any(
            field.broken(field.setting(cell)) for field, cell in zip(fields, cells, strict=True)
        ):
            continue
        try:
            variant(scenario, fields, cells)
        except ScenarioError:
            assert doubt[row], (design.names, cells)


@settings(max_examples=60)
@given(st.data())
def test_every_point_that_a_file_would_refuse_is_found(data: st.DataObject) -> None:
    scenario = data.draw(scenarios())
    hold_against_files(scenario, data.draw(designs(scenario)))


@settings(max_examples=40)
@given(st.data(), st.sampled_from(["baseline", "today", "third-way"]))
def test_in_shipped_scenarios_too(data: st.DataObject, name: str) -> None:
    scenario = load_scenario(name)
    hold_against_files(scenario, data.draw(designs(scenario)))


def changed(changes: dict[str, Any]) -> Scenario:
    return load_scenario("today").with_changes(changes)


LARGE = "providers.us.offers.infrastructure"
EVENT = {"date": "2027-01", "title": "Sizes", "source": "assumption"}
RULES: dict[str, tuple[Scenario, dict[str, list[Any]]]] = {
    "sizes": (changed({}), {f"{LARGE}.data_centre_mw_min": [50, 19_000]}),
    "sizes after an event": (
        changed({"events": [EVENT | {"set": {f"{LARGE}.data_centre_mw_max": 400}}]}),
        {f"{LARGE}.data_centre_mw_min": [50, 450]},
    ),
    "concessions": (changed({}), {f"{LARGE}.concession_step": [0, 1]}),
    "slots of an open offer": (changed({}), {f"{LARGE}.open_enrolment": [False, True]}),
    "slots below the record": (changed({}), {f"{LARGE}.slots": [30, 0]}),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_point_that_breaks_a_rule_is_told_in_the_words_of_a_file(rule: str) -> None:
    scenario, axes = RULES[rule]
    design = Design.grid(axes)
    fields = fields_of(scenario, design)
    variant(scenario, fields, design.points[0].tolist())
    with pytest.raises(ScenarioError) as told:
        variant(scenario, fields, design.points[1].tolist())
    with pytest.raises(PointsError) as found:
        check_points(scenario, design, fields)
    assert [problem.message for problem in told.value.problems] == [
        problem.message.partition("): ")[2] for problem in found.value.problems
    ]
    assert all(problem.message.startswith("point 2 (") for problem in found.value.problems)


def test_a_home_that_is_on_record_cannot_stand_outside() -> None:
    home = "providers.us.home_takes_part"
    made = {"country": "USA", "offer": "china.infrastructure", "signed": "2025-05"}
    scenario = load_scenario("baseline").with_changes({home: True, "initial.commitments": [made]})
    columns = {home: np.array([1.0, 0.0])}
    assert points_in_doubt(scenario, columns, 2).tolist() == [False, True]


def test_numbers_without_joint_rules_leave_no_doubt() -> None:
    columns = {
        "parameters.w_peer": np.linspace(0, 3, 5),
        "providers.us.linkage": np.linspace(0, 1, 5),
    }
    assert not points_in_doubt(load_scenario("today"), columns, 5).any()
