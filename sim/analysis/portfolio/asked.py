"""What a caller asks of a portfolio, checked: the offer, the countries, the places and limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.portfolio.market import Limits, Market, held_at_start
from sim.analysis.portfolio.objective import Objective, read_objective
from sim.analysis.quantities import refusal
from sim.analysis.shared.given import check_by_name
from sim.errors import InputError, Problem
from sim.experiment.intervals import HIGH, quantiles
from sim.experiment.summaries.focus import checked_focus
from sim.model.requests import check_whole
from sim.scenario.wording import shown_value, suggest
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.analysis.shared.packages import Packages
    from sim.model.world.building import Built
    from sim.scenario import Scenario

MOST_PLACES = 200
MOST_TERMS = 6


@dataclass(frozen=True)
class Asked:
    """A question about a portfolio.

    Parameters
    ----------
    offer : str
        Reference of the offer, such as ``us.infrastructure``.
    objective : Objective
    places : int
        Countries that can hold the offer, those on record included.
    megawatts, budget_usd_m : float or None
        None for no limit.
    include, exclude : tuple of str
        ISO3 codes of countries that are asked in any case, and of those that are not asked.
    """

    offer: str
    objective: Objective
    places: int
    megawatts: float | None = None
    budget_usd_m: float | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def asked_offer(scenario: Scenario, given: str | None) -> str:
    """Return the offer that is meant: the first by selection unless one is given.

    Raises
    ------
    InputError
        If there is no such offer, or it invites every country.
    """
    by_selection = [ref for ref, offer in scenario.offers.items() if not offer.open_enrolment]
    choose = f"Choose one of {', '.join(by_selection)}." if by_selection else ""
    if given is None:
        if not by_selection:
            rule = f"the scenario {scenario.name} has no offer by selection."
            raise refusal(rule, "Give an offer open_enrolment: false, and slots.")
        with_slots = (ref for ref in by_selection if scenario.offers[ref].slots is not None)
        return next(with_slots, by_selection[0])
    if not isinstance(given, str):
        raise refusal(f"offer must be a text, not a {type(given).__name__}.", choose)
    known = {name: ref for ref in scenario.offers for name in (ref, ref.replace(".", "_"))}
    if given not in known:
        guess = suggest(given, scenario.offers)
        rule = f"offer {given[:60]!r} is not one of the scenario {scenario.name}."
        raise refusal(rule, guess or choose)
    if scenario.offers[known[given]].open_enrolment:
        rule = (
            f"offer {known[given]} has open enrolment: every country that its rules "
            "admit may join, so there is nobody to choose."
        )
        raise refusal(rule, choose or "Choose an offer by selection.")
    return known[given]


def asked_places(scenario: Scenario, offer: str, given: int | None) -> int:
    """Return the number of places: the slots of the offer unless given.

    Raises
    ------
    InputError
        If it is no whole number from 1 to 200, or the offer has no limit and none is given.
    """
    slots = scenario.offers[offer].slots
    if given is None and slots is None:
        rule = f"offer {offer} has no limit of slots."
        raise refusal(rule, "Say how many places there are: --slots 10, slots=10 in Python.")
    places: Any = slots if given is None else given
    problems = check_whole("slots", places, 1, MOST_PLACES, "Give how many countries can hold it.")
    if problems:
        raise InputError(problems)
    return int(places)


def asked_limit(name: str, given: float | None) -> float | None:
    """Return a limit of megawatts or money.

    Raises
    ------
    InputError
        If it is no number above 0.
    """
    if given is None:
        return None
    try:
        value = math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        value = math.nan
    if not (math.isfinite(value) and value > 0.0):
        shown = shown_value(given) if isinstance(given, float | int | str) else type(given).__name__
        rule = f"{name} = {shown} must be a number above 0."
        raise refusal(rule, "Leave it out for no limit.")
    return value


def asked_countries(scenario: Scenario, given: Sequence[str], option: str) -> tuple[str, ...]:
    """Return the codes of countries given by code or name, each once.

    Raises
    ------
    InputError
        With every one that is no country, or takes no part.
    """
    listed = [given] if isinstance(given, str) else [*given]
    found: list[str] = []
    problems: list[Problem] = []
    for each in listed:
        try:
            found.append(checked_focus(each, scenario, option))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(dict.fromkeys(found))


def read_question(
    scenario: Scenario, offer: str | None, objective: str | Mapping[str, float],
    slots: int | None, megawatts: float | None, budget_usd_m: float | None,
    include: Sequence[str], exclude: Sequence[str],
) -> Asked:  # fmt: skip
    """Return a question, checked; see `sim.portfolio`.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    problems: list[Problem] = []

    def checked(check: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return check(*arguments)
        except InputError as error:
            problems.extend(error.problems)

    reference = checked(asked_offer, scenario, offer)
    found: tuple[Any, ...] = (
        checked(read_objective, objective),
        checked(asked_places, scenario, reference, slots) if reference else None,
        checked(asked_limit, "megawatts", megawatts),
        checked(asked_limit, "budget_usd_m", budget_usd_m),
        checked(asked_countries, scenario, include, "include"),
        checked(asked_countries, scenario, exclude, "exclude"),
    )
    if problems:
        raise InputError(problems)
    return Asked(reference, *found)


def market_of(built: Built, asked: Asked) -> Market:
    """Return the market of an offer, without the countries that are not to be asked.

    Raises
    ------
    InputError
        If the offer opens after the last month, its rules admit nobody, or they do not admit a
        country that is to be asked.
    """
    axes, scenario = built.axes, built.scenario
    o = [*scenario.offers].index(asked.offer)
    if int(built.world.offer["opening"][o]) >= built.world.n_months:
        opens = scenario.offers[asked.offer].open_from or axes.month[0]
        rule = (
            f"offer {asked.offer} opens in {month_in_words(opens)}, and the run ends in "
            f"{month_in_words(axes.month[-1])}."
        )
        raise refusal(rule, "Give a later month, or leave --as-of out.")
    why_not = _why_not(built, o, asked.offer)
    shut = {*why_not, *(axes.country.index(code) for code in asked.exclude)}
    problems = []
    for code in asked.include:
        i = axes.country.index(code)
        if code in asked.exclude:
            rule = f"include and exclude both name {code}."
            problems.append(Problem("", 0, rule, "Take it off one of the two."))
        elif i in why_not:
            rule = f"include {code}: offer {asked.offer} cannot be made to it: {why_not[i]}."
            remedy = "Leave it out of the list, or change the rule in the scenario."
            problems.append(Problem("", 0, rule, remedy))
    if problems:
        raise InputError(problems)
    candidates = tuple(i for i in range(len(axes.country)) if i not in shut)
    if not candidates:
        rule = f"offer {asked.offer} can be made to no country."
        raise refusal(rule, "Exclude fewer countries, or change the rules of the offer.")
    return Market(built, o, candidates)


def _why_not(built: Built, o: int, offer: str) -> dict[int, str]:
    """Return the countries to which the offer cannot be made, and which rule says so."""
    terms, world = built.scenario.offers[offer], built.world
    held = held_at_start(built, o)
    found: dict[int, str] = {}
    for i, country in enumerate(world.country):
        start = world.start[i, o]
        is_below = country["democracy"] < terms.democracy_floor
        if i in held:
            found[i] = "it holds it already, on record"
        elif start["is_excluded"]:
            found[i] = "a list of the offer (asked, excluded) leaves it out"
        elif country["chip_tier"] > terms.max_chip_tier:
            found[i] = f"max_chip_tier {terms.max_chip_tier} leaves it out"
        elif terms.democracy_floor_is_hard and is_below:
            found[i] = f"its democracy is below the hard floor {terms.democracy_floor:g}"
        elif start["closed_until"] >= world.n_months:
            found[i] = "its cool-down since a withdrawal lasts beyond the last month"
    return found


def limits_of(market: Market, asked: Asked, brings: Packages) -> Limits:
    """Return places and limits, with what each country counts.

    Raises
    ------
    InputError
        If there are no more places than partners on record, more places than countries, or no
        country fits, or not all those that are to be asked.
    """
    size, bill = (quantiles(load, (HIGH,))[0] for load in (brings.size_mw, brings.bill_usd_m))
    limits = Limits(asked.places, asked.megawatts, asked.budget_usd_m, size, bill, market.held)
    n_held, n = len(market.held), len(market.candidates)
    if limits.to_choose < 1:
        rule = (
            f"slots = {asked.places}: {n_held} partners on record hold all of them, so there is "
            "nobody to choose."
        )
        raise refusal(rule, f"Give at least {n_held + 1}.")
    if limits.to_choose > n:
        held = f"and {n_held} hold it already, " if n_held else ""
        rule = (
            f"slots = {asked.places}: the offer can be made to {n} countries, {held}so there are "
            "more places than countries."
        )
        raise refusal(rule, f"Give at most {n + n_held}.")
    _check_room(market, limits)
    _check_forced(market, limits, asked.include)
    return limits


def _check_room(market: Market, limits: Limits) -> None:
    """Refuse limits under which nobody can be asked."""
    if any(limits.admit([i]) for i in market.candidates):
        return
    kinds = (("megawatts", "MW", limits.megawatts, limits.size_mw),
             ("budget_usd_m", "USD million", limits.budget_usd_m, limits.bill_usd_m))  # fmt: skip
    problems = []
    for name, unit, most, load in kinds:
        if most is None:
            continue
        held = float(load[[*market.held]].sum())
        least = min(market.candidates, key=lambda i: load[i])
        if held + load[least] > most:
            on_record = f"partners on record take {held:,.0f} {unit}, and " if held else ""
            rule = (
                f"{name} = {most:g} admits nobody: {on_record}the country that takes least, "
                f"{market.name(least)}, takes {load[least]:,.0f} {unit}."
            )
            remedy = f"Give at least {math.ceil(held + load[least]):,}.".replace(",", "")
            problems.append(Problem("", 0, rule, remedy))
    if not problems:
        rule = "megawatts and budget_usd_m together admit nobody."
        problems.append(Problem("", 0, rule, "Raise one of the two."))
    raise InputError(problems)


def _check_forced(market: Market, limits: Limits, include: Collection[str]) -> None:
    """Refuse countries to be asked in any case that do not fit together."""
    if limits.admit(indices(market, include)):
        return
    if len(include) > limits.to_choose:
        rule = f"include names {len(include)} countries, and {limits.to_choose} places are free."
    else:
        rule = f"include names {', '.join(include)}, which together exceed the limits."
    raise refusal(rule, "Name fewer, or raise the limits.")


def indices(market: Market, codes: Collection[str]) -> frozenset[int]:
    """Return the indices of countries."""
    return frozenset(market.built.axes.country.index(code) for code in codes)


def checked_terms(
    scenario: Scenario, terms: Mapping[str, Mapping[str, float]] | None
) -> dict[str, Scenario]:
    """Return the scenario under each setting of terms, by the name of the setting.

    Levers go by name, other numbers by dotted address.

    Raises
    ------
    InputError
        With every setting that breaks a rule.
    """
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    if terms is not None and not isinstance(terms, Mapping):
        rule = f"terms must be a mapping, not a {type(terms).__name__}."
        raise refusal(rule, "For example: terms={'more control': {'local_control': 0.8}}.")
    if len(terms or {}) > MOST_TERMS:
        rule = f"there are {len(terms or {})} settings of terms, and {MOST_TERMS} are the most."
        raise refusal(rule, "Give fewer.")
    for name, values in (terms or {}).items():
        check_by_name(f"terms {name}", values, "{'local_control': 0.8}")
        try:
            levers = {key: value for key, value in values.items() if "." not in key}
            others = {key: value for key, value in values.items() if "." in key}
            found[str(name)] = scenario.with_changes(others).with_levers(levers)
        except InputError as error:
            problems += [
                Problem(p.file, p.line, f"terms {name}: {p.message}", p.remedy)
                for p in error.problems
            ]
    if problems:
        raise InputError(problems)
    return found


def ranked_by(values: np.ndarray, market: Market, limits: Limits, n: int) -> tuple[int, ...]:
    """Return the first of a ranking that fit together, at most `n`."""
    found: list[int] = []
    for i in sorted(market.candidates, key=lambda i: (-float(values[i]), i)):
        if len(found) < n and limits.admit([*found, i]):
            found.append(i)
    return tuple(found)
