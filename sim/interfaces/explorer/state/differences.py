"""Why two scenarios differ, as pages ask it: by what was changed, and by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.explanation.two_scenarios.differing import WhyDifference, explain_difference
from sim.analysis.splitting.parts import BY_ADDRESS, BY_GROUP, Part, parts_of
from sim.analysis.splitting.splitting import Split, split
from sim.errors import InputError
from sim.experiment.spans import earlier_end
from sim.interfaces.recipes.asked import Invocation, size_of

if TYPE_CHECKING:
    from sim.analysis.shared.tally import Progress
    from sim.scenario import Scenario

# What a page says while an answer is worked out.
SPLITTING = "Running every mixture of the two"
FOLLOWING = "Following the futures of both"
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
    asked = split_asked(a, b, of, futures, seed, last, within)
    return split(a, b, **asked.keywords, **asked.arguments, progress=progress)


def split_asked(
    a: Scenario, b: Scenario, of: str, futures: int, seed: int, last: str, within: str | None
) -> Invocation:
    """Return the question of `split_of` as the command line and Python ask it."""
    parts, by = _finest(a, b)
    size = futures if futures << len(parts) <= _MOST_FUTURES else FUTURES
    keywords = {
        "outcome": f"n_countries({of})",
        **size_of(size, seed, earlier_end([a, b], last)),
        "countries": within,
    }
    return Invocation("split", keywords=keywords, options={"parts": by}, arguments={"by": by})


def reasons_of(
    a: Scenario, b: Scenario, of: str, seed: int, last: str, progress: Progress
) -> WhyDifference:
    """Return the change of a provider's partners from a to b, by reason and by country.

    Raises
    ------
    InputError
        If the two cannot be compared.
    """
    asked = reasons_asked(a, b, of, seed, last)
    return explain_difference(a, b, **asked.keywords, progress=progress)


def reasons_asked(a: Scenario, b: Scenario, of: str, seed: int, last: str) -> Invocation:
    """Return the question of `reasons_of` as the command line and Python ask it."""
    size = size_of(FUTURES, seed, earlier_end([a, b], last))
    keywords = {"outcome": f"n_countries({of})", **size}
    return Invocation("explain", keywords=keywords, function="explain_difference")


def _finest(a: Scenario, b: Scenario) -> tuple[tuple[Part, ...], str]:
    """Return the parts of a change and how they are told apart.

    They are its numbers where there are few, as when levers move.
    """
    try:
        numbers = parts_of(a, b, BY_ADDRESS)
    except InputError:
        return parts_of(a, b), BY_GROUP
    if len(numbers) <= _MOST_NUMBERS:
        return numbers, BY_ADDRESS
    return parts_of(a, b), BY_GROUP
