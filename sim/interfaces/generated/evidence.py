"""Makes all evidence anew: ``python -m sim.interfaces.generated.evidence``, some twenty minutes.

Writes the facts at launch, the posteriors, the data behind docs/evidence.md, and the page. Tests
hold that what is there follows from the code, the facts and the programmes as they are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sim.analysis.backtests.backtesting import backtest
from sim.analysis.backtests.from_launch import Backtest
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.scoring.scores import compare_scores, pool_scores
from sim.analysis.calibration.posteriors import (
    MONTHS,
    calibrations,
    evidence_digest,
    posterior_of,
    write_estimates,
    write_posterior,
)
from sim.analysis.history.launches import write_launches
from sim.data.posterior import load_posteriors
from sim.errors import SimError
from sim.interfaces.generated.evidence_tables import (
    FOLDER,
    leave_one_out_table,
    scored_scenarios,
    step_tables,
    write_table,
)
from sim.interfaces.generated.patterns_section import patterns_csv

ORIGIN = "origin.json"


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _stacked(tests: list[Backtest], table: Callable[[Backtest], pd.DataFrame]) -> pd.DataFrame:
    """Return one table of each backtest, one below the other, each under its scenario's name."""
    parts = {test.scenario.name: table(test) for test in tests}
    return pd.concat(parts, names=["scenario"]).reset_index("scenario").reset_index(drop=True)


def _scores(test: Backtest) -> pd.DataFrame:
    found = test.table().drop(columns="meaning")
    found.insert(0, "kind", test.knowledge.posterior.kind)
    found.insert(0, "programme", test.programme)
    return found


def _pooled(tests: list[Backtest]) -> pd.DataFrame:
    """Return each score's mean over programmes, by forecaster, and how the model compares."""
    parts = []
    own = [test.scores[RULE] for test in tests]
    for name in tests[0].scores:
        theirs = [test.scores[name] for test in tests]
        part = pool_scores(theirs).drop(columns="meaning")
        part.insert(0, "forecaster", name)
        gap = compare_scores(own, theirs).set_index("score")
        for column in ("value", "low", "high"):
            part[f"model_less_{column}"] = part["score"].map(gap[column])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _chances(test: Backtest) -> pd.DataFrame:
    found = test.countries()
    return found.loc[found["is_scored"], ["iso3", "has_joined", f"p_{RULE}"]]


def _write(root: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Write tables as they are made, so that a later fault does not lose them."""
    for name, table in tables.items():
        write_table(root, name, table)


def make(root: Path) -> None:
    """Make all evidence below the root of the repository."""
    write_launches()
    found = []
    for one in calibrations(progress=_note):
        found.append(one)
        write_posterior(posterior_of(found))
    load_posteriors.cache_clear()
    write_estimates(found[-1].numbers)
    scenarios = list(scored_scenarios(MONTHS[0]))
    tests = []
    for scenario in scenarios:
        _note(f"backtest of {scenario.name}")
        tests.append(backtest(scenario))
    last = found[-1]
    _write(
        root,
        {
            "numbers": last.numbers,
            "programmes": last.programmes,
            "scores": _stacked(tests, _scores),
            "pooled": _pooled(tests),
            "uptake": _stacked(tests, Backtest.uptake),
            "chances": _stacked(tests, _chances),
        },
    )
    _note("patterns")
    patterns_csv(root)
    _write(root, step_tables(scenarios, _note))
    _write(root, {"leave_one_out": leave_one_out_table(scenarios, last.fit, _note)})
    origin = {
        "evidence_digest": evidence_digest(),
        "as_of": last.as_of,
        "programmes": len(last.fit.layout.programmes),
        "backtests": len(tests),
        "spread_of_intercepts": float(last.fit.spreads.programmes[0, 0] ** 0.5),
        "spread_of_log_rates": float(last.fit.spreads.programmes[1, 1] ** 0.5),
    }
    (root / FOLDER / ORIGIN).write_text(json.dumps(origin, indent=2) + "\n", "utf-8")


def main() -> int:
    """Make everything below the present folder, and the page."""
    from sim.interfaces.generated.evidence_page import write_page

    try:
        make(Path.cwd())
        write_page(Path.cwd())
    except SimError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
