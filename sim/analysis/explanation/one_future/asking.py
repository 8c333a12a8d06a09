"""Was a country asked, and if not, what stood in the way: a rule, a pause, or those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.explanation.one_future.moves import offer_in_words
from sim.model.layout import NEVER
from sim.scenario.wording import shown_number
from sim.words.wording import month_in_words, with_capital

if TYPE_CHECKING:
    from sim.analysis.explanation.one_future.weighed import Weighed
    from sim.model.world.building import Built

HOLDS, INVITED, OPENS_LATER, REFUSED, PAUSED, RANKED = (
    "has it", "invited", "opens later", "excluded by a rule", "paused", "others come first",
)  # fmt: skip


@dataclass(frozen=True)
class OfferStanding:
    """How a country stands with one offer in one month.

    Parameters
    ----------
    offer : int
    reference : str
        The offer, as ``provider.offer``.
    status : str
        One of `HOLDS`, `INVITED`, `OPENS_LATER`, `REFUSED`, `PAUSED`, `RANKED`.
    why : str
        Words that follow the status: since when, which rule, until when, who comes first.
    n_before : int or None
        Candidates that the provider ranks before it, where it selects.
    """

    offer: int
    reference: str
    status: str
    why: str
    n_before: int | None


def asked(weighed: Weighed) -> list[OfferStanding]:
    """Return how a country stands with each offer, in the order of the scenario."""
    references = list(weighed.built.scenario.offers)
    found = []
    for o, reference in enumerate(references):
        status, why = _status(weighed, o, reference)
        before = int(weighed.trace.n_before[weighed.t, weighed.c, o])
        found.append(
            OfferStanding(o, reference, status, why, None if before == int(NEVER) else before)
        )
    return found


def _status(weighed: Weighed, o: int, reference: str) -> tuple[str, str]:
    built, trace, t, c = weighed.built, weighed.trace, weighed.t, weighed.c
    months = built.axes.month
    since = int(trace.invited_since[t, c, o])
    if o in weighed.offers_of(weighed.present):
        return HOLDS, ""
    if since != int(NEVER):
        return INVITED, f"since {month_in_words(months[since])}"
    opening = int(built.world.offer["opening"][o])
    if opening > t:
        when = f"in {month_in_words(months[opening])}" if opening < len(months) else "after the run"
        return OPENS_LATER, when
    if not trace.is_eligible[t, c, o]:
        return REFUSED, "; ".join(_rules(weighed, o, reference))
    until = int(trace.closed_until[t, c, o])
    if until > t:
        when = month_in_words(months[until]) if until < len(months) else "after the run"
        return PAUSED, f"until {when}"
    return RANKED, _queue(weighed, o)


def _rules(weighed: Weighed, o: int, reference: str) -> list[str]:
    """Return the rules that keep a country from an offer, with its own values."""
    terms = weighed.built.scenario.offers[reference]
    country = weighed.built.world.country[weighed.i]
    found = []
    if weighed.country in terms.excluded:
        found.append("it is on the list of those excluded")
    elif not terms.is_open_to(weighed.country):
        found.append("it is not on the list of those asked")
    floor = weighed.offer_field(o, "democracy_floor")
    is_hard = weighed.offer_field(o, "democracy_floor_is_hard") > 0.5
    if is_hard and country["democracy"] < floor:
        own = f"{float(country['democracy']):.2f}"
        found.append(f"its democracy, {own}, is below the floor of {shown_number(floor)}")
    tier, most = float(country["chip_tier"]), weighed.offer_field(o, "max_chip_tier")
    if tier > most:
        found.append(f"its export tier is {tier:g}, and {most:g} is the highest admitted")
    return found


def _queue(weighed: Weighed, o: int) -> str:
    """Return how many come first, and what room there is."""
    before = int(weighed.trace.n_before[weighed.t, weighed.c, o])
    held = int(weighed.trace.n_held[weighed.t, o])
    slots = weighed.offer_field(o, "slots")
    room = ""
    if slots != float("inf"):
        room = f"{held} of {slots:g} places are taken or kept for countries that are asked"
        if held < slots and _is_spent(weighed, o):
            room += ", and this quarter's invitations are spent"
    if before == int(NEVER):
        return room
    first = "nobody ranks before it" if before == 0 else f"{_candidates(before)} before it"
    return "; ".join(part for part in (first, room) if part)


def _is_spent(weighed: Weighed, o: int) -> bool:
    """Return whether the provider has sent all the invitations that a quarter allows."""
    pace = weighed.offer_field(o, "pace_per_quarter")
    return bool(pace - weighed.trace.quota_used[weighed.t, o] < 1.0)


def _candidates(count: int) -> str:
    return f"{count} candidate{' ranks' if count == 1 else 's rank'}"


def asked_in_words(built: Built, asked_of: OfferStanding) -> str:
    """Return how a country stands with one offer, in a sentence."""
    offer = offer_in_words(built, asked_of.offer)
    link = " " if asked_of.status == INVITED else ": "
    why = f"{link}{asked_of.why}" if asked_of.why else ""
    return f"{with_capital(offer)}: {asked_of.status}{why}."


def take_up_in_words(weighed: Weighed) -> str:
    """Return whether a country takes the question up, how likely that was, and by what luck."""
    trace, t, c = weighed.trace, weighed.t, weighed.c
    asks = float(trace.offer_chance[t, c].sum())
    chance = min(1.0, float(trace.chance[t, c]) + asks)
    of_what = "of that" if weighed.has_reviewed else "that it would"
    parts = f"The chance {of_what} was {_chance(chance)} this month"
    if asks > 0.0:
        own = min(1.0, float(trace.chance[t, c]))
        parts += f", and {_chance(own)} had it not been asked"
    if not weighed.has_reviewed:
        return f"It does not take the question up. {parts}."
    what = "everything"
    if weighed.topic is not None:
        what = f"{offer_in_words(weighed.built, weighed.topic)} alone"
    return f"It takes the question up, and looks at {what}. {parts}."


def _chance(value: float) -> str:
    """Return a chance in a month: they are small, so that one per cent is much."""
    return f"{100 * value:.0f} %" if value >= 0.01 else f"{100 * value:.1f} %"
