"""Titles of addresses, offers, paths, facts and features on the pages.

Files and the command line use the names of scenario files and tables; the pages use titles.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sim.data import load_facts, load_parameters
from sim.data.parameters import parameter_label
from sim.scenario import field_at, split_address
from sim.scenario.path_names import SOVEREIGN, UNCOMMITTED, offer_id
from sim.words.offer_terms import label_of
from sim.words.text import with_article

if TYPE_CHECKING:
    from sim.scenario import Scenario

_FEATURES = {
    "affinity": "Agreement in foreign policy",
    "ally": "Security tie",
    "base_concern": "Concern about sovereignty",
    "capability": "Capability of its own",
    "chip_tier": "US export tier for chips",
    "democracy": "Liberal democracy",
    "dispute": "Dispute over territory",
    "likeness": "Likeness of government",
    "rival_affinity": "Affinity to the rival",
    "distrust": "Distrust",
    "exposure": "Dependence on its trade",
    "gdp_rank": "GDP, rank among countries",
    "gdp_usd": "GDP",
    "headroom_mw": "Power that can be found",
    "need_mw": "Compute that it wants",
    "population": "Population",
    "power_price_rank": "Price of power, rank among countries",
    "readiness": "Readiness for AI",
    "record": "Answers to its earlier requests",
    "tie": "Ties between firms",
}
_GROUPS = {
    "fact": "On record",
    "feature": "Computed for the model",
    "peer": "Peer",
    "agreement": "Agreement",
    "corporate tie": "Tie between firms",
    "event": "Dated event",
}
_OTHER = {
    "horizon.start": "First month",
    "horizon.end": "Last month",
    "estimated.as_of": "Month of the posterior",
    "estimated.kind": "Kind of programme of the posterior",
    "estimated.programme": "Programme of the posterior",
    "countries.exclude": "Countries left out",
    "countries.include": "Countries taken in",
    "events": "Events",
    "parameter_set": "Set of parameters",
}


def offer_title(scenario: Scenario, reference: str) -> str:
    """Return the title of an offer: its provider, and the offer's name in words.

    Examples
    --------
    >>> import sim
    >>> offer_title(sim.load_scenario("baseline"), "us.infrastructure")
    'United States: infrastructure'
    """
    provider, key = reference.split(".", 1)
    who = provider_name(scenario, provider) if provider in scenario.providers else provider
    return f"{who}: {key.replace('_', ' ')}"


def path_title(path: str, scenario: Scenario) -> str:
    """Return the title of a path.

    Examples
    --------
    >>> import sim
    >>> path_title("us_adoption_and_china_infrastructure", sim.load_scenario("baseline"))
    'United States: adoption + China: infrastructure'
    >>> path_title("china_adoption_and_sovereign", sim.load_scenario("baseline"))
    'China: adoption + sovereign AI'
    """
    if path == UNCOMMITTED:
        return "Waits"
    if path == SOVEREIGN:
        return "Sovereign AI alone"
    names = {offer_id(ref): offer_title(scenario, ref) for ref in scenario.offers}
    pairs = {f"{one}_and_{two}": f"{names[one]} + {names[two]}" for one in names for two in names}
    pairs |= {f"{one}_and_{SOVEREIGN}": f"{names[one]} + sovereign AI" for one in names}
    return names.get(path) or pairs.get(path, path)


def address_title(address: str, *scenarios: Scenario) -> str:
    """Return the title of an address in scenario files.

    A lever has its own title; a term of an offer has its label in the scenario editor.

    Parameters
    ----------
    address : str
        Dotted address.
    scenarios : Scenario
        Scenarios that may contain it; the first that does gives the names.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> address_title("providers.us.offers.infrastructure.slots", baseline)
    'Places in the US infrastructure offer'
    >>> address_title("uncertainties.parameters.w_peer", baseline)
    'Range of: Weight of what peers do'
    """
    bare = address.removeprefix("uncertainties.")
    if bare != address:
        return f"Range of: {address_title(bare, *scenarios)}"
    for scenario in scenarios:
        for lever in scenario.levers.values():
            if lever.target == address:
                return " ".join(lever.title.split())
    parts = [str(part) for part in split_address(address)]
    if parts[0] == "providers" and len(parts) > 2:
        return _of_provider(parts, scenarios)
    if parts[0] == "corporate_ties" and len(parts) == 3:
        names = load_facts().countries["name"].to_dict()
        who = with_article(_provider(parts[2], scenarios))
        return f"Ties of firms of {names.get(parts[1], parts[1])} to {who}"
    if parts[0] == "parameters" and parts[-1] in load_parameters():
        return parameter_label(parts[-1])
    return _OTHER.get(address, address)


def _provider(name: str, scenarios: tuple[Scenario, ...]) -> str:
    having = (scenario for scenario in scenarios if name in scenario.providers)
    return next((provider_name(scenario, name) for scenario in having), name)


def _of_provider(parts: list[str], scenarios: tuple[Scenario, ...]) -> str:
    who, term = _provider(parts[1], scenarios), parts[-1]
    if len(parts) > 4 and parts[2] == "offers":
        who, parts = f"{who}: {parts[3].replace('_', ' ')}", parts[4:]
    else:
        parts = parts[2:]
    kinds = ("providers", "x", "offers", "x", term), ("providers", "x", term)
    spec = next((found for kind in kinds if (found := field_at(kind)) is not None), None)
    if len(parts) == 1 and spec is not None:
        return f"{who}, {_lowered(label_of(term, spec))}"
    return f"{who}, {' '.join(parts).replace('_', ' ')}"


def _lowered(label: str) -> str:
    """Return a label in the form it has after a comma; an acronym keeps its capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def group_title(group: str, scenario: Scenario) -> str:
    """Return the title of a kind of fact.

    Examples
    --------
    >>> import sim
    >>> group_title("towards us", sim.load_scenario("baseline"))
    'Towards the United States'
    """
    provider = group.removeprefix("towards ")
    if provider != group:
        return f"Towards {with_article(_provider(provider, (scenario,)))}"
    return _GROUPS.get(group, group)


