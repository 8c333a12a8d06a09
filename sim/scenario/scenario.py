"""The frozen scenario: what a run receives, and how to change it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.data.codes import known_countries
from sim.errors import Problem, ScenarioError
from sim.notebook.showing import ShowsItself
from sim.scenario.addresses import split_address
from sim.scenario.building import build_file, without_table_values
from sim.scenario.changes import layer_of_changes, not_a_map
from sim.scenario.checks.checking import Draft
from sim.scenario.estimated import is_from_posterior, posterior_of, values_from
from sim.scenario.months import month_name, month_number
from sim.scenario.reading.layering import lay_over
from sim.scenario.reading.nodes import Node, at, from_plain
from sim.scenario.schema.file import Distribution, Estimated, Lever, ScenarioFile
from sim.scenario.schema.timeline import Event, Horizon, Initial
from sim.scenario.setting import with_numbers
from sim.scenario.wording import shown_number, shown_value, suggest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.data.posterior import Posterior
    from sim.scenario.schema.offers import Offer, Provider


@dataclass(frozen=True, eq=False, repr=False)
class Scenario(ShowsItself):
    """A checked scenario with everything filled in; it cannot be changed, only derived from.

    Two scenarios are equal if their content is. Blocs are resolved into countries, parameters and
    distributions are complete, and events are in the order of their dates.

    Parameters
    ----------
    file : ScenarioFile
        The complete content, as returned by the loading functions.
    source_files : tuple of str
        The files that were read, the scenario's own first.
    parameter_set : str or None
        Name of the parameter set that a file of the chain names.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load_scenario("baseline")
    >>> scenario.months[0], len(scenario.agents), list(scenario.offers)
    ('2025-05', 194, ['us.infrastructure', 'us.adoption', 'china.infrastructure', 'china.adoption'])
    >>> scenario.levers["local_control"].title
    'Control that stays in the host country'
    >>> scenario.value("providers.us.offers.infrastructure.local_control")
    0.35
    """

    file: ScenarioFile
    source_files: tuple[str, ...] = ()
    parameter_set: str | None = None

    @property
    def name(self) -> str:
        """Short name, equal to the stem of the file."""
        return self.file.name

    @property
    def title(self) -> str:
        """What the scenario is about, on one line."""
        return self.file.title

    @property
    def description(self) -> str:
        """What it assumes and why."""
        return self.file.description

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its sizes and dates come from."""
        return self.file.sources

    @property
    def horizon(self) -> Horizon:
        """First and last month."""
        return self.file.horizon

    @cached_property
    def months(self) -> tuple[str, ...]:
        """All months of the horizon as YYYY-MM, both ends included."""
        first, last = month_number(self.horizon.start), month_number(self.horizon.end)
        return tuple(month_name(index) for index in range(first, last + 1))

    @cached_property
    def providers(self) -> Mapping[str, Provider]:
        """Providers by short name, in the order of the file."""
        return MappingProxyType(dict(self.file.providers))

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """Offers by dotted reference, such as ``us.infrastructure``, in the order of the file."""
        return MappingProxyType(
            {
                f"{name}.{key}": offer
                for name, provider in self.file.providers.items()
                for key, offer in provider.offers.items()
            }
        )

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """Value of every model parameter, in the order of the parameter table."""
        return MappingProxyType(dict(self.file.parameters))

    @cached_property
    def uncertainties(self) -> Mapping[str, Distribution]:
        """Distribution of every number that is drawn, by dotted address."""
        return MappingProxyType(dict(self.file.uncertainties))

    @cached_property
    def posterior(self) -> Posterior | None:
        """The posterior from which estimated numbers are drawn; None if none is."""
        return posterior_of(self.file)

    def posterior_rows(self, address: str) -> NDArray[np.float64] | None:
        """Return the values of a number in each row of the posterior, shape (N,).

        They are shifted, and limited to the bounds of the number. None if it is not drawn from the
        posterior.
        """
        distribution = self.file.uncertainties.get(address)
        if self.posterior is None or not is_from_posterior(distribution):
            return None
        assert distribution is not None
        return values_from(self.posterior, address, distribution)

    @cached_property
    def levers(self) -> Mapping[str, Lever]:
        """Levers by short name."""
        return MappingProxyType(dict(self.file.levers))

    @property
    def events(self) -> tuple[Event, ...]:
        """Dated events in the order of their dates."""
        return self.file.events

    @property
    def initial(self) -> Initial:
        """Commitments and withdrawals on record at the start."""
        return self.file.initial

    @property
    def as_of(self) -> str:
        """Month up to which the record was read: ``initial.as_of``, or the horizon's start."""
        return self.file.initial.as_of or self.horizon.start

    @cached_property
    def corporate_ties(self) -> Mapping[str, Mapping[str, float]]:
        """Ties that replace those computed from the facts: country, provider, 0 to 1."""
        return MappingProxyType(
            {country: MappingProxyType(dict(t)) for country, t in self.file.corporate_ties.items()}
        )

    @property
    def excluded_countries(self) -> tuple[str, ...]:
        """Countries left out of the run."""
        return self.file.countries.exclude

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """Home countries of each provider."""
        return MappingProxyType({name: p.home for name, p in self.file.providers.items()})

    @property
    def has_sovereign_path(self) -> bool:
        """Whether a country can build sovereign AI."""
        return self.file.paths is None or self.file.paths.sovereign

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """Countries that decide, sorted: all known ones except homes that do not take part."""
        outside = set(self.excluded_countries)
        for provider in self.file.providers.values():
            if not provider.home_takes_part:
                outside.update(provider.home)
        return tuple(code for code in known_countries() if code not in outside)

    def lever(self, name: str) -> Lever:
        """Return a lever by name.

        Raises
        ------
        ScenarioError
            If the scenario has no lever of that name.
        """
        if not isinstance(name, str) or name not in self.file.levers:
            message = f"lever {json.dumps(str(name)[:60])} is not one of scenario {self.name}."
            raise ScenarioError([Problem("", 0, message, suggest(str(name), self.file.levers))])
        return self.file.levers[name]

    def value(self, address: str) -> float | bool | None:
        """Return the number or switch at a dotted address; None if it is null or computed.

        Raises
        ------
        ScenarioError
            If the address leads to no number of this scenario.
        """
        address = str(address)
        draft = Draft(self.file, Node({}), self._offer_names)
        draft.address(address, (), ("providers", "parameters", "corporate_ties"))
        if draft.problems:
            problem = draft.problems[0]
            message = f"the address {json.dumps(address[:120])} leads to no number of {self.name}."
            raise ScenarioError([Problem("", 0, message, problem.remedy)])
        parts = split_address(address)
        if parts[0] == "corporate_ties":
            return self.file.corporate_ties.get(parts[1], {}).get(parts[2])
        found: float | bool | None = draft.value(address)
        return found

    @cached_property
    def _offer_names(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(p.offers) for name, p in self.file.providers.items()}

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """Return a new scenario with values changed, checked like a file.

        Parameters
        ----------
        changes : mapping
            Dotted address to new value. A map merges, None removes a named entry, a list replaces.
            A number that is set is no longer drawn, unless ``uncertainties.<address>`` is given
            too.

        Raises
        ------
        ScenarioError
            With every problem, each under its dotted address.

        Examples
        --------
        >>> from sim.scenario import load_scenario
        >>> more = load_scenario("baseline").with_changes(
        ...     {"providers.us.offers.infrastructure.slots": 20}
        ... )
        >>> more.offers["us.infrastructure"].slots
        20
        """
        problems: list[Problem] = []
        layer = layer_of_changes(changes, self._offer_names, problems)
        content = self.to_dict()
        if at(layer, ("estimated",)) is not None:
            # What the table says of a parameter yields to the posterior, as in a file.
            content = without_table_values(content)
        root = lay_over(from_plain(content), layer, problems.append)
        file = build_file(root, problems)
        return Scenario(file, self.source_files, self.parameter_set)

    def with_levers(self, values: Mapping[str, float]) -> Scenario:
        """Return a new scenario with levers set, each within its range.

        Raises
        ------
        ScenarioError
            For an unknown lever, a value outside its range, or two levers of one number.

        Examples
        --------
        >>> import sim
        >>> scenario = sim.load_scenario("baseline")
        >>> more = scenario.with_levers({"local_control": 0.7, "slots": 20})
        >>> more.offers["us.infrastructure"].local_control, more.offers["us.infrastructure"].slots
        (0.7, 20)
        """
        problems: list[Problem] = []
        changes: dict[str, Any] = {}
        movers: dict[str, str] = {}
        if not isinstance(values, Mapping):
            raise ScenarioError([not_a_map("levers", values)])
        for name, value in values.items():
            try:
                lever = self.lever(name)
            except ScenarioError as error:
                problems += error.problems
                continue
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and not lever.low <= value <= lever.high:
                span = f"{shown_number(lever.low)} to {shown_number(lever.high)}"
                message = f"lever {name} = {shown_value(value)} must be from {span}."
                remedy = f"To go beyond the lever, set {lever.target} itself."
                problems.append(Problem("", 0, message, remedy))
            other = movers.setdefault(lever.target, name)
            if other != name:
                message = f"lever {name} moves {lever.target}, which lever {other} moves too."
                problems.append(Problem("", 0, message, "Give one of the two."))
            changes[lever.target] = value
        if problems:
            raise ScenarioError(problems)
        if all(type(value) in (int, float) for value in changes.values()):
            file = with_numbers(self.file, changes, self._offer_names)
            if file is not None:
                return Scenario(file, self.source_files, self.parameter_set)
        return self.with_changes(changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole content as plain data that loads again into an equal scenario."""
        content = _dump(self.file)
        assert isinstance(content, dict)
        return content

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content as canonical JSON, in hexadecimal."""
        return hash_of_content(self.to_dict())

    def __eq__(self, other: object) -> bool:
        return self.hash == other.hash if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.title} ({self.hash[:12]})>"

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only maps cannot be pickled; the plain content can, and is checked again.
        return _restored, (self.to_dict(), self.source_files, self.parameter_set)


