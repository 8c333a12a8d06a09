"""The seed of futures in which an answer is checked."""

from sim.model.requests import LARGEST_SEED


def fresh_seed(seed: int) -> int:
    """Return the seed of futures that a search with some seed has not seen.

    Examples
    --------
    >>> fresh_seed(1), fresh_seed(2**32 - 1)
    (2, 0)
    """
    return (seed + 1) % (LARGEST_SEED + 1)