def fact_title(group: str, name: str) -> str:
    """Return the title of a fact or a computed number.

    Examples
    --------
    >>> fact_title("fact", "gdp_usd"), fact_title("feature", "gdp_usd")
    ('GDP at market exchange rates, current USD', 'GDP')
    """
    if group == "fact":
        return _of_flag(panel_titles().get(name, name))
    if group == "event":
        return programme_title(name)
    return _FEATURES.get(name, name) if group == "feature" or group.startswith("towards ") else name


def programme_title(name: str) -> str:
    """Return what a programme is called.

    Examples
    --------
    >>> programme_title("bri")
    'Belt and Road Initiative'
    """
    return _programme_titles().get(name, name.replace("_", " "))


@cache
def _programme_titles() -> dict[str, str]:
    """Return the title of each programme of the facts that ship."""
    known = load_facts().programmes
    return dict(zip(known["programme"].tolist(), known["title"].tolist(), strict=True))


def _of_flag(definition: str) -> str:
    """Return the title of a switch whose definition says when it is 1.

    Examples
    --------
    >>> _of_flag("1 for a member state of the United Nations")
    'Member state of the United Nations'
    """
    words = re.sub(r"^1 (?:for an? |where )", "", definition)
    return words if words == definition else words[:1].upper() + words[1:]


def panel_titles() -> dict[str, str]:
    """Return the title of each column of the panel of countries, by its name."""
    columns = load_facts().provenance.tables["country_panel"].columns.values()
    return {column.name: column.definition for column in columns}


# Names of columns other than those named after providers.
_COLUMNS = frozenset(
    {"A", "B", "code", "country", "dot", "facts estimated", "likeliest", "line", "month", "offer",
     "path", "region", "side", "term", "unit", "waits", "weight"}
)  # fmt: skip


def provider_name(scenario: Scenario, provider: str) -> str:
    """Return a provider's title without the part in brackets.

    Tables name columns after providers. A title that another provider shares, or that could be the
    name of another column, is followed by the provider's short name.
    """
    titles = {key: _short(block.title) for key, block in scenario.providers.items()}
    title = titles[provider]
    is_shared = list(titles.values()).count(title) > 1
    is_plain = title not in _COLUMNS and not set(title) & set(",[")
    return title if title and is_plain and not is_shared else f"{title} [{provider}]".strip()


def _short(title: str) -> str:
    return title.split(" (")[0].strip()


def country_names() -> dict[str, str]:
    """Return the names of all countries of the panel by code, sorted by name."""
    return dict(_names())


@cache
def _names() -> dict[str, str]:
    names = {str(c): str(n) for c, n in load_facts().countries["name"].items()}
    return dict(sorted(names.items(), key=lambda item: item[1]))
