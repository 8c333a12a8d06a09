"""One choice in one future, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.analysis.explanation.one_future.asking import HOLDS, asked_in_words, take_up_in_words
from sim.analysis.explanation.one_future.flips import LeverFlip, is_allowed
from sim.analysis.explanation.one_future.moves import move_in_words
from sim.scenario.wording import shown_number
from sim.words.text import with_article
from sim.words.titles import country_names, provider_name
from sim.words.wording import listed, month_in_words, strongest_drivers, term_phrase

if TYPE_CHECKING:
    from sim.analysis.explanation.one_future.chosen import Chosen
    from sim.analysis.explanation.one_future.peers import Peer

_MONTH_CHOSEN = {
    "signature": "It is the month of its first signature in this future.",
    "last": "It signs nothing in this future; this is the last month.",
    "given": "",
}
_MOST_PEERS, _MOST_FLIPS = 3, 3
# Below this no peer is worth a sentence, utility.
_NOTABLE_PEER = 0.01


def future_sentences(found: Chosen) -> list[str]:
    """Return why a country chose as it did: two sentences to be quoted, then all that they rest on.

    Parameters
    ----------
    found : Chosen
    """
    lines = [_what_and_why(found), _nearest(found), _MONTH_CHOSEN[found.chosen_by]]
    lines += [asked_in_words(found.built, each) for each in found.asked if each.status != HOLDS]
    lines += [take_up_in_words(found.weighed), *_margin(found)]
    lines += [_peers(found), *_levers(found), *_terms(found)]
    return [line for line in lines if line]


def _what_and_why(found: Chosen) -> str:
    weighed = found.weighed
    built, present = found.built, weighed.present
    start = f"In one future of the model, number {weighed.replicate}, {with_article(found.name)} "
    when = f"in {month_in_words(weighed.month)}"
    if not weighed.has_reviewed:
        stays = move_in_words(built, present, present)
        return f"{start}does not take the question up {when} and {stays}."
    for_it, against = (
        ", then ".join([term_phrase(term) for term in side][:2])
        for side in strongest_drivers(found.reasons)
    )
    if weighed.choice == present:
        stays = f"{start}looks at the question {when} and {move_in_words(built, present, present)}"
        if found.against is None:
            return f"{stays}; nothing else is open to it."
        held = f"; what holds it back most from the next best is {against}" if against else ""
        return f"{stays}{held}."
    speaks = f"; what speaks most for it is {for_it}" if for_it else ""
    despite = f", and against it {against}" if against else ""
    return f"{start}{move_in_words(built, present, weighed.choice, when=when)}{speaks}{despite}."


def _nearest(found: Chosen) -> str:
    """Return the nearest single change of a lever, else of a peer, that would have changed it."""
    weighed = found.weighed
    lever = nearest_lever(found)
    if lever is not None and lever.choice is not None:
        does = move_in_words(found.built, weighed.present, lever.choice, is_perfect=True)
        from_month = month_in_words(weighed.month)
        return (
            f"Had “{_lever_title(found, lever.name)}” been {_number(lever.flips_at)} and not "
            f"{_number(lever.value)} from {from_month} on, it would have {does}."
        )
    if found.flips.peers:
        flip = found.flips.peers[0]
        does = move_in_words(found.built, weighed.present, flip.choice, is_perfect=True)
        return f"Had {_peer(found, flip.peer, ' not been')}, it would have {does}."
    return "No single lever within its limits, and no single peer, would have changed that."


def nearest_lever(found: Chosen) -> LeverFlip | None:
    """Return the lever whose smallest change flips the choice; None if none does.

    A value that the rules of scenarios refuse does not count.
    """
    scenario, month = found.built.scenario, found.weighed.month
    for flip in found.flips.levers:
        if flip.flips_at is not None and is_allowed(scenario, month, flip.address, flip.flips_at):
            return flip
    return None


def _title(found: Chosen, path: int) -> str:
    return f"“{found.path_title(path)}”"


def _number(value: float | None) -> str:
    """Return a value of a lever for reading."""
    if value is None or math.isinf(value):
        return "without limit"
    return f"{value:,.0f}" if abs(value) >= 100 else shown_number(round(value, 3))


def _lever_title(found: Chosen, name: str) -> str:
    return " ".join(found.built.scenario.levers[name].title.split())


def _margin(found: Chosen) -> Iterator[str]:
    weighed = found.weighed
    if weighed.runner_up is None:
        return
    best, following = weighed.preferred, weighed.runner_up
    reasons = float(weighed.value[best] - weighed.value[following])
    luck = float(weighed.luck[best] - weighed.luck[following])
    verb = "is" if weighed.has_reviewed else "would have been"
    yield (
        f"{_title(found, best)} {verb} worth {weighed.margin:.2f} more than the next best, "
        f"{_title(found, following)}: {reasons:+.2f} by what speaks for it, {luck:+.2f} by the "
        "luck of the month."
    )
    if not weighed.has_reviewed and best != weighed.present:
        does = move_in_words(found.built, weighed.present, best, is_perfect=True)
        yield f"Had it looked, it would have {does}."


def _peers(found: Chosen) -> str:
    notable = [peer for peer in found.peers if abs(peer.adds) >= _NOTABLE_PEER][:_MOST_PEERS]
    if not notable or found.against is None:
        return ""
    named = listed([f"{_peer(found, peer)} ({peer.adds:+.2f})" for peer in notable])
    return f"The peers that count most for {_title(found, found.against[0])}: {named}."


def _peer(found: Chosen, peer: Peer, verb: str = "") -> str:
    name = with_article(country_names()[found.built.axes.country[peer.j]])
    world, axes = found.built.world, found.built.axes
    providers = [axes.provider[p] for p in range(len(axes.provider))
                 if world.path_provider[peer.path, p]]  # fmt: skip
    names = [with_article(provider_name(found.built.scenario, p)) for p in providers]
    return f"{name}{verb} with {listed(names)}"


def _levers(found: Chosen) -> Iterator[str]:
    flips = [flip for flip in found.flips.levers if flip.flips_at is not None][:_MOST_FLIPS]
    if flips:
        named = [
            f"{_lever_title(found, flip.name)} {_number(flip.flips_at)} (now {_number(flip.value)})"
            for flip in flips
        ]
        yield f"Levers that would have changed it, nearest first: {'; '.join(named)}."
    n_idle = sum(flip.flips_at is None for flip in found.flips.levers)
    if n_idle:
        yield (
            f"{n_idle} of the {len(found.flips.levers)} levers change nothing within their limits."
            if flips
            else f"None of the {len(found.flips.levers)} levers changes it within its limits."
        )
    if found.flips.peers and nearest_lever(found) is not None:
        named = [_peer(found, flip.peer) for flip in found.flips.peers[:_MOST_PEERS]]
        yield f"Without any one of these it would have chosen otherwise: {'; '.join(named)}."


def _terms(found: Chosen) -> Iterator[str]:
    flips = [flip for flip in found.flips.terms if math.isfinite(flip.share)]
    if flips:
        flip = flips[0]
        best = _title(found, found.weighed.preferred)
        yield (
            f"Of its reasons, {term_phrase(flip.term)} comes closest to deciding: "
            f"{flip.value:+.2f} for {best}, and at {flip.flips_at:+.2f} the next best would have "
            "been as good."
        )
