"""Keyed random numbers: the published answers of Philox4x32-10, and what is made of its words."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.machine.compiled import entry
from sim.model.machine.ieee import normal_quantile
from sim.model.machine.philox import (
    CHOICE,
    draw_gumbel,
    draw_uniform,
    identity,
    open_unit,
    philox,
)
from tolerances import SIGNIFICANCE

Words = NDArray[np.uint64]
FULL = 0xFFFFFFFF
N = 100_000


@entry
def fill_words(key: Words, counter: Words, out: Words) -> None:
    """Write the four words of one counter to `out`."""
    out[0], out[1], out[2], out[3] = philox(
        key[0], key[1], counter[0], counter[1], counter[2], counter[3]
    )


@entry
def fill_units(word: Words, out: NDArray[np.float64]) -> None:
    """Write the uniform of each word to `out`."""
    for i in range(word.size):
        out[i] = open_unit(word[i])


@entry
def fill_draws(seed: np.uint64, replicate: np.uint64, out: NDArray[np.float64]) -> None:
    """Write uniform, normal and Gumbel variates of many countries to the rows of `out`."""
    for i in range(out.shape[1]):
        name = np.uint64(i)
        out[0, i] = draw_uniform(seed, replicate, name, 7, CHOICE, np.uint64(9))
        out[1, i] = normal_quantile(out[0, i])
        out[2, i] = draw_gumbel(seed, replicate, name, 7, CHOICE, np.uint64(9))


def draws(seed: int, replicate: int = 0) -> NDArray[np.float64]:
    out = np.zeros((3, N))
    fill_draws(np.uint64(seed), np.uint64(replicate), out)
    return out


@pytest.mark.parametrize(
    ("key", "counter", "answer"),
    [
        ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((FULL, FULL), (FULL,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0xA4093822, 0x299F31D0),
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers_of_random123(
    key: tuple[int, ...], counter: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    out = np.zeros(4, np.uint64)
    fill_words(np.array(key, np.uint64), np.array(counter, np.uint64), out)
    assert tuple(out.tolist()) == answer


def test_uniforms_are_never_0_or_1_and_lie_in_the_middle_of_their_cells() -> None:
    words = np.array([0, 1, 2**31, FULL - 1, FULL], np.uint64)
    out = np.zeros(words.size)
    fill_units(words, out)
    assert out.tolist() == [(int(word) + 0.5) / 2**32 for word in words]
    assert 0.0 < out.min() < out.max() < 1.0


@pytest.mark.parametrize("seed", [0, 1, FULL])
@pytest.mark.parametrize(("row", "law"), [(0, stats.uniform), (1, stats.norm), (2, stats.gumbel_r)])
def test_variates_follow_their_law_over_countries(
    seed: int, row: int, law: stats.rv_continuous
) -> None:
    assert stats.kstest(draws(seed)[row], law.cdf).pvalue > SIGNIFICANCE


def test_seeds_and_replicates_do_not_meet() -> None:
    # Seed 1 of replicate 0 and seed 0 of replicate 1 are different streams, and unrelated.
    streams = [draws(0)[0], draws(1)[0], draws(0, 1)[0], draws(1, 1)[0]]
    correlation = np.corrcoef(streams)
    apart = correlation[~np.eye(4, dtype=bool)]
    # Each coefficient of independent streams has standard deviation N**-0.5.
    assert np.abs(apart).max() < stats.norm.isf(SIGNIFICANCE / 12) / np.sqrt(N)


def test_identities_are_digests_of_names() -> None:
    # The first four bytes of the SHA-256 of "abc", as NIST gives it.
    assert identity("abc") == 0xBA7816BF
