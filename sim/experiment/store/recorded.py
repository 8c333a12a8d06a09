"""The inputs that the manifest of a result records."""

from __future__ import annotations

from typing import Any

from sim.errors import InputError, ResultError, ScenarioError
from sim.experiment.spans import earlier_end, shared_months
from sim.experiment.store.identity import RunInputs
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.scenario import scenario_from_dict


def inputs_of(manifest: dict[str, Any]) -> RunInputs:
    """Return the inputs that a manifest records.

    The identifier derived from them is that of the present code, which may differ from the code
    that wrote the manifest.

    Raises
    ------
    ResultError
        If the manifest does not contain them, or its scenario is no longer valid.
    """
    try:
        scenarios = tuple(
            scenario_from_dict(
                item["content"], tuple(item["source_files"]), item.get("parameter_set")
            )
            for item in manifest["scenarios"]
        )
    except ScenarioError as error:
        raise ResultError(
            f"this version of alignsim cannot read the scenario of the result:\n  {error}"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResultError(f"the {MANIFEST_FILE} of the result is damaged: {error!r}.") from error
    last = manifest.get("last_month")
    try:
        as_of = None if last is None else earlier_end(scenarios, last)
        # A month that the scenarios do not share is found here, not in the midst of a replay.
        shared_months(scenarios, as_of)
    except InputError as error:
        raise ResultError(f"the {MANIFEST_FILE} of the result is damaged: {error}") from error
    return RunInputs(
        kind=manifest["kind"],
        scenarios=scenarios,
        seed=manifest["seed"],
        replicates=manifest["replicates"],
        futures_per_draw=manifest["futures_per_draw"],
        facts_hash=manifest["facts_hash"],
        as_of=as_of,
    )
