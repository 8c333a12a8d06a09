"""The generated parts of docs/sweeps.md: results of the sweeps that ship.

``make docs`` writes them, after running the sweeps or finding them in ``results``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scipy import stats

from sim.analysis.robustness.comparing import robust
from sim.experiment import load_sweep, sweep
from sim.words.wording import month_in_words, number, with_sign

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import StoredSweep

GRID, HYPERCUBE, WORLDS = "control-and-linkage", "weights-and-terms", "terms-in-worlds"
OFFER = "us_infrastructure"
# Outcome, offer or none, provider, and title for readers.
OUTCOMES = (
    ("n_countries", None, "us", "US partners"),
    ("n_partners_at_end", OFFER, "us", "of them, infrastructure"),
    ("n_countries", None, "china", "Chinese partners"),
)


def generated_sections(root: Path) -> dict[str, str]:
    """Return the generated results of docs/sweeps.md by section, from sweeps kept under `root`."""
    return {
        "grid_results": "\n".join(_grid_lines(_run(GRID, root))),
        "hypercube_results": "\n".join(_hypercube_lines(_run(HYPERCUBE, root))),
        "worlds_results": "\n".join(_worlds_lines(_run(WORLDS, root))),
    }


def _run(name: str, root: Path) -> StoredSweep:
    plan = load_sweep(name)
    command = ("alignsim", "sweep", name)
    return sweep(
        plan.scenarios, plan.design, plan.replicates, plan.seed, root,
        heading=plan.heading, command_line=command,
    )  # fmt: skip


def _worlds_lines(found: StoredSweep) -> Iterator[str]:
    """Yield which setting of the levers is robust across the worlds."""
    yield from _origin(found)
    for sentence in robust(found, "n_countries(us)").sentences():
        yield f"- {sentence}"


def _origin(found: StoredSweep) -> Iterator[str]:
    """Yield the command and what it ran; no day, or the page would change with each."""
    end = month_in_words(found.scenario.months[-1])
    yield (
        f"`alignsim sweep {found.heading.name}`: {found.design.n_points} points and "
        f"the scenario as it stands, {found.replicates} futures each, seed {found.seed}. Values "
        f"at the end of {end}."
    )
    yield ""


def rows_of(found: StoredSweep, outcome: str, offer: str | None, provider: str) -> pd.DataFrame:
    """Return the rows of one outcome, the point as index."""
    rows = found.outcomes
    own = rows["offer"].isna() if offer is None else rows["offer"] == offer
    kept = rows[own & (rows["outcome"] == outcome) & (rows["provider"] == provider)]
    return kept.set_index("point")


def _grid_lines(found: StoredSweep) -> Iterator[str]:
    yield from _origin(found)
    partners = rows_of(found, *OUTCOMES[0][:3])
    asked = rows_of(found, "n_invitations_sent", OFFER, "us")
    yield (
        f"*Countries with a US offer: change from the {number(float(partners['mean'][0]))} of the "
        "scenario as it stands, and its standard error.*"
    )
    yield ""
    yield from _crossed(
        partners, lambda row: f"{with_sign(row['difference'])} (± {row['difference_se']:.2g})"
    )
    yield ""
    yield (
        "*Invitations sent for the ten slots of the infrastructure offer; "
        f"{number(float(asked['mean'][0]))} as it stands.*"
    )
    yield ""
    yield from _crossed(asked, lambda row: f"{row['mean']:.1f} (± {row['mean_se']:.2g})")


def _crossed(rows: pd.DataFrame, show: object) -> Iterator[str]:
    """Yield a table with control down and linkage across, without point 0."""
    assert callable(show)
    cells = {
        (row["local_control"], row["linkage"]): show(row)
        for row in rows.drop(index=0).to_dict("records")
    }
    down, across = (sorted({key[axis] for key in cells}) for axis in (0, 1))
    yield "| local control | " + " | ".join(f"linkage {value:g}" for value in across) + " |"
    yield "| ---: |" + " ---: |" * len(across)
    for control in down:
        row = " | ".join(cells[control, linkage] for linkage in across)
        yield f"| {control:g} | {row} |"


def _hypercube_lines(found: StoredSweep) -> Iterator[str]:
    yield from _origin(found)
    names = found.design.names
    columns = {words: rows_of(found, *which).drop(index=0) for *which, words in OUTCOMES}
    yield "*Means over futures, across the 200 points.*"
    yield ""
    yield "| outcome | as it stands | 5 % of points below | half below | 95 % below |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for *which, words in OUTCOMES:
        rows = rows_of(found, *which)
        ends = rows.drop(index=0)["mean"].quantile([0.05, 0.5, 0.95])
        cells = " | ".join(number(float(value)) for value in (rows["mean"][0], *ends))
        yield f"| {words} | {cells} |"
    yield ""
    yield "*Rank correlation of each number with each outcome (Spearman).*"
    yield ""
    yield f"| number | {' | '.join(columns)} |"
    yield "| --- |" + " ---: |" * len(columns)
    strengths = {
        name: [float(stats.spearmanr(rows[name], rows["mean"])[0]) for rows in columns.values()]
        for name in names
    }
    for name in sorted(names, key=lambda name: -abs(strengths[name][0])):
        yield f"| `{name}` | {' | '.join(f'{value:+.2f}' for value in strengths[name])} |"
