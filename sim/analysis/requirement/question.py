"""What is asked: which country, which offer, by when, how likely, with which levers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.requirement.catalogue import Movable, find_levers
from sim.analysis.shared.given import check_by_name, check_flag, check_names
from sim.errors import InputError, Problem
from sim.experiment.summaries.focus import checked_focus
from sim.model.requests import check_extras, check_request, check_scenario
from sim.scenario.months import month_name, month_number
from sim.scenario.path_names import offer_id
from sim.scenario.schema.fields import MONTH_PATTERN
from sim.scenario.wording import shown_value, suggest
from sim.words.text import with_article
from sim.words.titles import country_names, provider_name

if TYPE_CHECKING:
    from sim.model.world.building import Built
    from sim.scenario import Scenario

Names = Sequence[str] | Mapping[str, float | None] | Mapping[str, float | str | None]


@dataclass(frozen=True)
class Question:
    """What is asked.

    Parameters
    ----------
    scenario : Scenario
    country : str
        ISO3 code; "" for all countries.
    reference : str
        The offer, ``provider.offer``.
    month : str
        Last month that counts, YYYY-MM.
    level : float
        The probability that is wanted, above 0 and below 1.
    levers : tuple of Movable
    is_alone : bool
        Whether the terms are for that country alone.
    """

    scenario: Scenario
    country: str
    reference: str
    month: str
    level: float
    levers: tuple[Movable, ...]
    is_alone: bool = False

    @property
    def name(self) -> str:
        """Name of the country, for readers, as it stands inside a sentence."""
        return with_article(country_names().get(self.country, self.country))

    @property
    def provider(self) -> str:
        """Name of the provider, for readers, as it stands inside a sentence."""
        return with_article(provider_name(self.scenario, self.reference.split(".")[0]))

    @property
    def offer(self) -> str:
        """Name of the offer, for readers."""
        return f"the {self.reference.split('.')[1].replace('_', ' ')} offer of {self.provider}"


def read_question(
    scenario: Scenario,
    country: str | None,
    offer: str | None,
    by: str | None,
    probability: Any,
    levers: Names | None,
    prices: Mapping[str, float] | None,
    is_alone: bool = False,
) -> Question:
    """Return a question, checked.

    Raises
    ------
    InputError
        With every argument that is wrong.
    """
    check_scenario(scenario)
    check_flag("only_it", is_alone)
    check_names("levers", levers, "['fund']")
    check_by_name("prices", prices, "{'fund': 0.5}")
    problems: list[Problem] = []
    code, month, level = "", scenario.months[-1], 0.5
    found: tuple[Movable, ...] = ()
    reference = ""
    try:
        reference = offer_asked(scenario, offer)
    except InputError as error:
        problems += error.problems
    try:
        month = month_asked(scenario, by)
    except InputError as error:
        problems += error.problems
    try:
        level = level_asked(probability)
    except InputError as error:
        problems += error.problems
    try:
        code = "" if country is None else checked_focus(country, scenario, "country")
    except InputError as error:
        problems += error.problems
    if reference:
        try:
            found = find_levers(scenario, reference, levers, prices)
        except InputError as error:
            problems += error.problems
    if is_alone:
        problems += [
            Problem(
                "", 0, f"lever {lever.name} is of the provider as a whole, not of one country.",
                "Leave it out, or ask without an offer for that country alone.",
            )
            for lever in found
            if lever.record == "provider"
        ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return Question(scenario, code, reference, month, level, found, is_alone)


def check_run(replicates: Any, seed: Any, workers: Any, progress: Any) -> None:
    """Check how it is to be run.

    Raises
    ------
    InputError
        If a number is out of its range, or there are too few futures for an interval.
    """
    check_request(replicates, seed, workers)
    check_extras(progress=progress)
    if replicates < LEAST_FUTURES:
        rule = f"replicates = {replicates} must be at least {LEAST_FUTURES}."
        raise InputError([Problem("", 0, rule, "Fewer leave no interval. 200 is usual.")])


LEAST_FUTURES = 8


def offer_asked(scenario: Scenario, offer: str | None) -> str:
    """Return an offer of the scenario, ``provider.offer``; the first unless given.

    Raises
    ------
    InputError
        If there is no such offer, or several have the name that is given.
    """
    known = [*scenario.offers]
    if offer is None:
        return known[0]
    text = str(offer).strip()
    if text in known:
        return text
    same = [ref for ref in known if offer_id(ref) == text or ref.split(".")[1] == text]
    if len(same) == 1:
        return same[0]
    if same:
        rule = f"offer {text!r} is an offer of more than one provider."
        raise InputError([Problem("", 0, rule, f"Write {' or '.join(same)}.")])
    rule = f"offer {shown_value(text)} is not an offer of the scenario {scenario.name}."
    hint = suggest(text, known)
    listed = "" if hint.startswith("Known") else f" They are {', '.join(known)}."
    raise InputError([Problem("", 0, rule, f"{hint}{listed}")])


def month_asked(scenario: Scenario, by: str | None) -> str:
    """Return the last month that counts; a year stands for its December.

    Raises
    ------
    InputError
        If it is no month, or outside the horizon of the scenario.
    """
    months = scenario.months
    if by is None:
        return months[-1]
    text = str(by).strip()
    month = f"{text}-12" if re.fullmatch(r"\d{4}", text, re.ASCII) else text
    remedy = f"Give a month from {months[0]} to {months[-1]} as YYYY-MM, or a year."
    if not re.fullmatch(MONTH_PATTERN, month, re.ASCII):
        raise InputError([Problem("", 0, f"by = {shown_value(text)} is not a month.", remedy)])
    if month not in months:
        rule = f"by = {text} is outside the scenario {scenario.name}, which covers {months[0]} to"
        raise InputError([Problem("", 0, f"{rule} {months[-1]}.", remedy)])
    return month


def level_asked(probability: Any) -> float:
    """Return the probability that is wanted.

    Raises
    ------
    InputError
        If it is not a number above 0 and below 1.
    """
    is_number = isinstance(probability, int | float) and not isinstance(probability, bool)
    if is_number and 0.0 < probability < 1.0:
        return float(probability)
    remedy = "For example 0.5: as likely as not."
    if is_number and 1.0 <= probability <= 100.0:
        remedy = f"For {probability:g} per cent write {probability / 100:g}."
        if probability == 1.0 or probability == 100.0:
            remedy = "Nothing is certain in the model; ask for 0.95, say."
    shown = f"{probability:g}" if is_number else shown_value(probability)
    rule = f"probability = {shown} must be a number above 0 and below 1."
    raise InputError([Problem("", 0, rule, remedy)])


def rule_against(question: Question, built: Built) -> str | None:
    """Return the rule by which the country can never be invited, in words; None if there is none.

    A lever that may move, or an event of the scenario, can lift some rules.
    """
    scenario, code, reference = question.scenario, question.country, question.reference
    provider, key = reference.split(".")
    offer = scenario.offers[reference]
    best = {lever.field: lever.limit for lever in question.levers}
    prefix = f"providers.{provider}.offers.{key}."
    by_event = {
        address.removeprefix(prefix)
        for event in scenario.events
        if event.date <= question.month
        for address in (event.set or {})
    }
    facts = built.world.country[built.axes.country.index(code)]
    if code in offer.excluded:
        return f"{prefix}excluded lists it"
    if not offer.is_open_to(code):
        return f"{prefix}asked does not list it"
    tier = int(facts["chip_tier"])
    if tier > offer.max_chip_tier and "max_chip_tier" not in by_event:
        admits = f"{prefix}max_chip_tier admits {offer.max_chip_tier} at most"
        return f"it is of export tier {tier}, and {admits}"
    floor = best.get("democracy_floor", offer.democracy_floor)
    is_settled = not by_event & {"democracy_floor", "democracy_floor_is_hard"}
    if offer.democracy_floor_is_hard and facts["democracy"] < floor and is_settled:
        return (
            f"its index of liberal democracy, {facts['democracy']:.2f}, is below "
            f"{prefix}democracy_floor = {floor:g}, and the floor is hard"
        )
    places = best.get("slots", offer.slots)
    if places == 0 and "slots" not in by_event and not offer.open_enrolment:
        return f"{prefix}slots = 0: the offer has no places"
    pace = best.get("pace_per_quarter", offer.pace_per_quarter)
    if pace < 1 and "pace_per_quarter" not in by_event and not offer.open_enrolment:
        return f"{prefix}pace_per_quarter = {pace:g}: the provider invites nobody"
    opens = best.get("open_from", month_number(offer.open_from or scenario.months[0]))
    if opens > month_number(question.month):
        return f"the offer opens in {month_name(round(opens))}, after {question.month}"
    return None


def check_can_be_invited(question: Question, built: Built) -> None:
    """Check that the country has not signed yet, and that no rule keeps it from being invited.

    Raises
    ------
    InputError
        Names the month of its signature, or the rule and a lever that would lift it.
    """
    for made in question.scenario.initial.commitments:
        if (made.country, made.offer) == (question.country, question.reference):
            rule = f"{question.name} has signed {made.offer} already, in {made.signed}."
            remedy = "Ask about another offer, or start from a scenario in which it has not."
            raise InputError([Problem("", 0, rule, remedy)])
    why = rule_against(question, built)
    if why is None:
        return
    rule = f"{question.name} can never be invited to {question.reference}: {why}."
    lifting = {"democracy_floor": "democracy_floor", "slots =": "slots", "opens in": "opening",
               "pace_per_quarter": "pace"}  # fmt: skip
    lever = next((name for word, name in lifting.items() if word in why), None)
    moved = {each.name for each in question.levers}
    remedy = "Change that term of the scenario, or ask about another offer."
    if lever is not None and lever not in moved:
        remedy = f"Let the lever {lever} move too, or ask about another offer."
    raise InputError([Problem("", 0, rule, remedy)])
