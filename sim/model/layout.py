"""The arrays of the mechanism: names, axis order, units.

Axis order everywhere: country ``i`` (n), path ``k`` (K), offer ``o`` (O), provider ``p`` (P),
month ``t`` (T), term. Offers and providers are NumPy records whose fields are the numeric keys of
the scenario schema; ``weight`` is a record whose fields are the parameter table; ``country`` and
``relation`` are records whose fields are the features. So a key of a scenario, a row of the table
or a feature is read in the kernel under its own name.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.model.machine.compiled import constant, inlined

# Stages of a commitment.
NONE = constant(0)
SIGNED = constant(1)
BUILDING = constant(2)
LIVE = constant(3)
STALLED = constant(4)
LEFT = constant(5)  # withdrawn by the country
ABANDONED = constant(6)  # withdrawn by the supplier
N_STAGES = 7
STAGE_NAMES = ("none", "signed", "building", "live", "stalled", "left", "abandoned")

# A commitment to a provider that is on record was decided before the run.
ON_RECORD = constant(2)

# Kinds of things that a country can have a taste for, whoever offers them.
LARGE = constant(0)
LIGHT = constant(1)
SOVEREIGN_AI = constant(2)
# Random numbers are keyed by these names: a new name would draw other tastes.
KIND_NAMES = ("data centre", "light services", "own stack")

# What a country looks at in a month: everything, one offer, or nothing where it does not review.
EVERYTHING = constant(-1)
NO_REVIEW = constant(-2)

# The path that every scenario has.
UNCOMMITTED = constant(0)
NO_PATH = constant(-1)

# Kinds of dated events.
SET_OFFER = 0
SET_PROVIDER = 1
SHOCK = 2
AFFINITY_SHIFT = 3

# Columns of the offer record of a month.
INVITATIONS_OPEN = 0
INVITATIONS_SENT = 1
SLOTS_HELD = 2
N_SIGNED = 3
N_BUILDING = 4
N_LIVE = 5
N_STALLED = 6
N_LEFT = 7
N_ABANDONED = 8
MW_CONTRACTED = 9
MW_LIVE = 10
FUND_USD_M = 11
CONTROL_CONCEDED = 12
OFFER_COLUMNS = (
    "n_invitations_open", "n_invitations_sent", "n_slots_held", "n_signed", "n_building",
    "n_live", "n_stalled", "n_left_by_country", "n_left_by_supplier", "contracted_mw", "live_mw",
    "fund_usd_m", "mean_control_conceded_share",
)  # fmt: skip

NEVER = -1
FAR_MONTH = 1_000_000  # a month index that no run reaches
VECTOR = 16  # random numbers and probabilities come in blocks of this many: loops of vectors only

_INT = np.int64
_INDEX = np.uint32  # unsigned: an index that cannot be negative needs no test for it
_FLOAT = np.float64

# What is fixed about an offer: identity, provider, month index in which it opens.
OFFER_DTYPE = np.dtype([("key", np.uint64), ("provider", _INDEX), ("opening", _INT)])
# How a country stands with an offer at the start; the last column is sovereign AI.
START_DTYPE = np.dtype(
    [
        ("is_excluded", _INT),  # 1: ineligible by a list in the scenario
        ("stage", _INT),
        ("months_since", _FLOAT),  # months since the signature of a build on record
        ("closed_until", _INT),  # month index before which it is not invited
    ]
)
# A dated event. `row` is an offer or provider, `column` a field of its record or -1.
EVENT_DTYPE = np.dtype(
    [("month", _INT), ("kind", _INT), ("row", _INT), ("column", _INT), ("value", _FLOAT)]
)
# A country in a future. `intention` is the path chosen this month, NEVER where none was.
# `ready` is readiness raised to its exponent.
POSITION_DTYPE = np.dtype(
    [("path", _INT), ("path_since", _INT), ("intention", _INT), ("ready", _FLOAT)]
)
# A country's dealings with an offer; the last column is sovereign AI. Months are indices,
# NEVER where not yet.
DEAL_DTYPE = np.dtype(
    [
        ("progress", _FLOAT),  # share built, 0-1
        ("mw", _FLOAT),  # contracted
        ("fund_usd_m", _FLOAT),  # committed
        ("conceded", _FLOAT),  # local control conceded, 0-1
        ("closed_until", _INT),
        ("month_invited", _INT),  # first invitation
        ("month_signed", _INT),  # first signature
        ("signed_since", _INT),  # signature of the commitment that stands; NEVER if on record
    ]
)
# How a country sees a provider.
STANCE_DTYPE = np.dtype(
    [
        ("affinity_shift", _FLOAT),  # sum of shifts by events
        ("is_decided", _INT),  # 1: `decision` holds the terms of a commitment; or ON_RECORD
    ]
)
# A provider's book on an offer. `held` counts slots held by invitations by selection and by
# commitments; `quota_used` the invitations sent this quarter; `n_left`, `n_abandoned` withdrawals
# by countries and by the supplier since the run began. `next_enrolment` and `next_lapse` are the
# month indices before which open enrolment invites nobody and no invitation lapses.
BOOK_DTYPE = np.dtype(
    [
        ("held", _INT),
        ("quota_used", _INT),
        ("invitations_sent", _INT),
        ("invitations_open", _INT),
        ("n_left", _INT),
        ("n_abandoned", _INT),
        ("next_enrolment", _INT),
        ("next_lapse", _INT),
    ]
)


@inlined
def as_index(index: Any) -> Any:
    """Return an unsigned index as a signed one, which the compiler then knows is not negative."""
    return np.int64(index)


@inlined
def whole_vectors(count: int) -> int:
    """Return how many numbers the vectors hold that hold `count`."""
    return VECTOR * ((count + VECTOR - 1) // VECTOR)


class World(NamedTuple):
    """What does not change during a run and is the same in every future."""

    first_month: int  # months since year 0 of the first month: the month of the random numbers
    n_months: int
    months_known: int  # months for which the offers have been known at the start
    country_key: np.ndarray  # (n,) uint64 identity of each country
    country: np.ndarray  # (n,) record: one field per feature of a country, and initial_path
    base_concern: np.ndarray  # (n,) 0-1
    relation: np.ndarray  # (n, P) record: one field per feature towards a provider, each 0-1
    start: np.ndarray  # (n, O + 1) START_DTYPE
    share: np.ndarray  # (n, 3) share of world GDP, population, readiness
    influence: np.ndarray  # (n, n) [j, i] = weight of peer j in the eyes of i (W transposed)
    sovereign: int  # the path of sovereign AI alone, NO_PATH where there is none
    path_key: np.ndarray  # (K,) uint64
    path_offer: np.ndarray  # (K, 2) int64 offers of a path, -1 where none
    path_provider: np.ndarray  # (K, P) int64, 1: the path holds an offer of the provider
    path_without: np.ndarray  # (K, O) int64 the path that is left when the offer goes
    path_own: np.ndarray  # (K,) int64, 1: the path holds sovereign AI
    path_size: np.ndarray  # (K,) int64 how many things the path holds: offers, sovereign AI
    path_alone: np.ndarray  # (O,) int64 the path that holds the offer alone
    provider_key: np.ndarray  # (P,) uint64 identity of each provider, for tastes
    kind_key: np.ndarray  # (3,) uint64 identity of each of KIND_NAMES, for tastes
    offer: np.ndarray  # (O,) OFFER_DTYPE
    offer_order: np.ndarray  # (O,) int64 offers by their identity, whichever a file lists first
    event: np.ndarray  # (E,) EVENT_DTYPE
    event_hit: np.ndarray  # (E, n) 0 or 1: the country is struck
    event_spill: np.ndarray  # (E, n) share of its peers that are struck


class Draw(NamedTuple):
    """What one future has of its own before it starts: its numbers and its key."""

    seed: np.uint64
    replicate: np.uint64
    weight: Any  # record: one field per row of the parameter table
    offer: np.ndarray  # (O,) record; events change it in place
    provider: np.ndarray  # (P,) record; events change it in place
    offer_number: np.ndarray  # (O, fields) the same memory as `offer`
    provider_number: np.ndarray  # (P, fields) the same memory as `provider`
    event_active: np.ndarray  # (E,) bool


class Option(NamedTuple):
    """The open paths of the countries that review, one after another; axis n K, whole vectors."""

    path: np.ndarray  # int64
    value: np.ndarray  # systematic utility
    noise: np.ndarray  # standard Gumbel
    country_key: np.ndarray  # uint64 identities, for the noise
    path_key: np.ndarray  # uint64
    end: np.ndarray  # (n,) int64 where the options of each reviewer end


class State(NamedTuple):
    """What a future is at a month's end. Modified in place."""

    position: np.ndarray  # (n,) POSITION_DTYPE
    deal: np.ndarray  # (n, O + 1) DEAL_DTYPE
    stance: np.ndarray  # (n, P) STANCE_DTYPE
    book: np.ndarray  # (O,) BOOK_DTYPE
    stage: np.ndarray  # (O + 1, n) int8; the last row is sovereign AI
    invited_since: np.ndarray  # (O, n) int64 month index, NEVER where not invited
    peer_share: np.ndarray  # (P, n) weight of peers committed to the provider, 0-1
    concern: np.ndarray  # (P, n)
    abandoned_now: np.ndarray  # (P, n) own abandonments this month
    abandoned_peers: np.ndarray  # (P, n) weight of peers abandoned this month
    stage_count: np.ndarray  # (O + 1, N_STAGES) int64
    holder: np.ndarray  # (O + 1, n) uint32 countries whose commitment stands, by code
    n_holders: np.ndarray  # (O + 1,) int64 how many they are
    path_count: np.ndarray  # (K,) int64
    path_share: np.ndarray  # (K, 3)
    taste: np.ndarray  # (n, K) utility: the sum of what follows; a review reads a row of it
    provider_appeal: np.ndarray  # (P, n) utility: a country's taste for a provider
    kind_appeal: np.ndarray  # (3, n) utility: its taste for a kind of thing, see KIND_NAMES
    path_appeal: np.ndarray  # (K, n) utility: its taste for the path itself
    provider_taste: np.ndarray  # (O, n) utility
    worth: np.ndarray  # (O, n) utility: strategic value and the provider's taste; NaN: not yet
    ranking: np.ndarray  # (O, n) uint32 countries by falling worth, equal ones by code
    standing: np.ndarray  # (O, n) worth as a share of the most that a country could be worth, 0-1
    offer_mw: np.ndarray  # (O, n) size of the data centre that a country takes: `taken_mw`
    offer_gain: np.ndarray  # (O, n) utility of what an offer gives; this and the next four are
    offer_cost: np.ndarray  # the functions of these names in offer_terms.py
    offer_affinity: np.ndarray
    offer_retaliation: np.ndarray
    offer_shortfall: np.ndarray
    settled: np.ndarray  # (n, K) utility of the terms that only events change
    decision: np.ndarray  # (n, P, terms) terms of a partnership, less those of staying as it was
    base_chance: np.ndarray  # (n,) of a review, without invitations or peers
    stall_chance: np.ndarray  # (n,) of a build to stall in a month
    is_stirred: np.ndarray  # (P,) int64, 1: concern about the provider may differ from its base
    has_moved: np.ndarray  # (O + 1,) int64, 1: a stage changed since the last record
    reviewer: np.ndarray  # (n,) uint32 work space: the countries that review
    underway: np.ndarray  # (n,) uint32 work space: the countries whose commitments advance
    underway_key: np.ndarray  # (n,) uint64 work space, whole vectors: their identities
    agenda: np.ndarray  # (n,) work space: largest share of peers with one provider
    chance: np.ndarray  # (n,) work space: of a review
    passed: np.ndarray  # (n,) work space: chance of a review of what comes before, and of an offer
    luck: np.ndarray  # (n,) work space, whole vectors: uniforms
    topic: np.ndarray  # (n,) int64 what a country reviews: an offer, EVERYTHING, or NO_REVIEW
    option: Option  # work space: the paths open to the countries that review
    term: np.ndarray  # (2, terms) work space


