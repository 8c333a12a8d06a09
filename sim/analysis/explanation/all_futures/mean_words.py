"""Why a country chooses as it does over all futures, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.explanation.all_futures.decisions import (
    HAS,
    LEFT,
    LEFT_BY_SUPPLIER,
    NOT_ASKED,
    NOT_TAKEN_UP,
)
from sim.analysis.explanation.all_futures.decisions import SAID_NO as NO
from sim.analysis.explanation.all_futures.distinguishing import (
    CHANCE,
    PARTLY_CHANCE,
    Distinction,
    share_of_numbers,
)
from sim.analysis.explanation.all_futures.separation import FEWEST
from sim.experiment.summaries.explaining import counted_drivers
from sim.words.text import with_article
from sim.words.wording import (
    by_when,
    counted,
    drivers_in_words,
    listed,
    month_in_words,
    percent,
    span,
    strongest_drivers,
    term_phrase,
    with_capital,
)

if TYPE_CHECKING:
    from sim.analysis.explanation.all_futures.seen import Seen

_WHY_NOT = {
    NOT_ASKED: "it is never asked",
    NOT_TAKEN_UP: "it is asked and never takes the question up",
    NO: "it looks and says no",
    LEFT: "it has left",
    LEFT_BY_SUPPLIER: "the supplier has left",
}
_MOST = 3
# Below this a share of futures is not worth a clause.
_LEAST = 0.005
_OFTEN = 0.05


def mean_sentences(found: Seen) -> list[str]:
    """Return why a country chooses as it does: two sentences to be quoted, then what they rest on.

    Parameters
    ----------
    found : Seen
    """
    barred = [*found.barred]
    first, rest = (barred, []) if found.ends[NOT_ASKED] == 1.0 else ([], barred)
    lines = [_how_often(found), *first, _reasons(found), _ends(found), _why_not(found)]
    lines += [_in_month(found), *rest, *_sides(found), *_distinguishing(found)]
    return [line for line in lines if line]


def _how_often(found: Seen) -> str:
    who = with_article(found.name)
    low, high = found.interval
    ends = span(low, high, percent)
    interval = f" (90 % interval: {ends})" if ends != "-" and low < high else ""
    return (
        f"In the model, {who} is a partner of {found.partner} at the end of "
        f"{by_when(found.built.axes.month[-1])} in {percent(float(found.chance.mean))} of "
        f"futures{interval}."
    )


def _reasons(found: Seen) -> str:
    for_it, against = (
        [term_phrase(term) for term in side][:2] for side in strongest_drivers(_counted(found))
    )
    parts = [f"what speaks most for it is {', then '.join(for_it)}"] if for_it else []
    parts += [f"what speaks most against it is {', then '.join(against)}"] if against else []
    text = "; ".join(parts)
    return f"{with_capital(text)}." if text else ""


def _counted(found: Seen, happens: bool | None = None) -> dict[str, float]:
    """Return the mean of each term; without those that the record fixes for a partner on record."""
    means = {term: each.mean for term, each in found.reasons(happens).items()}
    return counted_drivers(found.built.scenario, found.country, found.provider, means)


def _ends(found: Seen) -> str:
    """Return what it holds at the end, most frequent first."""
    final = found.ensemble.final_path[:, found.i]
    paths, counts = np.unique(final, return_counts=True)
    shares = counts / final.size
    often = [(k, share) for k, share in zip(paths, shares, strict=True) if share >= _OFTEN]
    often.sort(key=lambda pair: -pair[1])
    told = "; ".join(f"{found.path_title(int(k))} {percent(float(share))}" for k, share in often)
    rest = 1.0 - sum(float(share) for _, share in often)
    told += f"; otherwise {percent(rest)}" if rest >= _LEAST else ""
    return f"How it stands at the end: {told}." if told else ""


def _why_not(found: Seen) -> str:
    parts = [
        f"{words} in {percent(share)}"
        for end, words in _WHY_NOT.items()
        if (share := found.ends[end]) >= _LEAST
    ]
    if not parts:
        return ""
    if found.ends[NOT_ASKED] == 1.0:
        return "It is never asked."
    if found.ends[HAS] == 0.0:
        return f"Why it never is: {listed(parts)} of futures."
    return f"Where it is not a partner: {listed(parts)} of all futures."


def _in_month(found: Seen) -> str:
    if found.t is None:
        decides = percent(found.share(lambda each: each.changes))
        return (
            "Each future is looked at in the month in which it first takes or leaves what "
            f"{found.partner} offers ({decides} of futures), else in the last."
        )
    when = month_in_words(found.built.axes.month[found.t])
    return (
        f"In {when} it is asked in {percent(found.share(lambda each: each.is_asked))} of futures, "
        f"takes the question up in {percent(found.share(lambda each: each.has_reviewed))}, and is "
        f"a partner afterwards in {percent(found.share(lambda each: each.takes))}."
    )


def _sides(found: Seen) -> list[str]:
    if found.ends[HAS] in (0.0, 1.0):
        return []
    lines = []
    for happens, words in ((True, "Where it ends as a partner"), (False, "Where it does not")):
        told = drivers_in_words(_counted(found, happens))
        if told:
            lines.append(f"{words}, its reasons are on average these. {told}")
    return lines


def _distinguishing(found: Seen) -> list[str]:
    if found.ends[HAS] in (0.0, 1.0):
        return []
    n = int(min(found.happens.sum(), (~found.happens).sum()))
    if n < FEWEST:
        kind = "as a partner" if found.happens.mean() < 0.5 else "otherwise"
        return [f"It ends {kind} in {counted(n, 'future')}: too few to say what tells them apart."]
    clear = [each for each in found.distinctions if each.is_clear]
    lines = []
    if clear:
        told = "; ".join(map(distinction, clear[:_MOST]))
        lines.append(
            "What best distinguishes the futures in which it ends as a partner, with how often "
            f"such a future has more of it, or less, than another: {told}."
        )
    else:
        lines.append(
            "No single number clearly distinguishes the futures in which it ends as a partner."
        )
    share = share_of_numbers(found.ensemble, found.happens)
    if not math.isnan(share):
        lines.append(
            f"The uncertain numbers account for {percent(share)} of the variation between futures; "
            "the rest is chance: its tastes, and the luck of each month."
        )
    return lines


def distinction(each: Distinction) -> str:
    """Return a number that tells futures apart, with its means and how often it is larger."""
    likelier = each.auc if each.auc > 0.5 else 1.0 - each.auc
    side = "more" if each.auc > 0.5 else "less"
    mark = {CHANCE: ", which is chance", PARTLY_CHANCE: ", which is partly chance"}
    return (
        f"“{each.title}”{mark.get(each.kind, '')}, on average {_in_digits(each.mean_with)} there "
        f"and {_in_digits(each.mean_without)} elsewhere ({side} in {percent(likelier)})"
    )


def _in_digits(value: float) -> str:
    """Return a mean with the two digits that a few futures support."""
    return f"{value:,.0f}" if abs(value) >= 10.0 else f"{value:.2g}"
