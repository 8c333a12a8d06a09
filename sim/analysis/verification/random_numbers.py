"""Keyed random numbers: the published answers of Philox4x32-10, and what is made of its words."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.verification.check import (
    SIGNIFICANCE,
    Check,
    CheckResult,
    all_equal,
    likely,
    number_within,
)
from sim.model.machine.philox import identity
from sim.model.machine.samples import fill_draws, fill_units, fill_words

GROUP = "Random numbers"
FULL = 0xFFFFFFFF
N = 100_000
MONTH = 7
SEEDS = {"0": 0, "1": 1, "largest": FULL}
# Key, counter, and the words that Random123 gives for them.
PUBLISHED = {
    "zeros": ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": ((FULL, FULL), (FULL,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    "digits-of-pi": (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}
LAWS = {"uniform": (0, stats.uniform), "normal": (1, stats.norm), "gumbel": (2, stats.gumbel_r)}


def words_of(key: tuple[int, ...], counter: tuple[int, ...]) -> tuple[int, ...]:
    """Return the four words of Philox4x32-10 for one key and counter."""
    out = np.zeros(4, np.uint64)
    fill_words(np.array(key, np.uint64), np.array(counter, np.uint64), out)
    return tuple(out.tolist())


def draws(seed: int, replicate: int = 0) -> NDArray[np.float64]:
    """Return uniform, normal and Gumbel variates of many countries, (3, N)."""
    out = np.zeros((3, N))
    fill_draws(np.uint64(seed), np.uint64(replicate), MONTH, out)
    return out


def _published(name: str) -> CheckResult:
    key, counter, answer = PUBLISHED[name]
    found = words_of(key, counter)
    count = sum(a != b for a, b in zip(answer, found, strict=True))
    return CheckResult(_hexadecimal(answer), _hexadecimal(found), float(count))


def _hexadecimal(words: tuple[int, ...]) -> str:
    return "".join(f"{word:08x}" for word in words)


def _middles_of_cells() -> CheckResult:
    words = np.array([0, 1, 2**31, FULL - 1, FULL], np.uint64)
    out = np.zeros(words.size)
    fill_units(words, out)
    return all_equal([(int(word) + 0.5) / 2**32 for word in words], out.tolist())


def _law(name: str, seed: str) -> CheckResult:
    row, law = LAWS[name]
    return likely(float(stats.kstest(draws(SEEDS[seed])[row], law.cdf).pvalue))


def _unrelated_streams() -> CheckResult:
    # Seed 1 of replicate 0 and seed 0 of replicate 1 are different streams, and unrelated.
    streams = [draws(0)[0], draws(1)[0], draws(0, 1)[0], draws(1, 1)[0]]
    apart = np.corrcoef(streams)[~np.eye(4, dtype=bool)]
    # Each coefficient of independent streams has standard deviation N**-0.5.
    most = float(stats.norm.isf(SIGNIFICANCE / 12)) / np.sqrt(N)
    return number_within(0.0, float(np.abs(apart).max()), most)


def _identity_of_abc() -> CheckResult:
    must_be, found = 0xBA7816BF, identity("abc")
    return CheckResult(f"{must_be:08x}", f"{found:08x}", float(must_be != found))


RANDOM123 = "Salmon et al. 2011"
CHECKS = (
    *(
        Check(
            f"philox-{name}",
            GROUP,
            f"words of Philox4x32-10, key and counter: {name.replace('-', ' ')}",
            RANDOM123,
            partial(_published, name),
        )
        for name in PUBLISHED
    ),
    Check(
        "uniform-cells",
        GROUP,
        "a uniform lies in the middle of its cell, never at 0 or 1",
        "(word + 1/2) / 2^32",
        _middles_of_cells,
    ),
    *(
        Check(
            f"{name}-law-seed-{seed}",
            GROUP,
            f"{name} variates of {N:,} countries follow their law (Kolmogorov-Smirnov)",
            "distribution function",
            partial(_law, name, seed),
        )
        for name in LAWS
        for seed in SEEDS
    ),
    Check(
        "unrelated-streams",
        GROUP,
        "largest correlation between streams of two seeds and two replicates",
        "independence",
        _unrelated_streams,
    ),
    Check(
        "identity",
        GROUP,
        "identity of the name abc: the first bytes of its SHA-256",
        "NIST, FIPS 180-4",
        _identity_of_abc,
    ),
)
