"""Why a country is with a provider or not: the filters first, then what it weighs once asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.intervals import NORMAL_95
from sim.experiment.outcomes import offers_of
from sim.experiment.tables.countries import (
    ALL_MAY_JOIN,
    BY_SELECTION,
    CLOSED,
    ON_RECORD,
    acceptance,
    access,
)
from sim.scenario import OWN, path_members
from sim.scenario.path_names import name_of_members, offer_id
from sim.words.text import with_article
from sim.words.titles import provider_name
from sim.words.wording import (
    NOTABLE,
    drivers_in_words,
    month_in_words,
    percent,
    providers_on_record,
    strongest_drivers,
    term_phrase,
    with_sign,
)

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble
    from sim.scenario import Commitment, Offer, Scenario

# An invitation decides if, always invited, the country would sign so much more often, 0-1.
LEAST_LIFT = 0.1
# Below this a provider is not what a country usually ends with.
USUAL = 0.5
# The record fixes these: as reasons for a partnership on record they would repeat it.
TERMS_OF_THE_RECORD = ("switching", "taste")
# When the reasons count, if not always.
ONCE_ASKED = "Once it is asked, these count."
IF_ADMITTED = "If its rules admitted the country, these would count."
APART = "Apart from the record, these count."
# Export tier of countries under an arms embargo; an offer without a rule admits them.
_LOWEST_TIER = 3


@dataclass(frozen=True)
class Filter:
    """How a country comes to one offer: the provider's choice, then its own.

    Parameters
    ----------
    reference : str
        The offer, as ``provider.offer``.
    access : str
        One of the values of `sim.experiment.tables.countries.access`.
    invited, signs_then, signed : float
        Probability that it is invited, that it signs once invited (NaN if unknown), and that it
        signs, 0-1.
    signs_then_error : float
        Monte Carlo standard error of `signs_then`; NaN if unknown.
    """

    reference: str
    access: str
    invited: float
    signs_then: float
    signs_then_error: float
    signed: float

    @property
    def title(self) -> str:
        """What the offer is called beside the name of its provider."""
        return f"{self.reference.split('.', 1)[1].replace('_', ' ')} offer"


def filters_of_row(row: Mapping[Any, Any], scenario: Scenario, provider: str) -> list[Filter]:
    """Return the filters of a provider's offers from a country's row of the table of countries."""
    names = {ref: offer_id(ref) for ref in scenario.offers if ref.split(".", 1)[0] == provider}
    return [
        Filter(
            reference,
            row[f"access_{name}"],
            row[f"p_invited_{name}"],
            row[f"p_signed_given_invited_{name}"],
            row[f"p_signed_given_invited_{name}_se_chance"],
            row[f"p_ever_signed_{name}"],
        )
        for reference, name in names.items()
    ]


def filters_in(ensemble: Ensemble, country: str, provider: str) -> list[Filter]:
    """Return the filters of a provider's offers to a country of a run."""
    i = ensemble.axes.country.index(country)
    references = list(ensemble.scenario.offers)
    found = []
    for o in offers_of(ensemble.axes, provider):
        accepts = acceptance(ensemble, o)
        found.append(
            Filter(
                references[o],
                access(ensemble, o)[i],
                float((ensemble.month_invited[:, i, o] >= 0).mean()),
                float(accepts.probability[i]),
                float(accepts.standard_error[i]),
                float((ensemble.month_signed[:, i, o] >= 0).mean()),
            )
        )
    return found


@dataclass(frozen=True)
class Case:
    """What an explanation of a country's standing with one provider rests on.

    Parameters
    ----------
    scenario : Scenario
    country, provider : str
        Code of the country, key of the provider.
    committed : float
        Probability that it ends with the provider, 0-1.
    filters : sequence of Filter
        Of the provider's offers.
    drivers : mapping of str to float
        What each term of utility adds, mean over futures.
    elsewhere : mapping of str to float
        Probability of each other end, by words that follow "it": "waits", "ends with China".
    """

    scenario: Scenario
    country: str
    provider: str
    committed: float
    filters: Sequence[Filter]
    drivers: Mapping[str, float]
    elsewhere: Mapping[str, float]

    @property
    def record(self) -> Commitment | None:
        """The partnership on record with the provider; None if there is none."""
        for made in self.scenario.initial.commitments:
            if made.country == self.country and made.offer.split(".", 1)[0] == self.provider:
                return made
        return None

    @property
    def is_in_favour(self) -> bool:
        """Whether all terms, or those that are shown, add up to more than staying as it is."""
        shown = (value for side in strongest_drivers(self.drivers) for value in side.values())
        return max(math.fsum(self.drivers.values()), math.fsum(shown)) > 0.0