def _padded(count: int) -> int:
    """Return `whole_vectors` of a count to callers in Python."""
    return VECTOR * (-(-count // VECTOR))


def make_state(n: int, n_paths: int, n_offers: int, n_providers: int, n_terms: int) -> State:
    """Return the arrays of one future, unset; `start` in `month.py` fills them."""
    padded = _padded(n * n_paths)
    option = Option(
        path=np.zeros(padded, np.int64),
        value=np.zeros(padded),
        noise=np.zeros(padded),
        country_key=np.zeros(padded, np.uint64),
        path_key=np.zeros(padded, np.uint64),
        end=np.zeros(n, np.int64),
    )
    return State(
        position=np.zeros(n, POSITION_DTYPE),
        deal=np.zeros((n, n_offers + 1), DEAL_DTYPE),
        stance=np.zeros((n, n_providers), STANCE_DTYPE),
        book=np.zeros(n_offers, BOOK_DTYPE),
        stage=np.zeros((n_offers + 1, n), np.int8),
        invited_since=np.zeros((n_offers, n), np.int64),
        peer_share=np.zeros((n_providers, n)),
        concern=np.zeros((n_providers, n)),
        abandoned_now=np.zeros((n_providers, n)),
        abandoned_peers=np.zeros((n_providers, n)),
        stage_count=np.zeros((n_offers + 1, N_STAGES), np.int64),
        holder=np.zeros((n_offers + 1, n), _INDEX),
        n_holders=np.zeros(n_offers + 1, np.int64),
        path_count=np.zeros(n_paths, np.int64),
        path_share=np.zeros((n_paths, 3)),
        taste=np.zeros((n, n_paths)),
        provider_appeal=np.zeros((n_providers, n)),
        kind_appeal=np.zeros((len(KIND_NAMES), n)),
        path_appeal=np.zeros((n_paths, n)),
        provider_taste=np.zeros((n_offers, n)),
        worth=np.zeros((n_offers, n)),
        ranking=np.zeros((n_offers, n), _INDEX),
        standing=np.zeros((n_offers, n)),
        offer_mw=np.zeros((n_offers, n)),
        offer_gain=np.zeros((n_offers, n)),
        offer_cost=np.zeros((n_offers, n)),
        offer_affinity=np.zeros((n_offers, n)),
        offer_retaliation=np.zeros((n_offers, n)),
        offer_shortfall=np.zeros((n_offers, n)),
        settled=np.zeros((n, n_paths)),
        decision=np.zeros((n, n_providers, n_terms)),
        base_chance=np.zeros(n),
        stall_chance=np.zeros(n),
        is_stirred=np.zeros(n_providers, np.int64),
        has_moved=np.zeros(n_offers + 1, np.int64),
        reviewer=np.zeros(n, _INDEX),
        underway=np.zeros(n, _INDEX),
        underway_key=np.zeros(_padded(n), np.uint64),
        agenda=np.zeros(n),
        chance=np.zeros(n),
        passed=np.zeros(n),
        luck=np.zeros(_padded(n)),
        topic=np.zeros(n, np.int64),
        option=option,
        term=np.zeros((2, n_terms)),
    )
