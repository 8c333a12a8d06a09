"""Rules between keys: places, providers, offers. One function per rule reports its problems."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.data.codes import known_countries
from sim.scenario.checks.checking import ALL, Draft
from sim.scenario.path_names import (
    GROUPS_OF_NOBODY,
    name_of_members,
    path_members,
    path_names,
)
from sim.scenario.reading.nodes import at
from sim.scenario.wording import shown_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.reading.nodes import Path
    from sim.scenario.schema.offers import Offer

MAX_PROVIDERS = 4
MAX_OFFERS = 12


def check_providers_present(draft: Draft) -> None:
    """Check that there are one to four providers."""
    if draft.has_no_providers:
        return
    count = len(draft.offer_names)
    if count < 1:
        remedy = "Add one, or 'extends: baseline' to use those of the baseline."
        draft.report(("providers",), "must name at least one provider", remedy)
    if count > MAX_PROVIDERS:
        rule = f"has {count} providers and must have at most {MAX_PROVIDERS}"
        draft.report(("providers",), rule, "Remove one; 'name: null' removes an inherited one.")


def check_offers_present(draft: Draft) -> None:
    """Check that there is an offer, and no more offers than the model can enumerate."""
    if not draft.offer_names:
        return
    total = sum(len(offers) for offers in draft.offer_names.values())
    if total == 0 and draft.is_sound(("providers",)):
        remedy = "Add one under 'offers' of a provider."
        draft.report(("providers",), "must have at least one offer in all", remedy)
    if total > MAX_OFFERS:
        rule = f"has {total} offers in all and must have at most {MAX_OFFERS}"
        draft.report(("providers",), rule, "Remove some; 'name: null' removes an inherited one.")


_BY_OFFER = ("access", "is_eligible")


def _offer_names(offers: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the name of each offer in tables."""
    return [name_of_members(held) for held in path_members(offers, False) if len(held) == 1]


