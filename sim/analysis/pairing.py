"""A and B together: providers and paths of either, and what one of them lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sim.analysis.shown import Shown
from sim.data import load_facts
from sim.experiment.spans import shared_months
from sim.words.text import told_apart, with_article
from sim.words.titles import path_title, provider_name
from sim.words.wording import listed, month_in_words, with_capital

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.result import Result
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

AnyShown = TypeVar("AnyShown", bound=Shown)
_IN_THE_ONLY_ONE = "this scenario, so it takes no part."


def name_of_second(first: Scenario, second: Scenario) -> str:
    """Return the name of the second scenario, marked if it is the first one with changes."""
    is_changed = first.name == second.name and first.hash != second.hash
    return f"{second.name} as changed" if is_changed else second.name


def sides_of(shown: Shown) -> dict[str, Result]:
    """Return the run of A, and that of B if there is one, by the letter of the side."""
    return {"A": shown.a} | ({} if shown.b is None else {"B": shown.b})


def ensembles_of(shown: Shown) -> dict[str, Ensemble]:
    """Return the futures of A, and those of B if there is one, by the letter of the side."""
    return {name: side.ensemble for name, side in sides_of(shown).items()}


def provider_names(shown: Shown) -> dict[str, str]:
    """Return distinct names for all providers of either side, those of A first."""
    found: dict[str, str] = {}
    for ensemble in ensembles_of(shown).values():
        found |= {
            key: provider_name(ensemble.scenario, key)
            for key in ensemble.axes.provider
            if key not in found
        }
    return told_apart(found)


def path_titles(shown: Shown) -> dict[str, str]:
    """Return distinct titles for all paths of either side, those of A first."""
    found: dict[str, str] = {}
    for ensemble in ensembles_of(shown).values():
        found |= {
            path: path_title(path, ensemble.scenario)
            for path in ensemble.axes.path
            if path not in found
        }
    return told_apart(found)


def path_holders(shown: Shown) -> dict[str, tuple[str, ...]]:
    """Return the providers that a country holds on each path of either side, those of A first."""
    found: dict[str, tuple[str, ...]] = {}
    for ensemble in ensembles_of(shown).values():
        found = dict(zip(ensemble.axes.path, ensemble.axes.path_providers, strict=True)) | found
    return {path: found[path] for path in path_titles(shown)}


def where_it_takes_part(shown: AnyShown, code: str) -> AnyShown:
    """Return the runs in which a country takes part: A alone if it does not take part in B."""
    is_in_both = shown.other is None or code in shown.other.axes.country
    return shown if is_in_both else replace(shown, b=None, comparison=None)


def absence_from_b(shown: Shown, code: str) -> str:
    """Return a sentence on why a country of A takes no part in B; "" if it does."""
    if shown.b is None or code in shown.b.ensemble.axes.country:
        return ""
    return " ".join(absence_in_words(code, {"B": shown.b.scenario}))


def only_in(shown: Shown, provider: str) -> str:
    """Return the only side that has a provider; "" if both have it or there is no B."""
    sides = ensembles_of(shown)
    having = [name for name, ensemble in sides.items() if provider in ensemble.axes.provider]
    return having[0] if len(having) < len(sides) else ""


def lacks_in_words(
    sides: Mapping[str, Ensemble], providers: Mapping[str, str], names: Mapping[str, str]
) -> list[str]:
    """Return sentences on what some sides lack, and how that is counted.

    Parameters
    ----------
    sides : mapping
        By name of the side: "A", or its number among those compared.
    providers : mapping
        Name by key of every provider of any side.
    names : mapping
        Name by code of every country.
    """
    lines = []
    for key, title in providers.items():
        without = [side for side, found in sides.items() if key not in found.axes.provider]
        if without:
            lines.append(
                f"{_subject(without, 'has', 'have')} no offers from {with_article(title)}: there, "
                "its partners count as zero."
            )
    everyone = {code for found in sides.values() for code in found.axes.country}
    absent: dict[tuple[str, ...], list[str]] = {}
    for side, found in sides.items():
        left_out = tuple(sorted(names[code] for code in everyone - set(found.axes.country)))
        absent.setdefault(left_out, []).append(side)
    for left_out, having in absent.items():
        if left_out:
            lines.append(
                f"{_subject(having, 'is', 'are')} without {', '.join(left_out)}: they are homes "
                "of a provider there, or left out."
            )
    return lines


def months_in_words(scenarios: Mapping[str, Scenario], months: Sequence[str]) -> list[str]:
    """Return sentences on which months are shown, where these are not all months of all scenarios.

    Parameters
    ----------
    scenarios : mapping
        By name of the side: "A", or its number among those compared.
    months : sequence of str
        The months shown.

    Examples
    --------
    >>> import sim
    >>> a, b = sim.load_scenario("baseline"), sim.load_scenario("today")
    >>> for line in months_in_words({"A": a, "B": b}, b.months[:49]):
    ...     print(line)
    A covers May 2025 to December 2030, B covers December 2026 to December 2031.
    They are compared over the months that both have, December 2026 to December 2030.
    >>> months_in_words({"A": a}, a.months[:19])
    ['All figures are as of the end of November 2026.']
    """
    lines = []
    shared = shared_months([*scenarios.values()])
    if any(scenario.months != shared for scenario in scenarios.values()):
        spans = [
            f"{_called([side])} covers {_span(found.months)}" for side, found in scenarios.items()
        ]
        listed = ", ".join(spans)
        whose = "both" if len(scenarios) == 2 else "all of them"
        lines.append(f"{with_capital(listed)}.")
        lines.append(f"They are compared over the months that {whose} have, {_span(shared)}.")
    if months[-1] != shared[-1]:
        lines.append(f"All figures are as of the end of {month_in_words(months[-1])}.")
    return lines


def _span(months: Sequence[str]) -> str:
    return f"{month_in_words(months[0])} to {month_in_words(months[-1])}"


def _subject(sides: Sequence[str], one: str, many: str) -> str:
    """Return the subject and verb of a sentence about some sides.

    Examples
    --------
    >>> _subject(["2"], "has", "have"), _subject(["1", "2", "4"], "has", "have")
    ('Scenario 2 has', 'Scenarios 1, 2 and 4 have')
    >>> _subject(["A"], "has", "have")
    'A has'
    """
    who = _called(sides)
    return f"{with_capital(who)} {one if len(sides) == 1 else many}"


def _called(sides: Sequence[str]) -> str:
    noun = f"scenario{'' if len(sides) == 1 else 's'} " if sides[-1].isdigit() else ""
    return f"{noun}{listed(sides)}"


def absence_in_words(code: str, scenarios: Mapping[str, Scenario]) -> list[str]:
    """Return sentences on why a country takes no part in some scenarios.

    Parameters
    ----------
    code : str
        ISO3 code.
    scenarios : mapping
        By name: "A", its number among those compared, or "" for the only one.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> absence_in_words("CHN", {"": baseline})
    ['China is the home of the provider China in this scenario, so it takes no part.']
    >>> absence_in_words("HKG", {"1": baseline, "2": baseline})
    ['Hong Kong is left out in scenarios 1 and 2, so it takes no part there.']
    >>> absence_in_words("BRA", {"": baseline})
    []
    """
    reasons: dict[str, list[str]] = {}
    for side, scenario in scenarios.items():
        if code not in scenario.agents:
            reasons.setdefault(_why_absent(code, scenario), []).append(side)
    name = with_article(str(load_facts().countries["name"][code]))
    return [
        f"{with_capital(name)} is {why} in "
        + (f"{_called(sides)}, so it takes no part there." if any(sides) else _IN_THE_ONLY_ONE)
        for why, sides in reasons.items()
    ]


def _why_absent(code: str, scenario: Scenario) -> str:
    for provider, found in scenario.providers.items():
        if code in found.home and not found.home_takes_part:
            return f"the home of the provider {provider_name(scenario, provider)}"
    return "left out"
