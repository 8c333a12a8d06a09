"""How to compute a result or an answer again: as a command, and as lines of Python.

Pages and reports both ask here, so both say the same. A command is to be run in the folder that
holds the folder of scenarios; so are the lines of Python.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.experiment.sweeps.designs.sweep_files import load_sweep
from sim.interfaces.recipes.asked import Given, Invocation, Two, arguments, option_words, size_of

if TYPE_CHECKING:
    from pathlib import PurePath

    from sim.experiment.sweeps.stored import StoredSweep

_IMPORT = "import sim\n\n"
NO_FILE = "# No file in the folder of sweeps gives this sweep back; its rows are read by:"
BOTH_MOVED = (
    "# Numbers of both scenarios were moved, and options move those of the second alone:\n"
    "# the lines of Python move both."
)


@dataclass(frozen=True)
class Recipe:
    """What gives the numbers of a page, of an answer or of a report.

    Parameters
    ----------
    command : str
        Lines for a shell; a comment where no command gives them.
    python : str
        Lines of Python that give the same.
    files : mapping
        Texts of the files that both need, by path.
    """

    command: str
    python: str
    files: Mapping[str, str] = field(default_factory=dict)


def run_recipe(given: Given, size: Mapping[str, Any], focus: str = "") -> Recipe:
    """Return how to make a run.

    Parameters
    ----------
    given : Given
    size : mapping
        From `size_of`.
    focus : str
        Code of a country that is looked at closely.
    """
    words = ["run", given.named, *given.options, *option_words({**size, "focus": focus or None})]
    lines = [f"scenario = {given.loaded}", f"result = sim.simulate(scenario, {arguments(size)})"]
    lines.append("print(result.summary())")
    if focus:
        own = f'result.countries.set_index("country").loc["{focus}"]'
        lines.append(f"print({own}.to_string())")
    return Recipe(_shell(words), _python(lines), given.files)


def pair_recipe(two: Two, size: Mapping[str, Any], country: str = "") -> Recipe:
    """Return how to make a comparison; see `run_recipe`."""
    lines = [
        f"first = {two.first.loaded}",
        f"second = {two.second.loaded}",
        f"change = sim.compare(first, second, {arguments(size)})",
        "print(change.summary())",
    ]
    if country:
        lines.append(f"print(change.countries.query('country == \"{country}\"').to_string())")
    return Recipe(_of_two("compare", two, option_words(size)), _python(lines), two.files)


def answer_recipe(asked: Invocation, given: Given, by_option: bool = False) -> Recipe:
    """Return how to ask a question of a scenario.

    Parameters
    ----------
    asked : Invocation
    given : Given
    by_option : bool
        Whether the command takes the scenario by ``--scenario``.
    """
    place = [*asked.about, "--scenario", given.named] if by_option else [given.named, *asked.about]
    words = [asked.verb, *place, *given.options, *asked.words]
    return _answer(
        _shell(words), [f"scenario = {given.loaded}"], asked.call("scenario"), given.files
    )


def answer_of_two(asked: Invocation, two: Two) -> Recipe:
    """Return how to ask a question about the difference of two scenarios."""
    lines = [f"first = {two.first.loaded}", f"second = {two.second.loaded}"]
    command = _of_two(asked.verb, two, asked.words)
    return _answer(command, lines, asked.call("first", "second"), two.files)


def groups_recipe(name: str, size: Mapping[str, Any], shown: Given | Two) -> Recipe:
    """Return how to count the partners in groups of countries.

    Parameters
    ----------
    name : str
        Name of a group; "" for all.
    size : mapping
        From `size_of`.
    shown : Given or Two
        The scenario; of two the second, with its change from the first.
    """
    asked = Invocation("groups", (name,) if name else ())
    options = option_words({"countries": name or None, **size})
    if isinstance(shown, Given):
        words = [asked.verb, shown.named, *shown.options, *options]
        lines = [f"result = sim.simulate({shown.loaded}, {arguments(size)})"]
        return _answer(_shell(words), lines, asked.call("result"), shown.files)
    pair = f"{shown.first.loaded}, {shown.second.loaded}"
    lines = [f"result = sim.compare({pair}, {arguments(size)})"]
    if shown.words is None:
        return _answer(BOTH_MOVED, lines, asked.call("result"), shown.files)
    first, second = shown.words
    words = [asked.verb, second, *shown.second.options, *options, "--against", first]
    return _answer(_shell(words), lines, asked.call("result"), shown.files)


def sweep_recipe(found: StoredSweep, rows: Mapping[str, str] | None = None) -> Recipe:
    """Return how to make a finished sweep again, or how to read it where no file gives it back.

    Parameters
    ----------
    found : StoredSweep
    rows : mapping, optional
        Which rows of its tables are on view: name of a column, value. Those of a country are rows
        of the table of countries.
    """
    size = size_of(found.replicates, found.seed)
    if is_of_a_file(found):
        name = found.heading.name
        lines = [
            f"plan = sim.load_sweep({json.dumps(name)})",
            f"size = dict({arguments(size)}, heading=plan.heading)",
            "found = sim.sweep(plan.scenarios, plan.design, **size)",
        ]
        command = _shell(["sweep", name, *option_words(size)])
    else:
        lines, command = [f"found = {_stored(found.path)}"], NO_FILE
    if rows is None:
        return Recipe(command, _python([*lines, "print(found.outcomes)"]))
    own = {"scenario": found.scenario.name} if len(found.scenarios) > 1 else {}
    query, shown = _rows_shown({"run_id": found.path.name, **own, **rows})
    return Recipe(f"{command}\n{query}", _python([*lines, shown]))


def grid_recipe(
    given: Given, sweep: str, values: Mapping[str, Sequence[float]], size: Mapping[str, Any],
    rows: Mapping[str, str], files: Mapping[str, str],
) -> Recipe:  # fmt: skip
    """Return how to run a grid whose file a page makes.

    Parameters
    ----------
    given : Given
        The scenario that is varied.
    sweep : str
        Name of the sweep.
    values : mapping
        Values of each number that is varied.
    size, rows : mapping
        As for `sweep_recipe`.
    files : mapping
        Texts of the files of the sweep and of its scenario, by path.
    """
    query, shown = _rows_shown({"result_name": sweep, **rows})
    lines = [
        f"scenario = {given.loaded}",
        f"design = sim.Design.grid({json.dumps(values)})",
        f"found = sim.sweep(scenario, design, {arguments(size)})",
        shown,
    ]
    command = "\n".join([_shell(["sweep", sweep]), query])
    return Recipe(command, _python(lines), {**given.files, **files})


def answer_of_sweep(asked: Invocation, found: StoredSweep) -> Recipe:
    """Return how to ask a question of a finished sweep."""
    several = len(found.scenarios) > 1
    own = {"scenario": found.scenario.name if several else None}
    words = [asked.verb, found.path.as_posix(), *asked.about, *asked.words, *option_words(own)]
    within = f".within({json.dumps(found.scenario.name)})" if several else ""
    lines = [f"found = {_stored(found.path)}{within}"]
    return _answer(_shell(words), lines, asked.call("found"), {})


def is_of_a_file(found: StoredSweep) -> bool:
    """Return whether the file of this name in the folder of sweeps is the one that ran."""
    try:
        plan = load_sweep(found.heading.name)
    except (InputError, OSError):
        return False
    is_same = [each.hash for each in plan.scenarios] == [each.hash for each in found.scenarios]
    return is_same and plan.design.hash == found.design.hash


def joined_recipes(recipes: Mapping[str, Recipe]) -> Recipe:
    """Return several recipes as one, each below a comment that says what it gives."""
    if len(recipes) == 1:
        return next(iter(recipes.values()))
    commands = [f"# {title}\n{each.command}" for title, each in recipes.items()]
    python = [f"# {title}\n{each.python.removeprefix(_IMPORT)}" for title, each in recipes.items()]
    files = {path: text for each in recipes.values() for path, text in each.files.items()}
    return Recipe("\n".join(commands), _IMPORT + "\n\n".join(python), files)


def _answer(command: str, lines: Sequence[str], call: str, files: Mapping[str, str]) -> Recipe:
    shown = 'print(*answer.sentences(), sep="\\n")'
    return Recipe(command, _python([*lines, f"answer = {call}", shown]), files)


def _of_two(verb: str, two: Two, words: Sequence[str]) -> str:
    named = two.words
    return BOTH_MOVED if named is None else _shell([verb, *named, *two.second.options, *words])


def _rows_shown(rows: Mapping[str, str]) -> tuple[str, str]:
    """Return the query and the line of Python that show some rows of a finished sweep."""
    table = "countries" if "country" in rows else "outcomes"
    where = " and ".join(f"{name} = '{value}'" for name, value in rows.items())
    in_sweep = {n: v for n, v in rows.items() if n not in ("run_id", "result_name")}
    which = " and ".join(f"{name} == '{value}'" for name, value in in_sweep.items())
    query = _shell(["query", f"from {table} where {where} order by point"])
    return query, f'print(found.frame("{table}").query("{which}").to_string())'


def _stored(path: PurePath) -> str:
    return f"sim.load_run({json.dumps(path.as_posix(), ensure_ascii=False)})"


def _python(lines: Iterable[str]) -> str:
    return _IMPORT + "\n".join(lines)


def _shell(words: Sequence[str]) -> str:
    return shlex.join(["alignsim", *words])
