"""Why two scenarios differ, as pages ask it: by what was changed, and by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.explanation.two_scenarios.differing import WhyDifference, explain_difference
from sim.analysis.splitting.parts import BY_ADDRESS, Part, parts_of
from sim.analysis.splitting.splitting import Split, share_out
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.shared.tally import Progress
    from sim.scenario import Scenario

# Of each run where there are many; the command line takes as many as wanted.
FUTURES = 200
# Futures of all runs together, up to which each has as many as the page.
_MOST_FUTURES = 8_000
_MOST_NUMBERS = 5


def split_of(
    a: Scenario, b: Scenario, of: str, futures: int, seed: int, last: str, within: str | None,
    progress: Progress,
) -> Split:  # fmt: skip
    """Return the change of a provider's partners from a to b, by what was changed.

    Parameters
    ----------
    a, b : Scenario
    of : str
        Short name of the provider.
    futures : int
        Of each run, unless all runs together would take too long.
    seed : int
    last : str
        Month at whose end the partners are counted, "YYYY-MM".
    within : str or None
        A group of countries that is set against all others.
    progress : callable
        Called with (futures done, futures expected).

    Raises
    ------
    InputError
        If the two cannot be split.
    """
    parts = _finest(a, b)
    size = futures if futures << len(parts) <= _MOST_FUTURES else FUTURES
    outcome = f"n_countries({of})"
    return share_out(
        a, b, parts, outcome, size, seed, as_of=last, countries=within, progress=progress
    )


def reasons_of(
    a: Scenario, b: Scenario, of: str, seed: int, last: str, progress: Progress
) -> WhyDifference:
    """Return the change of a provider's partners from a to b, by reason and by country.

    Raises
    ------
    InputError
        If the two cannot be compared.
    """
    outcome = f"n_countries({of})"
    return explain_difference(
        a, b, outcome, replicates=FUTURES, seed=seed, as_of=last, progress=progress
    )


def _finest(a: Scenario, b: Scenario) -> tuple[Part, ...]:
    """Return the parts of a change: its numbers where there are few, as when levers move."""
    try:
        numbers = parts_of(a, b, BY_ADDRESS)
    except InputError:
        return parts_of(a, b)
    return numbers if len(numbers) <= _MOST_NUMBERS else parts_of(a, b)
