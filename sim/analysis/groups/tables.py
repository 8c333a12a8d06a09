"""The tables of groups of countries: groups, their partners, where they stand, their members."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.analysis.groups.totals import (
    ALL,
    COUNTRIES,
    GDP,
    LIGHT,
    POPULATION,
    READINESS,
    WITH_CENTRE,
    GroupTotals,
)
from sim.experiment.tables.shared_columns import PROVIDER, SCENARIO, error_column, quantile_column
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.analysis.groups.grouped import Grouped
    from sim.analysis.standing import Count

_GROUP = Column("group", "string", "", "Name of the group in scenario files; of a UN region, its "
                "name in capitals.")  # fmt: skip
_TITLE = Column("title", "string", "", "Title of the group.")
# Name of the column, weight, unit, and what it is of the members in question.
_MEASURES = (
    ("n_countries", COUNTRIES, "countries", "Members"),
    ("gdp_share", GDP, "share of the group's GDP 0-1", "Their share of the group's GDP"),
    ("population_share", POPULATION, "share of the group's population 0-1",
     "Their share of the group's population"),
    ("readiness_share", READINESS, "share of the group's AI readiness 0-1",
     "Their share of the group's AI readiness, the sum of its members' indices"),
)  # fmt: skip
_UNKNOWN = "Empty if no member decides."


def group_tables(found: Grouped) -> tuple[Table, ...]:
    """Return the tables of groups of countries."""
    return _groups(found), _partners(found), _standings(found), _members(found)


def _of_groups(found: Grouped, rows: Sequence[GroupTotals]) -> Iterator[Described]:
    """Yield the columns that say of which group each row is."""
    yield SCENARIO, [found.scenario.name] * len(rows)
    yield _GROUP, [each.group.key for each in rows]
    yield _TITLE, [each.group.title for each in rows]


def _groups(found: Grouped) -> Table:
    rows = found.totals
    content: list[Described] = [
        *_of_groups(found, rows),
        (
            Column("kind", "string", "", "bloc, or region (of the United Nations)."),
            [each.group.kind for each in rows],
        ),
        (
            Column("n_members", "integer", "countries", f"Members as of {found.members_as_of}."),
            [len(each.group.members) for each in rows],
        ),
        (
            Column("n_deciding", "integer", "countries", "Members that decide in the scenario; "
                   "homes of providers and countries left out do not."),
            [len(each.deciding) for each in rows],
        ),
    ]  # fmt: skip
    for weight in (GDP, POPULATION, READINESS):
        text = f"Deciding members for which a figure behind {weight} is an estimate."
        column = Column(f"n_{weight}_estimated", "integer", "countries", text)
        content.append((column, [len(each.estimated[weight]) for each in rows]))
    return build_table("groups", "One row per group of countries.", ("group",), content)


def _partners(found: Grouped) -> Table:
    pairs = [(each, provider) for each in found.totals for provider in found.providers]
    rows = [each for each, _ in pairs]
    content = [*_of_groups(found, rows), (PROVIDER, [provider for _, provider in pairs])]
    for name, weight, unit, what in _MEASURES:
        counts = [each.partners[provider, ALL][weight] for each, provider in pairs]
        content += _counted(found, name, unit, f"{what}, of members with the provider", counts)
    for part, how in ((WITH_CENTRE, "an offer with a data centre"), (LIGHT, "a light agreement")):
        counts = [each.partners[provider, part][COUNTRIES] for each, provider in pairs]
        text = f"Members with {how} of the provider"
        content += _counted(found, f"n_{part}", "countries", text, counts)
    return build_table(
        "partners",
        "One row per group of countries and provider: the members that end with the provider, "
        "alone or beside another.",
        ("group", "provider"),
        content,
    )


def _standings(found: Grouped) -> Table:
    pairs = [(each, key) for each in found.totals for key in found.standings]
    rows = [each for each, _ in pairs]
    content: list[Described] = [
        *_of_groups(found, rows),
        (
            Column("standing", "string", "", "Provider (it only), two (two partners), sovereign "
                   "(sovereign AI without a provider) or uncommitted (waits)."),
            [key for _, key in pairs],
        ),
        (
            Column("standing_title", "string", "", "The same in words."),
            [found.standings[key] for _, key in pairs],
        ),
    ]  # fmt: skip
    for name, weight, unit, what in _MEASURES:
        counts = [each.standing[key][weight] for each, key in pairs]
        content += _counted(found, name, unit, f"{what}, of members that end so", counts)
    return build_table(
        "standings",
        "One row per group of countries and way to end; the ways exclude each other, and the means "
        "of a group add up to its members.",
        ("group", "standing"),
        content,
    )


def _counted(
    found: Grouped, name: str, unit: str, what: str, counts: Sequence[Count]
) -> Iterator[Described]:
    """Yield the columns of a number: its mean, its error, its range, and its change if any."""
    yield (
        Column(name, "number", unit, f"{what}: mean over futures. {_UNKNOWN}"),
        [each.mean for each in counts],
    )
    yield error_column(name, unit), [each.error for each in counts]
    for probability, attribute in ((0.05, "p05"), (0.95, "p95")):
        yield (
            quantile_column(probability, unit, name),
            [getattr(each, attribute) for each in counts],
        )
    if found.start is None:
        return
    text = f"{name} in {found.scenario.name} minus {found.start.name}, mean over the same futures."
    yield Column(f"{name}_change", "number", unit, text), [each.change for each in counts]
    for attribute, words in (("low", "Lower"), ("high", "Upper")):
        text = f"{words} end of the 90 % interval of the mean of {name}_change."
        yield (
            Column(f"{name}_change_{attribute}", "number", unit, text),
            [getattr(each, attribute) for each in counts],
        )


def _members(found: Grouped) -> Table:
    pairs = [(each, code) for each in found.totals for code in each.group.members]
    names = country_names()
    content: list[Described] = [
        *_of_groups(found, [each for each, _ in pairs]),
        (
            Column("country", "string", "ISO3 code", "Member of the group; XKX is Kosovo."),
            [code for _, code in pairs],
        ),
        (Column("name", "string", "", "Name of the country."), [names[code] for _, code in pairs]),
        (
            Column("decides", "boolean", "", "Whether it decides in the scenario."),
            [code in each.deciding for each, code in pairs],
        ),
        (
            Column("is_home", "boolean", "", "Whether it is the home of a provider."),
            [code in found.homes for _, code in pairs],
        ),
    ]
    for weight in (GDP, POPULATION, READINESS):
        text = f"Whether it decides and a figure behind its {weight} is an estimate."
        column = Column(f"{weight}_is_estimated", "boolean", "", text)
        content.append((column, [code in each.estimated[weight] for each, code in pairs]))
    return build_table(
        "members",
        f"One row per group of countries and member, as of {found.members_as_of}.",
        ("group", "country"),
        content,
    )
