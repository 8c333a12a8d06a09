"""The driver of the record: how likely what happened was, by hand and as a share of futures."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.record import ProgrammeRecord
from sim.analysis.history.answers import NEVER, Answers
from sim.analysis.verification.check import Check, CheckResult, likely, number_within
from sim.analysis.verification.worlds import (
    first_futures,
    make_world,
    offer,
    provider,
    uniform_influence,
    write_scenario,
)
from sim.model.world.building import Built

GROUP = "Likelihood of a record"
ROUNDING = 1e-12
RATE, NOISE, WORTH = 0.4, 0.5, 0.3
CHANCE = RATE / (1.0 + np.exp(-WORTH / NOISE))  # of joining in a month
MONTHS, JOINED = 6, 4  # months watched, index of the month of joining
SEED, FUTURES = 3, 60_000
# Pull of peers, weight of closeness and spread of tastes in the small programme.
PEERS, AFFINITY, TASTE = 1.5, 0.8, 0.4
CLOSENESS = ((0.1,), (0.5,), (0.9,))


def _programme(n: int, months: int, closeness: object = 0.0, **numbers: float) -> Built:
    """Return an offer of worth `WORTH` that `n` countries review at a constant rate."""
    block = provider(0, offer(kind="membership", programme="made", intercept=WORTH))
    parameters = {"review_rate": RATE, "choice_noise": NOISE, **numbers}
    scenario = write_scenario([block], months, parameters, paths={"sovereign": False})
    return make_world(scenario, n, uniform_influence(n), {"affinity": closeness})


def _record(built: Built, months: tuple[int, ...]) -> ProgrammeRecord:
    """Return a record in which countries join in the months given, or never."""
    joined: NDArray[np.int64] = np.array(months, np.int64)
    answers = Answers(
        "made", built.axes.country, joined, joined, np.ones(len(months)), built.world.n_months
    )
    return ProgrammeRecord(built, answers)


def _log_likelihood(built: Built, months: tuple[int, ...]) -> float:
    return float(_record(built, months).log_likelihoods((), np.zeros(0)).sum())


def _joined() -> CheckResult:
    found = _log_likelihood(_programme(1, MONTHS), (JOINED,))
    return number_within(JOINED * np.log1p(-CHANCE) + np.log(CHANCE), found, ROUNDING)


def _stayed() -> CheckResult:
    found = _log_likelihood(_programme(1, MONTHS), (NEVER,))
    return number_within(MONTHS * np.log1p(-CHANCE), found, ROUNDING)


def _next_month() -> CheckResult:
    """Return the finding on the chance of joining next that departs most from the known one."""
    survival = _record(_programme(1, MONTHS), (NEVER,)).log_survival((), np.zeros(0))[:, 0]
    chance = -np.expm1(np.diff(survival, prepend=0.0))
    worst = int(np.abs(chance - CHANCE).argmax())
    return number_within(float(CHANCE), float(chance[worst]), ROUNDING)


def _as_in_futures() -> CheckResult:
    """Return the fit of probabilities of whole records to their shares over futures."""
    from scipy import stats

    # Of two months only: who left again would be one on record, and peers would see the difference.
    spreads = {"w_peer": PEERS, "w_affinity": AFFINITY, "taste_sd_path": TASTE}
    built = _programme(len(CLOSENESS), 2, np.array(CLOSENESS), **spreads)
    histories = list(product((NEVER, 0, 1), repeat=len(CLOSENESS)))
    expected = np.exp([_log_likelihood(built, months) for months in histories])
    signed = first_futures(built, SEED, FUTURES).month_signed[:, :, 0]
    seen = [int((signed == months).all(axis=1).sum()) for months in histories]
    # The probabilities sum to 1 but for rounding, and all futures are among these histories.
    return likely(float(stats.chisquare(seen, FUTURES * expected, sum_check=False).pvalue))


CHECKS = (
    Check(
        "record-of-a-joiner", GROUP, f"one country, joins in month {JOINED + 1}, constant hazard p",
        "4 log(1-p) + log p", _joined,
    ),
    Check(
        "record-of-one-that-stays", GROUP, f"one country, does not join in {MONTHS} months",
        "6 log(1-p)", _stayed,
    ),
    Check(
        "chance-of-joining-next", GROUP, "the same country, in each month given the months before",
        "constant hazard p", _next_month,
    ),
    Check(
        "record-as-in-futures", GROUP,
        f"{3 ** len(CLOSENESS)} records of a small programme, shares of {FUTURES:,} futures",
        "chi-squared test", _as_in_futures,
    ),
)  # fmt: skip
