"""Scenario files: their schema, how they are read, and the messages when they are wrong."""

from sim.scenario.addresses import FieldSpec, field_at, numeric_fields, split_address
from sim.scenario.checks.joint_rules import points_in_doubt
from sim.scenario.loading import (
    Layers,
    load_scenario,
    load_scenario_text,
    read_layers,
)
from sim.scenario.path_names import OWN, SOVEREIGN, path_members, path_names
from sim.scenario.reading.named import ScenarioSummary, default_folder, list_scenarios
from sim.scenario.reading.text_edits import remove_key, write_value
from sim.scenario.scenario import Scenario, canonical_json, scenario_from_dict
from sim.scenario.schema.file import Distribution, Lever
from sim.scenario.schema.offers import Offer, Provider
from sim.scenario.schema.reference import json_schema, json_schema_text, reference_markdown
from sim.scenario.schema.timeline import (
    AffinityShift,
    Commitment,
    Event,
    Initial,
    Shock,
    Withdrawal,
)

__all__ = [
    "OWN",
    "SOVEREIGN",
    "AffinityShift",
    "Commitment",
    "Distribution",
    "Event",
    "FieldSpec",
    "Initial",
    "Layers",
    "Lever",
    "Offer",
    "Provider",
    "Scenario",
    "ScenarioSummary",
    "Shock",
    "Withdrawal",
    "canonical_json",
    "default_folder",
    "field_at",
    "json_schema",
    "json_schema_text",
    "list_scenarios",
    "load_scenario",
    "load_scenario_text",
    "numeric_fields",
    "path_members",
    "path_names",
    "points_in_doubt",
    "read_layers",
    "reference_markdown",
    "remove_key",
    "scenario_from_dict",
    "split_address",
    "write_value",
]
