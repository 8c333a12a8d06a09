"""A small posterior table with known content, and scenarios that draw from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.data.posterior import PosteriorTable, load_posteriors
from sim.scenario import Scenario, estimated, load_scenario

SMALL = Path(__file__).parent / "data" / "small.yaml"
INTERCEPT = "providers.us.offers.infrastructure.intercept"
N = 40
HEADER = ("as_of", "kind", "programme", "draw", "w_likeness", "w_ally", "review_rate", "intercept")
GROUPS = (
    ("2025-03", "contract", ""),
    ("2025-03", "vote", ""),
    ("2025-09", "contract", ""),
    ("2025-09", "contract", "space_treaty"),
)


def rows(seed: int = 0) -> list[list[str]]:
    """Return the rows of a table whose numbers are correlated; w_ally is often below its bound."""
    rng = np.random.default_rng(seed)
    found = []
    for k, group in enumerate(GROUPS):
        common = rng.normal(size=N)
        numbers = {
            "w_likeness": 2 + k + common,
            "w_ally": 0.3 + rng.normal(size=N),
            "review_rate": rng.uniform(0.02, 0.4, N),
            "intercept": -1 - 2 * common + 0.5 * rng.normal(size=N),
        }
        for draw in range(N):
            cells = [f"{values[draw]:.4f}" for values in numbers.values()]
            found.append([*group, str(draw), *cells])
    return found


def written(folder: Path, lines: list[list[str]]) -> Path:
    """Write a posterior table and return its path."""
    path = folder / "posterior.csv"
    path.write_text("".join(f"{','.join(line)}\n" for line in [[*HEADER], *lines]), "utf-8")
    return path


def use_table(monkeypatch: pytest.MonkeyPatch, path: Path) -> PosteriorTable:
    """Let scenarios draw from a table instead of the shipped one."""
    table = load_posteriors(path)
    monkeypatch.setattr(estimated, "load_posteriors", lambda: table)
    return table


def estimated_scenario() -> Scenario:
    """Return a small scenario with the posterior of a new contract, and one intercept from it."""
    return load_scenario(SMALL).with_changes(
        {
            "horizon.end": "2025-10",
            "estimated": {},
            f"uncertainties.{INTERCEPT}": {"distribution": "posterior", "shift": -1.5},
        }
    )
