"""Groups of countries: alliances and unions of states, and the regions of the United Nations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.data.codes import BLOC_COLUMNS
from sim.scenario.wording import suggest
from sim.words.groups import BLOC_WORDS, names_of_group
from sim.words.text import folded
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.data import Facts

BLOC, REGION = "bloc", "region"


@dataclass(frozen=True)
class CountryGroup:
    """Some countries of the data.

    Parameters
    ----------
    key : str
        Name of the bloc in scenario files, or the UN region in capitals.
    title : str
        Title for lists.
    phrase : str
        The title inside a sentence.
    kind : str
        `BLOC` or `REGION`. Regions share no country and together hold all.
    members : tuple of str
        ISO3 codes, sorted.
    """

    key: str
    title: str
    phrase: str
    kind: str
    members: tuple[str, ...]


def country_groups(facts: Facts) -> dict[str, CountryGroup]:
    """Return the groups whose members the facts know, by key: blocs first, then UN regions.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> groups = country_groups(load_facts())
    >>> len(groups["EU"].members), [*groups][-5:]
    (27, ['AFRICA', 'AMERICAS', 'ASIA', 'EUROPE', 'OCEANIA'])
    """
    found, blocs = {}, facts.blocs
    for key, (title, phrase, _) in BLOC_WORDS.items():
        # As of an earlier month, the members of some blocs are not known.
        members = blocs.get(BLOC_COLUMNS[key], ())
        if members:
            found[key] = CountryGroup(key, title, phrase, BLOC, tuple(members))
    region = facts.countries["un_region"]
    for title in sorted({*region.astype(str)}):
        key, members = title.upper(), tuple(map(str, region.index[region == title]))
        found[key] = CountryGroup(key, title, title, REGION, members)
    return found


def group_named(text: str, groups: Mapping[str, CountryGroup]) -> CountryGroup | None:
    """Return the group that a text names in full; None if it names none.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> groups = country_groups(load_facts())
    >>> [group_named(text, groups).key for text in ("EU", "the European Union", "five eyes")]
    ['EU', 'EU', 'FIVE_EYES']
    >>> group_named("Reunion", groups) is None
    True
    """
    wanted = folded(text.replace("_", " ")).removeprefix("the ")
    for group in groups.values():
        if wanted in names_of_group(group.key, group.title):
            return group
    return None


def unknown_group(text: str, groups: Mapping[str, CountryGroup]) -> tuple[str, str]:
    """Return what is wrong with the name of a group that does not exist, and the remedy."""
    rule = f"{text[:60]!r} is not a group of countries."
    return rule, suggest(text.upper().replace(" ", "_"), [*groups])


def membership_date(facts: Facts) -> str:
    """Return as of when the memberships hold, in words.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> membership_date(load_facts())
    'mid-2025'
    """
    return "mid-2025" if facts.vintage is None else month_in_words(facts.vintage.as_of)
