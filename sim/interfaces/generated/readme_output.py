"""The generated part of README.md: the summary of a run of the baseline.

``make docs`` writes it; a test checks that it is current.
"""

from __future__ import annotations

from sim.experiment import simulate
from sim.scenario import load_scenario

SCENARIO = "baseline"
# First words of the headings of the sections to show.
SHOWN = ("Who signs", "Likeliest", "South Korea")


def generated_sections() -> dict[str, str]:
    """Return the generated text of README.md by section."""
    summary = simulate(load_scenario(SCENARIO), replicates=1000, seed=1).summary()
    parts = [
        "\n".join([section.heading, *(f"  {line}".rstrip() for line in section.lines)])
        for section in summary.sections
        if section.heading.startswith(SHOWN)
    ]
    return {"output": "```text\n" + "\n\n".join(parts) + "\n```"}
