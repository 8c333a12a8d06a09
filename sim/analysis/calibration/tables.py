"""What an estimation found, as tables: what the record tells, and how programmes differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.calibration.numbers import KINDS
from sim.analysis.calibration.record import review_chance

if TYPE_CHECKING:
    from sim.analysis.calibration.fitting import Fit

Z90 = 1.6448536269514722
IDENTIFIED, WEAK = 0.4, 0.8  # posterior less than this share of the prior's deviation


def strength(share: float) -> str:
    """Return in a word how much the record says about a number.

    Parameters
    ----------
    share : float
        Its posterior standard deviation over that of its prior.

    Examples
    --------
    >>> strength(0.2), strength(0.6), strength(0.95)
    ('identified', 'weakly identified', 'not identified')
    """
    if share < IDENTIFIED:
        return "identified"
    return "weakly identified" if share < WEAK else "not identified"


def numbers_table(fit: Fit) -> pd.DataFrame:
    """Return one row for each number and kind of programme, and one for all kinds together.

    Columns number, kind, mean, low, high (90 % interval), prior_mean, prior_sd, sd_share (posterior
    standard deviation over the prior's), identification, spread_between_kinds, n_programmes.
    """
    layout = fit.layout
    rows = []
    for kind in ("all", *KINDS):
        for j, number in enumerate(layout.numbers):
            pick = np.zeros(layout.size)
            pick[layout.shared().start + j] = 1.0
            prior = number.sd
            if kind != "all":
                pick[layout.of_kind(kind).start + j] = 1.0
                prior = float(np.hypot(number.sd, fit.spreads.kinds[j]))
            mean = float(pick @ fit.mode)
            sd = float(np.sqrt(pick @ fit.covariance @ pick))
            n = len(layout.kinds) if kind == "all" else layout.kinds.count(kind)
            rows.append(
                {
                    "number": number.name,
                    "kind": kind,
                    "mean": mean,
                    "low": mean - Z90 * sd,
                    "high": mean + Z90 * sd,
                    "prior_mean": number.mean,
                    "prior_sd": prior,
                    "sd_share": sd / prior,
                    "identification": strength(sd / prior),
                    "spread_between_kinds": float(fit.spreads.kinds[j]),
                    "n_programmes": n,
                }
            )
    return pd.DataFrame(rows)


def programmes_table(fit: Fit) -> pd.DataFrame:
    """Return one row for each programme: its own intercept and rate of reviews, with intervals."""
    layout = fit.layout
    sd = np.sqrt(np.diag(fit.covariance))
    rows = []
    for j, (name, kind) in enumerate(zip(layout.programmes, layout.kinds, strict=True)):
        at = layout.programme(j)
        (intercept, log_rate), (sd_intercept, sd_rate) = fit.mode[at], sd[at]
        rate, low, high = review_chance(log_rate + np.array([0.0, -Z90, Z90]) * sd_rate)
        rows.append(
            {
                "programme": name,
                "kind": kind,
                "intercept": intercept,
                "intercept_low": intercept - Z90 * sd_intercept,
                "intercept_high": intercept + Z90 * sd_intercept,
                "review_rate": rate,
                "review_rate_low": low,
                "review_rate_high": high,
            }
        )
    return pd.DataFrame(rows)
