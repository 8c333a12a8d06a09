"""How far the estimates depend on assumptions: the same records under other assumptions.

The noise of choices sets the scale of utility, tastes say how much the facts leave unexplained, and
the weight of peers is taken as known. Each is changed, and all is estimated again. Peers are then
estimated too, and again on placebo networks, in which each country has the peers of another: what
such a network explains cannot be the influence of peers (the reflection problem, Manski 1993).

``python -m sim.analysis.calibration.variants`` writes ``docs/evidence/variants.csv``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.calibration.fitting import Fit, fit
from sim.analysis.calibration.numbers import ESTIMATED, EstimatedNumber
from sim.analysis.calibration.record import TASTES, ProgrammeRecord
from sim.analysis.calibration.tables import numbers_table
from sim.analysis.history.programmes import known_programmes
from sim.data.codes import known_countries
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.analysis.history.answers import Answers
    from sim.model.world.building import Built

NOISE = ("choice_noise",)
PEERS = EstimatedNumber("w_peer", 1.6, 1.5)
PLACEBOS = (1, 2, 3)  # seeds
FILE = Path("docs/evidence/variants.csv")
Programmes = Sequence[tuple["Built", "Answers"]]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Variant:
    """Another assumption.

    Parameters
    ----------
    name : str
    changes : tuple of callable
        From a world to the world under it, one after another.
    numbers : tuple of EstimatedNumber
        What is estimated.
    """

    name: str
    changes: tuple[Callable[[Built], Built], ...] = ()
    numbers: tuple[EstimatedNumber, ...] = ESTIMATED

    def applied(self, built: Built) -> Built:
        """Return a world under the assumption."""
        for change in self.changes:
            built = change(built)
        return built


def scaled(built: Built, names: Sequence[str], factor: float) -> Built:
    """Return a world in which some rows of the parameter table are multiplied."""
    weight = built.weight.copy()
    for name in names:
        weight[name] *= factor
    return replace(built, weight=weight)


def with_placebo_peers(built: Built, seed: int) -> Built:
    """Return a world in which each country has the peers of another, drawn by lot.

    Weights are as they were: countries only change places in the network, and take the same places
    in every programme as far as it has the same countries.
    """
    codes = sorted(known_countries())
    lot = dict(zip(codes, np.random.default_rng(seed).random(len(codes)), strict=True))
    place = np.argsort([lot[code] for code in built.axes.country])
    influence = np.ascontiguousarray(built.world.influence[np.ix_(place, place)])
    # Kernels compile anew for an array of another kind.
    influence.flags.writeable = built.world.influence.flags.writeable
    return replace(built, world=built.world._replace(influence=influence))


def with_democracy(built: Built, index: pd.Series) -> Built:
    """Return a world in which likeness of government follows another index of democracy.

    Parameters
    ----------
    built : Built
        A programme.
    index : Series
        Index of each country, 0-1, by ISO3 code. Without a value for a country or a home, likeness
        stays as it was.
    """
    relation = built.world.relation.copy()
    own = index.reindex(built.axes.country)
    for p, home in enumerate(built.scenario.homes.values()):
        alike = (1.0 - (own - index.reindex(list(home)).mean()).abs()).to_numpy()
        is_known = np.isfinite(alike)
        relation["likeness"][is_known, p] = alike[is_known]
    relation.flags.writeable = built.world.relation.flags.writeable
    return replace(built, world=built.world._replace(relation=relation))


def read_democracy(path: Path) -> pd.Series:
    """Return an index of democracy from a CSV file with the columns iso3 and democracy, 0 to 1.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing or a value is outside 0 to 1.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        rule = f"cannot be read: {error}"
        raise InputError([Problem(str(path), 0, rule, "Give a CSV file.")]) from error
    missing = [name for name in ("iso3", "democracy") if name not in table]
    if missing:
        rule = f"has no column {' and no column '.join(missing)}."
        raise InputError([Problem(str(path), 1, rule, "Columns are iso3 and democracy.")])
    value = pd.to_numeric(table["democracy"], errors="coerce")
    wrong = table.index[(table["democracy"].notna() & ~value.between(0, 1))]
    if len(wrong):
        rule = f"democracy = {table['democracy'][wrong[0]]} must be a number from 0 to 1."
        raise InputError([Problem(str(path), int(wrong[0]) + 2, rule, "Divide by the maximum.")])
    return pd.Series(value.to_numpy(), table["iso3"]).dropna()


