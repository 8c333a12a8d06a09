"""Where one country ends, in a headline and a sentence: its likeliest path, and all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.pairing import provider_names
from sim.analysis.standing import final_group_counts, path_groups
from sim.analysis.summary.kinds import data_centre_paths
from sim.scenario.path_names import SOVEREIGN
from sim.words.text import short_name
from sim.words.wording import by_when, listed, percent, with_capital

if TYPE_CHECKING:
    from sim.analysis.shown import Shown


@dataclass(frozen=True)
class Ending:
    """One group of paths on which a country can end.

    Parameters
    ----------
    key : str
        A provider, ``two``, ``sovereign`` or ``uncommitted``; see `path_groups`.
    words : str
        What it is in a sentence, such as "with the US only".
    p : float
        Probability, 0-1.
    p_data_centre : float
        Probability of being there with a data centre of the provider; 0 for other groups.
    p_sovereign : float
        Probability of being there with sovereign AI beside the provider; 0 for other groups.
    """

    key: str
    words: str
    p: float
    p_data_centre: float = 0.0
    p_sovereign: float = 0.0

    @property
    def in_words(self) -> str:
        """The ending with its probability, and that of a data centre and of sovereign AI there."""
        parts = {
            "with a data centre": self.p_data_centre,
            "also with sovereign AI": self.p_sovereign,
        }
        told = [f"{percent(p)} {what}" for what, p in parts.items() if p > 0]
        return f"{self.words} {percent(self.p)}" + (f" ({listed(told)})" if told else "")


_BESIDE = f"_and_{SOVEREIGN}"
_WORDS = {
    "two": "with two partners",
    "sovereign": "with sovereign AI alone",
    "uncommitted": "without a partner",
}


def endings(shown: Shown, code: str) -> list[Ending]:
    """Return where a country of A ends, the likeliest first; without what never happens."""
    ensemble = shown.ensemble
    i, n = ensemble.axes.country.index(code), ensemble.replicates
    groups = path_groups(ensemble)
    at_end = final_group_counts(ensemble, groups)[i]
    names = provider_names(shown)
    found = []
    for group, futures in zip(groups, at_end, strict=True):
        p_large, p_own, words = 0.0, 0.0, _WORDS.get(group.key, "")
        if group.key in names:
            words = f"with {short_name(names[group.key])} only"
            large = data_centre_paths(ensemble, group.key)
            own = [k for k in group.paths if large[k]]
            p_large = float(ensemble.country_path[i, own, -1].sum() / n)
            beside = [k for k in group.paths if ensemble.axes.path[k].endswith(_BESIDE)]
            p_own = float(ensemble.country_path[i, beside, -1].sum() / n)
        found.append(Ending(group.key, words, float(futures / n), p_large, p_own))
    # A stable order: of two that are as likely, the first counts, as on the map.
    return sorted((each for each in found if each.p > 0), key=lambda each: -each.p)


def country_headline(shown: Shown, code: str, name: str) -> str:
    """Return the likeliest path of a country in one line."""
    first = endings(shown, code)[0]
    end = by_when(shown.ensemble.axes.month[-1])
    return f"{name}: most likely {first.words} by {end} ({percent(first.p)})"


def endings_in_words(shown: Shown, code: str) -> str:
    """Return all paths of a country with their probabilities, the likeliest first."""
    text = "; ".join(each.in_words for each in endings(shown, code))
    return f"{with_capital(text)}."
