"""The command explain: why a country chose as it did, or why two scenarios differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    AsOf,
    Changes,
    Levers,
    Quiet,
    Workers,
    changed,
    month_given,
)
from sim.interfaces.cli.progress import RUN, announce_compilation, shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables
from sim.interfaces.cli.reading.run_or_scenario import refuse_options, run_or_scenario
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES

if TYPE_CHECKING:
    from sim.scenario import Scenario

_FOLLOW = "followed.follow"
_KERNELS = (RUN, _FOLLOW)

What = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO|RUN",
        help="A scenario, or the folder of a finished run, whose own futures are then explained.",
    ),
]
About = Annotated[
    str,
    typer.Argument(
        metavar="COUNTRY|B",
        help="A country, by code or name; or a second scenario, to ask which countries and reasons "
        "make the difference.",
    ),
]
Month = Annotated[
    str | None,
    typer.Option(
        "--month",
        metavar="MONTH",
        parser=month_given,
        help="Month such as 2027-03; if left out, that in which it decides, else the last.",
    ),
]
Replicate = Annotated[
    int | None,
    typer.Option(
        "--replicate",
        min=0,
        max=MOST_REPLICATES - 1,
        help="One future, counted from 0; all of them if left out.",
    ),
]
Provider = Annotated[
    str | None,
    typer.Option("--provider", metavar="KEY", help="Ask about one provider, such as us."),
]
Offer = Annotated[
    str | None,
    typer.Option(
        "--offer", metavar="OFFER", help="Ask about one offer, such as us.infrastructure."
    ),
]
Outcome = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="Of two scenarios: which total, such as n_countries(us), gdp_share(china) or "
        "p_committed(KOR, us); partners of the first provider if left out.",
    ),
]
Futures = Annotated[
    int | None,
    typer.Option(
        "--replicates", "-n", min=1, max=MOST_REPLICATES,
        help="How many futures of a scenario; 500 if left out.",
    ),
]  # fmt: skip
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of a scenario's futures; 1."),
]


def explain(
    scenario: What,
    about: About,
    month: Month = None,
    replicate: Replicate = None,
    provider: Provider = None,
    offer: Offer = None,
    outcome: Outcome = None,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    replicates: Futures = None,
    seed: Seed = None,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say why a country chose as it did.

    With --replicate in one future: whether it was asked, whether it took the question up, what it
    weighed, and the smallest single change of a lever, a reason or a peer that would have changed
    its choice. Without it, over all futures: its reasons, and what distinguishes the futures in
    which it ends as a partner. With a second scenario in place of the country: which countries and
    which reasons make the difference; --set and --lever then change the second.

    \b
    Examples:
      alignsim explain baseline KOR
      alignsim explain baseline Kazakhstan --replicate 3 --month 2027-03
      alignsim explain results/baseline/0123456789abcdef GBR --provider us
      alignsim explain baseline sovereignty-guarantees --outcome "n_countries(us)"
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.explanation.asked_of import REPLICATES
    from sim.analysis.explanation.explaining import explain as explain_country
    from sim.analysis.explanation.two_scenarios.differing import explain_difference
    from sim.experiment.stored import StoredRun
    from sim.scenario import load_scenario

    is_silent = as_json or quiet
    other = _second_scenario(about)
    if other is not None:
        refuse_options({"--month": month, "--replicate": replicate, "--provider": provider,
                 "--offer": offer}, "two scenarios")  # fmt: skip
        _refuse_folder(scenario)
        first, second = load_scenario(scenario), changed(other, changes, lever)
        n = REPLICATES if replicates is None else replicates
        with unwinding(), shown_progress(4 * n, is_silent, _KERNELS) as progress:
            found: Any = explain_difference(
                first, second, outcome, replicates=n, seed=1 if seed is None else seed,
                workers=workers, as_of=as_of, progress=progress,
            )  # fmt: skip
        show_answer(found, "why_difference", out, as_json, quiet)
        return
    refuse_options({"--outcome": outcome}, "a country")
    run = run_or_scenario(scenario, changes, lever)
    n = replicates or (run.replicates if isinstance(run, StoredRun) else REPLICATES)
    is_one = replicate is not None
    if is_one and not is_silent:
        announce_compilation(_FOLLOW)
    with unwinding(), shown_progress(2 * n, is_silent or is_one, _KERNELS) as progress:
        found = explain_country(
            run, about, month, replicate, provider=provider, offer=offer, replicates=replicates,
            seed=seed, workers=workers, as_of=as_of, progress=progress,
        )  # fmt: skip
    show_answer(found, "why", out, as_json, quiet)


def _second_scenario(text: str) -> Scenario | None:
    """Return the second scenario that is named; None if a country is.

    Raises
    ------
    InputError
        If it is neither.
    """
    from sim.data.country_names import codes_of
    from sim.errors import InputError, Problem, at_home
    from sim.scenario import list_scenarios, load_scenario
    from sim.scenario.reading.named import is_bare, is_known
    from sim.scenario.wording import country_problem, nearest

    if codes_of(text):
        return None
    if is_known(text) if is_bare(text) else at_home(Path(text)).is_file():
        return load_scenario(text)
    _refuse_folder(text)
    rule = f"{text[:60]!r} is neither a country of the data nor a scenario."
    near = nearest(text, [each.name for each in list_scenarios()], 0.75)
    remedy = f"Did you mean the scenario {near}?" if near else country_problem(text)[1]
    raise InputError([Problem("", 0, rule, remedy)])


def _refuse_folder(given: str) -> None:
    """Refuse a stored result where two scenarios are compared.

    Raises
    ------
    InputError
        If a folder is named.
    """
    from sim.errors import InputError, Problem, at_home
    from sim.scenario.reading.named import is_known

    if at_home(Path(given)).is_dir() and not is_known(given):
        rule = f"{given} is a folder, and a difference is explained between two scenarios."
        remedy = "Name the scenario of that run in its place, with --seed and --replicates."
        raise InputError([Problem("", 0, rule, remedy)])
