"""The words that every page uses, and what they mean."""

from __future__ import annotations

DEFINITIONS = (
    "A partner is a country that has signed an offer of a provider. It has a data centre if an "
    "offer that it holds builds one; otherwise it has a light agreement. “Only” means without a "
    "second provider; such a country may also have sovereign AI. “Sovereign AI alone” is without "
    "any provider. A future is one simulated run of the world."
)
# Two kinds of 90 % interval, which answer different questions.
OVER_NUMBERS = "90 % interval over the uncertain numbers"
OF_MEAN = "90 % interval of the mean"
# What a reader should know of both, where they stand on one page.
INTERVALS = (
    "An interval of a probability spans the uncertain numbers, with the Monte Carlo error: how far "
    "the probability could lie from this. An interval of a change is that of its mean over these "
    "futures, Monte Carlo error alone: how well the change is known with these assumptions."
)
