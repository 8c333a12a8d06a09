"""Elementary functions made of plain IEEE 754 operations.

A maths library may return another last bit on another processor or release. These use only
additions, multiplications, divisions, square roots and bit moves, each exactly specified by
IEEE 754, so that a run gives equal bytes everywhere; and being free of calls they vectorise.
"""

from __future__ import annotations

import numpy as np

from sim.model.machine.compiled import inlined

LN2_HIGH = 0.6931471803691238  # ln 2 cut after 33 bits: k * LN2_HIGH is exact for |k| < 2**20
LN2_LOW = 1.9082149292705877e-10
INVERSE_LN2 = 1.4426950408889634
SQRT2 = 1.4142135623730951
SQRT_HALF = 0.7071067811865476
INVERSE_ROOT_2PI = 0.3989422804014327
CLOSE = 1e-10  # to a root that is known a hundred times as well
EXP_LIMIT = 708.0


@inlined
def exp(x: float) -> float:
    """Return e**x; x is clamped to [-708, 708] (relative error below 3e-16)."""
    x = min(max(x, -EXP_LIMIT), EXP_LIMIT)
    k = np.floor(x * INVERSE_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    # Taylor series to r**13 / 13!: |r| <= ln(2) / 2, so the rest is below 4e-18.
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    scale = np.int64((np.int64(k) + 1023) << 52).view(np.float64)
    return p * scale


@inlined
def log(x: float) -> float:
    """Return the natural logarithm of a positive, normal x (relative error below 3e-16)."""
    bits = np.float64(x).view(np.int64)
    exponent = (bits >> 52) - 1023
    mantissa = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    upper = mantissa > SQRT2
    mantissa = mantissa * 0.5 if upper else mantissa
    k = np.float64(exponent + 1 if upper else exponent)
    # log m = 2 atanh(f) with f = (m - 1) / (m + 1), |f| <= 0.1716: the rest is below 1e-18.
    f = (mantissa - 1.0) / (mantissa + 1.0)
    g = f * f
    p = 2.0 / 23.0
    p = p * g + 2.0 / 21.0
    p = p * g + 2.0 / 19.0
    p = p * g + 2.0 / 17.0
    p = p * g + 2.0 / 15.0
    p = p * g + 2.0 / 13.0
    p = p * g + 2.0 / 11.0
    p = p * g + 2.0 / 9.0
    p = p * g + 2.0 / 7.0
    p = p * g + 2.0 / 5.0
    p = p * g + 2.0 / 3.0
    series = f * (2.0 + p * g)
    return k * LN2_HIGH + (k * LN2_LOW + series)


@inlined
def _ratio(r: float, top: tuple[float, ...], bottom: tuple[float, ...]) -> float:
    """Return the ratio of two polynomials of degree 7, coefficients from the constant up."""
    p = top[7]
    q = bottom[7]
    for degree in range(6, -1, -1):
        p = p * r + top[degree]
        q = q * r + bottom[degree]
    return p / q


_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3),
)  # fmt: skip
_SHOULDER = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip
_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15),
)  # fmt: skip


@inlined
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u in (0, 1) (Wichura 1988, algorithm AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, _CENTRE[0], _CENTRE[1])
    r = np.sqrt(-log(min(u, 1.0 - u)))
    if r <= 5.0:
        tail = _ratio(r - 1.6, _SHOULDER[0], _SHOULDER[1])
    else:
        tail = _ratio(r - 5.0, _TAIL[0], _TAIL[1])
    return -tail if q < 0.0 else tail


_ERFC = (
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
)  # fmt: skip


@inlined
def _rough_survival(x: float) -> float:
    """Return -log of the chance that a standard normal exceeds x, within about 1e-7.

    By the fit to the error function of Press, Teukolsky, Vetterling and Flannery (1992, 6.2).
    """
    t = 1.0 / (1.0 + 0.5 * SQRT_HALF * abs(x))
    series = _ERFC[9]
    for degree in range(8, -1, -1):
        series = series * t + _ERFC[degree]
    upper = 0.5 * x * x - series - log(0.5 * t)
    return upper if x >= 0.0 else -log(1.0 - exp(-upper))


@inlined
def normal_survival(x: float) -> float:
    """Return the chance that a standard normal exceeds x; x is clamped to [-8, 30].

    The root of ``normal_quantile(p) = -x``, by bisection on -log p so that small chances keep their
    relative precision (about 1e-12). Only steps close to the root ask for a quantile: where it lies
    is known within 1e-12 from a rough root and a step of Newton's.
    """
    x = min(max(x, -8.0), 30.0)
    rough = _rough_survival(x)
    slope = INVERSE_ROOT_2PI * exp(rough - 0.5 * x * x)
    near = rough + slope * (normal_quantile(exp(-rough)) + x)
    small = 0.0
    large = 500.0
    for _ in range(60):
        middle = 0.5 * (small + large)
        is_small = middle < near
        if abs(middle - near) < CLOSE:
            is_small = normal_quantile(exp(-middle)) > -x
        small = middle if is_small else small
        large = large if is_small else middle
    return exp(-0.5 * (small + large))
