"""A folder of results of every kind, for tests of the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import sim

SMALL = Path(__file__).parent / "data" / "small.yaml"
REPLICATES = 8


def make_results(root: Path) -> dict[str, Path]:
    """Write two runs, a comparison and a sweep below a root; return their folders by a word."""
    scenario = sim.load_scenario(SMALL).with_changes({"horizon.end": "2025-08"})
    changed = scenario.with_changes({"providers.us.linkage": 0.9})
    design = sim.Design.grid({"local_control": [0, 1]})
    return {
        "run": sim.simulate(scenario, REPLICATES, 1).save(root),
        "changed": sim.simulate(changed, REPLICATES, 2).save(root),
        "comparison": sim.compare(scenario, changed, REPLICATES, 1).save(root),
        "sweep": sim.sweep(scenario, design, REPLICATES, 3, root).path,
    }


def copied(folders: dict[str, Path], root: Path) -> dict[str, Path]:
    """Return the folders of a copy of all results that a test may damage."""
    above = folders["run"].parents[1]
    shutil.copytree(above, root)
    return {word: root / folder.relative_to(above) for word, folder in folders.items()}
