"""The generated answers of docs/explaining.md.

``make docs`` asks the questions. Each names its code and scenarios; a test checks that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.explanation.explaining import explain
from sim.analysis.explanation.two_scenarios.differing import explain_difference
from sim.interfaces.cli.reading.answers import wrapped
from sim.interfaces.generated.effects_page import FUTURES, SEED, origin
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from sim.analysis.answers import Answer

# Scenario, country and provider of each question over all futures, by the name of its section.
OVER_FUTURES = {
    "kazakhstan": ("today", "KAZ", "china"),
    "britain": ("today", "GBR", "us"),
    "korea": ("baseline", "KOR", "us"),
}
ONE_FUTURE = ("baseline", "GBR", 0)
COMPARED = ("baseline", "sovereignty-guarantees")


def generated_sections() -> dict[str, str]:
    """Return the answers by section."""
    texts = {}
    for name, (scenario, country, provider) in OVER_FUTURES.items():
        found = explain(
            load_scenario(scenario), country, provider=provider, replicates=FUTURES, seed=SEED
        )
        texts[name] = _section(found, scenario)
    a, b = map(load_scenario, COMPARED)
    difference = explain_difference(a, b, replicates=FUTURES, seed=SEED)
    return texts | {"one_future": one_future(), "difference": _section(difference, *COMPARED)}


def one_future() -> str:
    """Return the answer about one future."""
    scenario, country, replicate = ONE_FUTURE
    found = explain(load_scenario(scenario), country, replicate=replicate, seed=SEED)
    return _section(found, scenario).replace(f"{FUTURES} futures each", f"Future {replicate}", 1)


def is_current(page: str) -> bool:
    """Return whether the answers of a page are of this code, these facts and these scenarios."""
    asked = [(scenario,) for scenario, *_ in (*OVER_FUTURES.values(), ONE_FUTURE)]
    return all(origin(*names) in page for names in (*asked, COMPARED))


def _section(answer: Answer, *scenarios: str) -> str:
    return "\n".join([origin(*scenarios), "", "```text", *wrapped(answer.sentences()), "```"])