def case_of_row(row: Mapping[Any, Any], scenario: Scenario, provider: str) -> Case:
    """Return the case of a country and a provider from its row of the table of countries."""
    start = f"driver_{provider}_"
    # Terms have no underscore, which keeps a provider us apart from one called us_east.
    terms = {str(name).removeprefix(start): name for name in row if str(name).startswith(start)}
    return Case(
        scenario,
        row["country"],
        provider,
        float(row[f"p_committed_{provider}"]),
        filters_of_row(row, scenario, provider),
        {term: float(row[name]) for term, name in terms.items() if "_" not in term},
        _elsewhere(scenario, provider, lambda path: row.get(f"p_{path}", 0.0)),
    )


def case_in(ensemble: Ensemble, country: str, provider: str) -> Case:
    """Return the case of a country and a provider of a run, from its futures."""
    i, p = ensemble.axes.country.index(country), ensemble.axes.provider.index(provider)
    at_end = ensemble.country_path[i, :, -1] / ensemble.replicates
    shares = dict(zip(ensemble.axes.path, map(float, at_end), strict=True))
    held = zip(ensemble.axes.path, ensemble.axes.path_providers, strict=True)
    terms = ensemble.driver_sum[i, p] / ensemble.replicates
    return Case(
        ensemble.scenario,
        country,
        provider,
        math.fsum(shares[path] for path, providers in held if provider in providers),
        filters_in(ensemble, country, provider),
        dict(zip(ensemble.axes.term, map(float, terms), strict=True)),
        _elsewhere(ensemble.scenario, provider, lambda path: shares.get(path, 0.0)),
    )


def _elsewhere(
    scenario: Scenario, provider: str, share: Callable[[str], float]
) -> dict[str, float]:
    """Return the probability of each end without a provider, by words that follow "it"."""
    found: dict[str, float] = {}
    offers = {name: tuple(block.offers) for name, block in scenario.providers.items()}
    for members in path_members(offers):
        held = [member[0] for member in members if member != OWN]
        if provider in held:
            continue
        names = " and ".join(with_article(provider_name(scenario, name)) for name in held)
        own = "builds sovereign AI alone" if members else "waits"
        words = f"ends with {names}" if held else own
        found[words] = found.get(words, 0.0) + float(share(name_of_members(members)))
    return found


@dataclass(frozen=True)
class Explanation:
    """Why a country is with a provider or not.

    Parameters
    ----------
    filters : str
        Sentences on who may join, who is invited and how it answers; on record: since when.
    verdict : str
        What stops or keeps it, besides the reasons; "" if the reasons say it all.
    label : str
        When the reasons count; "" if always.
    reasons : str
        The strongest terms of utility for and against.
    """

    filters: str
    verdict: str
    label: str
    reasons: str

    @property
    def lead(self) -> str:
        """Everything but the reasons, to stand above a chart of them."""
        return " ".join(part for part in (self.filters, self.verdict, self.label) if part)

    def __str__(self) -> str:
        return f"{self.lead} {self.reasons}".strip()


def explain(case: Case) -> Explanation:
    """Return why a country is with a provider or not."""
    decisive = deciding_filter(case)
    # What decides comes first.
    ordered = sorted(case.filters, key=lambda found: found is not decisive)
    sentences = [_filter_in_words(case, each, each is decisive) for each in ordered]
    filters = " ".join(sentence for sentence in sentences if sentence)
    made = case.record
    if made is not None:
        filters = f"{_record_in_words(made)} {filters}".strip()
        reasons = drivers_in_words(
            counted_drivers(case.scenario, case.country, case.provider, case.drivers)
        )
        return Explanation(filters, _keeps(case), APART if reasons else "", reasons)
    reasons = drivers_in_words(case.drivers)
    label = ""
    if all(each.access == CLOSED for each in case.filters):
        label = IF_ADMITTED
    elif decisive is not None:
        label = ONCE_ASKED
    verdict = _tie_breaker(case) if not label else ""
    return Explanation(filters, verdict, label if reasons else "", reasons)


def counted_drivers(
    scenario: Scenario, country: str, provider: str, drivers: Mapping[str, float]
) -> dict[str, float]:
    """Return the terms that are reasons: for a partnership on record, those it does not fix."""
    is_held = provider in providers_on_record(scenario, country)
    left_out = TERMS_OF_THE_RECORD if is_held else ()
    return {term: value for term, value in drivers.items() if term not in left_out}