def canonical_json(content: Any) -> str:
    """Return plain data as the canonical text from which a scenario's hash is made."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def hash_of_content(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a scenario's content, as given by `Scenario.to_dict`."""
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()


def scenario_from_dict(
    content: Mapping[str, Any],
    source_files: tuple[str, ...] = (),
    parameter_set: str | None = None,
) -> Scenario:
    """Return the scenario that `Scenario.to_dict` wrote, checked again.

    Raises
    ------
    ScenarioError
        If the content breaks a rule.
    """
    problems: list[Problem] = []
    if not isinstance(content, Mapping):
        raise ScenarioError([not_a_map("content", content)])
    layer = layer_of_changes({str(key): value for key, value in content.items()}, None, problems)
    root = lay_over(None, layer, problems.append)
    return Scenario(build_file(root, problems), tuple(source_files), parameter_set)


def _restored(content: Any, source_files: Any, parameter_set: Any) -> Scenario:
    return scenario_from_dict(content, source_files, parameter_set)


def _dump(value: Any) -> Any:
    """Return plain data: maps, lists, text, numbers, in the order of the schema."""
    if isinstance(value, BaseModel):
        # In these, an absent key and a null one mean the same.
        drops_null = isinstance(value, Distribution | Estimated | Event | ScenarioFile)
        # A file cannot state the range of a posterior: it follows from the posterior.
        derived = ("low", "mode", "high") if is_from_posterior(value) else ()
        return {
            name: _dump(content)
            for name in type(value).model_fields
            if not ((content := getattr(value, name)) is None and drops_null)
            and name not in derived
        }
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else shown_number(key): _dump(v) for key, v in value.items()
        }
    if isinstance(value, tuple):
        return [_dump(entry) for entry in value]
    return value
