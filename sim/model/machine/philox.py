"""Random numbers as a pure function of identity.

Every number is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) of

    key     = (seed, replicate)
    counter = (country, month, purpose, item)

where country and item (a path, an offer, an event, a number) are digests of names, never
positions. So no result depends on order, threads, chunks, or which other countries exist, and two
scenarios under one seed share every random number whose identity they share.
"""

from __future__ import annotations

import hashlib

import numpy as np

from sim.model.machine.compiled import constant, inlined
from sim.model.machine.ieee import log

# What a random number is for: the third word of its counter.
REVIEW = constant(1)
TASTE = constant(2)
CHOICE = constant(3)
STAGE = constant(4)
PROVIDER_TASTE = constant(5)
EVENT = constant(6)
NUMBER = constant(7)

_LOW = np.uint64(0xFFFFFFFF)
_HALF_WORD = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)


def identity(name: str) -> int:
    """Return the 32-bit identity of a name: the first four bytes of its SHA-256.

    Examples
    --------
    >>> identity("KOR") == identity("KOR") != identity("BRA")
    True
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


@inlined
def _round(
    key_0: np.uint64, key_1: np.uint64, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the counter after one round; the masks tell LLVM that 32 x 32 bits suffice."""
    product_0 = _MULTIPLIER_0 * (c0 & _LOW)
    product_1 = _MULTIPLIER_1 * (c2 & _LOW)
    return (
        (product_1 >> _HALF_WORD) ^ c1 ^ key_0,
        product_1 & _LOW,
        (product_0 >> _HALF_WORD) ^ c3 ^ key_1,
        product_0 & _LOW,
    )


@inlined
def philox(
    key_0: np.uint64, key_1: np.uint64, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox4x32-10, each in the low half of a 64-bit word."""
    # Ten rounds written out: LLVM vectorises over the countries only what has no inner loop.
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    key_0, key_1 = (key_0 + _WEYL_0) & _LOW, (key_1 + _WEYL_1) & _LOW
    c0, c1, c2, c3 = _round(key_0, key_1, c0, c1, c2, c3)
    return c0, c1, c2, c3


@inlined
def open_unit(word: np.uint64) -> float:
    """Return the uniform in (0, 1) of a 32-bit word: the middle of its cell, never 0 or 1."""
    # Through a signed integer: its conversion to a float is one vector instruction.
    return (np.float64(np.int64(word)) + 0.5) * 2.0**-32


@inlined
def draw_uniform(
    seed: np.uint64, replicate: np.uint64, country: np.uint64, month: int, purpose: int,
    item: np.uint64,
) -> float:  # fmt: skip
    """Return the uniform in (0, 1) that belongs to this identity."""
    word, _, _, _ = philox(seed, replicate, country, np.uint64(month), np.uint64(purpose), item)
    return open_unit(word)


@inlined
def draw_gumbel(
    seed: np.uint64, replicate: np.uint64, country: np.uint64, month: int, purpose: int,
    item: np.uint64,
) -> float:  # fmt: skip
    """Return the standard Gumbel variate -log(-log u) that belongs to this identity."""
    return -log(-log(draw_uniform(seed, replicate, country, month, purpose, item)))
