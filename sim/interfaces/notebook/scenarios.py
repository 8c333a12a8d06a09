"""Cards of what is run: scenarios, designs, plans of sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.sweeps.designs.design_table import named
from sim.interfaces.notebook.card import MOST_ROWS, Card
from sim.words.wording import counted, month_in_words

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.designs.design_table import DesignTable
    from sim.experiment.sweeps.designs.plan import SweepPlan
    from sim.scenario import Scenario


def of_scenario(scenario: Scenario) -> Card:
    """Return the card of a scenario: what it assumes, its size, and its levers."""
    import pandas as pd

    levers = pd.DataFrame(
        {
            "lever": list(scenario.levers),
            "now": [scenario.value(lever.target) for lever in scenario.levers.values()],
            "low": [lever.low for lever in scenario.levers.values()],
            "high": [lever.high for lever in scenario.levers.values()],
            "title": [lever.title for lever in scenario.levers.values()],
        }
    )
    rest = (
        "`.offers`, `.parameters`, `.uncertainties` and `.events` hold the rest; "
        "`.with_levers({...})` and `.with_changes({...})` return a changed scenario."
    )
    return Card(
        scenario.title,
        [scenario.description, f"Scenario {scenario.name}: {scenario_size(scenario)}."],
        levers,
        len(levers),
        [rest],
    )


def scenario_size(scenario: Scenario) -> str:
    """Return months, countries, offers and uncertain numbers of a scenario in words."""
    first, last = (month_in_words(scenario.months[at]) for at in (0, -1))
    parts = [
        f"{first} to {last}",
        f"{len(scenario.agents)} countries that decide",
        counted(len(scenario.providers), "provider"),
        counted(len(scenario.offers), "offer"),
        counted(len(scenario.uncertainties), "uncertain number"),
    ]
    return ", ".join(parts)


def of_design(design: DesignTable) -> Card:
    """Return the card of a design: how its points were made, and the first of them."""
    sentence = f"{counted(design.n_points, 'point')} over {named(design.names)}."
    rest = "`.points` holds all values; `sim.sweep(scenario, design)` runs every point."
    return Card(f"Design: {design.method}", [sentence], _points(design), design.n_points, [rest])


def of_plan(plan: SweepPlan) -> Card:
    """Return the card of a sweep file: its question, and its points."""
    heading, design = plan.heading, plan.design
    size = (
        f"{counted(design.n_points, 'point')} over {named(design.names)} ({design.method}), "
        f"{counted(plan.replicates, 'future')} at each, seed {plan.seed}."
    )
    rest = "`.scenario` and `.design` are what `sim.sweep` takes."
    return Card(
        heading.title or heading.name,
        [*filter(None, [heading.description]), size],
        _points(design),
        design.n_points,
        [rest],
    )


def _points(design: DesignTable) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(design.points[:MOST_ROWS], columns=list(design.names))
