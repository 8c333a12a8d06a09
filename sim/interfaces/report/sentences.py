"""The answer of a report in three sentences, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.findings import change_over_futures
from sim.analysis.pairing import provider_names
from sim.analysis.standing import count, final_group, path_groups
from sim.analysis.summary.changes import flips, largest_movers
from sim.analysis.summary.kinds import data_centre_offers, partners_by_kind
from sim.analysis.summary.places import selective_offers, who_gets_the_places
from sim.experiment.outcomes import offers_of
from sim.words.definitions import OF_MEAN, OVER_NUMBERS
from sim.words.digits import parts_that_add_up, supported, supported_change
from sim.words.text import with_article
from sim.words.wording import (
    counted,
    error_in_words,
    listed,
    month_in_words,
    percent,
    points,
    span,
    with_capital,
)

if TYPE_CHECKING:
    from sim.analysis.shown import Shown
    from sim.analysis.standing import Count
    from sim.analysis.summary.kinds import Kinds
    from sim.model.ensemble import Ensemble

_MOST_NAMED = 3
LARGE, LIGHT = "with a data centre", "with a light agreement"


def in_three_sentences(shown: Shown, of: str, titles: tuple[str, str]) -> list[str]:
    """Return what a run or a comparison comes to.

    Parameters
    ----------
    shown : Shown
    of : str
        Key of the provider that the report looks at.
    titles : tuple of str
        What A and B are called.
    """
    own = partners_by_kind(shown, of)
    others = [key for key in provider_names(shown) if key != of]
    if shown.comparison is None:
        return [_level(shown, of, own), _levels(shown, others), _third(shown, of)]
    return [_change(shown, of, own, titles), _changes(shown, others), _moved(shown, of)]


def _name(shown: Shown, key: str) -> str:
    return with_article(provider_names(shown)[key])


def has_both_kinds(ensemble: Ensemble, provider: str) -> bool:
    """Return whether some offers of a provider build a data centre, and others do not."""
    return 0 < len(data_centre_offers(ensemble, provider)) < len(offers_of(ensemble.axes, provider))


def _only_kind(ensemble: Ensemble, provider: str) -> str:
    """Return what all partners of a provider have, where its offers are of one kind."""
    return LARGE if data_centre_offers(ensemble, provider) else LIGHT


def _futures(found: Count) -> str:
    return span(round(found.p05), round(found.p95))


def _level(shown: Shown, of: str, own: Kinds) -> str:
    ensemble = shown.ensemble
    futures = counted(ensemble.replicates, "future")
    end = month_in_words(ensemble.axes.month[-1])
    return (
        f"On average over {futures}, {_amount(own)} of {len(ensemble.axes.country)} countries are "
        f"partners of {_name(shown, of)} by the end of {end} (Monte Carlo error "
        f"±{error_in_words(own.all.error)}; 90 % of futures: {_futures(own.all)})"
        f"{_split(shown, of, own)}."
    )


def _amount(found: Kinds) -> str:
    return supported(found.all.mean, found.all.p05, found.all.p95)


def _split(shown: Shown, of: str, own: Kinds) -> str:
    """Return how many of the partners are of each kind, after the number of all."""
    if not has_both_kinds(shown.ensemble, of):
        return f", all {_only_kind(shown.ensemble, of)}"
    level = own.all
    _, large, light = parts_that_add_up(level.mean, own.with_data_centre.mean, level.p05, level.p95)
    return (
        f": {large} {LARGE} ({_futures(own.with_data_centre)}) and {light} {LIGHT} "
        f"({_futures(own.light)})"
    )


def _levels(shown: Shown, others: list[str]) -> str:
    """Return the partners of the other providers; without any, who ends without a partner."""
    parts = []
    for key in others:
        own = partners_by_kind(shown, key)
        parts.append(
            f"{_name(shown, key)} has {_amount(own)} ({_futures(own.all)}){_split(shown, key, own)}"
        )
    waits = _waiting(shown)
    amount = supported(waits.mean, waits.p05, waits.p95)
    parts.append(f"{amount} ({_futures(waits)}) end without a partner")
    return _sentence("; ".join(parts))


def _sentence(words: str) -> str:
    return f"{with_capital(words)}."


def _waiting(shown: Shown) -> Count:
    ensemble = shown.ensemble
    group = next(each for each in path_groups(ensemble) if each.key == "uncommitted")
    return count(final_group(ensemble, group), None, ensemble.futures_per_draw)


def _third(shown: Shown, of: str) -> str:
    """Return who is likeliest to get a place; without places, who is likeliest to sign."""
    if not selective_offers(shown.ensemble, of):
        return f"{_sentence(_name(shown, of))[:-1]} has no offer by selection, so nobody is chosen."
    table = who_gets_the_places(shown, of)
    table = table[table["p"] > 0].head(_MOST_NAMED)
    places = f"{_places(shown.ensemble, of)} of {_name(shown, of)}"
    if table.empty:
        return f"In none of the futures does a country hold {places} at the end."
    rows = [
        f"{with_article(row['country'])} ({percent(row['p'])}; "
        f"{f'{OVER_NUMBERS}: ' if n == 0 else ''}"
        f"{span(row['low'], row['high'], percent)})"
        for n, row in enumerate(table.to_dict("records"))
    ]
    return f"Likeliest to hold {places} at the end are {listed(rows)}."


def _places(ensemble: Ensemble, of: str) -> str:
    """Return what a country can hold of the offers by selection of a provider."""
    offers = list(ensemble.scenario.offers.values())
    limits = [offers[o].slots for o in selective_offers(ensemble, of)]
    known = [limit for limit in limits if limit is not None]
    total = sum(known)
    return f"one of the {total:,} places" if len(known) == len(limits) and total > 1 else "a place"


def _change(shown: Shown, of: str, own: Kinds, titles: tuple[str, str]) -> str:
    end = month_in_words(shown.ensemble.axes.month[-1])
    futures = counted(shown.ensemble.replicates, "future")
    return (
        f"With “{titles[0]}” instead of “{titles[1]}”, partners of {_name(shown, of)} by the end "
        f"of {end} change by {_interval(own.all)}, on average over the same {futures}"
        f"{_split_change(shown, of, own)}. They are then {_amount(own)} (90 % of futures: "
        f"{_futures(own.all)})."
    )


def _interval(found: Count, is_first: bool = True) -> str:
    """Return a change with its interval, and that it is not clear where it is not."""
    assert found.change is not None
    if found.change == 0 and found.low == found.high:
        return "0 (the same in every future)"
    amount, ends = supported_change(found.change, found.low, found.high)
    mean, futures = (f"{OF_MEAN}: ", "90 % of futures: ") if is_first else ("", "")
    clear = "" if found.is_clear else ", not clear of zero"
    return f"{amount} ({mean}{ends}{clear}; {futures}{change_over_futures(found)})"


def _split_change(shown: Shown, of: str, own: Kinds) -> str:
    sides = [side for side in (shown.ensemble, shown.other) if side is not None]
    if not any(has_both_kinds(side, of) for side in sides if of in side.axes.provider):
        return ""
    large, light = (_interval(found, False) for found in (own.with_data_centre, own.light))
    return f": {LARGE} {large}, {LIGHT} {light}"


def _changes(shown: Shown, others: list[str]) -> str:
    """Return the change of the other providers; without any, the level of what is looked at."""
    if not others:
        return "There is no other provider in either scenario."
    parts = []
    for key in others:
        own = partners_by_kind(shown, key)
        parts.append(
            f"those of {_name(shown, key)} change by {_interval(own.all)}"
            f"{_split_change(shown, key, own)}"
        )
    return f"Meanwhile {'; '.join(parts)}."


def _moved(shown: Shown, of: str) -> str:
    table = largest_movers(shown, of).head(_MOST_NAMED)
    n_flips = len(flips(shown))
    where = "1 country" if n_flips == 1 else f"{n_flips or 'no'} countries"
    ending = f"the likeliest path differs in {where}"
    if table.empty:
        return f"No country's probability of being with {_name(shown, of)} moves; {ending}."
    rows = [
        f"{with_article(row['country'])} ({points(row['difference'])} points; "
        f"{f'{OF_MEAN}: ' if n == 0 else ''}"
        f"{span(row['difference_low'], row['difference_high'], points)})"
        for n, row in enumerate(table.to_dict("records"))
    ]
    return (
        f"The probability of being with {_name(shown, of)} moves most in {listed(rows)}; {ending}."
    )
