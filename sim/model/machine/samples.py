"""Arrays of random numbers, made from Python by the functions that the mechanism calls in line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.machine.compiled import entry
from sim.model.machine.ieee import normal_quantile
from sim.model.machine.philox import CHOICE, draw_gumbel, draw_uniform, open_unit, philox

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


@entry
def fill_words(key: Words, counter: Words, out: Words) -> None:
    """Write the four words of one key (2,) and counter (4,) to `out` (4,)."""
    out[0], out[1], out[2], out[3] = philox(
        key[0], key[1], counter[0], counter[1], counter[2], counter[3]
    )


@entry
def fill_units(word: Words, out: Floats) -> None:
    """Write the uniform of each word (n,) to `out` (n,)."""
    for i in range(word.size):
        out[i] = open_unit(word[i])


@entry
def fill_draws(seed: np.uint64, replicate: np.uint64, month: int, out: Floats) -> None:
    """Write uniform, normal and Gumbel variates of many countries to the rows of `out` (3, n)."""
    for i in range(out.shape[1]):
        country, item = np.uint64(i), np.uint64(9)
        out[0, i] = draw_uniform(seed, replicate, country, month, CHOICE, item)
        out[1, i] = normal_quantile(out[0, i])
        out[2, i] = draw_gumbel(seed, replicate, country, month, CHOICE, item)
