"""Rules for dates: the horizon, opening months, events, and the record at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.data.codes import known_countries
from sim.data.dates import FOUNDED
from sim.scenario.checks.checking import ALL
from sim.scenario.months import month_number
from sim.scenario.schema.rules import broken_rule
from sim.scenario.wording import shown_number

if TYPE_CHECKING:
    from sim.scenario.checks.checking import Draft
    from sim.scenario.reading.nodes import Path
    from sim.scenario.schema.timeline import Commitment

MAX_MONTHS = 240
_START, _END = ("horizon", "start"), ("horizon", "end")


def check_horizon(draft: Draft) -> None:
    """Check that the horizon is in order, not too long, and starts with known offers."""
    horizon = draft.file.horizon
    if not draft.is_sound(("horizon",)):
        return
    n_months = month_number(horizon.end) - month_number(horizon.start) + 1
    if n_months < 1:
        rule = f"must not be before horizon.start, which is {horizon.start}"
        draft.report(("horizon", "end"), rule, "Swap the two, or move the end.")
    elif n_months > MAX_MONTHS:
        rule = f"gives {n_months} months and must give at most {MAX_MONTHS} months"
        draft.report(("horizon", "end"), rule, "End the run earlier.")
    if horizon.known_since is not None and horizon.known_since > horizon.start:
        rule = f"must not be after horizon.start, which is {horizon.start}"
        draft.report(("horizon", "known_since"), rule, "Leave it out: known from the start.")


def check_states_exist(draft: Draft) -> None:
    """Check that no country takes part in a run that starts before it was founded."""
    if not _has_months(draft) or _ends_before_all_offers(draft):
        return
    start = draft.file.horizon.start
    outside = set(draft.expand(draft.file.countries.exclude))
    for provider in draft.file.providers.values():
        if not provider.home_takes_part:
            outside.update(draft.expand(provider.home))
    for code, month in FOUNDED.items():
        if start < month and code not in outside:
            rule = f"must be {month} or later, when {known_countries()[code]} ({code}) was founded"
            remedy = f"Start later, or add {code} to countries.exclude."
            draft.report(_START, rule, remedy, [("countries", "exclude")])


def _has_months(draft: Draft) -> bool:
    """Return whether the horizon is sound, so that dates can be checked against it."""
    horizon = draft.file.horizon
    return draft.is_sound(("horizon",)) and horizon.start <= horizon.end


def _opening_months(draft: Draft) -> dict[tuple[str, str], str]:
    """Return the month in which each offer opens; '' if it is open from the start."""
    return {(name, offer): terms.open_from or "" for name, offer, terms in draft.offers()}


def _ends_before_all_offers(draft: Draft) -> bool:
    """Return whether the horizon ends before several offers open, so that it is at fault."""
    opens = _opening_months(draft)
    return len(opens) > 1 and min(opens.values()) > draft.file.horizon.end


def check_opening(draft: Draft) -> None:
    """Check that every offer opens before the horizon ends."""
    if not _has_months(draft):
        return
    end, opens = draft.file.horizon.end, _opening_months(draft)
    late = [place for place, month in opens.items() if month > end]
    if _ends_before_all_offers(draft):
        # Report one wrong horizon rather than many wrong offers, which may be in another file.
        rule = f"must not be before any offer opens, the first in {min(opens.values())}"
        draft.report(("horizon", "end"), rule, "End the run later, or let an offer open earlier.")
        return
    for name, offer in late:
        path = ("providers", name, "offers", offer, "open_from")
        rule = f"must not be after the horizon's end, which is {end}"
        remedy = "Open the offer earlier, end the run later, or remove the offer with null."
        draft.report(path, rule, remedy, [_END])


def check_event_dates(draft: Draft) -> None:
    """Check that events fall within the horizon."""
    start, end = draft.file.horizon.start, draft.file.horizon.end
    if not _has_months(draft):
        return
    for position, event in enumerate(draft.file.events):
        path = ("events", position, "date")
        if not start <= event.date <= end and not draft.is_missing(path):
            rule = f"must lie within the horizon, {start} to {end}"
            remedy = "Move the event or the horizon; build what came before into the terms."
            draft.report(path, rule, remedy, [_START if event.date < start else _END])


def check_event_actions(draft: Draft) -> None:
    """Check that an event has an effect, and that its provider exists."""
    for position, event in enumerate(draft.file.events):
        path: Path = ("events", position)
        has_action = event.set or event.shock or event.affinity_shift
        if not has_action and draft.is_sound(path):
            rule = f"({event.title[:40]}) changes nothing"
            draft.report(path, rule, "Give it one of: set, shock, affinity_shift.")
        for kind in ("shock", "affinity_shift"):
            action = getattr(event, kind)
            if action is not None:
                draft.provider(action.provider, (*path, kind, "provider"))


def check_event_terms(draft: Draft) -> None:
    """Check that new terms exist and respect their bounds."""
    for position, event in enumerate(draft.file.events):
        for address, value in (event.set or {}).items():
            path = ("events", position, "set", address)
            spec = draft.address(address, path, ("providers",))
            if address.endswith((".open_enrolment", ".home_takes_part")):
                rule = "cannot change within a run"
                draft.report(path, rule, "Write two scenarios and compare them.")
                continue
            broken = broken_rule(spec, value) if spec is not None else None
            if broken is not None:
                draft.report(path, broken.rule, broken.remedy)
            elif address.endswith(".slots") and value is not None:
                _check_event_slots(draft, address, path)


def _check_event_slots(draft: Draft, address: str, path: Path) -> None:
    """Check that an event gives no slots to an offer that is open to all."""
    _, provider, _, offer, _ = address.split(".")
    terms = draft.offer(f"{provider}.{offer}")
    if terms is not None and terms.open_enrolment:
        rule = "must be null, because the offer's open_enrolment invites every country"
        switch = ("providers", provider, "offers", offer, "open_enrolment")
        draft.report(path, rule, "Do not set slots of an open offer.", [switch])


def check_event_sizes(draft: Draft) -> None:
    """Check that events, in order of date, keep the smallest data centre within the largest."""
    sizes: dict[str, Any] = {}
    for name, offer, terms in draft.offers():
        stem = f"providers.{name}.offers.{offer}.data_centre_mw_"
        sizes[f"{stem}min"] = terms.data_centre_mw_min
        sizes[f"{stem}max"] = terms.data_centre_mw_max
    dated = [
        (position, event)
        for position, event in enumerate(draft.file.events)
        if not draft.is_missing(("events", position, "date"))
    ]
    events = sorted(dated, key=lambda pair: (pair[1].date, pair[0]))
    for position, event in events:
        changes = {key: value for key, value in (event.set or {}).items() if key in sizes}
        sizes.update({key: v for key, v in changes.items() if isinstance(v, int | float)})
        for address in changes:
            stem = address[:-3]
            if sizes[f"{stem}min"] > sizes[f"{stem}max"]:
                other = f"{stem}{'max' if address.endswith('min') else 'min'}"
                rule = f"conflicts with {other}, which is {shown_number(sizes[other])} MW by then"
                remedy = "The smallest must not exceed the largest; set both in one event."
                path = ("events", position, "set", address)
                draft.report(path, rule, remedy, [tuple(other.split("."))])
                break


def check_as_of(draft: Draft) -> None:
    """Check that the record ends at the start of the horizon or earlier."""
    as_of, start = draft.file.initial.as_of, draft.file.horizon.start
    if as_of is not None and as_of > start and _has_months(draft):
        rule = f"must not be after the horizon's start, which is {start}"
        remedy = "Start the run later, or read an earlier record."
        draft.report(("initial", "as_of"), rule, remedy, [_START])


def _as_of_path(draft: Draft) -> Path:
    """Return where the month is written up to which the record was read."""
    return ("initial", "as_of") if draft.file.initial.as_of else _START


def _can_date_record(draft: Draft) -> bool:
    """Return whether the month up to which the record was read is sound."""
    return draft.is_sound(("initial", "as_of")) and _has_months(draft)


def check_commitments(draft: Draft) -> None:
    """Check commitments: country and offer are known, dates fit, the offer admits the country."""
    as_of = draft.file.initial.as_of or draft.file.horizon.start
    held: dict[str, list[tuple[str, Path]]] = {}
    for position, commitment in enumerate(draft.file.initial.commitments):
        path: Path = ("initial", "commitments", position)
        if _check_party(draft, commitment.country, commitment.offer, path):
            _check_open_to(draft, commitment, path)
            held.setdefault(commitment.country, []).append((commitment.offer, path))
        if commitment.signed > as_of and _can_date_record(draft):
            rule = f"must not be after as_of, which is {as_of}"
            remedy = "Move as_of, or make it an outcome of the run."
            draft.report((*path, "signed"), rule, remedy, [_as_of_path(draft)])
    for country, holdings in held.items():
        _check_holdings(draft, country, holdings)
    _check_slots(draft)


def check_withdrawals(draft: Draft) -> None:
    """Check withdrawals: country and offer are known, dates fit, and no commitment contradicts."""
    initial = draft.file.initial
    as_of = initial.as_of or draft.file.horizon.start
    for position, withdrawal in enumerate(initial.withdrawals):
        path: Path = ("initial", "withdrawals", position)
        _check_party(draft, withdrawal.country, withdrawal.offer, path)
        if withdrawal.date > as_of and _can_date_record(draft):
            rule = f"must not be after as_of, which is {as_of}"
            remedy = "Move as_of, or leave the withdrawal out."
            draft.report((*path, "date"), rule, remedy, [_as_of_path(draft)])
        for place, commitment in enumerate(initial.commitments):
            made: Path = ("initial", "commitments", place)
            party = commitment.country, commitment.offer
            if (
                party == (withdrawal.country, withdrawal.offer)
                and commitment.signed <= withdrawal.date
                and not draft.is_missing((*made, "signed"))
            ):
                rule = f"is on record as committed to {withdrawal.offer} since {commitment.signed}"
                remedy = "Remove the commitment or the withdrawal; a new signature must be later."
                draft.report((*path, "country"), rule, remedy, [made])


def _check_party(draft: Draft, country: str, offer: str, path: Path) -> bool:
    """Return whether country and offer exist and the country takes part."""
    is_offer = draft.reference(offer, (*path, "offer"))
    if not draft.country(country, (*path, "country")):
        return False
    left_out = draft.expand(draft.file.countries.exclude)
    if country in left_out:
        rule = "takes no part: countries.exclude leaves it out"
        draft.report((*path, "country"), rule, "Remove one of the two.", [("countries", "exclude")])
        return False
    for name, provider in draft.file.providers.items():
        if country in draft.expand(provider.home) and not provider.home_takes_part:
            rule = f"takes no part: it is home of provider {name}"
            remedy = f"Remove the line, or set providers.{name}.home_takes_part to true."
            homes = [("providers", name, "home"), ("providers", name, "home_takes_part")]
            draft.report((*path, "country"), rule, remedy, homes)
            return False
    return is_offer


def _check_open_to(draft: Draft, commitment: Commitment, path: Path) -> None:
    terms = draft.offer(commitment.offer)
    if terms is None:
        return
    name = known_countries()[commitment.country]
    provider, _, offer = commitment.offer.partition(".")
    place = ("providers", provider, "offers", offer)
    if commitment.country in draft.expand(terms.excluded):
        rule = f"is closed to {name} by its list of excluded countries"
        remedy = "Remove the commitment or the exclusion."
        draft.report((*path, "offer"), rule, remedy, [(*place, "excluded")])
    elif terms.asked != (ALL,) and commitment.country not in draft.expand(terms.asked):
        rule = f"is not addressed to {name} by its list of those asked"
        remedy = f"Remove the commitment, or add {commitment.country} to those asked."
        draft.report((*path, "offer"), rule, remedy, [(*place, "asked")])


def _check_holdings(draft: Draft, country: str, holdings: list[tuple[str, Path]]) -> None:
    """Check that a country holds one offer per provider, at most two in all, and no closed pair."""
    by_provider: dict[str, str] = {}
    for offer, path in holdings:
        provider = offer.partition(".")[0]
        if provider in by_provider:
            rule = f"already holds {by_provider[provider]}; only one offer of a provider at a time"
            draft.report((*path, "country"), rule, "Keep the larger of the two.")
            return
        if len(by_provider) == 2:
            rule = "holds offers of more than two providers"
            draft.report((*path, "country"), rule, "Keep at most two: paths are single or pairs.")
            return
        by_provider[provider] = offer
    if len(by_provider) < 2:
        return
    for offer in by_provider.values():
        terms = draft.offer(offer)
        if terms is not None and terms.exclusivity == 1:
            rule = f"holds two offers though {offer} is exclusive (exclusivity = 1)"
            provider, _, name = offer.partition(".")
            path = (*holdings[-1][1], "country")
            term = ("providers", provider, "offers", name, "exclusivity")
            draft.report(path, rule, "Lower the exclusivity, or keep one.", [term])


def _check_slots(draft: Draft) -> None:
    """Check that no offer has more commitments on record than slots."""
    commitments = draft.file.initial.commitments
    for name, offer, terms in draft.offers():
        reference = f"{name}.{offer}"
        count = len({c.country for c in commitments if c.offer == reference})
        if terms.slots is not None and count > terms.slots:
            rule = f"must be at least {count} countries, the commitments on record"
            path = ("providers", name, "offers", offer, "slots")
            remedy = "Give more slots, or remove commitments under 'initial'."
            draft.report(path, rule, remedy, [("initial", "commitments")])
