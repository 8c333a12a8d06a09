"""What every check receives: the scenario, the places of its values, and a way to report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.data.codes import GROUPS, bloc_members, known_countries
from sim.data.parameters import load_parameters
from sim.errors import Problem
from sim.scenario.addresses import FieldSpec, field_at, numeric_fields, split_address
from sim.scenario.reading.nodes import Node, Path, at, dotted, trail
from sim.scenario.schema.offers import Offer, Provider
from sim.scenario.schema.translation import problem_at, written_path
from sim.scenario.wording import country_problem, shown_value, suggest, suggest_country

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sim.scenario.schema.file import ScenarioFile

# Stands for every country in the list of countries that an event affects.
ALL = "all"


@dataclass
class Draft:
    """A scenario that fits the schema and is going through the checks.

    Parameters
    ----------
    file : ScenarioFile
        The content, without what the schema refused.
    root : Node
        The same content with file positions.
    offer_names : mapping
        Offers of each provider as written, including those that the schema refused, so that a
        reference to one of them is not reported again.
    spoilt : sequence of path
        What the schema refused; checks that need it are skipped.
    missing : set of path
        The missing ones among them, which now hold a meaningless placeholder.
    files : sequence of str
        The files that were merged, the scenario's own first.
    """

    file: ScenarioFile
    root: Node
    offer_names: Mapping[str, tuple[str, ...]]
    spoilt: Sequence[Path] = ()
    missing: Collection[Path] = ()
    files: Sequence[str] = ()
    problems: list[Problem] = field(default_factory=list)
    _known: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def report(
        self,
        path: Sequence[str | int],
        rule: str,
        remedy: str = "",
        against: Sequence[Sequence[str | int]] = (),
    ) -> None:
        """Record that the value at a path breaks a rule.

        If one of the values ``against`` which it was checked is in a file nearer to the scenario's
        own, that one is named instead: its author made the contradiction.
        """
        places = [node for other in against if (node := at(self.root, other)) is not None]
        far = trail(self.root, path)[-1]
        near = min(places, key=self._depth, default=far)
        if self._depth(near) >= self._depth(far):
            self.problems.append(problem_at(self.root, path, rule, remedy))
            return
        other = next(other for other in against if at(self.root, other) is near)
        place = f"{far.file}:{far.line}" if far.line else far.file
        shown = dotted(written_path(self.root, path))
        if not isinstance(far.value, dict | list):
            shown = f"{shown} = {shown_value(far.value)}"
        rule = f"contradicts {shown} ({place}), which {rule}"
        self.problems.append(problem_at(self.root, other, rule, remedy))

    def _depth(self, node: Node) -> int:
        """Return how far up the chain of files a value was written."""
        return self.files.index(node.file) if node.file in self.files else 0

    def is_sound(self, *paths: Sequence[str | int]) -> bool:
        """Return whether nothing above, at or below these paths was refused by the schema."""
        return not any(
            all(one == other for one, other in zip(refused, path, strict=False))
            for path in (written_path(self.root, path) for path in paths)
            for refused in self.spoilt
        )

    def is_missing(self, path: Sequence[str | int]) -> bool:
        """Return whether a required value is missing and a placeholder stands for it."""
        return bool(self.missing) and written_path(self.root, path) in self.missing

    @property
    def has_no_providers(self) -> bool:
        """Whether the schema refused the providers as a whole.

        Everything that names a provider would then be wrong without being at fault.
        """
        return ("providers",) in self.spoilt

    def offer(self, reference: str) -> Offer | None:
        """Return the offer that ``provider.offer`` names, if there is one."""
        provider, _, offer = reference.partition(".")
        block = self.file.providers.get(provider)
        return block.offers.get(offer) if block is not None else None

    def offers(self) -> list[tuple[str, str, Offer]]:
        """Return provider, offer and terms of every offer."""
        return [
            (provider, offer, terms)
            for provider, block in self.file.providers.items()
            for offer, terms in block.offers.items()
        ]

    def codes(self, codes: Sequence[str], path: Path, *, blocs: bool = True) -> tuple[str, ...]:
        """Return the countries in a list of codes and blocs; report mistakes in it."""
        if self.is_missing(path):
            return ()
        countries = known_countries()
        found: list[str] = []
        for position, code in enumerate(codes):
            members = bloc_members(code) if blocs else None
            if code in codes[:position]:
                self.report((*path, position), "is listed twice", "Keep one of the two.")
            elif code in countries:
                found.append(code)
            elif members is not None:
                found.extend(members)
            else:
                self.report((*path, position), *_no_country(code, blocs=blocs))
        return tuple(dict.fromkeys(found))

    @staticmethod
    def expand(codes: Sequence[str]) -> tuple[str, ...]:
        """Return the known countries in a list of codes and blocs, without reporting."""
        countries = known_countries()
        found = [
            member
            for code in codes
            for member in ((code,) if code in countries else bloc_members(code) or ())
        ]
        return tuple(dict.fromkeys(found))

    def country(self, code: str, path: Path) -> bool:
        """Return whether a code is a known country; report it if not."""
        if self.is_missing(path):
            return False
        if code in known_countries():
            return True
        self.report(path, *_no_country(code, blocs=False))
        return False

    def provider(self, name: str, path: Path) -> bool:
        """Return whether a provider exists; report it if not."""
        if self.has_no_providers or self.is_missing(path):
            return False
        if name in self.offer_names:
            return name in self.file.providers
        self.report(path, "is not a provider of this scenario", suggest(name, self.offer_names))
        return False

    def reference(self, reference: str, path: Path) -> bool:
        """Return whether ``provider.offer`` exists; report it if not."""
        if self.has_no_providers or self.is_missing(path):
            return False
        known = [f"{name}.{offer}" for name, offers in self.offer_names.items() for offer in offers]
        if reference in known:
            return self.offer(reference) is not None
        name, _, offer = reference.partition(".")
        if self._was_refused(("providers", name, "offers", offer)):
            return False
        self.report(path, "is not an offer of this scenario", suggest(reference, known))
        return False

    def address(self, address: str, path: Path, groups: Iterable[str]) -> FieldSpec | None:
        """Return what a dotted address holds; report an address that leads nowhere.

        Parameters
        ----------
        address : str
            For example ``providers.us.offers.infrastructure.slots``.
        path : path
            Where the address is written.
        groups : iterable of str
            Top-level keys it may begin with.
        """
        if self.is_missing(path):
            return None
        parts = split_address(address)
        spec = field_at(parts) if parts[0] in groups and self._exists(parts) else None
        if spec is None and parts[0] in groups and self._was_refused(parts):
            return None
        if spec is None or not (spec.is_numeric or spec.kind == "switch"):
            rule = "leads to no number of this scenario" if spec is None else "is not a number"
            known = self.known_addresses(groups)
            remedy = suggest(address, known) or f"Begin with {' or '.join(groups)}."
            if parts[0] == "corporate_ties" and "corporate_ties" in groups:
                remedy = self._tie_remedy(parts)
            if path and path[-1] == address:
                node = trail(self.root, path)[-1]
                block = dotted(written_path(self.root, path)[:-1])
                message = f"{block}: the address {shown_value(address)} {rule}."
                self.problems.append(Problem(node.file, node.line, message, remedy))
            else:
                self.report(path, rule, remedy)
            return None
        return spec

    def _tie_remedy(self, parts: Sequence[str]) -> str:
        """Return the remedy for an address of a tie that leads nowhere."""
        if len(parts) != 3:
            return "Write corporate_ties, a country and a provider: corporate_ties.KOR.us."
        if parts[1] not in known_countries():
            return suggest_country(parts[1])
        return suggest(parts[2], self.offer_names)

    def _exists(self, parts: Sequence[str]) -> bool:
        if parts[0] == "providers":
            if len(parts) >= 4 and parts[2] == "offers":
                return parts[3] in self.offer_names.get(parts[1], ())
            return len(parts) >= 2 and parts[1] in self.offer_names
        if parts[0] == "corporate_ties":
            return (
                len(parts) == 3 and parts[1] in known_countries() and parts[2] in self.offer_names
            )
        return True

    def _was_refused(self, parts: Sequence[str]) -> bool:
        if parts[0] == "corporate_ties" and self.has_no_providers:
            return True
        return any(tuple(parts[: len(path)]) == path for path in self.spoilt)

    def known_addresses(self, groups: Iterable[str]) -> list[str]:
        """Return the dotted addresses of all numbers of the scenario in these groups."""
        groups = tuple(groups)
        if groups in self._known:
            return self._known[groups]
        known = self._known[groups] = []
        if "parameters" in groups:
            known += [f"parameters.{name}" for name in load_parameters()]
        if "providers" in groups:
            for name, offers in self.offer_names.items():
                known += [f"providers.{name}.{term}" for term in numeric_fields(Provider)]
                known += [
                    f"providers.{name}.offers.{offer}.{term}"
                    for offer in offers
                    for term in numeric_fields(Offer)
                ]
        return known

    def value(self, address: str) -> Any:
        """Return the value at a dotted address, or the default if nothing is written."""
        parts = split_address(address)
        if parts[0] == "providers" and len(parts) in (3, 5):
            block: Any = self.file.providers.get(parts[1])
            if len(parts) == 5 and block is not None:
                block = block.offers.get(parts[3])
            return getattr(block, parts[-1], None)
        if parts[0] == "parameters":
            row = load_parameters()[parts[1]]
            return self.file.parameters.get(parts[1], row.default)
        node = at(self.root, parts)
        return node.value if node is not None else None


def _no_country(code: str, *, blocs: bool) -> tuple[str, str]:
    """Return rule and remedy for an entry that is not the code of a country or bloc."""
    if blocs and code.upper() in GROUPS:
        return "must be in capitals", f"Did you mean '{code.upper()}'?"
    rule, remedy = country_problem(code, "country or bloc" if blocs else "country")
    if blocs and remedy.startswith("Use"):
        remedy = f"{remedy} Blocs and lists are {', '.join(GROUPS)}."
    return rule, remedy


def offer_names_of(root: Node) -> dict[str, tuple[str, ...]]:
    """Return the names of providers and their offers as written."""
    providers = at(root, ("providers",))
    if providers is None or not isinstance(providers.value, dict):
        return {}
    names = {}
    for name, block in providers.value.items():
        offers = at(block, ("offers",))
        has_offers = offers is not None and isinstance(offers.value, dict)
        names[name] = tuple(offers.value) if has_offers else ()  # type: ignore[union-attr, arg-type]
    return names
