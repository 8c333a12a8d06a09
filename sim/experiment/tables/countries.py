"""countries: one row per country, with its probabilities at the horizon and the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import Probability, conditional_error, probability
from sim.experiment.outcomes import can_commit, is_committed, offers_of
from sim.experiment.tables.shared_columns import COUNTRY, SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from sim.data import Facts
    from sim.model.ensemble import Ensemble

MONTH_QUANTILES = (0.1, 0.5, 0.9)
# Below either of these, the month of signature reflects chance more than the country.
FEWEST_SIGNINGS = 20
LEAST_SIGNING_SHARE = 0.05
# Futures handled at once, to limit the memory for counting signatures.
_CHUNK = 4096
_P = "probability 0-1"


def countries_table(ensemble: Ensemble) -> Table:
    """Return the table of countries: probabilities at the horizon, month of signature, drivers."""
    return build_table(
        "countries",
        "One row per country that decides: where it ends and in what share of futures, when it "
        "signed, and what weighed in its decision.",
        ("country",),
        [*_columns(ensemble)],
        has_twin=True,
    )


def _columns(ensemble: Ensemble) -> Iterator[Described]:
    agents = list(ensemble.axes.country)
    facts = ensemble.facts
    panel = facts.countries.loc[agents]
    yield SCENARIO, [ensemble.scenario.name] * len(agents)
    yield COUNTRY, agents
    yield Column("name", "string", "", "Name of the country."), panel["name"]
    yield Column("region", "string", "", "Region by the United Nations."), panel["un_region"]
    yield from _path_columns(ensemble)
    chances = [*_commitment_columns(ensemble)]
    yield from chances[:: len(_PARTS)]
    signings = count_signings(ensemble)
    yield from _month_columns(ensemble, signings)
    yield from _driver_columns(ensemble)
    text = (
        "Share of the facts behind the model's features of the country that are estimates, because "
        "no figure is on record."
    )
    yield Column("share_imputed", "number", "share 0-1", text), facts.imputed_share()[agents]
    if facts.vintage is not None:
        yield from _vintage_columns(facts, facts.vintage.as_of, agents)
    yield from _offer_columns(ensemble)
    yield from (pair for j, pair in enumerate(chances) if j % len(_PARTS))


def _vintage_columns(facts: Facts, as_of: str, agents: list[str]) -> Iterator[Described]:
    """Yield the columns that tell facts of an earlier month from those of the present vintage."""
    text = (
        "Share of the facts behind the model's features of the country that were not yet public in "
        "the first month but are used because no earlier ones are on record."
    )
    share = facts.anachronistic_share()[agents]
    yield Column("share_anachronistic", "number", "share 0-1", text), share
    text = "Month as of which the facts about the country were public."
    yield Column("facts_as_of", "yearmonth", "month", text), [as_of] * len(agents)


def _path_columns(ensemble: Ensemble) -> Iterator[Described]:
    for k, path in enumerate(ensemble.axes.path):
        text = f"Share of futures in which it ends on the path {path}."
        at_end = ensemble.country_path[:, k, -1]
        yield Column(f"p_{path}", "number", _P, text), at_end / ensemble.replicates


_PARTS = ("", "_low", "_high", "_se_chance")


def _probability_of(
    ensemble: Ensemble, happens: NDArray[np.bool_], is_open: NDArray[np.bool_] | None = None
) -> Probability:
    """Return the probability of an outcome (R, n), with its interval over the ensemble's groups.

    ``is_open`` (n,) says for which countries no rule decides it.
    """
    return probability(happens, ensemble.futures_per_draw, bool(ensemble.number_names), is_open)


def _can_commit(ensemble: Ensemble, offers: Sequence[int]) -> NDArray[np.bool_]:
    """Return the countries for which no rule decides that they take none of the offers, (n,)."""
    from sim.model.ensemble import as_rows

    return can_commit(as_rows(ensemble), offers)[:, 0]


def _probability_columns(name: str, what: str, found: Probability) -> Iterator[Described]:
    """Yield the probability of an outcome, then the ends of its interval, then its error."""
    end = f"end of the 90 % interval of {name} over plausible values of the uncertain numbers"
    texts = (
        f"Share of futures in which it {what}.",
        f"Lower {end}; empty with fewer than two draws of them.",
        f"Upper {end}; empty with fewer than two draws of them.",
        f"Monte Carlo standard error of {name}; empty with fewer than two draws. If {name} is 0 or "
        "1 and no rule makes it so: the width of the 90 % interval by Jeffreys' prior divided by "
        "1.645, with draws as units.",
    )
    values = (found.mean, found.low, found.high, found.standard_error)
    for part, text, value in zip(_PARTS, texts, values, strict=True):
        yield Column(f"{name}{part}", "number", _P, text), value


def commitment_probability(ensemble: Ensemble, p: int) -> Probability:
    """Return the probability that each country ends with an offer of provider p, (n,)."""
    offers = offers_of(ensemble.axes, ensemble.axes.provider[p])
    return _probability_of(ensemble, is_committed(ensemble, p), _can_commit(ensemble, offers))


def _commitment_columns(ensemble: Ensemble) -> Iterator[Described]:
    for p, provider in enumerate(ensemble.axes.provider):
        holds = f"ends with an offer of {provider}, alone or beside a rival's"
        yield from _probability_columns(
            f"p_committed_{provider}", holds, commitment_probability(ensemble, p)
        )


def count_signings(ensemble: Ensemble) -> NDArray[np.int64]:
    """Return in how many futures each country first signed each offer by month, (n, O, T)."""
    n, n_offers = len(ensemble.axes.country), len(ensemble.axes.offer)
    n_months = len(ensemble.axes.month)
    place = np.arange(n * n_offers).reshape(n, n_offers) * n_months
    counts = np.zeros(n * n_offers * n_months, np.int64)
    for first in range(0, ensemble.replicates, _CHUNK):
        month = ensemble.month_signed[first : first + _CHUNK]
        counts += np.bincount((place + month)[month >= 0], minlength=counts.size)
    return counts.reshape(n, n_offers, n_months)


def _month_columns(ensemble: Ensemble, signings: NDArray[np.int64]) -> Iterator[Described]:
    fewest = max(FEWEST_SIGNINGS, LEAST_SIGNING_SHARE * ensemble.replicates)
    months = np.array(ensemble.axes.month, object)
    for o, offer in enumerate(ensemble.axes.offer):
        reached = signings[:, o].cumsum(axis=1)
        total = reached[:, -1]
        for q in MONTH_QUANTILES:
            text = (
                f"Month by whose end {q:.0%} of the futures that ever sign {offer} have signed; a "
                "commitment on record at the start counts in the first month. Empty if fewer "
                f"than {FEWEST_SIGNINGS} futures or {LEAST_SIGNING_SHARE:.0%} of them sign."
            )
            column = Column(f"month_signed_{offer}_p{100 * q:.0f}", "yearmonth", "month", text)
            at = months[(reached < q * total[:, None]).sum(axis=1).clip(max=months.size - 1)]
            yield column, np.where(total >= fewest, at, None)


def _driver_columns(ensemble: Ensemble) -> Iterator[Described]:
    for p, provider in enumerate(ensemble.axes.provider):
        for j, term in enumerate(ensemble.axes.term):
            text = (
                f"Mean over futures of what the term {term} adds to {provider}'s offer, relative to"
                " staying as it was, at the first commitment to the provider; if there is none, "
                "for its best offer in the last month, alone or beside what the country has. For a "
                "partnership on record: at the start, relative to staying uncommitted."
            )
            column = Column(f"driver_{provider}_{term}", "number", "utility", text)
            yield column, ensemble.driver_sum[:, p, j] / ensemble.replicates


def is_on_record(ensemble: Ensemble, o: int) -> NDArray[np.bool_]:
    """Return whether each country has taken offer o by the record at the start, (n,)."""
    made = ensemble.scenario.initial.commitments
    holders = {each.country for each in made if offer_id(each.offer) == ensemble.axes.offer[o]}
    return np.array([code in holders for code in ensemble.axes.country], np.bool_)


ON_RECORD, ALL_MAY_JOIN, BY_SELECTION, CLOSED = (
    "on_record",
    "all_may_join",
    "by_selection",
    "closed",
)


def access(ensemble: Ensemble, o: int) -> list[str]:
    """Return how each country comes to offer o: the first filter, if it is no matter of chance.

    `ON_RECORD` if it has taken the offer at the start; `CLOSED` if the rules do not admit it at the
    start and no future invites it; else `ALL_MAY_JOIN` or `BY_SELECTION`, as the offer says.
    """
    offer = ensemble.scenario.offers[[*ensemble.scenario.offers][o]]
    way = ALL_MAY_JOIN if offer.open_enrolment else BY_SELECTION
    is_reached = ensemble.eligible[:, o] | (ensemble.month_invited[:, :, o] >= 0).any(axis=0)
    found = np.where(is_on_record(ensemble, o), ON_RECORD, np.where(is_reached, way, CLOSED))
    return [str(each) for each in found]


@dataclass(frozen=True)
class Acceptance:
    """How often each country signs an offer in the futures that invite it, all of shape (n,).

    Parameters
    ----------
    probability : ndarray
        0-1; NaN where `is_known` is false.
    standard_error : ndarray
        Monte Carlo standard error; NaN where `is_known` is false or with fewer than two draws.
    is_known : ndarray of bool
        False if fewer than `FEWEST_SIGNINGS` futures invite it, and for a signature on record: only
        first signatures are kept, so another would not show.
    """

    probability: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    is_known: NDArray[np.bool_]


def acceptance(ensemble: Ensemble, o: int) -> Acceptance:
    """Return how often each country signs offer o in the futures that invite it.

    Who is invited depends on the terms, so the probability of signing mixes the provider's choice
    with the country's; this share is the country's choice alone.
    """
    is_invited = ensemble.month_invited[:, :, o] >= 0
    signs = is_invited & (ensemble.month_signed[:, :, o] >= 0)
    invited = is_invited.sum(axis=0)
    known = (invited >= FEWEST_SIGNINGS) & ~is_on_record(ensemble, o)
    share = signs.sum(axis=0) / np.maximum(invited, 1)
    error = conditional_error(signs, is_invited, ensemble.futures_per_draw)
    return Acceptance(np.where(known, share, np.nan), np.where(known, error, np.nan), known)


def _offer_columns(ensemble: Ensemble) -> Iterator[Described]:
    offers = list(enumerate(ensemble.axes.offer))
    for o, offer in offers:
        text = f"Whether the rules of {offer} admit the country at the start."
        yield Column(f"is_eligible_{offer}", "boolean", "", text), ensemble.eligible[:, o]
    for o, offer in offers:
        text = (
            f"How the country comes to {offer}: {BY_SELECTION} if the provider chooses whom it "
            f"invites; {ALL_MAY_JOIN} if it invites everyone that the rules admit; {CLOSED} if "
            "the rules do not admit the country at the start and no future invites it; "
            f"{ON_RECORD} if it has signed at the start."
        )
        yield Column(f"access_{offer}", "string", "", text), access(ensemble, o)
    for o, offer in offers:
        yield from _invitation_columns(ensemble, o, offer)
    for o, offer in offers:
        signs = f"is invited to {offer} and signs it at some time, or has signed at the start"
        values = signature_probability(ensemble, o)
        yield from _probability_columns(f"p_ever_signed_{offer}", signs, values)


def signature_probability(ensemble: Ensemble, o: int) -> Probability:
    """Return the probability that each country signs offer o at some time, or has before, (n,)."""
    is_open = _can_commit(ensemble, [o]) & ~is_on_record(ensemble, o)
    return _probability_of(ensemble, ensemble.month_signed[:, :, o] >= 0, is_open)


def _invitation_columns(ensemble: Ensemble, o: int, offer: str) -> Iterator[Described]:
    """Yield both filters of an offer: the provider's choice, and the country's once invited."""
    is_invited = ensemble.month_invited[:, :, o] >= 0
    # Where all may join, rules alone decide who is invited.
    is_chance = np.array([way == BY_SELECTION for way in access(ensemble, o)])
    invites = f"is invited to {offer} at some time; after the end of a partnership on record: again"
    values = _probability_of(ensemble, is_invited, is_chance)
    yield from _probability_columns(f"p_invited_{offer}", invites, values)
    found, name = acceptance(ensemble, o), f"p_signed_given_invited_{offer}"
    text = (
        f"Share of the futures in which it is invited to {offer} that sign it; empty if fewer than "
        f"{FEWEST_SIGNINGS} futures invite it, or if it has signed at the start. Times p_invited_"
        f"{offer} it is p_ever_signed_{offer}."
    )
    yield Column(name, "number", _P, text), found.probability
    text = (
        f"Monte Carlo standard error of {name}, of a ratio over draws; empty with fewer than two "
        "draws that invite it. If it is 0 or 1: the width of the 90 % interval by Jeffreys' prior "
        "divided by 1.645, with those draws as units."
    )
    yield Column(f"{name}_se_chance", "number", _P, text), found.standard_error
