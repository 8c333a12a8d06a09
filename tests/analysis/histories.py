"""Small programmes with a history, made for tests of the estimation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.record import N_TASTES, ProgrammeRecord
from sim.analysis.history.answers import NEVER, Answers
from sim.model.world.building import Built
from worlds import make_world, offer, provider, write_scenario

# What a taste is made of; the three spreads add up to 0.5.
TASTES = {"taste_sd_provider": 0.4, "taste_sd_kind": 0.3, "taste_sd_path": 0.0}
NOISE, RATE, PEERS, AFFINITY, WAITING = 0.5, 0.4, 1.5, 0.8, 0.6
HALF_LIFE = 12.0  # months


def made_world(
    n: int, months: int, kind: str = "membership", name: str = "made", seed: int = 0
) -> Built:
    """Return a programme offered to `n` countries of random affinity that watch each other."""
    weights = TASTES | {
        "choice_noise": NOISE, "review_rate": RATE, "w_peer": PEERS, "w_affinity": AFFINITY,
        "w_waiting": WAITING, "waiting_half_life_months": HALF_LIFE,
    }  # fmt: skip
    block = provider(0, offer(kind=kind, programme=name))
    scenario = write_scenario([block], months, weights, paths={"sovereign": False})
    rng = np.random.default_rng(seed)
    influence = rng.random((n, n)) * (1 - np.eye(n))
    affinity = rng.random((n, 1))
    return make_world(scenario, n, influence / influence.sum(axis=0), {"affinity": affinity})


def record_of(
    built: Built, first: NDArray[np.int64], last: NDArray[np.int64] | None = None
) -> ProgrammeRecord:
    """Return a record in which countries join in given months, all of them scored."""
    joined = np.asarray(first, np.int64)
    until = joined if last is None else np.asarray(last, np.int64)
    answers = Answers(
        "made", built.axes.country, joined, until, np.ones(joined.size), built.world.n_months
    )
    return ProgrammeRecord(built, answers)


def weighted(record: ProgrammeRecord, weight: NDArray[np.float64]) -> ProgrammeRecord:
    """Return a record whose answers count as given."""
    return ProgrammeRecord(record.built, replace(record.answers, weight=weight))


def log_likelihoods_by_hand(
    record: ProgrammeRecord, intercept: float, rate: float, affinity_weight: float = AFFINITY
) -> NDArray[np.float64]:
    """Return the log likelihood of each answer from the formulas alone, no kernel involved.

    A review comes with chance `rate`; it ends on the offer with the logit's probability, given a
    taste that is normal. Peers are those who had joined by the end of the month before.
    """
    world, answers = record.built.world, record.answers
    affinity = world.relation["affinity"][:, 0]
    spread = np.sqrt(sum(sd**2 for sd in TASTES.values()))
    nodes, shares = np.polynomial.hermite_e.hermegauss(N_TASTES)
    found = np.zeros(affinity.size)
    for i in range(affinity.size):
        first, last = answers.first[i], answers.last[i]
        total = 0.0
        for node, share in zip(nodes, shares / shares.sum(), strict=True):
            before = within = 1.0
            for t in range(answers.n_months):
                if last != NEVER and t > last:
                    break
                holds = (answers.last != NEVER) & (answers.last < t)
                worth = (
                    intercept
                    + affinity_weight * affinity[i]
                    + PEERS * float(world.influence[holds, i].sum())
                    + spread * node
                    - WAITING * 0.5 ** (t / HALF_LIFE)
                )
                stays = 1.0 - rate / (1.0 + np.exp(-worth / NOISE))
                if last != NEVER and t >= first:
                    within *= stays
                else:
                    before *= stays
            total += share * before * (1.0 if last == NEVER else 1.0 - within)
        found[i] = np.log(total)
    return found
