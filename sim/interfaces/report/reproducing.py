"""How to make a result again, and how to cite it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import yaml

from sim.analysis.moved import Moved, moved_from_file, options_of
from sim.errors import InputError
from sim.experiment.store.identity import code_digest, versions
from sim.experiment.sweeps.designs.sweep_files import load_sweep
from sim.interfaces.citation import bibtex, citation
from sim.interfaces.report.document import Block, Commands, Listing, Prose, Section
from sim.words.wording import month_in_words, with_capital

if TYPE_CHECKING:
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.report.subject import Subject
    from sim.scenario import Scenario

_NAMES = ("first", "second")


def own_files(scenarios: Sequence[Scenario]) -> dict[str, bytes]:
    """Return the scenarios that no name and moves give back, each as a file by its place."""
    places = [name for name in _places(scenarios) if name is not None]
    own = [scenario for scenario in scenarios if moved_from_file(scenario) is None]
    return {name: _written(scenario) for name, scenario in zip(places, own, strict=True)}


def _places(scenarios: Sequence[Scenario]) -> list[str | None]:
    """Return the file of each scenario that needs one of its own, beside the report."""
    needs = [moved_from_file(scenario) is None for scenario in scenarios]
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


def reproducing_section(about: Subject, has_files: bool) -> Section:
    """Return what determines a result, and the lines that make it again.

    Parameters
    ----------
    about : Subject
    has_files : bool
        Whether the files of `own_files` lie beside the report.
    """
    moved = [moved_from_file(each) for each in about.scenarios]
    blocks: list[Block] = [_identity(about)]
    if about.sweep is not None and not _is_of_a_file(about.sweep):
        says = "The sweep is not a file of its name in the folder of sweeps; its points are in "
        blocks.append(Prose([f"{says}`points.csv`, and its folder holds the whole result."]))
    else:
        blocks += [
            Commands("On the command line", "\n".join(_shell(about, moved))),
            Commands("In Python", "\n".join(_python(about, moved))),
        ]
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


def _is_of_a_file(sweep: StoredSweep) -> bool:
    """Return whether the sweep of this name is the one that ran."""
    try:
        plan = load_sweep(sweep.heading.name)
    except (InputError, OSError):
        return False
    is_same = [each.hash for each in plan.scenarios] == [each.hash for each in sweep.scenarios]
    return is_same and plan.design.hash == sweep.design.hash


def _on_files(about: Subject, has_files: bool) -> list[Block]:
    """Return where the scenarios are that do not ship as they are."""
    names = [name for name in _places(about.scenarios) if name is not None]
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


def _shell(about: Subject, moved: Sequence[tuple[Moved, ...] | None]) -> Iterator[str]:
    """Yield the lines of a shell that make the result again."""
    size = ["--replicates", f"{about.replicates}", "--seed", f"{about.seed}"]
    if about.as_of is not None:
        size += ["--as-of", about.as_of]
    pairs = zip(about.scenarios, _places(about.scenarios), strict=True)
    files = [place or scenario.name for scenario, place in pairs]
    if about.kind == "sweep":
        name = about.sweep.heading.name if about.sweep is not None else ""
        yield shlex.join(["alignsim", "sweep", name, *size])
        return
    options = [options_of(each or ()) for each in moved]
    if about.kind == "run":
        yield shlex.join(["alignsim", "run", files[0], *size, *options[0]])
    elif options[0]:
        yield "# Numbers of both scenarios were moved, and options move those of the second alone:"
        yield "# the lines of Python below move both."
    else:
        yield shlex.join(["alignsim", "compare", *files, *size, *options[1]])


def _python(about: Subject, moved: Sequence[tuple[Moved, ...] | None]) -> Iterator[str]:
    """Yield the lines of Python that make the result again."""
    yield "import sim"
    yield ""
    size = f"replicates={about.replicates}, seed={about.seed}"
    if about.as_of is not None:
        size += f', as_of="{about.as_of}"'
    if about.kind == "sweep":
        name = about.sweep.heading.name if about.sweep is not None else ""
        yield f"plan = sim.load_sweep({name!r})"
        yield f"result = sim.sweep(plan.scenarios, plan.design, {size}, heading=plan.heading)"
        yield 'sim.report(result, "report")'
        return
    names = ("scenario",) if about.kind == "run" else _NAMES
    places = _places(about.scenarios)
    for name, scenario, place, each in zip(names, about.scenarios, places, moved, strict=True):
        yield f"{name} = sim.load_scenario({place or scenario.name!r})"
        if each:
            yield f"{name} = {name}.with_changes({{"
            yield from (f"    {m.address!r}: {m.now!r}," for m in each)
            yield "})"
    if about.kind == "run":
        yield f"result = sim.simulate(scenario, {size})"
    else:
        yield f"result = sim.compare(first, second, {size})"
    yield 'sim.report(result, "report")'


def citing_section(about: Subject) -> Section:
    """Return how to cite the program together with the result."""
    quoted = with_capital(
        f"{about.kind} {about.run_id}: {about.named}, {about.futures_in_words}, seed {about.seed}"
    )
    parts: list[Block] = [Prose([f"{citation(quoted)}."]), Commands("BibTeX", bibtex(quoted))]
    return Section("cite", "How to cite it", parts)
