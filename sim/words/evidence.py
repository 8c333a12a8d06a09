"""What readers of the evidence should know, wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.words.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

HOW_FORECAST = (
    "Each programme is forecast from its launch, with numbers estimated on what was known then. "
    "Rivals learn from the same answers and facts."
)
SCORES_EXPLAINED = (
    "AUC: how well countries that joined are told from those that did not, 1 at best, 0.5 by "
    "chance. Log score: how much the forecast was surprised, 0 at best; “count right” shifts all "
    "forecasts until they sum to the number that joined."
)
WHICH_IS_BETTER = (
    "AUC and hits are better if higher, the other scores if lower; 90 % of the bands should cover "
    "the count."
)


def estimates_in_words(shares: Sequence[float]) -> str:
    """Return how many of the facts are estimates, from the share of each country, 0-1.

    Examples
    --------
    >>> estimates_in_words([0.0, 0.25, 0.0, 0.0])
    '6 % of the facts about countries are estimates; 1 of 4 countries have some.'
    """
    n = sum(share > 0 for share in shares)
    return (
        f"{percent(sum(shares) / len(shares))} of the facts about countries are estimates; "
        f"{n} of {len(shares)} countries have some."
    )
