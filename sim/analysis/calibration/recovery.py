"""Parameter recovery: history is simulated with known numbers, and they are estimated again.

Simulation-based calibration (Talts et al. 2018) asks more: the rank of a true number among draws of
its posterior must be uniform. That holds exactly for a full posterior and true numbers drawn from
its prior. Here it is approximate for three reasons. Levels of intercepts and rates are drawn
from a narrower region than their prior; the spreads are estimates that are taken as known; and the
posterior is a normal approximation. A second design asks what happens where the prior is wrong.

``python -m sim.analysis.calibration.recovery --replications 200`` writes ``recovery.csv`` and
``recovery_ranks.csv`` to ``docs/evidence``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.forecasting.simulating import simulate_answers
from sim.analysis.calibration.fitting import Fit, fit
from sim.analysis.calibration.layout import GUESS, KIND_SPREAD, Layout, Spreads
from sim.analysis.calibration.numbers import ESTIMATED, KINDS, EstimatedNumber
from sim.analysis.calibration.posterior import sample
from sim.analysis.calibration.record import INTERCEPT, RATE, ProgrammeRecord, review_chance
from sim.analysis.calibration.tables import Z90, strength
from sim.analysis.history.answers import Answers, programme_of
from sim.analysis.history.programmes import built_programme
from sim.analysis.shared.one_thread import one_thread
from sim.errors import RunError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world.building import Built

    Vector = NDArray[np.float64]

# Of different kinds, sides and lengths (1 to 19 months), and quick to score.
PROGRAMMES = (
    "bletchley", "future-internet", "hong-kong-support", "us-ai-resolution",
    "clean-network", "coe-ai-convention", "safety-institutes",
    "openai-for-countries",
    "cyber-norms-us", "cyber-norms-russia", "cybercrime-2019",
)  # fmt: skip
# What the record says of the shared numbers, rounded.
CENTRE = {
    "w_affinity": 0.7, "w_ally": 1.0, "w_record": 2.0, "w_likeness": 2.9, "w_rival": 2.5,
    "w_dispute": 3.1, "review_size": 1.2, "review_readiness": 0.2,
}  # fmt: skip
LEVEL = (0.5, -1.2)  # mean intercept and mean log rate of reviews of all programmes
LEVEL_SD = 0.5
N_DRAWS = 99  # of a posterior: a rank is one of a hundred
N_BINS = 10
LOG_RATE = f"log_{RATE}"
ALL, OWN = "all", "programmes"
FOLDER = Path("docs/evidence")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class RecoveryStudy:
    """Where true numbers come from, and with what prior they are estimated.

    Parameters
    ----------
    name : str
    prior : tuple of EstimatedNumber
        Of the estimation.
    sd : tuple of float
        Of true shared numbers around what the record says.
    spread : tuple of float
        Of true numbers between kinds.
    programmes : tuple of float
        Of true intercepts and true log rates between programmes of a kind.
    """

    name: str
    prior: tuple[EstimatedNumber, ...]
    sd: tuple[float, ...]
    spread: tuple[float, ...]
    programmes: tuple[float, float]


# Truth from the prior, its means moved to where the record says the numbers are: ranks must be
# uniform but for the approximations. Only levels are drawn from a narrower region, as with those of
# the prior most programmes would have nobody or everybody.
FROM_PRIOR = RecoveryStudy(
    "truth from the prior",
    tuple(replace(number, mean=CENTRE[number.name]) for number in ESTIMATED),
    tuple(number.sd for number in ESTIMATED),
    tuple(number.spread for number in ESTIMATED),
    GUESS,
)
# The prior as the estimation has it, up to 1.9 deviations away from the truth, and kinds that
# differ more than it guesses: what a wrong prior does to intervals.
OFF_PRIOR = RecoveryStudy(
    "truth off the prior", ESTIMATED, (0.5,) * len(ESTIMATED), (0.5,) * len(ESTIMATED), (1.2, 0.8)
)
DESIGNS = (FROM_PRIOR, OFF_PRIOR)


@dataclass(frozen=True)
class Recovery:
    """What estimations from simulated histories found of the true numbers.

    Parameters
    ----------
    estimates : DataFrame
        One row for each replication and number: design, replication, number, kind (or ``all``, or
        ``programmes`` for the intercept and log rate of one programme), truth, mean, sd, sd_share
        (posterior standard deviation over the prior's), rank (0 to 99).
    n_failed : int
        Replications without an estimate: the fit did not converge.
    """

    estimates: pd.DataFrame
    n_failed: int

    @property
    def table(self) -> pd.DataFrame:
        """One row for each design, number and kind.

        Columns design, number, kind, n, coverage (of the 90 % interval) with its own 95 % interval
        (Wilson's) coverage_low and coverage_high, z_mean and z_sd (of errors in posterior standard
        deviations), p_uniform (chi-square of the ranks), bias, sd_share, and
        identification_simulated: the label that the mean sd_share of these replications earns. It
        is about the simulated history; ``identification`` in the table of an estimation is about
        the whole record. Programmes of one replication are not independent: for ``programmes``
        the interval is too narrow and the p value too small.
        """
        from scipy.stats import binomtest, chisquare

        rows = []
        for (design, number, kind), part in self._groups():
            z = (part["mean"] - part["truth"]) / part["sd"]
            inside = int((z.abs() <= Z90).sum())
            interval = binomtest(inside, len(part)).proportion_ci(method="wilson")
            share = float(part["sd_share"].mean())
            rows.append(
                {
                    "design": design,
                    "number": number,
                    "kind": kind,
                    "n": len(part),
                    "coverage": inside / len(part),
                    "coverage_low": interval.low,
                    "coverage_high": interval.high,
                    "z_mean": z.mean(),
                    "z_sd": z.std(),
                    "p_uniform": chisquare(rank_counts(part["rank"])).pvalue,
                    "bias": (part["mean"] - part["truth"]).mean(),
                    "sd_share": share,
                    "identification_simulated": strength(share),
                }
            )
        return pd.DataFrame(rows)

    @property
    def ranks(self) -> pd.DataFrame:
        """One row for each bin: design, number, kind, rank_from, rank_to, n, expected."""
        width = (N_DRAWS + 1) // N_BINS
        return pd.DataFrame(
            [
                (*key, b * width, (b + 1) * width - 1, count, len(part) / N_BINS)
                for key, part in self._groups()
                for b, count in enumerate(rank_counts(part["rank"]))
            ],
            columns=["design", "number", "kind", "rank_from", "rank_to", "n", "expected"],
        )

    def write(self, folder: Path) -> None:
        """Write both tables to a folder, as ``recovery.csv`` and ``recovery_ranks.csv``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (("recovery", self.table), ("recovery_ranks", self.ranks)):
            table.to_csv(
                folder / f"{name}.csv", index=False, float_format="%.4g", lineterminator="\n"
            )

    def _groups(self) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
        """Return the rows of each design, number and kind, in the order of the estimates."""
        keys = ["design", "number", "kind"]
        return [
            (tuple(map(str, key)), part) for key, part in self.estimates.groupby(keys, sort=False)
        ]


def rank_counts(rank: pd.Series[int]) -> NDArray[np.int64]:
    """Return how many ranks fall in each of ten equal bins."""
    counts, _ = np.histogram(rank, bins=N_BINS, range=(0, N_DRAWS + 1))
    return np.asarray(counts, np.int64)


@one_thread
def recover(
    replications: int,
    programmes: Collection[str] = PROGRAMMES,
    seed: int = 1,
    design: RecoveryStudy = FROM_PRIOR,
    *,
    workers: int = 1,
    from_prior: bool = False,
    progress: Progress = lambda text: None,
) -> Recovery:
    """Simulate history with known numbers and estimate them, many times.

    Parameters
    ----------
    replications : int
        Histories.
    programmes : collection of str
        Names of scenarios of the past.
    seed : int
        Of true numbers, histories and draws of posteriors.
    design : RecoveryStudy
        Where true numbers come from.
    workers : int
        Replications at a time; the result does not depend on it.
    from_prior : bool
        Whether each search begins at the means of the priors. It begins at the true numbers unless
        asked: the mode is the same, and found sooner.
    progress : callable
        Called with a line on each replication.
    """
    worlds = [built_programme(name) for name in programmes]

    def one(replication: int) -> pd.DataFrame | None:
        try:
            found = replicate(worlds, seed, replication, design, from_prior)
        except RunError as error:
            progress(f"replication {replication}: {error}")
            return None
        progress(f"replication {replication}: done")
        return found

    with ThreadPoolExecutor(workers) as pool:
        found = [*pool.map(one, range(replications))]
    kept = [table for table in found if table is not None]
    if not kept:
        raise RunError("no estimation converged: there is nothing to compare with the truth.")
    return Recovery(pd.concat(kept, ignore_index=True), len(found) - len(kept))


def replicate(
    worlds: Sequence[Built],
    seed: int,
    replication: int,
    design: RecoveryStudy = FROM_PRIOR,
    from_prior: bool = False,
) -> pd.DataFrame:
    """Return what one estimation found of the true numbers; see `Recovery.estimates`.

    Raises
    ------
    RunError
        If the estimation does not converge.
    """
    rng = np.random.default_rng([seed, replication])
    offers = [programme_of(built.scenario) for built in worlds]
    layout = Layout(
        tuple(programme for *_, programme in offers),
        tuple(offer.kind for _, offer, _ in offers),
        design.prior,
    )
    truth = draw_truth(layout, design, rng)
    # A seed of its own for each: the likelihood takes tastes for two programmes as independent.
    seeds = rng.integers(2**32, size=len(worlds))
    records = [
        ProgrammeRecord(built, simulated_answers(built, layout, truth, j, int(seeds[j])))
        for j, built in enumerate(worlds)
    ]
    start = Fit(layout, truth, np.eye(layout.size), Spreads.guess(design.prior), 0.0)
    found = fit(records, start=None if from_prior else start, numbers=design.prior)
    table = compared(found, truth, int(rng.integers(2**32)))
    table.insert(0, "design", design.name)
    table.insert(1, "replication", replication)
    return table


def draw_truth(layout: Layout, design: RecoveryStudy, rng: np.random.Generator) -> Vector:
    """Return true values of all unknowns, from the region around what the record says."""
    x = np.zeros(layout.size)
    between = np.diag(design.programmes) ** 2
    x[layout.shared()] = rng.normal([CENTRE[name] for name in layout.names], design.sd)
    x[layout.centre()] = rng.normal(LEVEL, LEVEL_SD)
    for kind in KINDS:
        x[layout.of_kind(kind)] = rng.normal(0.0, design.spread)
        x[layout.centre_of(kind)] = rng.normal(x[layout.centre()], KIND_SPREAD)
    for j, kind in enumerate(layout.kinds):
        x[layout.programme(j)] = rng.multivariate_normal(x[layout.centre_of(kind)], between)
    return x


def simulated_answers(built: Built, layout: Layout, x: Vector, j: int, seed: int) -> Answers:
    """Return the answers of one future of programme j: every country that it is open to is asked.

    The month of joining is known. A country that leaves again counts as having joined, as in the
    records of the past.
    """
    values = layout.local(x, j)
    values[-1] = review_chance(values[-1])
    names = (*layout.names, INTERCEPT, RATE)
    month = simulate_answers(built, names, values[None], futures=1, seed=seed, workers=1)
    joined = month.month_joined[0].astype(np.int64)
    _, offer, programme = programme_of(built.scenario)
    asked = np.array([float(offer.is_open_to(code)) for code in month.country])
    return Answers(programme, month.country, joined, joined, asked, month.n_months)


def unknowns(layout: Layout) -> list[tuple[str, str, Vector]]:
    """Return number, kind and row of a matrix that makes it of x, for all that is compared."""
    eye = np.eye(layout.size)
    found = [(name, ALL, row) for name, row in zip(layout.names, eye[layout.shared()], strict=True)]
    for kind in dict.fromkeys(layout.kinds):
        rows = eye[layout.shared()] + eye[layout.of_kind(kind)]
        found += [(name, kind, row) for name, row in zip(layout.names, rows, strict=True)]
    levels = [(ALL, layout.centre())]
    levels += [(kind, layout.centre_of(kind)) for kind in dict.fromkeys(layout.kinds)]
    levels += [(OWN, layout.programme(j)) for j in range(len(layout.programmes))]
    for number, at in ((INTERCEPT, 0), (LOG_RATE, 1)):
        found += [(number, kind, eye[where][at]) for kind, where in levels]
    return found


def compared(found: Fit, truth: Vector, seed: int) -> pd.DataFrame:
    """Return truth, posterior and rank for each number; see `Recovery.estimates`."""
    layout = found.layout
    listed = unknowns(layout)
    rows = np.array([row for *_, row in listed])
    scaled, _, deviation = layout.prior(found.spreads)
    scaled = scaled / deviation[:, None]
    prior = np.linalg.inv(scaled.T @ scaled)
    sd = np.sqrt(np.einsum("ij,jk,ik->i", rows, found.covariance, rows))
    prior_sd = np.sqrt(np.einsum("ij,jk,ik->i", rows, prior, rows))
    draws = sample(found, N_DRAWS, seed) @ rows.T
    return pd.DataFrame(
        {
            "number": [number for number, *_ in listed],
            "kind": [kind for _, kind, _ in listed],
            "truth": rows @ truth,
            "mean": rows @ found.mode,
            "sd": sd,
            "sd_share": sd / prior_sd,
            "rank": (draws < rows @ truth).sum(axis=0),
        }
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the tables go")
    asked = parser.parse_args(arguments)

    def progress(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    parts = [
        recover(
            asked.replications, seed=asked.seed, design=design, workers=asked.workers,
            progress=progress,
        )
        for design in DESIGNS
    ]  # fmt: skip
    tables = pd.concat([part.estimates for part in parts], ignore_index=True)
    found = Recovery(tables, sum(part.n_failed for part in parts))
    found.write(asked.folder)
    print(f"{len(found.table)} numbers; {found.n_failed} estimations did not converge.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
