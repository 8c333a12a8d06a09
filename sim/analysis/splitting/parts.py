"""The parts of a change from one scenario to another."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from sim.analysis.moved import two_in_command
from sim.analysis.shared.given import check_by_name, check_names
from sim.analysis.splitting.mixing import mixture
from sim.errors import InputError, Problem
from sim.experiment.spans import shared_months
from sim.scenario.differing import UNCERTAIN, scenario_changes
from sim.scenario.estimated import is_from_posterior
from sim.words.text import with_article
from sim.words.titles import address_title, provider_name

if TYPE_CHECKING:
    from sim.scenario import Scenario

LEVERS, BELIEFS, EVENTS, RECORD, WORLD = "levers", "beliefs", "events", "record", "world"
TITLES = {
    LEVERS: "levers",
    BELIEFS: "weights and other beliefs",
    EVENTS: "events",
    RECORD: "the record and the months covered",
    WORLD: "countries, ties and paths",
}
_BY_FIRST_KEY = {
    "parameters": BELIEFS, "estimated": BELIEFS, "events": EVENTS, "initial": RECORD,
    "horizon": RECORD,
}  # fmt: skip
MOST_PARTS = 8  # 256 runs
BY_GROUP, BY_ADDRESS = "group", "address"
WAYS = (BY_GROUP, BY_ADDRESS)


@dataclass(frozen=True)
class Part:
    """Some of the addresses in which two scenarios differ.

    Parameters
    ----------
    name : str
        Short name.
    title : str
        Name for readers.
    addresses : tuple of str
    """

    name: str
    title: str
    addresses: tuple[str, ...]

    def joined(self, other: Part) -> Part:
        """Return both as one."""
        return Part(
            f"{self.name}+{other.name}", f"{self.title} and {other.title}",
            self.addresses + other.addresses,
        )  # fmt: skip


def parts_of(
    a: Scenario, b: Scenario, by: str = BY_GROUP, groups: Mapping[str, Sequence[str]] | None = None
) -> tuple[Part, ...]:
    """Return the parts of the change from a to b.

    Parameters
    ----------
    a, b : Scenario
    by : str
        ``group``: levers, other terms of each provider, beliefs, events, the record, and the rest;
        ``address``: each address apart, with its range.
    groups : mapping of str to sequence of str, optional
        Groups of the caller's own, each with addresses or beginnings of addresses; what is in none
        is divided as `by` says.

    Raises
    ------
    InputError
        If `by` is neither, the two are alike, a group has no address in which they differ, or
        there are more than eight parts.
    """
    if by not in WAYS:
        rule = f"by = {by!r} is neither {' nor '.join(WAYS)}."
        raise InputError([Problem("", 0, rule, "Choose one of the two.")])
    changes = scenario_changes(a, b)
    changed = [address for address, *_ in changes]
    if not changed:
        rule = "the two scenarios are alike in all that matters to a run."
        raise InputError([Problem("", 0, rule, "Give two that differ, or change the second.")])
    check_by_name("groups", groups, "{'control': ['providers.us.offers.infrastructure']}")
    for name, beginnings in (groups or {}).items():
        check_names(f"group {name}", beginnings, "['providers.us.offers.infrastructure']")
    own = _own_groups(changed, groups or {})
    # What only one of the two has is no lever between them, such as a term of another provider.
    in_both = {address for address, value_a, value_b in changes if value_a and value_b}
    levers = in_both & {x.target for scenario in (a, b) for x in scenario.levers.values()}
    found: dict[str, Part] = {}
    for address in changed:
        name = own.get(address) or _name(a, b, address, by, levers)
        title = name if address in own else _title(a, b, name, by)
        before = found.get(name, Part(name, title, ()))
        found[name] = Part(name, title, (*before.addresses, address))
    parts = _told_apart(found.values(), by)
    if len(parts) > MOST_PARTS:
        rule = f"the two scenarios differ in {len(parts)} parts, and {MOST_PARTS} are the most."
        remedy = "Divide by group, or put addresses together in groups of your own."
        raise InputError([Problem("", 0, rule, remedy)])
    return _separable(a, b, parts)


def _own_groups(changed: Sequence[str], groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the name of the caller's group for each address that is in one."""
    found: dict[str, str] = {}
    problems = []
    for name, beginnings in groups.items():
        given = (beginnings,) if isinstance(beginnings, str) else tuple(beginnings)
        for beginning in given:
            inside = [address for address in changed if _is_below(_bare(address), beginning)]
            if not inside:
                rule = f"group {name}: the two scenarios do not differ in {beginning}."
                remedy = f"They differ in {', '.join(changed[:8]) or 'nothing'}."
                problems.append(Problem("", 0, rule, remedy))
            for address in inside:
                found.setdefault(address, name)
    if problems:
        raise InputError(problems)
    return found


