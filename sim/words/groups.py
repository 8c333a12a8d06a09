"""Groups of countries in words: their titles, and the names by which readers ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sim.words.text import folded


class GroupWords(NamedTuple):
    """A group of countries in words.

    Parameters
    ----------
    title : str
        Title for lists.
    phrase : str
        The title inside a sentence.
    other_names : tuple of str
        Other names that people type, in the form that `folded` returns.
    """

    title: str
    phrase: str
    other_names: tuple[str, ...] = ()


# By the name of a bloc in scenario files; the groups that readers ask for most come first.
BLOC_WORDS: Mapping[str, GroupWords] = MappingProxyType(
    {
        "EU": GroupWords("European Union", "the European Union"),
        "NATO": GroupWords(
            "NATO", "NATO", ("north atlantic treaty organization", "north atlantic alliance")
        ),
        "ASEAN": GroupWords("ASEAN", "ASEAN", ("association of southeast asian nations",)),
        "GCC": GroupWords(
            "Gulf Cooperation Council", "the Gulf Cooperation Council", ("gulf states",)
        ),
        "BRICS": GroupWords("BRICS", "BRICS", ("brics+", "brics plus")),
        "G7": GroupWords("G7", "the G7", ("group of seven",)),
        "FIVE_EYES": GroupWords("Five Eyes", "the Five Eyes", ("fvey",)),
        "AU": GroupWords("African Union", "the African Union"),
        "G20": GroupWords("G20", "the G20", ("group of twenty",)),
        "OECD": GroupWords(
            "OECD", "the OECD", ("organisation for economic co-operation and development",)
        ),
        "SCO": GroupWords(
            "Shanghai Cooperation Organisation",
            "the Shanghai Cooperation Organisation",
            ("shanghai cooperation organization",),
        ),
        "QUAD": GroupWords("Quad", "the Quad", ("quadrilateral security dialogue",)),
    }
)


def names_of_group(key: str, title: str) -> tuple[str, ...]:
    """Return every name of a group, in the form that `folded` returns.

    Parameters
    ----------
    key : str
        As in scenario files, or a UN region in capitals.
    title : str

    Examples
    --------
    >>> names_of_group("FIVE_EYES", "Five Eyes"), names_of_group("ASIA", "Asia")
    (('five eyes', 'fvey'), ('asia',))
    """
    other = BLOC_WORDS[key].other_names if key in BLOC_WORDS else ()
    return tuple(dict.fromkeys([folded(key.replace("_", " ")), folded(title), *other]))
