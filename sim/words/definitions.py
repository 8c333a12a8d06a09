"""What the words mean that every page uses."""

from __future__ import annotations

DEFINITIONS = (
    "A partner is a country that has signed an offer of a provider. It has a data centre if an "
    "offer that it holds builds one; otherwise it has a light agreement. “Only” means without a "
    "second provider; such a country may also have sovereign AI. “Sovereign AI alone” is without "
    "any provider. A future is one simulated run of the world."
)
