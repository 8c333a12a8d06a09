"""How to make a result again, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import yaml

from sim.analysis.moved import changes_and_levers
from sim.experiment.store.identity import code_digest, versions
from sim.interfaces.citation import bibtex, citation
from sim.interfaces.recipes.asked import Given, Two, size_of
from sim.interfaces.recipes.recipe import (
    Recipe,
    is_of_a_file,
    pair_recipe,
    run_recipe,
    sweep_recipe,
)
from sim.interfaces.report.document import Block, Commands, Listing, Prose, Section
from sim.words.wording import month_in_words, with_capital

if TYPE_CHECKING:
    from sim.analysis.moved import Moved
    from sim.interfaces.report.subject import Subject
    from sim.scenario import Scenario

_MAKES_REPORT = 'sim.report({}, "report")'


def own_files(about: Subject) -> dict[str, bytes]:
    """Return the scenarios that commands need as files of their own, by their places.

    These are the scenarios that no name with moves gives back, and the first of two if numbers were
    moved in it.
    """
    pairs = zip(_places(about), about.scenarios, strict=True)
    return {place: _written(scenario) for place, scenario in pairs if place is not None}


def _places(about: Subject) -> list[str | None]:
    """Return the file of each scenario that needs one of its own, beside the report."""
    scenarios, moved = about.scenarios, about.moved
    needs = [each is None or (bool(each) and n < len(moved)) for n, each in enumerate(moved, 1)]
    names = [scenario.name for scenario, own in zip(scenarios, needs, strict=True) if own]
    # A file is called as its scenario, so two of one name lie in folders of their own.
    is_twice = len(set(names)) < len(names)
    return [
        f"{f'{n}/' if is_twice else ''}{scenario.name}.yaml" if own else None
        for n, (scenario, own) in enumerate(zip(scenarios, needs, strict=True), 1)
    ]


def _written(scenario: Scenario) -> bytes:
    text = yaml.safe_dump(scenario.to_dict(), sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


def _given(scenario: Scenario, moved: Sequence[Moved] | None, place: str | None) -> Given:
    """Return a scenario as commands name it: by its name with moves, or by a file."""
    if moved is None:
        return Given(str(place))
    return Given(scenario.name, *changes_and_levers(moved))


def _recipe(about: Subject, has_files: bool) -> Recipe:
    size = size_of(about.replicates, about.seed, about.as_of)
    if about.sweep is not None:
        return sweep_recipe(about.sweep)
    places = _places(about)
    given = [*map(_given, about.scenarios, about.moved, places)]
    if about.kind == "run":
        return run_recipe(given[0], size)
    in_file = Given(str(places[0])) if given[0].is_moved and has_files else None
    return pair_recipe(Two(given[0], given[1], in_file), size)


def reproducing_section(about: Subject, has_files: bool) -> Section:
    """Return what determines a result, and the lines that make it again.

    Parameters
    ----------
    about : Subject
    has_files : bool
        Whether the files of `own_files` lie beside the report.
    """
    blocks: list[Block] = [_identity(about)]
    if about.sweep is not None and not is_of_a_file(about.sweep):
        says = "The sweep is not a file of its name in the folder of sweeps; its points are in "
        blocks.append(Prose([f"{says}`points.csv`, and its folder holds the whole result."]))
    else:
        recipe = _recipe(about, has_files)
        name = {"run": "result", "comparison": "change", "sweep": "found"}[about.kind]
        python = f"{recipe.python}\n{_MAKES_REPORT.format(name)}"
        blocks += [Commands("On the command line", recipe.command), Commands("In Python", python)]
        blocks += _on_files(about, has_files)
    blocks.append(
        Prose(
            [
                "The same scenario, futures, seed and facts give the same bytes on any machine; "
                "the command replay checks it, given the folder of a stored result."
            ],
            is_soft=True,
        )
    )
    return Section("reproduce", "How to reproduce it", blocks)


def _on_files(about: Subject, has_files: bool) -> list[Block]:
    """Return where the scenarios are that do not ship as they are."""
    pairs = zip(about.moved, _places(about), strict=True)
    if has_files:
        names = [place for _, place in pairs if place is not None]
    else:
        names = [str(place) for moved, place in pairs if moved is None]
    if not names:
        return []
    listed = " and ".join(f"`{name}`" for name in names)
    if has_files:
        return [Prose([f"{listed} beside this report holds the scenario whole."])]
    return [Prose([f"The scenario is a draft: save it from the scenario editor as {listed}."])]


def _identity(about: Subject) -> Listing:
    names = [f"{each.name} ({each.hash[:12]})" for each in about.scenarios]
    rows = [
        ["kind", about.kind],
        ["run id", about.run_id],
        ["scenario" if len(names) == 1 else "scenarios", "; ".join(names)],
        ["futures", about.futures_in_words],
        ["seed", f"{about.seed}"],
        ["months", f"{month_in_words(about.months[0])} to {month_in_words(about.months[-1])}"],
        ["digest of the facts", about.facts_hash[:12]],
        ["digest of the code and numbers", code_digest()[:12]],
        *([name, version] for name, version in versions().items()),
    ]
    return Listing("What determines the result.", ("what", "value"), rows)


def citing_section(about: Subject) -> Section:
    """Return how to cite the program together with the result."""
    quoted = with_capital(
        f"{about.kind} {about.run_id}: {about.named}, {about.futures_in_words}, seed {about.seed}"
    )
    parts: list[Block] = [Prose([f"{citation(quoted)}."]), Commands("BibTeX", bibtex(quoted))]
    return Section("cite", "How to cite it", parts)
