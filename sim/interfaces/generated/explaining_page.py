"""The generated answers of docs/explaining.md.

``make docs`` asks the questions. Each names its code and scenarios; a test checks that.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from sim.analysis.explanation.explaining import explain
from sim.analysis.explanation.two_scenarios.differing import explain_difference
from sim.interfaces.generated.effects_page import FUTURES, SEED, origin
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from sim.analysis.answers import Answer

WIDTH = 100
# Country and provider of each question over all futures, by the name of its section.
OVER_FUTURES = {"kazakhstan": ("KAZ", "china"), "britain": ("GBR", "us"), "korea": ("KOR", "us")}
SCENARIO = "today"
ONE_FUTURE = ("KAZ", 0)
COMPARED = ("baseline", "sovereignty-guarantees")


def generated_sections() -> dict[str, str]:
    """Return the answers by section."""
    today = load_scenario(SCENARIO)
    found: dict[str, Answer] = {
        name: explain(today, country, provider=provider, replicates=FUTURES, seed=SEED)
        for name, (country, provider) in OVER_FUTURES.items()
    }
    texts = {name: _section(answer, SCENARIO) for name, answer in found.items()}
    a, b = map(load_scenario, COMPARED)
    difference = explain_difference(a, b, replicates=FUTURES, seed=SEED)
    return texts | {"one_future": one_future(), "difference": _section(difference, *COMPARED)}


def one_future() -> str:
    """Return the answer about one future."""
    country, replicate = ONE_FUTURE
    return _section(
        explain(load_scenario(SCENARIO), country, replicate=replicate, seed=SEED), SCENARIO
    )


def is_current(page: str) -> bool:
    """Return whether the answers of a page are of this code, these facts and these scenarios."""
    return all(origin(*names) in page for names in ((SCENARIO,), COMPARED))


def _section(answer: Answer, *scenarios: str) -> str:
    lines = [
        line
        for sentence in answer.sentences()
        for line in textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")
    ]
    return "\n".join([origin(*scenarios), "", "```text", *lines, "```"])