def all_variants(democracy: pd.Series | None = None) -> Iterator[Variant]:
    """Yield the assumptions that are tried, the project's own first."""
    yield Variant("as assumed")
    for what, names in (("noise of choices", NOISE), ("tastes", TASTES)):
        for word, factor in (("half the", 0.5), ("double the", 2.0)):
            yield Variant(f"{word} {what}", (partial(scaled, names=names, factor=factor),))
    numbers = (*ESTIMATED, PEERS)
    # Whoever likes an offer joins early. Where tastes are taken to differ too little, that looks as
    # if later countries shied away from those who had joined.
    widened = partial(scaled, names=TASTES, factor=2.0)
    for suffix, changes in (("", ()), (", double the tastes", (widened,))):
        yield Variant(f"peers estimated{suffix}", changes, numbers)
        for seed in PLACEBOS:
            placebo = partial(with_placebo_peers, seed=seed)
            yield Variant(f"placebo peers {seed}{suffix}", (*changes, placebo), numbers)
    if democracy is not None:
        yield Variant("another index of democracy", (partial(with_democracy, index=democracy),))


def variant_table(
    programmes: Programmes | None = None,
    variants: Sequence[Variant] | None = None,
    workers: int = 1,
    progress: Progress = lambda text: None,
) -> pd.DataFrame:
    """Return the estimates under each assumption.

    Parameters
    ----------
    programmes : sequence of (Built, Answers), optional
        Those that ship unless given.
    variants : sequence of Variant, optional
        All of them unless given.
    workers : int
        Threads; the result does not depend on it.
    progress : callable
        Called with a line on each step.

    Returns
    -------
    DataFrame
        variant, number, kind (``all`` is what kinds share), mean, low, high (90 % interval), then
        of the whole variant log_likelihood and log_posterior at the mode, and log_evidence: the
        only one of the three that can be compared between variants, since it counts how many
        unknowns there are and how wide their priors.
    """
    known = list(known_programmes()) if programmes is None else programmes
    tables = []
    start: Fit | None = None
    for variant in all_variants() if variants is None else variants:
        records = [ProgrammeRecord(variant.applied(built), answers) for built, answers in known]

        def told(text: str, name: str = variant.name) -> None:
            progress(f"{name}: {text}")

        found = fit(records, workers, told, start, variant.numbers)
        start = start or found
        table = numbers_table(found)[["number", "kind", "mean", "low", "high"]]
        table.insert(0, "variant", variant.name)
        tables.append(table.assign(**log_densities(found)))
    return pd.concat(tables, ignore_index=True)


def log_densities(found: Fit) -> dict[str, float]:
    """Return log likelihood and log posterior at the mode, and the log evidence given the spreads.

    The last is Laplace's approximation, with the constants of the priors.
    """
    rows, centre, sd = found.layout.prior(found.spreads)
    distance = float((((rows @ found.mode - centre) / sd) ** 2).sum())
    constants = float(np.linalg.slogdet(rows)[1] - np.log(sd).sum())
    return {
        "log_likelihood": found.log_posterior + 0.5 * distance,
        "log_posterior": found.log_posterior,
        "log_evidence": found.log_posterior
        + constants
        + 0.5 * float(np.linalg.slogdet(found.covariance)[1]),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--file", type=Path, default=FILE, help="where the table goes")
    parser.add_argument(
        "--democracy", type=Path, help="CSV file with iso3 and democracy, 0 to 1: tried as well"
    )
    asked = parser.parse_args(arguments)
    democracy = read_democracy(asked.democracy) if asked.democracy else None
    table = variant_table(
        variants=list(all_variants(democracy)),
        workers=asked.workers,
        progress=lambda text: print(text, file=sys.stderr, flush=True),
    )
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(asked.file, index=False, float_format="%.6g", lineterminator="\n")
    print(f"{asked.file} is written.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
