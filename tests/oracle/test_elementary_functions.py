"""Elementary functions of plain IEEE operations against the maths library and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.model.machine import ieee
from sim.model.machine.compiled import entry
from tolerances import LAST_BITS

Floats = NDArray[np.float64]
# Relative: the bound that Wichura (1988) gives for AS 241, with room for SciPy's own.
QUANTILE = 4e-15
HALF_STEP = 2.0**-33


@entry
def fill_exp(x: Floats, out: Floats) -> None:
    """Write e**x to `out`."""
    for i in range(x.size):
        out[i] = ieee.exp(x[i])


@entry
def fill_log(x: Floats, out: Floats) -> None:
    """Write log x to `out`."""
    for i in range(x.size):
        out[i] = ieee.log(x[i])


@entry
def fill_quantile(x: Floats, out: Floats) -> None:
    """Write the normal quantile of x to `out`."""
    for i in range(x.size):
        out[i] = ieee.normal_quantile(x[i])


@entry
def fill_survival(x: Floats, out: Floats) -> None:
    """Write the chance that a standard normal exceeds x to `out`."""
    for i in range(x.size):
        out[i] = ieee.normal_survival(x[i])


@entry
def fill_bisected(x: Floats, out: Floats) -> None:
    """Write to `out` what bisection alone makes of that chance, with a quantile at every step."""
    for i in range(x.size):
        small = 0.0
        large = 500.0
        for _ in range(60):
            middle = 0.5 * (small + large)
            if ieee.normal_quantile(ieee.exp(-middle)) > -x[i]:
                small = middle
            else:
                large = middle
        out[i] = ieee.exp(-0.5 * (small + large))


def exp(x: Floats) -> Floats:
    out = np.zeros_like(x)
    fill_exp(x, out)
    return out


def log(x: Floats) -> Floats:
    out = np.zeros_like(x)
    fill_log(x, out)
    return out


def quantile(x: Floats) -> Floats:
    out = np.zeros_like(x)
    fill_quantile(x, out)
    return out


def test_exp_equals_the_library_over_its_range() -> None:
    x = np.concatenate([np.linspace(-700, 700, 20_001), np.linspace(-1, 1, 20_001)])
    np.testing.assert_allclose(exp(x), np.array([math.exp(v) for v in x]), rtol=LAST_BITS)


def test_exp_is_exact_at_zero_and_clamped_at_both_ends() -> None:
    assert exp(np.array([0.0])).tolist() == [1.0]
    ends = exp(np.array([-np.inf, -1e300, -708.0, 708.0, 1e300, np.inf]))
    assert ends[:3].tolist() == [ends[0]] * 3
    assert ends[3:].tolist() == [ends[5]] * 3
    assert 0.0 < ends[0] < ends[5] < np.inf


def test_log_equals_the_library_over_its_range() -> None:
    x = np.concatenate(
        [10.0 ** np.linspace(-300, 300, 20_001), np.linspace(0.5, 2.0, 20_001), [1.0]]
    )
    np.testing.assert_allclose(log(x), np.array([math.log(v) for v in x]), rtol=LAST_BITS)


@pytest.mark.parametrize("centre", [1.0, 2.0, 0.5, math.sqrt(2), math.sqrt(0.5)])
def test_log_is_sound_where_the_mantissa_folds(centre: float) -> None:
    x = np.array(centre * (1.0 + np.arange(-1000, 1001) * 2.0**-40), np.float64)
    y = log(x)
    np.testing.assert_allclose(y, np.array([math.log(v) for v in x]), rtol=LAST_BITS)
    assert (np.diff(y) > 0).all()


def test_normal_quantile_equals_scipy_over_every_uniform_that_can_occur() -> None:
    u = np.concatenate([np.linspace(HALF_STEP, 1 - HALF_STEP, 50_001), 2.0 ** -np.arange(2, 34)])
    np.testing.assert_allclose(quantile(u), special.ndtri(u), rtol=QUANTILE, atol=QUANTILE)


# 0.075 is where AS 241 leaves its centre, exp(-25) where it enters the far tail.
@pytest.mark.parametrize("edge", [HALF_STEP, math.exp(-25), 0.075, 0.5])
def test_normal_quantile_rises_across_the_seams_of_its_branches(edge: float) -> None:
    first = 0 if edge == HALF_STEP else -500
    u = np.array(edge * (1.0 + np.arange(first, 501) * 2.0**-33), np.float64)
    lower = quantile(u)
    assert (np.diff(lower) > 0).all()
    # The upper half mirrors the lower one, exactly where 1 - u is exact.
    whole = np.array([HALF_STEP, 0.0625, 0.25])
    assert quantile(1.0 - whole).tolist() == (-quantile(whole)).tolist()


def test_every_variate_is_finite() -> None:
    extremes = np.array([HALF_STEP, 1.0 - HALF_STEP])
    assert np.isfinite(quantile(extremes)).all()
    gumbel = -log(-log(extremes))
    assert np.isfinite(gumbel).all()
    assert gumbel[0] < 0 < gumbel[1]


def survival(x: Floats) -> Floats:
    out = np.zeros_like(x)
    fill_survival(x, out)
    return out


def test_normal_survival_equals_scipy_and_is_clamped_at_both_ends() -> None:
    x = np.linspace(-8.0, 30.0, 20_001)
    np.testing.assert_allclose(survival(x), special.ndtr(-x), rtol=1e-11)
    ends = survival(np.array([-np.inf, -9.0, -8.0, 30.0, 31.0, np.inf]))
    assert ends[:3].tolist() == [ends[0]] * 3
    assert ends[3:].tolist() == [ends[5]] * 3


def test_normal_survival_has_the_bytes_of_bisection_alone() -> None:
    x = np.concatenate([np.linspace(-8.0, 30.0, 20_001), np.linspace(-3.0, 3.0, 20_001)])
    alone = np.zeros_like(x)
    fill_bisected(x, alone)
    assert survival(x).tobytes() == alone.tobytes()
