"""Names of the terms of utility: one entry per term, for tables, pages and sentences.

Separate from `sim.model.mechanism.terms`, so that changing a word changes no machine code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.errors import DataError, Problem
from sim.model.mechanism.terms import TERM_NAMES


@dataclass(frozen=True)
class TermWords:
    """The words for one term.

    Parameters
    ----------
    label : str
        Its name in a list.
    phrase : str
        Its meaning, in the form it has inside a sentence.
    """

    label: str
    phrase: str


def checked_words(
    words: Mapping[str, TermWords], names: tuple[str, ...] = TERM_NAMES
) -> Mapping[str, TermWords]:
    """Return the words of all terms, in the order in which utility sums them.

    Raises
    ------
    DataError
        If a term has no words, or words belong to no term.

    Examples
    --------
    >>> checked_words({"gain": TermWords("Gain", "what it brings")}, ("gain", "cost"))
    Traceback (most recent call last):
    sim.errors.DataError: sim/words/terms.py: the term cost has no words.
      Give it an entry here.
    """
    here = "sim/words/terms.py"
    problems = [
        Problem(here, 0, f"the term {name} has no words.", "Give it an entry here.")
        for name in names
        if name not in words
    ]
    problems += [
        Problem(here, 0, f"has words for {name}, which is not a term.", "Remove them.")
        for name in words
        if name not in names
    ]
    if problems:
        raise DataError(problems)
    return MappingProxyType({name: words[name] for name in names})


TERM_WORDS = checked_words(
    {
        "gain": TermWords("Gain", "what the package brings"),
        "cost": TermWords("Cost", "the co-investment asked"),
        "affinity": TermWords("Affinity", "security, political and corporate ties"),
        "retaliation": TermWords("Retaliation", "pressure from the rival"),
        "condition": TermWords("Democratic condition", "the democratic condition"),
        "intercept": TermWords("Offer's constant", "the offer's own constant"),
        "coordination": TermWords("Two partners", "the burden of two partners"),
        "peers": TermWords("Peers", "what its peers do"),
        "sovereignty": TermWords("Sovereignty", "fear of dependence"),
        "switching": TermWords("Switching", "the cost of leaving a partner"),
        "waiting": TermWords("Waiting", "the value of waiting"),
        "taste": TermWords("Taste", "inclinations of its own"),
    }
)