def _is_below(address: str, beginning: str) -> bool:
    return address == beginning or address.startswith(f"{beginning}.")


def _bare(address: str) -> str:
    """Return the address of the number whose range an address is."""
    return address.removeprefix(UNCERTAIN)


def _name(a: Scenario, b: Scenario, address: str, by: str, levers: set[str]) -> str:
    """Return the part to which an address belongs."""
    bare = _bare(address)
    if address != bare and _is_from_posterior(a, b, bare):
        return BELIEFS
    if by == BY_ADDRESS:
        # Numbers from history come as one draw: they can only be taken together.
        return BELIEFS if bare.startswith("estimated") else bare
    if bare in levers:
        return LEVERS
    first, *rest = bare.split(".")
    return rest[0] if first == "providers" else _BY_FIRST_KEY.get(first, WORLD)


def _is_from_posterior(a: Scenario, b: Scenario, bare: str) -> bool:
    return any(is_from_posterior(each.uncertainties.get(bare)) for each in (a, b))


def _title(a: Scenario, b: Scenario, name: str, by: str) -> str:
    if name in TITLES:
        return TITLES[name]
    if by == BY_ADDRESS:
        return address_title(name, b, a)
    whose = b if name in b.providers else a
    return f"other terms of {with_article(provider_name(whose, name))}"


def _told_apart(parts: Iterable[Part], by: str) -> list[Part]:
    """Return the parts; without levers there are no *other* terms."""
    found = [*parts]
    if by == BY_GROUP and LEVERS not in {part.name for part in found}:
        return [replace(part, title=part.title.removeprefix("other ")) for part in found]
    return found


def _separable(a: Scenario, b: Scenario, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts any set of which can be taken over: those that need each other are joined."""
    found = [*parts]
    while len(found) > 1 and (pair := _inseparable(a, b, found)) is not None:
        first, second = pair
        found[first] = found[first].joined(found[second])
        del found[second]
    return tuple(found)


def _inseparable(a: Scenario, b: Scenario, parts: Sequence[Part]) -> tuple[int, int] | None:
    """Return two parts of a smallest set that no scenario can take over alone, or None."""

    def can_be(chosen: Sequence[int]) -> bool:
        return mixture(a, b, [x for g in chosen for x in parts[g].addresses]) is not None

    everybody = range(len(parts))
    for size in range(1, len(parts)):
        for chosen in combinations(everybody, size):
            if can_be(chosen):
                continue
            others = [g for g in everybody if g not in chosen]
            needed = next((g for g in others if can_be((*chosen, g))), others[0])
            first, second = sorted((chosen[-1], needed))
            return first, second
    return None


def split_command(a: Scenario, b: Scenario, outcome: str, last: str) -> str:
    """Return the command that divides the change of an outcome from a to b; "" without one.

    Parameters
    ----------
    a, b : Scenario
    outcome : str
        Such as ``n_countries(us)``.
    last : str
        Month at whose end the outcome is taken, "YYYY-MM".

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> linked = baseline.with_levers({"linkage": 1})
    >>> split_command(baseline, linked, "n_countries(us)", "2030-12")
    "alignsim split baseline --lever linkage=1 --outcome 'n_countries(us)'"
    >>> split_command(linked, baseline, "n_countries(us)", "2030-12")
    ''
    """
    two = two_in_command(a, b)
    try:
        parts_of(a, b)
    except InputError:
        return ""
    if two is None:
        return ""
    is_whole = last == shared_months((a, b))[-1]
    end = [] if is_whole else ["--as-of", last]
    return shlex.join(["alignsim", "split", *two, "--outcome", outcome, *end])
