"""Everything in the repository that is generated: parts of pages, and schemas.

``make docs`` generates all of it. Tests check that all of it is current.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from sim.analysis.history.programme_rows import programme_problems
from sim.analysis.history.programmes import FOLDER
from sim.data import load_facts
from sim.data.coverage import with_coverage
from sim.data.event_rows import event_problems
from sim.errors import DataError, SimError
from sim.experiment.sweeps.designs.schema import sweep_json_schema_text, sweep_reference_markdown
from sim.interfaces.generated import (
    data_page,
    effects_page,
    model_page,
    readme_output,
    results_page,
    sweeps_page,
)
from sim.interfaces.generated.answers import explaining_page, levers_page
from sim.interfaces.generated.api import page as api_page
from sim.interfaces.generated.api import tutorial
from sim.interfaces.generated.sections import fill_sections
from sim.scenario import json_schema_text, reference_markdown


def _counted_record(record: str, root: Path) -> str:
    tables = root / "sim" / "data" / "tables"
    scenarios = root / "scenarios" / FOLDER
    if problems := [*event_problems(tables), *programme_problems(tables, scenarios)]:
        raise DataError(problems)
    return with_coverage(record, tables)


def _sweeps_page(page: str, root: Path) -> str:
    found = sweeps_page.generated_sections(root / "results")
    return fill_sections(page, {"reference": sweep_reference_markdown().strip(), **found})


def _model_page(page: str, root: Path) -> str:
    page = fill_sections(page, model_page.generated_sections())
    if effects_page.origin(*effects_page.RIVAL_SCENARIOS) in page:
        return page  # The table is of this code: no need to run it again.
    return fill_sections(page, effects_page.rival_sections())


def _scenarios_page(page: str, root: Path) -> str:
    page = fill_sections(page, {"reference": reference_markdown().strip()})
    if effects_page.origin(*effects_page.same_months_as_base()) in page:
        return page
    return fill_sections(page, effects_page.effect_sections())


def _explaining_page(page: str, root: Path) -> str:
    if explaining_page.is_current(page):
        return page
    return fill_sections(page, explaining_page.generated_sections())


# Each file, and the function that makes its new text from its present text and the root.
MAKERS: dict[str, Callable[[str, Path], str]] = {
    "sim/data/tables/provenance.yaml": _counted_record,
    "sim/data/tables/LICENSE.md": lambda page, root: fill_sections(
        page, data_page.credit_sections(load_facts().provenance.sources.values())
    ),
    "README.md": lambda page, root: fill_sections(page, readme_output.generated_sections()),
    "docs/api.md": lambda page, root: fill_sections(page, api_page.generated_sections()),
    "docs/data.md": lambda page, root: fill_sections(
        page, data_page.generated_sections(load_facts())
    ),
    "docs/explaining.md": _explaining_page,
    "docs/model.md": _model_page,
    "docs/results.md": lambda page, root: fill_sections(page, results_page.generated_sections()),
    "docs/scenarios.md": _scenarios_page,
    "docs/sweeps.md": _sweeps_page,
    "docs/what-would-it-take.md": lambda page, root: fill_sections(
        page, levers_page.generated_sections()
    ),
    tutorial.TUTORIAL: lambda notebook, root: tutorial.executed(notebook),
    "scenarios/scenario.schema.json": lambda page, root: json_schema_text(),
    "scenarios/sweeps/sweep.schema.json": lambda page, root: sweep_json_schema_text(),
}


def make_all(root: Path) -> Iterator[str]:
    """Generate every file again; yield the names of those that were out of date."""
    for name, make in MAKERS.items():
        path = root / name
        before = path.read_text("utf-8")
        after = make(before, root)
        if after != before:
            path.write_text(after, "utf-8", newline="\n")
            yield name


def main() -> int:
    """Make everything below the present folder; say what is made, or what stops it."""
    changed = []
    try:
        for name in make_all(Path.cwd()):
            changed.append(name)
    except SimError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if changed:
            print(f"Made anew: {', '.join(changed)}.")
    if not changed:
        print("Everything is current.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
