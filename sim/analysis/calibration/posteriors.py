"""The posteriors that ship, as of several months, and what they follow from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.calibration.calibrating import calibrate
from sim.analysis.history.programmes import history_files
from sim.cache.display import without_display
from sim.cache.sources import digest_of, reached, remembered
from sim.data import load_facts
from sim.data.parameters import load_parameters
from sim.data.posterior import POSTERIOR_TABLE
from sim.experiment.store.identity import with_numbers

if TYPE_CHECKING:
    from sim.analysis.calibration.calibrating import Calibration
    from sim.cache.sources import Trees

# Months as of which posteriors ship: each year's first, the launch of OpenAI for Countries, now.
MONTHS = (
    "2019-01", "2020-01", "2021-01", "2022-01", "2023-01", "2024-01", "2025-01", "2025-05",
    "2026-01", "2026-11",
)  # fmt: skip
OWN_PROGRAMMES = ("openai_for_countries",)  # those whose own intercept a scenario draws
# What an estimation and a backtest follow from.
ENTRANCES = (
    "sim.analysis.calibration.calibrating",
    "sim.analysis.backtests.backtesting",
    "sim.model.mechanism.block",
    "sim.model.mechanism.scored",
)
# Columns of the parameter table, and those of the table of numbers.
_ESTIMATES = {
    "estimate": "mean",
    "estimate_low": "low",
    "estimate_high": "high",
    "programmes": "n_programmes",
}
# Files that are written, kernels that are kept, and how a user's own table is read change nothing.
ASIDE = (
    "sim.analysis.history.written",
    "sim.analysis.history.events_table",
    "sim.analysis.history.contradictions",
    "sim.analysis.history.left_out",
    "sim.model.machine.kernel_cache",
    "sim.cache.files",
    "sim.cache.sources",
)
Progress = Callable[[str], None]


def calibrations(
    months: Sequence[str] = MONTHS, progress: Progress = lambda text: None
) -> Iterator[Calibration]:
    """Yield an estimation as of each month."""
    for month in months:
        progress(f"estimating as of {month}")
        yield calibrate(month)


def posterior_of(found: Sequence[Calibration]) -> pd.DataFrame:
    """Return the posterior table of some estimations, as ``posterior.csv`` has it."""
    from sim.analysis.calibration.posterior import posterior_table

    tables = [posterior_table(one.fit, one.as_of, OWN_PROGRAMMES) for one in found]
    return pd.concat(tables, ignore_index=True)


def write_posterior(table: pd.DataFrame) -> None:
    """Write ``posterior.csv``, four digits after the point."""
    table.round(4).to_csv(POSTERIOR_TABLE, index=False, lineterminator="\n")


def write_estimates(numbers: pd.DataFrame) -> None:
    """Write to ``parameters.csv`` what an estimation says of each number, for all kinds."""
    path = Path(str(resources.files("sim.data").joinpath("tables/parameters.csv")))
    table = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("name", drop=False)
    table[list(_ESTIMATES)] = ""
    for row in numbers[numbers["kind"] == "all"].itertuples():
        for to, column in _ESTIMATES.items():
            table.loc[row.number, to] = f"{getattr(row, column):.3g}"
    path.write_text(table.to_csv(index=False, lineterminator="\n"), "utf-8")
    load_parameters.cache_clear()


def _modules_digest(trees: Trees) -> str:
    modules = reached(trees, ENTRANCES, ASIDE)
    return digest_of(without_display(trees, modules), modules)


@cache
def evidence_digest() -> str:
    """Return the SHA-256 over everything that an estimation follows from.

    That is the code of the rule, of the features and of the estimation, the parameter table, the
    facts, and the programmes as scenarios; and over what ships of it, the posteriors.
    """
    digest = hashlib.sha256(with_numbers(remembered("evidence", _modules_digest)).encode())
    digest.update(load_facts().hash.encode())
    for path in history_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
