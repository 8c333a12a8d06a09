"""The steps of a month for one country or offer at a time, callable from Python.

The ensemble driver loops over the same functions inside one compiled call; the Mesa driver and
explanations call them here, one agent at a time. Each first works out what follows from the
numbers as they stand, so a caller may change any number between two steps.
"""

from __future__ import annotations

import numpy as np

from sim.model.layout import NO_REVIEW, Draw, State, World
from sim.model.machine.compiled import entry
from sim.model.machine.philox import CHOICE, draw_gumbel
from sim.model.mechanism import choice, commitments, concern, events, invitations, month, stages
from sim.model.mechanism.derived import derive_all, derive_country
from sim.model.mechanism.terms import fill_terms, utility, waiting_value


@entry
def start(world: World, draw: Draw, state: State) -> None:
    """Set `state` to the start of the future of `draw`."""
    month.start(world, draw, state)


@entry
def apply_events(world: World, draw: Draw, state: State, t: int) -> None:
    """Carry out the events due in month t."""
    events.apply_events(world, draw, state, t)


@entry
def invite(world: World, draw: Draw, state: State, o: int, t: int) -> None:
    """Let the provider of offer o invite in month t."""
    derive_all(world, draw, state)
    invitations.provider_turn(world, draw, state, o, t)


@entry
def is_reviewing(world: World, draw: Draw, state: State, i: int, t: int) -> bool:
    """Return whether country i reviews in month t; ``state.topic`` notes what."""
    derive_country(world, draw, state, i)
    choice.fill_review_chances(world, draw, state, i, i + 1)
    state.luck[i] = choice.review_luck(world, draw, i, t)
    choice.find_topics(world, draw, state, i, i + 1)
    return state.topic[i] != NO_REVIEW


@entry
def draw_noise(world: World, draw: Draw, state: State, i: int, t: int, out: np.ndarray) -> None:
    """Write the choice noise of country i in month t to `out` (K,), standard Gumbel."""
    month = world.first_month + t
    for k in range(out.size):
        out[k] = draw_gumbel(
            draw.seed, draw.replicate, world.country_key[i], month, CHOICE, world.path_key[k]
        )


@entry
def fill_utilities(
    world: World, draw: Draw, state: State, i: int, t: int, out: np.ndarray, is_open: np.ndarray
) -> None:
    """Write V_ik of every path to `out` (K,) and whether the path is open to `is_open` (K,)."""
    derive_country(world, draw, state, i)
    wait = waiting_value(world, draw, t)
    for k in range(out.size):
        out[k] = utility(world, draw, state, i, k, wait)
        is_open[k] = choice.is_path_open(world, draw, state, i, k)


@entry
def explain(
    world: World, draw: Draw, state: State, i: int, k: int, t: int, out: np.ndarray
) -> None:
    """Write each term of V_ik in month t to `out` (terms,), in the order of TERM_NAMES."""
    derive_country(world, draw, state, i)
    fill_terms(world, draw, state, i, k, waiting_value(world, draw, t), out)


@entry
def choose(world: World, draw: Draw, state: State, i: int, t: int, noise: np.ndarray) -> int:
    """Return the path that country i takes in month t, given its noise (K,)."""
    derive_country(world, draw, state, i)
    last = choice.list_options(world, draw, state, i, waiting_value(world, draw, t), 0)
    for j in range(last):
        state.option.noise[j] = noise[state.option.path[j]]
    return choice.choose_option(draw, state, 0, last)


@entry
def conclude(world: World, draw: Draw, state: State, i: int, k: int, t: int) -> None:
    """Put country i on path k in month t, with all that follows from it."""
    derive_country(world, draw, state, i)
    state.position[i].intention = k
    commitments.conclude(world, draw, state, i, t)


@entry
def concede(draw: Draw, state: State, i: int) -> None:
    """Improve the terms on the table of country i, which has reviewed and not accepted."""
    commitments.concede(draw, state, i)


@entry
def lapse(draw: Draw, state: State, i: int, t: int) -> None:
    """End invitations that country i has left unanswered for too long."""
    for o in range(draw.offer.shape[0]):
        commitments.lapse(draw, state, i, o, t)


@entry
def advance(world: World, draw: Draw, state: State, i: int, t: int) -> None:
    """Advance every commitment of country i by one month, in the order of the offers."""
    derive_country(world, draw, state, i)
    exit_rate = draw.weight.supplier_exit_rate
    for o in range(draw.offer.shape[0]):
        u = stages.stage_luck(world, draw, world.country_key[i], world.offer[o].key, t)
        stages.advance_offer(world, draw, state, i, o, t, u, exit_rate)
    stages.advance_own(world, draw, state, i, t)


@entry
def relax(world: World, draw: Draw, state: State, i: int) -> None:
    """Let country i's concern relax and take in what suppliers abandoned this month."""
    for p in range(state.concern.shape[0]):
        concern.relax(world, draw, state, i, p, concern.forgetting(draw))


@entry
def is_eligible(world: World, draw: Draw, i: int, o: int) -> bool:
    """Return whether the rules of offer o admit country i."""
    return invitations.is_eligible(world, draw, i, o)
