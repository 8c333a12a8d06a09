"""The choice rule month after month: what persists and what does not.

Its closed forms are checks of `sim.analysis.verification.choice_rule`.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.analysis.verification.choice_rule import N, three_offers
from worlds import run_futures


def test_taste_persists_and_noise_does_not() -> None:
    # Taste alone: a country that reviews again chooses again what it chose.
    built = three_offers(months=6, choice_noise=0.0, taste_sd_path=1.0)
    paths = run_futures(built, 5, [0])
    assert (paths.transition.sum(axis=(1, 2)) < N).all()
    first = run_futures(dataclasses.replace(built, world=built.world._replace(n_months=1)), 5, [0])
    np.testing.assert_array_equal(first.final_path, paths.final_path)
    # Noise alone: it does not.
    restless = run_futures(three_offers(months=6), 5, [0])
    assert restless.transition.sum() > N
