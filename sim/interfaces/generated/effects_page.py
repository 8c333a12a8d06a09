"""The generated tables of what rivals, levers and scenarios do, in docs/model.md and scenarios.md.

``make docs`` runs what they show. Each names its code and scenarios; a test checks that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.analysis.effects.moving import Effect, lever_effects, scenario_effects
from sim.analysis.effects.rivalry import Rivalry, rivalries
from sim.data import load_facts
from sim.experiment.store.identity import RunInputs
from sim.model.rows import FUTURES_PER_DRAW
from sim.scenario import list_scenarios, load_scenario
from sim.scenario.reading.shipped import shipped
from sim.words.wording import number, span, with_sign

if TYPE_CHECKING:
    from sim.analysis.standing import Count
    from sim.scenario import Scenario

FUTURES, SEED = 400, 1
RIVAL_SCENARIOS = ("baseline", "today", "same-menu")
BASE = "baseline"


def origin(*names: str) -> str:
    """Return the line that says what a table was made from: it changes when its numbers may."""
    runs = [_run_id(load_scenario(name)) for name in names]
    made = ", ".join(f"`{name}` ({run})" for name, run in zip(names, runs, strict=True))
    return f"*{FUTURES} futures each, seed {SEED}, of {made}.*"


def _run_id(scenario: Scenario) -> str:
    facts = load_facts().hash
    return RunInputs("run", (scenario,), SEED, FUTURES, FUTURES_PER_DRAW, facts).run_id[:8]


def rival_sections() -> dict[str, str]:
    """Return the table of rivals of docs/model.md."""
    lines = [
        origin(*RIVAL_SCENARIOS), "",
        "| scenario | partners of | as it is | rival | it offers nothing | all may join |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in RIVAL_SCENARIOS:
        scenario = load_scenario(name)
        lines += [_rival_row(scenario, each) for each in rivalries(scenario, FUTURES, SEED)]
    return {"rivals": "\n".join(lines)}


def _rival_row(scenario: Scenario, found: Rivalry) -> str:
    names = [scenario.providers[key].title.split(" (")[0] for key in (found.provider, found.rival)]
    cells = [scenario.name, names[0], number(found.as_is.mean), names[1]]
    return _row([*cells, _change(found.off), _change(found.open)])


def same_months_as_base() -> tuple[str, ...]:
    """Return the shipped scenarios of the base's months, the base first."""
    base = load_scenario(BASE)
    names = sorted(each.name for each in list_scenarios(shipped("scenarios")))
    same = [name for name in names if load_scenario(name).horizon == base.horizon]
    return (BASE, *(name for name in same if name != BASE))


def effect_sections() -> dict[str, str]:
    """Return the tables of levers and of scenarios of docs/scenarios.md."""
    base = load_scenario(BASE)
    levers = lever_effects(base, FUTURES, SEED)
    names = same_months_as_base()
    others = scenario_effects(base, map(load_scenario, names[1:]), FUTURES, SEED)
    titles = {key: provider.title.split(" (")[0] for key, provider in base.providers.items()}
    return {
        "lever_effects": "\n".join(
            [origin(BASE), "", *_effect_lines(["lever"], [([f"`{e.cause}`"], e) for e in levers])]
        ),
        "scenario_effects": "\n".join(
            [
                origin(*names), "",
                *_effect_lines(
                    ["scenario", "for"],
                    [([f"`{e.cause}`", titles[e.provider]], e) for e in others],
                ),
            ]
        ),
    }  # fmt: skip


def _effect_lines(
    heads: Sequence[str], rows: Sequence[tuple[Sequence[str], Effect]]
) -> Iterator[str]:
    yield _row(
        [*heads, "partners", "with a data centre", "order of the list", "MW", "months later",
         "partners of rivals", "country that moves most"]
    )  # fmt: skip
    yield _row(["---"] * (len(heads) + 7))
    for first, found in rows:
        yield _row(
            [
                *first,
                _change(found.partners),
                _change(found.large),
                f"{found.order:.2f}",
                _change(found.contracted_mw),
                with_sign(found.months),
                _change(found.rivals),
                f"{found.most} {with_sign(100 * found.most_change)} points"
                + (" (data centre)" if found.most_is_large else ""),
            ]
        )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _change(found: Count) -> str:
    """Return a change with its 90 % interval; in bold where that leaves zero out, as printed."""
    assert found.change is not None
    text = f"{with_sign(found.change)} ({span(found.low, found.high, with_sign)})"
    nearest = min(abs(found.low), abs(found.high))
    return f"**{text}**" if found.is_clear and round(nearest, 1) > 0 else text