def lift(found: Filter, committed: float) -> float:
    """Return how much more often a country would be with a provider if always invited, 0-1.

    It is the signatures that missing invitations cost, less those that other offers of the provider
    make up for; NaN if nothing is known of its answer.
    """
    return min(found.signs_then - found.signed, found.signs_then - committed)


def deciding_filter(case: Case) -> Filter | None:
    """Return the offer whose invitation decides whether a country is with the provider.

    An invitation decides if the `lift` is at least `LEAST_LIFT` and clear of its Monte Carlo error.
    Where too few futures invite it to know the answer, it decides if the country's reasons are in
    favour on balance and it usually ends elsewhere. It decides nothing for a partner on record.
    """
    if case.record is not None:
        return None
    chosen = [each for each in case.filters if each.access == BY_SELECTION]
    known = [each for each in chosen if not math.isnan(each.signs_then)]
    for each in sorted(known, key=lambda found: -lift(found, case.committed)):
        error = 0.0 if math.isnan(each.signs_then_error) else each.signs_then_error
        if lift(each, case.committed) >= max(LEAST_LIFT, NORMAL_95 * error):
            return each
    if case.is_in_favour and case.committed < USUAL:
        return next((each for each in chosen if math.isnan(each.signs_then)), None)
    return None


def _filter_in_words(case: Case, found: Filter, is_decisive: bool) -> str:
    title = found.title[:1].upper() + found.title[1:]
    if found.access == CLOSED:
        rules = _rules(case.scenario.offers[found.reference], case.country)
        return f"{title}: its rules exclude the country{f' ({rules})' if rules else ''}."
    if found.access == ALL_MAY_JOIN:
        reach = "" if found.invited == 1.0 else f" in {percent(found.invited)} of futures"
        return f"{title}: all may join{reach}; it signs in {percent(found.signed)}."
    if found.access == ON_RECORD:
        return ""
    then = (
        f"once invited, it signs in {percent(found.signs_then)} ({percent(found.signed)} of all "
        "futures)"
        if not math.isnan(found.signs_then)
        else "too seldom to say how it would answer"
    )
    if not is_decisive:
        asked = f"invited in {percent(found.invited)} of futures"
        return f"{title}: {asked}; {then}." if found.invited else f"{title}: never invited."
    who = with_article(provider_name(case.scenario, case.provider))
    who = who[:1].upper() + who[1:]
    if not found.invited:
        return f"{who} never invites it to the {found.title}, which decides."
    asked = f"{who} invites it to the {found.title} in {percent(found.invited)} of futures"
    if math.isnan(found.signs_then):
        return f"{asked}, which decides: {then}."
    return f"{asked}, which decides; {then}."


def _rules(offer: Offer, country: str) -> str:
    """Return the rules that may close an offer to a country; the table says only that one does."""
    if country in offer.excluded:
        return "it is on the list of those excluded"
    if not offer.is_open_to(country):
        return "it is not on the list of those asked"
    rules = []
    if offer.democracy_floor_is_hard:
        rules.append(f"hard floor of democracy {offer.democracy_floor:g}")
    if offer.max_chip_tier < _LOWEST_TIER:
        rules.append(f"export tier {offer.max_chip_tier} at most")
    return " or ".join(rules)


def _record_in_words(made: Commitment) -> str:
    offer = made.offer.split(".", 1)[1].replace("_", " ")
    since = month_in_words(made.signed)
    return f"On record with the {offer} offer since {since} (source: {made.source})."


def _keeps(case: Case) -> str:
    """Return how often a partner on record is one at the end, what holds it, and where it goes."""
    stays = f"It is with it at the end in {percent(case.committed)} of futures"
    cost = case.drivers.get("switching", 0.0)
    held = f"{term_phrase('switching')} {with_sign(cost)} keeps it" if cost >= NOTABLE else ""
    ways = f"otherwise it {_likeliest(case)}" if case.committed < 1.0 and case.elsewhere else ""
    return f"{'; '.join(part for part in (stays, held, ways) if part)}."


def _tie_breaker(case: Case) -> str:
    """Return what wins where reasons favour a provider with which a country seldom ends."""
    if not case.is_in_favour or case.committed >= USUAL or not case.elsewhere:
        return ""
    return f"On balance in its favour, yet it {_likeliest(case)}."


def _likeliest(case: Case) -> str:
    """Return the likeliest other end of a country, in words that follow "it"."""
    words, share = max(case.elsewhere.items(), key=lambda item: item[1])
    return f"{words} in {percent(share)} of futures"