def column_names(offers: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the columns of a run's countries.csv that contain names of providers and offers.

    Reasons are left out: their columns start with ``driver_`` and end with a term, which has no
    underscore, so no two of them can be equal.

    Examples
    --------
    >>> names = column_names({"us": ("a",), "committed": ("us",)})
    >>> names.count("p_committed_us")
    2
    """
    ids = _offer_names(offers)
    shares = [f"p_committed_{name}" for name in offers]
    shares += [f"p_{what}_{ref}" for what in ("invited", "ever_signed") for ref in ids]
    return [
        *(f"p_{path}" for path in path_names(offers)),
        *(f"{name}{part}" for name in shares for part in ("", "_low", "_high", "_se_chance")),
        *(f"month_signed_{ref}_p{q}" for ref in ids for q in (10, 50, 90)),
        *(f"p_signed_given_invited_{ref}{part}" for ref in ids for part in ("", "_se_chance")),
        *(f"{what}_{ref}" for ref in ids for what in _BY_OFFER),
    ]


def check_path_names(draft: Draft) -> None:
    """Check that no two paths, and no two columns of a table, have the same name."""
    if sum(len(offers) for offers in draft.offer_names.values()) > MAX_OFFERS:
        return
    # Two offers of one name give pairs of one name, which needs no report.
    twice = _twice(_offer_names(draft.offer_names)) or _twice(path_names(draft.offer_names))
    for name in twice:
        rule = f"gives two paths the name {name}"
        draft.report(("providers",), rule, "Rename a provider or an offer.")
    # Paths of one name give columns of one name, which has been reported.
    for name in [] if twice else _twice(column_names(draft.offer_names)):
        rule = f"gives two columns of the table of countries the name {name}"
        draft.report(("providers",), rule, "Rename a provider or an offer.")


def _twice(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def check_group_names(draft: Draft) -> None:
    """Check that no provider is called like a group of countries that is nobody's."""
    for name in draft.offer_names:
        if name in GROUPS_OF_NOBODY:
            rule = f"is taken: tables call groups of countries {', '.join(GROUPS_OF_NOBODY)}"
            draft.report(("providers", name), rule, f"Choose another name, such as {name}_1.")


def check_homes(draft: Draft) -> None:
    """Check that homes are known countries, and that no country is home to two providers."""
    owner: dict[str, str] = {}
    for name, provider in draft.file.providers.items():
        path = ("providers", name, "home")
        for code in draft.codes(provider.home, path):
            other = owner.setdefault(code, name)
            if other != name:
                rule = f"must not include {code}, which is already home to provider {other}"
                remedy = "Give each provider a home of its own."
                draft.report(path, rule, remedy, [("providers", other, "home")])
                break


def check_excluded(draft: Draft) -> None:
    """Check that lists of countries name known countries."""
    draft.codes(draft.file.countries.exclude, ("countries", "exclude"))
    for name, offer, terms in draft.offers():
        path = ("providers", name, "offers", offer)
        draft.codes(terms.excluded, (*path, "excluded"))
        _check_all_or_some(draft, terms.asked, (*path, "asked"))


def _check_all_or_some(draft: Draft, codes: tuple[str, ...], path: Path) -> None:
    """Check a list of places that may be the one word all instead."""
    if codes == (ALL,):
        return
    if not codes:
        draft.report(path, "must name at least one country", "Write all, or list some.")
    elif ALL in codes:
        draft.report(path, "must not mix all with other entries", "Write only: all.")
    else:
        draft.codes(codes, path)


def check_somebody_decides(draft: Draft) -> None:
    """Check that a country is left to decide after homes are set aside."""
    exclude = ("countries", "exclude")
    left = set(known_countries()) - set(draft.expand(draft.file.countries.exclude))
    outside = {
        name: left.intersection(draft.expand(provider.home))
        for name, provider in draft.file.providers.items()
        if not provider.home_takes_part
    }
    if not left:
        draft.report(exclude, "leaves no country to take part", "Keep at least one country.")
    elif not left.difference(*outside.values()):
        name = max(outside, key=lambda name: len(outside[name]))
        home = ("providers", name, "home")
        is_written = at(draft.root, exclude) is not None
        rule = "leaves nobody to decide: all others are homes of providers, which do not take part"
        remedy = f"Keep another country, or set providers.{name}.home_takes_part to true."
        draft.report(exclude if is_written else home, rule, remedy, [home] if is_written else [])


def check_event_countries(draft: Draft) -> None:
    """Check that events name known countries, and that ``all`` stands alone."""
    for position, event in enumerate(draft.file.events):
        for kind in ("shock", "affinity_shift"):
            block = getattr(event, kind)
            if block is not None:
                path = ("events", position, kind, "countries")
                _check_all_or_some(draft, block.countries, path)


def check_megawatts(draft: Draft) -> None:
    """Check that the smallest data centre is not larger than the largest."""
    for name, offer, terms in draft.offers():
        path = ("providers", name, "offers", offer)
        low, high = (*path, "data_centre_mw_min"), (*path, "data_centre_mw_max")
        if draft.is_sound(low, high) and terms.data_centre_mw_min > terms.data_centre_mw_max:
            limit = shown_number(terms.data_centre_mw_max)
            rule = f"must be at most data_centre_mw_max, which is {limit} MW"
            draft.report(low, rule, "Lower the smallest size or raise the largest.", [high])


def check_concessions(draft: Draft) -> None:
    """Check that a single concession does not exceed what may be conceded in all."""
    for name, offer, terms in draft.offers():
        path = ("providers", name, "offers", offer)
        step, limit = (*path, "concession_step"), (*path, "concession_limit")
        if draft.is_sound(step, limit) and _is_step_too_large(terms):
            rule = (
                f"must be at most concession_limit, which is {shown_number(terms.concession_limit)}"
            )
            remedy = "Lower the step or raise the limit; 0 for both means none."
            draft.report(step, rule, remedy, [limit])


def check_enrolment(draft: Draft) -> None:
    """Check that an offer open to all has no slots: nothing says whose acceptance would count."""
    for name, offer, terms in draft.offers():
        path = ("providers", name, "offers", offer)
        if draft.is_sound((*path, "slots")) and terms.open_enrolment and terms.slots is not None:
            rule = "must be null, because open_enrolment invites every country"
            remedy = "Set open_enrolment to false, or slots to null."
            draft.report((*path, "slots"), rule, remedy, [(*path, "open_enrolment")])


def _is_step_too_large(terms: Offer) -> bool:
    # A limit of 0 switches concessions off whatever the step, as levers do.
    return 0 < terms.concession_limit < terms.concession_step
