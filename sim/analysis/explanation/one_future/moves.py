"""What a country has, and what it does about it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.words.text import with_article
from sim.words.titles import provider_name
from sim.words.wording import listed

if TYPE_CHECKING:
    from sim.model.world.building import Built

# Each verb in the present tense, and after "would have".
_TAKES, _LEAVES = ("takes", "taken"), ("leaves", "left")
_STARTS, _ENDS = ("starts", "started"), ("gives up", "given up")
_OWN = "sovereign AI"


def offer_in_words(built: Built, o: int) -> str:
    """Return an offer in the form it has inside a sentence: *the adoption offer of China*."""
    provider = with_article(provider_name(built.scenario, built.axes.offer_provider[o]))
    return f"the {built.axes.offer_key[o].replace('_', ' ')} offer of {provider}"


def holding_in_words(built: Built, path: int) -> str:
    """Return what a country on a path has: *the adoption offer of China and sovereign AI*."""
    held = [offer_in_words(built, int(o)) for o in built.world.path_offer[path] if o >= 0]
    held += [_OWN] if built.world.path_own[path] else []
    return listed(held) if held else "nothing"


def status_in_words(built: Built, path: int) -> str:
    """Return how a country on a path stands, in words that follow "it"."""
    if built.world.path_size[path] == 0:
        return "waits"
    return f"has {holding_in_words(built, path)}"


def move_in_words(
    built: Built, before: int, after: int, is_perfect: bool = False, when: str = ""
) -> str:
    """Return what a country does that goes from one path to another, in words that follow "it".

    Parameters
    ----------
    built : Built
    before, after : int
        Paths.
    is_perfect : bool
        Whether the words follow "it would have".
    when : str
        When it does, in words that follow the verb and its object.
    """
    form = 1 if is_perfect else 0
    at = f" {when}" if when else ""
    if before == after:
        stays = ("stays as it is", "stayed as it was")[form]
        return f"{stays}{at}: it {status_in_words(built, after)}" if form == 0 else f"{stays}{at}"
    world = built.world
    old, new = ({int(o) for o in world.path_offer[path] if o >= 0} for path in (before, after))
    parts = [f"{_LEAVES[form]} {offer_in_words(built, o)}" for o in sorted(old - new)]
    if world.path_own[before] and not world.path_own[after]:
        parts.append(f"{_ENDS[form]} {_OWN}")
    parts += [f"{_TAKES[form]} {offer_in_words(built, o)}" for o in sorted(new - old)]
    if world.path_own[after] and not world.path_own[before]:
        parts.append(f"{_STARTS[form]} {_OWN}")
    kept = [offer_in_words(built, o) for o in sorted(old & new)]
    kept += [_OWN] if world.path_own[before] and world.path_own[after] else []
    beside = f", beside {listed(kept)}" if kept and new - old else ""
    return f"{listed(parts)}{at}{beside}"
