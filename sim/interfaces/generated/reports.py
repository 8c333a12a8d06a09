"""The examples of reports in docs/reports/: of a run, a comparison and a sweep.

``python -m sim.interfaces.generated.reports`` makes them anew, in a minute or two. Each names the
result and the code of reports that it was made of; a test checks that.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from sim.experiment.comparison import compare
from sim.experiment.result import plan, simulate
from sim.experiment.sweeps.designs.sweep_files import load_sweep
from sim.experiment.sweeps.running import plan_sweep, sweep
from sim.interfaces import report as package
from sim.interfaces.places import RESULTS
from sim.interfaces.report.contents import contents
from sim.interfaces.report.page import page
from sim.interfaces.report.subject import Reported, subject_of
from sim.scenario import load_scenario

FOLDER = "docs/reports"
# The scenario, two scenarios or the sweep of each example, by the name of its file.
EXAMPLES = {
    "baseline": ("baseline",),
    "sovereignty-guarantees": ("baseline", "sovereignty-guarantees"),
    "control-and-linkage": ("control-and-linkage",),
}
_SWEEP = "control-and-linkage"
_FUTURES, _SEED = 1000, 1
# What makes the files beside a page.
_BESIDE = {"making.py", "tables.py", "workbook.py"}


@cache
def _code() -> str:
    """Return a digest of the code that turns a result into a page."""
    found = hashlib.sha256()
    for path in sorted(Path(package.__file__).parent.iterdir()):
        if path.is_file() and path.name not in _BESIDE:
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def origin(name: str) -> str:
    """Return what an example is made of: it changes when the example may."""
    if name == _SWEEP:
        found = load_sweep(name)
        size = (found.replicates, found.seed, found.heading)
        run_id = plan_sweep(found.scenarios, found.design, *size).run_id
    else:
        scenarios = tuple(load_scenario(each) for each in EXAMPLES[name])
        run_id = plan(scenarios, _FUTURES, _SEED).run_id
    return f"{run_id} {_code()}"


def _result(name: str, root: Path) -> Reported:
    """Return the result of an example; that of a sweep is kept in the folder of results."""
    if name == _SWEEP:
        found = load_sweep(name)
        size = (found.replicates, found.seed, root / RESULTS)
        return sweep(found.scenarios, found.design, *size, heading=found.heading)
    first, *others = (load_scenario(each) for each in EXAMPLES[name])
    if others:
        return compare(first, others[0], _FUTURES, _SEED)
    return simulate(first, _FUTURES, _SEED)


def example(name: str, root: Path) -> str:
    """Return an example as HTML."""
    found = contents(subject_of(_result(name, root)), has_files=False)
    return page(replace(found, origin=origin(name)))


def main() -> None:
    """Write the examples that are not current."""
    root = Path(__file__).parents[3]
    (root / FOLDER).mkdir(exist_ok=True)
    for name in EXAMPLES:
        path = root / FOLDER / f"{name}.html"
        if path.is_file() and f'content="{origin(name)}"' in path.read_text("utf-8"):
            continue
        print(path.relative_to(root), file=sys.stderr, flush=True)
        path.write_text(example(name, root), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
