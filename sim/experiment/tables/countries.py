"""countries: one row per country, with its probabilities at the horizon and the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import Probability, probability
from sim.experiment.outcomes import can_commit, is_committed, offers_of
from sim.experiment.tables.shared_columns import COUNTRY, SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table

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
                " staying uncommitted, at the first commitment to the provider; for a partnership "
                "on record, at the start; if there is none, for the best single offer in the last "
                "month."
            )
            column = Column(f"driver_{provider}_{term}", "number", "utility", text)
            yield column, ensemble.driver_sum[:, p, j] / ensemble.replicates


def is_on_record(ensemble: Ensemble, o: int) -> NDArray[np.bool_]:
    """Return whether each country holds offer o in the first month of every future, (n,)."""
    found: NDArray[np.bool_] = (ensemble.month_signed[:, :, o] == 0).all(axis=0)
    return found


def acceptance(ensemble: Ensemble, o: int) -> NDArray[np.float64]:
    """Return the share of the futures inviting each country to offer o in which it signs, (n,).

    Who is invited depends on the terms, so the probability of signing mixes the provider's choice
    with the country's; this share is the country's choice alone. It is NaN if fewer than
    `FEWEST_SIGNINGS` futures invite it, and for a signature on record: only first signatures are
    kept, so another would not show.
    """
    is_invited = ensemble.month_invited[:, :, o] >= 0
    invited = is_invited.sum(axis=0)
    signed = (is_invited & (ensemble.month_signed[:, :, o] >= 0)).sum(axis=0)
    enough = (invited >= FEWEST_SIGNINGS) & ~is_on_record(ensemble, o)
    return np.where(enough, signed / np.where(enough, invited, 1), np.nan)


def _offer_columns(ensemble: Ensemble) -> Iterator[Described]:
    offers = list(enumerate(ensemble.axes.offer))
    for o, offer in offers:
        text = f"Whether the rules of {offer} admit the country at the start."
        yield Column(f"is_eligible_{offer}", "boolean", "", text), ensemble.eligible[:, o]
    for o, offer in offers:
        text = f"Share of futures in which the country is invited to {offer} at some time."
        invited = (ensemble.month_invited[:, :, o] >= 0).mean(axis=0)
        yield Column(f"p_invited_{offer}", "number", _P, text), invited
    for o, offer in offers:
        text = (
            f"Share of the futures in which it is invited to {offer} that sign it; empty if "
            f"fewer than {FEWEST_SIGNINGS} futures invite it, or if it has signed at the start."
        )
        column = Column(f"p_signed_given_invited_{offer}", "number", _P, text)
        yield column, acceptance(ensemble, o)
    for o, offer in offers:
        signs = f"signs {offer} at some time, or has at the start"
        month = ensemble.month_signed[:, :, o]
        is_open = _can_commit(ensemble, [o]) & ~is_on_record(ensemble, o)
        values = _probability_of(ensemble, month >= 0, is_open)
        yield from _probability_columns(f"p_ever_signed_{offer}", signs, values)
