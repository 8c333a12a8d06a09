"""The reference export: a small run under version control, so that edits that change it show.

``python -m sim.experiment.rebaseline --reason "..."`` writes it again and adds the reason to the
changelog. A test compares the code with it.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.file_bytes import json_bytes
from sim.experiment.result import simulate
from sim.experiment.tables.files import csv_bytes
from sim.model.layout import SLOTS_HELD
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.experiment.tables import Table

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = "baseline"
REPLICATES = 200
SEED = 1
FOLDER = Path("results", "reference", SCENARIO)
ABOUT_FILE = "about.json"
CHANGELOG = "CHANGELOG.md"
LARGEST_BYTES = 300_000
# Between two processors, numbers of six digits may differ in the last.
ELSEWHERE_TOLERANCE = 2e-5


def reference_result(root: Path = ROOT) -> Result:
    """Return the run behind the reference export."""
    return simulate(load_scenario(root / "scenarios" / f"{SCENARIO}.yaml"), REPLICATES, SEED)


def _yearly(table: Table, last_month: str) -> Table:
    """Return a table with only the months at each year's end and the last month."""
    month = table.frame["month"]
    kept = month.str.endswith("-12") | (month == last_month)
    return replace(table, frame=table.frame[kept].reset_index(drop=True))


def reference_files(result: Result) -> dict[str, bytes]:
    """Return the name and content of each file of the reference export."""
    last = result.scenario.months[-1]
    about = {
        "scenario": SCENARIO,
        "replicates": result.replicates,
        "seed": result.seed,
        "machine": platform.machine(),
    }
    return {
        "countries.csv": csv_bytes(result.table("countries")),
        "timeline.csv": csv_bytes(_yearly(result.table("timeline"), last)),
        "providers.csv": csv_bytes(_yearly(result.table("providers"), last)),
        ABOUT_FILE: json_bytes(about),
    }


def implausible(result: Result) -> list[str]:
    """Return signs that a run is implausible; a reference export must have none.

    The paths' probabilities sum to 1, no offer exceeds its slots in any future, every provider
    wins a country, and no country is certain to wait if an offer admits it.
    """
    ensemble = result.ensemble
    found = []
    probability = result.countries[[f"p_{path}" for path in ensemble.axes.path]].sum(axis=1)
    if not np.allclose(probability, 1.0, atol=1e-5):
        found.append("the probabilities of the paths do not sum to 1 in every country")
    changed = {address for event in result.scenario.events for address in event.set or {}}
    for o, (name, offer) in enumerate(result.scenario.offers.items()):
        provider, key = name.split(".")
        is_fixed = f"providers.{provider}.offers.{key}.slots" not in changed
        most = ensemble.offer_record[:, :, o, SLOTS_HELD].max()
        if offer.slots is not None and is_fixed and most > offer.slots:
            found.append(f"{name} holds {most:g} slots of {offer.slots} in some future")
    committed = [result.countries[f"p_committed_{name}"] for name in ensemble.axes.provider]
    for name, p in zip(ensemble.axes.provider, committed, strict=True):
        if p.sum() < 1.0:
            found.append(f"{name} wins fewer than one country")
    waits = result.countries["p_uncommitted"].to_numpy() == 1.0
    if np.any(waits & ensemble.eligible.any(axis=1)):
        found.append("a country that an offer admits waits in every future")
    return found


def with_reason(changelog: str, reason: str) -> str:
    """Return a changelog with a line under the heading "Results" of its topmost version.

    Examples
    --------
    >>> log = ["# Changelog", "", "## [Unreleased]", "", "## [0.1.0]", ""]
    >>> with_reason(chr(10).join(log), "Slots fill sooner.").splitlines()[2:7]
    ['## [Unreleased]', '', '### Results', '', '- Slots fill sooner.']
    """
    lines = changelog.rstrip("\n").split("\n")
    versions = [place for place, line in enumerate(lines) if line.startswith("## ")]
    if not versions:
        lines += ["", "## [Unreleased]"]
        versions = [len(lines) - 1]
    top, end = versions[0], [*versions, len(lines)][1]
    headings = [place for place in range(top, end) if lines[place].strip() == "### Results"]
    if headings:
        place = headings[0] + 1
        while place < end and not lines[place].strip():
            place += 1
        is_list = place < end and lines[place].startswith("- ")
        lines[headings[0] + 1 : place] = ["", f"- {reason}", *([] if is_list else [""])]
    else:
        lines[top + 1 : top + 1] = ["", "### Results", "", f"- {reason}"]
    return "\n".join(lines).rstrip("\n") + "\n"


def write_reference(root: Path, reason: str) -> Path:
    """Write the reference export of the present code, note the reason, and return its folder.

    Raises
    ------
    ValueError
        If the run is implausible, or the export is too large to commit.
    """
    result = reference_result(root)
    files = reference_files(result)
    problems = implausible(result)
    size = sum(map(len, files.values()))
    if size > LARGEST_BYTES:
        problems.append(f"the export has {size} bytes, more than {LARGEST_BYTES}")
    if problems:
        raise ValueError("; ".join(problems))
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    log = root / CHANGELOG
    before = log.read_text("utf-8") if log.exists() else "# Changelog\n"
    log.write_text(with_reason(before, reason), "utf-8", newline="\n")
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reason", required=True, help="why results move, in one sentence")
    asked = parser.parse_args(arguments)
    reason = " ".join(asked.reason.split())
    if not reason:
        parser.error("--reason must say something")
    try:
        folder = write_reference(ROOT, reason)
    except ValueError as error:
        print(f"not written: {error}", file=sys.stderr)
        return 1
    print(f"{folder.relative_to(ROOT)} is written, and {CHANGELOG} says why.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
